"""`export`: scores of stored sessions as a table, one row per session and rubric."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import narrate, open_library, open_store
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from alliance_sim.store.repository import Store


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"


def export(
    format_: Annotated[Format, typer.Option("--format", help="How to write.")] = Format.CSV,
    scenario: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(help="Only sessions with this client."),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(help="A file (else stdout).", metavar="FILE"),
    ] = None,
    store: options.Store = None,
) -> None:
    """Export scores."""
    from alliance_sim.reporting.scores import rows, write_csv, write_jsonl

    write = write_csv if format_ is Format.CSV else write_jsonl
    with open_store(store) as opened:
        _score_the_rest(opened, scenario)
        if out is None:
            write(rows(opened, scenario=scenario), sys.stdout)
            return
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                count = write(rows(opened, scenario=scenario), file)
        except OSError as problem:
            raise UsageProblem(f"--out {out}: cannot be written ({problem.strerror})") from problem
    narrate(f"{count} row(s) in {out}")


def _score_the_rest(opened: "Store", scenario: str | None) -> None:
    """Score sessions that ended before they could be: the program was closed, say."""
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of

    waiting = [
        row for row in opened.sessions(scenario=scenario) if row.ending and row.overall is None
    ]
    if not waiting:
        return
    library = open_library()
    for row in waiting:
        try:
            debrief_of(opened, row.id, library, SystemClock())
        except InputProblem as problem:
            narrate(f"{row.id} has no scores: {problem}")
