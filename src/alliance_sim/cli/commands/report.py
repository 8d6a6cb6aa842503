"""`report trainee|cohort`: progress, and a cohort in figures, as a page, lines, JSON or PDF."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import acting_user, narrate, open_library, open_store
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.store.report_selection import Selection
    from alliance_sim.store.repository import Store

app = typer.Typer(
    help="Progress of a trainee, or a cohort in figures.",
    rich_markup_mode=None,
    no_args_is_help=True,
)


class Format(StrEnum):
    HTML = "html"
    TEXT = "text"
    JSON = "json"
    PDF = "pdf"


Out = Annotated[Path | None, typer.Option("--out", help="A file (else stdout).", metavar="FILE")]
How = Annotated[Format, typer.Option("--format", help="How to write; pdf needs the extra pdf.")]
NamesFile = Annotated[
    Path | None,
    typer.Option(
        "--names", help="The key file: with names. It goes into the audit log.", metavar="FILE"
    ),
]
Scenario = Annotated[
    str | None, typer.Option("--scenario", help="Only sessions with this client.", metavar="ID")
]
Assignment = Annotated[
    str | None, typer.Option("--assignment", help="Only what counts for this.", metavar="ID")
]
Since = Annotated[
    str | None,
    typer.Option("--since", help="Sessions from this day on, YYYY-MM-DD (UTC).", metavar="DAY"),
]
Until = Annotated[
    str | None,
    typer.Option("--until", help="Sessions up to the end of this day.", metavar="DAY"),
]


@app.command()
def trainee(
    trainee_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", help="A pseudonym; without it, sessions that bear none: your own."
        ),
    ] = None,
    format_: How = Format.HTML,
    out: Out = None,
    names: NamesFile = None,
    hide_text: Annotated[
        bool, typer.Option("--hide-text", help="None of the trainee's words.")
    ] = False,
    scenario: Scenario = None,
    assignment: Assignment = None,
    since: Since = None,
    until: Until = None,
    store: options.Store = None,
) -> None:
    """One trainee: scores over her sessions, strengths, what to practise next."""
    from alliance_sim.programme.rules import load_rules
    from alliance_sim.programme.trainee_report import trainee_report
    from alliance_sim.store.report_selection import Selection

    _may_write(format_, out)
    chosen = Selection(
        trainee=trainee_id,
        unnamed=trainee_id is None,
        scenario=scenario,
        assignment=assignment,
        since=_day("--since", since),
        until=_day("--until", until, days=1),
    )
    _in_order(chosen)
    who = {trainee_id: _names(names).get(trainee_id, "")} if trainee_id and names else {}
    with open_store(store) as opened:
        _score_the_rest(opened, chosen)
        library = open_library()
        made = trainee_report(opened, library, chosen, datetime.now(UTC), load_rules().trainee)
        name = who.get(trainee_id or "", "")
        content = _trainee_content(format_)(made, name=name, quotes=not hide_text)
        _note(opened, trainee_id or "sessions without a pseudonym", chosen, format_, out, names)
        _give(content, out, f"{len(made.sessions)} session(s)")
        if trainee_id:
            _remember(opened, out, trainee_id)


@app.command()
def cohort(
    cohort_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="A cohort.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All trainees of the store.")] = False,
    format_: How = Format.HTML,
    out: Out = None,
    names: NamesFile = None,
    scenario: Scenario = None,
    assignment: Assignment = None,
    since: Since = None,
    until: Until = None,
    store: options.Store = None,
) -> None:
    """A cohort: how scores are spread and grow, who passes, which client is hard."""
    from alliance_sim.programme.cohort_report import cohort_report
    from alliance_sim.programme.rules import load_rules
    from alliance_sim.store.report_selection import Selection

    if (cohort_id is None) is not everybody:
        raise UsageProblem("report cohort: name a cohort, or give --all, and not both")
    _may_write(format_, out)
    chosen = Selection(
        cohort=cohort_id,
        scenario=scenario,
        assignment=assignment,
        since=_day("--since", since),
        until=_day("--until", until, days=1),
    )
    _in_order(chosen)
    known = _names(names) if names else {}
    with open_store(store) as opened:
        _score_the_rest(opened, chosen)
        library = open_library()
        made = cohort_report(opened, library, chosen, datetime.now(UTC), load_rules().cohort)
        content = _cohort_content(format_)(made, names=known)
        _note(opened, cohort_id or "all trainees", chosen, format_, out, names)
        _give(content, out, f"{made.totals.sessions:,} session(s)")
        _remember(opened, out, None)


def _in_order(chosen: "Selection") -> None:
    if chosen.since and chosen.until and chosen.since >= chosen.until:
        raise UsageProblem("--since is after --until: no session lies between them")


def _score_the_rest(opened: "Store", chosen: "Selection") -> None:
    """Sessions that ended before they could be scored; a trainee's login may store no score."""
    from alliance_sim.cli.exporting import score_the_rest
    from alliance_sim.store.export_rows import Wanted

    if opened.trainee is None:
        score_the_rest(opened, Wanted(chosen))


def _may_write(format_: Format, out: Path | None) -> None:
    if format_ is Format.PDF and out is None and _terminal():
        raise UsageProblem("--format pdf: name a file with --out FILE, or send it to a pipe")


def _terminal() -> bool:
    return sys.stdout.isatty()


def _day(option: str, text: str | None, *, days: int = 0) -> datetime | None:
    if text is None:
        return None
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
        return day + timedelta(days=days)
    except (ValueError, OverflowError):
        raise UsageProblem(f"{option} {text!r}: a day is written as 2026-03-31") from None


def _names(path: Path) -> dict[str, str]:
    from alliance_sim.programme.key_file import needed_key

    return {pseudonym: who.name for pseudonym, who in needed_key(path.expanduser()).people.items()}


def _trainee_content(format_: Format) -> "Callable[..., str | bytes]":
    from alliance_sim.reporting import pdf, report_data, trainee_page, trainee_text

    made: dict[Format, Callable[..., str | bytes]] = {
        Format.HTML: trainee_page.trainee_page,
        Format.TEXT: trainee_text.trainee_text,
        Format.JSON: lambda *what, **how: _dumped(report_data.trainee_data(*what, **how)),
        Format.PDF: lambda *what, **how: pdf.to_pdf(trainee_page.trainee_page(*what, **how)),
    }
    return made[format_]


def _cohort_content(format_: Format) -> "Callable[..., str | bytes]":
    from alliance_sim.reporting import cohort_page, cohort_text, pdf, report_data

    made: dict[Format, Callable[..., str | bytes]] = {
        Format.HTML: cohort_page.cohort_page,
        Format.TEXT: cohort_text.cohort_text,
        Format.JSON: lambda *what, **how: _dumped(report_data.cohort_data(*what, **how)),
        Format.PDF: lambda *what, **how: pdf.to_pdf(cohort_page.cohort_page(*what, **how)),
    }
    return made[format_]


def _dumped(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _note(
    opened: "Store",
    subject: str,
    chosen: "Selection",
    format_: Format,
    out: Path | None,
    names: Path | None,
) -> None:
    """Into the audit log, before anything is given out."""
    from alliance_sim.programme.acting import Act
    from alliance_sim.programme.report_audit import note_report

    note_report(
        opened,
        Act(acting_user(), datetime.now(UTC)),
        subject=subject,
        selection=chosen,
        format_=format_.value,
        file=out.name if out else None,
        named=names is not None,
    )


def _give(content: str | bytes, out: Path | None, what: str) -> None:
    if out is None:
        data = content.encode() if isinstance(content, str) else content
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    from alliance_sim.reporting.report_page import write_report

    try:
        write_report(content, out)
    except OSError as problem:
        reason = problem.strerror or problem
        raise UsageProblem(f"--out {out}: cannot be written ({reason})") from problem
    narrate(f"{out}: a report of {what}")


def _remember(opened: "Store", out: Path | None, person: str | None) -> None:
    """That a file is about a person, or None: about several; so that it goes when her data goes."""
    from alliance_sim.programme.written import EVERYBODY, keep_in_mind
    from alliance_sim.runtime.clock import SystemClock

    if out is not None:
        keep_in_mind(opened, out, person=person or EVERYBODY, kind="report", clock=SystemClock())
