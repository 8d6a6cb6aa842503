"""The page about exports says what the code does."""

from pathlib import Path

import pytest

import alliance_sim
from alliance_sim.cli.commands.export import Format
from alliance_sim.reporting.tables.columns import COLUMNS

PAGE = Path(alliance_sim.__file__).parents[2] / "docs" / "exports.md"

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="the pages are in the checkout")


def lines_under(title):
    _, _, after = PAGE.read_text("utf-8").partition(f"\n## {title}\n")
    section = after.partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_every_column_is_documented_as_it_is():
    wanted = [f"| `{each.name}` | {each.kind} | {each.about} |" for each in COLUMNS]
    assert lines_under("Columns") == wanted


def test_every_format_is_documented():
    found = [line.split("`")[1] for line in lines_under("Formats")]
    assert sorted(found) == sorted(Format)
