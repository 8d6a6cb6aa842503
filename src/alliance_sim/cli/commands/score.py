"""`score`: transcripts in, scores out."""

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import narrate, open_library, open_store
from alliance_sim.errors import EndpointProblem, InputProblem

if TYPE_CHECKING:
    from alliance_sim.domain.rubric import Rubric
    from alliance_sim.domain.scorecard import Scorecard
    from alliance_sim.domain.transcript import Transcript


class Format(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"


class Scorer(StrEnum):
    OFFLINE = "offline"
    JUDGE = "judge"
    BOTH = "both"


def score(
    source: Annotated[
        str, typer.Argument(help="A transcript file, a folder of them, -, or a session's id.")
    ],
    rubric: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--rubric", help="Only this rubric; may be given again.", metavar="ID"),
    ] = None,
    scorer: Annotated[Scorer, typer.Option(help="Who scores.")] = Scorer.OFFLINE,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    store: options.Store = None,
) -> None:
    """Score transcripts against the rubrics."""
    if scorer is not Scorer.OFFLINE:
        raise EndpointProblem(
            f"--scorer {scorer}: no model endpoint is configured; use --scorer offline"
        )
    from alliance_sim.scoring.rules import score as score_offline

    library = open_library()
    wanted = rubric or list(library.rubric_ids())
    rubrics: list[Rubric] = [library.rubric(name) for name in wanted]
    cards = (score_offline(transcript, rubrics) for transcript in _transcripts(source, store))
    _PRINT[format_](cards)


def _transcripts(source: str, store: str | None) -> "Iterator[Transcript]":
    from alliance_sim.authoring.transcripts import read_transcripts

    if source == "-":
        yield from read_transcripts(sys.stdin, "-")
        return
    path = Path(source)
    if path.exists() or path.suffix or "/" in source:
        yield from read_transcripts(path, source)
        return
    yield from _stored(source, store)


def _stored(name: str, store: str | None) -> "Iterator[Transcript]":
    from alliance_sim.errors import UsageProblem
    from alliance_sim.runtime.debrief import why_unscored
    from alliance_sim.runtime.replay import standing_of, transcript_of

    with open_store(store) as opened:
        try:
            session_id = opened.resolve(name)
        except UsageProblem as problem:
            raise InputProblem(f"{name}: neither a file nor a stored session; {problem}") from None
        events = [stored.event for stored in opened.events(session_id)]
        standing = standing_of(events)
        if why := why_unscored(standing):
            raise UsageProblem(f"session {session_id}: {why}")
        if standing.opened and standing.opened.exam and not standing.ended:
            raise UsageProblem(f"session {session_id} is an exam that has not ended: no scores yet")
        yield transcript_of(session_id, events)


def _jsonl(cards: "Iterator[Scorecard]") -> None:
    from alliance_sim.plain import records

    for card in cards:
        for record in records.score_records(card):
            sys.stdout.write(records.line(record) + "\n")


def _json(cards: "Iterator[Scorecard]") -> None:
    import json

    from alliance_sim.plain import records

    whole = [record for card in cards for record in records.score_records(card)]
    sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")


def _table(cards: "Iterator[Scorecard]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from alliance_sim.domain.clean import printable

    table = Table(show_edge=False, pad_edge=False)
    for head in ("transcript", "rubric", "score", "grade", "evidence or reason"):
        table.add_column(head, no_wrap=head == "score")
    count = 0
    for card in cards:
        count += 1
        name = printable(card.transcript_id, lines=False)
        for found in card.rubrics:
            said = found.why_null or " · ".join(
                f"{item.turn}: “{item.quote}”" for item in found.evidence[:2]
            )
            shown = "–" if found.score is None else f"{found.score:.1f}"
            row = (name, found.rubric, shown, found.grade or "", printable(said, lines=False))
            table.add_row(*(Text(cell) for cell in row))
        overall = "–" if card.overall is None else f"{card.overall:.1f}"
        passed = {True: "passed", False: "not passed", None: ""}[card.passed]
        table.add_row(*(Text(cell) for cell in (name, "overall", overall, passed, "")))
    Console(highlight=False).print(table)
    narrate(f"{count} transcript(s) scored")


_PRINT = {Format.TABLE: _table, Format.JSONL: _jsonl, Format.JSON: _json}
