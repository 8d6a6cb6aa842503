"""`scenario preview` from the command line, and the watch that shows what a save changed."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"


def test_text_and_page(cli, tmp_path):
    shown = cli("scenario", "preview", "wary")
    assert shown.code == 0
    assert "DISCLOSURE" in shown.out
    page = tmp_path / "wary.html"
    assert cli("scenario", "preview", "wary", "--html", str(page)).out == ""
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_an_id_cannot_be_watched(cli):
    assert cli("scenario", "preview", "wary", "--watch").code == 2


@pytest.fixture
def watched(tmp_path):
    path = tmp_path / "wary.yaml"
    path.write_text((SCENARIOS / "wary.yaml").read_text("utf-8"), "utf-8")
    code = "from alliance_sim.cli.main import run; run()"
    words = ["scenario", "preview", str(path), "--html", str(tmp_path / "p.html"), "--watch"]
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    ) as program:
        # A watch that says nothing must fail the test, and not hold it for ever.
        limit = threading.Timer(60, program.kill)
        limit.start()
        yield path, program
        limit.cancel()
        program.kill()


def _save(path, text):
    new = path.with_suffix(".new")
    new.write_text(text, "utf-8")
    new.replace(path)


def _until(stream, words):
    """Lines up to one that holds the words."""
    for line in stream:
        if words in line:
            return line
    raise AssertionError(f"never said: {words}")


def test_a_save_is_shown_and_a_mistake_is_told(watched):
    path, program = watched
    whole = path.read_text("utf-8")
    _until(program.stderr, "Watching")
    _save(path, whole.replace('title: "Number four"', 'title: "Number four'))
    assert f"{path}:" in _until(program.stderr, ".yaml:")
    _save(path, whole.replace("It's free. The city pays for six.", "The city pays. Six of them."))
    assert "The city pays. Six of them." in _until(program.stdout, "+ topic")
    assert program.poll() is None
