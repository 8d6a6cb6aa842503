"""`export`: scores of stored sessions, for spreadsheets, statistics and learning systems."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import open_store
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.cli.exporting import Order
    from alliance_sim.store.export_rows import Wanted


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"
    JSONL = "jsonl"
    XAPI = "xapi"
    CANVAS = "canvas"


Text = Optional[str]  # noqa: UP045
Some = Optional[list[str]]  # noqa: UP045
File = Optional[Path]  # noqa: UP045

POINTS = 4.0
"""Of an assignment, so that a grade is the score itself."""


def export(
    format_: Annotated[
        Format, typer.Option("--format", help="How to write; parquet needs the extra parquet.")
    ] = Format.CSV,
    out: Annotated[File, typer.Option(help="A file (else stdout).", metavar="FILE")] = None,
    cohort: Annotated[Text, typer.Option(help="Only its members.", metavar="ID")] = None,
    assignment: Annotated[
        Text, typer.Option(help="Only what was held or handed in for it.", metavar="ID")
    ] = None,
    trainee: Annotated[Text, typer.Option(help="Only this pseudonym.", metavar="ID")] = None,
    scenario: Annotated[
        Text, typer.Option(help="Only sessions with this client.", metavar="ID")
    ] = None,
    rubric: Annotated[Text, typer.Option(help="Only this rubric.", metavar="ID")] = None,
    since: Annotated[
        Text,
        typer.Option(help="Sessions begun on this day or later: 2026-03-31 (UTC).", metavar="DAY"),
    ] = None,
    until: Annotated[
        Text, typer.Option(help="Sessions begun before the end of this day.", metavar="DAY")
    ] = None,
    all_scorers: Annotated[
        bool,
        typer.Option("--all-scorers", help="Every scorer's scores, instead of those that count."),
    ] = False,
    branches: Annotated[
        bool, typer.Option(help="With sessions that try a turn of another again.")
    ] = True,
    research: Annotated[
        bool,
        typer.Option(
            "--research",
            help="Only trainees who agreed to it, and no instructor's name or words.",
        ),
    ] = False,
    columns: Annotated[
        Some, typer.Option(help="Only these, in this order: a,b,c.", metavar="COLUMNS")
    ] = None,
    redact: Annotated[
        Some, typer.Option(help="Leave out what these columns say: a,b,c.", metavar="COLUMNS")
    ] = None,
    preview: Annotated[
        bool,
        typer.Option("--preview", help="Show what would be exported, and write nothing."),
    ] = False,
    home_page: Annotated[
        Text, typer.Option(help="xapi: the address of your programme.", metavar="URL")
    ] = None,
    names: Annotated[
        File,
        typer.Option(
            help="canvas: the key file, for names and numbers; the audit log tells of it.",
            metavar="FILE",
        ),
    ] = None,
    gradebook: Annotated[
        File, typer.Option(help="canvas: fill in the gradebook it exported.", metavar="FILE")
    ] = None,
    points: Annotated[
        Optional[float],  # noqa: UP045
        typer.Option(help="canvas: points of an assignment (4).", metavar="N"),
    ] = None,
    store: options.Store = None,
) -> None:
    """Export scores: one row a session and rubric, or a column an assignment for Canvas.

    Pseudonyms stand for people. Cells that a spreadsheet would take for a formula begin with an
    apostrophe. Every export goes into the audit log.
    """
    from alliance_sim.cli.exporting import carry_out, show
    from alliance_sim.store.export_rows import Wanted
    from alliance_sim.store.report_selection import Selection

    chosen = Selection(
        trainee=trainee,
        cohort=cohort,
        assignment=assignment,
        scenario=scenario,
        since=_moment("--since", since),
        until=_moment("--until", until, days=1),
    )
    if chosen.since and chosen.until and chosen.since >= chosen.until:
        raise UsageProblem(f"--since {since} is after --until {until}")
    wanted = Wanted(chosen, rubric, all_scorers, branches, research)
    if format_ is Format.CANVAS:
        rows: dict[str, object] = {"--columns": columns, "--redact": redact, "--rubric": rubric}
        rows |= {"--all-scorers": all_scorers or None, "--home-page": home_page}
        _not_with(format_, rows)
        order = _canvas(wanted, out, POINTS if points is None else points, names, gradebook)
    else:
        _not_with(format_, {"--names": names, "--gradebook": gradebook, "--points": points})
        order = _rows(format_, wanted, out, (_split(columns), _split(redact)), home_page)
    with open_store(store) as opened:
        (show if preview else carry_out)(opened, order)


def _rows(
    format_: Format,
    wanted: "Wanted",
    out: Path | None,
    named: tuple[tuple[str, ...], tuple[str, ...]],
    home_page: str | None,
) -> "Order":
    from alliance_sim.cli.export_formats import Table, row_writer
    from alliance_sim.cli.exporting import Order
    from alliance_sim.reporting.interop.xapi import HOME, Home
    from alliance_sim.reporting.tables.columns import chosen, redactable
    from alliance_sim.reporting.tidy import PERSONAL

    if format_ is Format.XAPI:
        _not_with(format_, {"--columns": named[0] or None})
    else:
        _not_with(format_, {"--home-page": home_page})
    columns = chosen(named[0])
    hidden = redactable(named[1])
    redact = tuple(dict.fromkeys((*hidden, *(PERSONAL if wanted.consented else ()))))
    home = Home(HOME if home_page is None else home_page)
    shown = format_.value if format_ in {Format.JSONL, Format.XAPI} else Format.CSV.value
    table = Table(
        wanted,
        redact,
        row_writer(format_.value, columns, home),
        row_writer(shown, columns, home),
    )
    return Order(format_.value, wanted, columns, table, redact, out)


def _canvas(
    wanted: "Wanted", out: Path | None, points: float, names: Path | None, gradebook: Path | None
) -> "Order":
    from alliance_sim.cli.export_formats import Gradebook
    from alliance_sim.cli.exporting import Order
    from alliance_sim.programme.key_file import needed_key
    from alliance_sim.reporting.tables.columns import COLUMNS

    if not 0 < points <= 1_000_000:
        raise UsageProblem(f"--points {points:g}: give a number above 0, as 10 or 100")
    known = needed_key(names.expanduser()).people if names else {}
    book = Gradebook(wanted, points, known, gradebook)
    return Order(Format.CANVAS.value, wanted, COLUMNS, book, (), out, named=names is not None)


def _not_with(format_: Format, given: Mapping[str, object]) -> None:
    for option, value in given.items():
        if value is not None:
            raise UsageProblem(f"{option} does not go with --format {format_.value}")


def _split(given: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for part in given or () for name in part.split(","))


def _moment(option: str, text: str | None, *, days: int = 0) -> datetime | None:
    """A day (UTC), or a moment with its time zone. A day is over `days` later."""
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text.strip())
        if len(text.strip()) <= len("2026-03-31"):
            return found.replace(tzinfo=UTC) + timedelta(days=days)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UsageProblem(
        f"{option} {text!r}: a day is written as 2026-03-31, a moment as 2026-03-31T09:30+02:00"
    )
