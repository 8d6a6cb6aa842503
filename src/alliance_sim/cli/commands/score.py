"""`score`: transcripts in, scores out."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options, score_options
from alliance_sim.cli.wiring import narrate, open_library, open_store
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from alliance_sim.domain.rubric import Rubric
    from alliance_sim.domain.transcript import Transcript
    from alliance_sim.plain.score_output import ScoreOutput

MOST_VOTES = 25

COLLECTED_AFTER = 100_000
"""New objects after which garbage is looked for."""


class Format(StrEnum):
    TABLE = "table"
    JSONL = "jsonl"
    JSON = "json"


class Scorer(StrEnum):
    OFFLINE = "offline"
    JUDGE = "judge"
    BOTH = "both"


def score(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="SOURCE",
            help="A transcript file, a folder of them, -, or a session's id (with --enqueue: ids).",
        ),
    ] = None,
    rubric: Annotated[
        list[str] | None,
        typer.Option("--rubric", help="Only this rubric; may be given again.", metavar="ID"),
    ] = None,
    scorer: Annotated[
        Scorer, typer.Option(help="Who scores: rules and small models here, or a language model.")
    ] = Scorer.OFFLINE,
    votes: Annotated[
        int, typer.Option(min=1, max=MOST_VOTES, help="Votes of the judge; the median counts.")
    ] = 1,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Keep the judge's answers in this file, and do not ask twice."
        ),
    ] = None,
    gguf: options.Gguf = None,
    store: options.Store = None,
    enqueue: score_options.Enqueue = False,
    cohort: score_options.Cohort = None,
    assignment: score_options.Assignment = None,
    scenario: score_options.Scenario = None,
    since: score_options.Since = None,
    every: score_options.Every = False,
    again: score_options.Again = False,
    jobs: score_options.Jobs = None,
) -> None:
    """Score transcripts against the rubrics, or have workers score stored sessions again."""
    if scorer is Scorer.OFFLINE and (votes > 1 or resume or gguf):
        raise UsageProblem("--votes, --resume and --gguf go with --scorer judge or both")
    narrowed = (cohort, assignment, scenario, since)
    which = score_options.Which(tuple(sources or ()), *narrowed, every, again, jobs)
    if enqueue:
        if scorer is Scorer.BOTH or resume or gguf or format_ is not Format.TABLE:
            raise UsageProblem(
                "--enqueue takes one scorer, offline or judge, and neither --resume, --gguf nor "
                "--format"
            )
        from alliance_sim.cli.enqueueing import leave_to_workers

        leave_to_workers(which, rubric, scorer.value, votes, store)
        return
    which.only_when_enqueued()
    _score_now(which.sources[0], rubric, scorer, _Asked(votes, format_, resume, gguf), store)


@dataclass(frozen=True)
class _Asked:
    """How a judge is asked, and how scores are printed."""

    votes: int
    format: Format
    resume: Path | None
    gguf: Path | None


def _score_now(
    source: str, rubric: list[str] | None, scorer: Scorer, asked: _Asked, store: str | None
) -> None:
    library = open_library()
    wanted = list(dict.fromkeys(rubric or library.rubric_ids()))
    rubrics = [library.rubric(name) for name in wanted]
    session_id = _session(source, store)
    transcripts = _stored(session_id, store) if session_id else _read(source)
    both = scorer is Scorer.BOTH
    output = _output(asked.format, both=both)
    if scorer is Scorer.OFFLINE:
        _score_offline(transcripts, rubrics, output)
        return
    from alliance_sim.cli.judging import JudgingRun

    run = JudgingRun(rubrics, output, both=both, votes=asked.votes, resume=asked.resume)
    run.go(transcripts, gguf=asked.gguf)
    if session_id:
        run.keep(session_id, store)


def _score_offline(
    transcripts: "Iterable[Transcript]", rubrics: "list[Rubric]", output: "ScoreOutput"
) -> None:
    import gc

    from alliance_sim.plain.score_output import Scores
    from alliance_sim.scoring.rules import score as score_offline

    # Scores make no cycles, and what is loaded by now stays: to look for garbage so often costs
    # a fifth of the time.
    gc.freeze()
    gc.set_threshold(COLLECTED_AFTER)
    count = 0
    for transcript in transcripts:
        count += 1
        output.take(Scores(score_offline(transcript, rubrics)))
    output.close()
    narrate(f"{count} transcript(s) scored")


def _output(chosen: Format, *, both: bool) -> "ScoreOutput":
    from alliance_sim.plain.score_output import JsonLines, JsonList

    if chosen is Format.TABLE:
        from alliance_sim.cli.score_table import ScoreTable

        return ScoreTable(both=both)
    return JsonLines(sys.stdout) if chosen is Format.JSONL else JsonList(sys.stdout)


def _session(source: str, store: str | None) -> str | None:
    """The id of the stored session that is meant; None where it is a file, a folder or a pipe."""
    path = Path(source)
    if source == "-" or path.exists() or path.suffix or "/" in source:
        return None
    with open_store(store) as opened:
        try:
            return opened.resolve(source)
        except UsageProblem as problem:
            raise InputProblem(
                f"{source}: neither a file nor a stored session; {problem}"
            ) from None


def _read(source: str) -> "Iterator[Transcript]":
    from alliance_sim.authoring.transcripts import read_transcripts

    if source == "-":
        return read_transcripts(sys.stdin, "-")
    return read_transcripts(Path(source), source)


def _stored(session_id: str, store: str | None) -> "Iterator[Transcript]":
    from alliance_sim.runtime.debrief import why_unscored
    from alliance_sim.runtime.replay import standing_of, transcript_of

    with open_store(store) as opened:
        events = [stored.event for stored in opened.events(session_id)]
    standing = standing_of(events)
    if why := why_unscored(standing):
        raise UsageProblem(f"session {session_id}: {why}")
    if standing.opened and standing.opened.exam and not standing.ended:
        raise UsageProblem(f"session {session_id} is an exam that has not ended: no scores yet")
    yield transcript_of(session_id, events)
