"""`appeal open|list|show|answer`: a trainee contests a score, an instructor answers."""

import json as json_lines
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import narrate, open_library, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.domain.programme import Appeal
    from alliance_sim.runtime.appealing import Case

app = typer.Typer(
    help="Scores that a trainee contests.", rich_markup_mode=None, no_args_is_help=True
)

Name = Annotated[str, typer.Argument(help="A session's id, the beginning of it, or last.")]
Rubric = Annotated[
    str | None, typer.Option("--rubric", metavar="ID", help="Which, where several are open.")
]


@app.command("open")
def open_appeal(
    name: Name,
    rubric: Annotated[str, typer.Argument(help="The rubric whose score is contested.")],
    why: Annotated[str, typer.Option("--why", help="What the score does not see.")],
    store: options.Store = None,
) -> None:
    """Contest a score of your session. A person will look at it and answer."""
    from alliance_sim.runtime.appealing import appeal
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of

    with open_store(store) as opened:
        session_id = opened.resolve(name)
        library, clock = open_library(), SystemClock()
        debrief_of(opened, session_id, library, clock)  # scores it, where that was not done yet
        appeal(opened, session_id, clock, rubric=rubric, reason=why)
    narrate(f"{rubric} of session {session_id} is contested; the answer will stand in its debrief")


@app.command("list")
def list_appeals(
    everything: Annotated[bool, typer.Option("--all", help="The answered ones, too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    store: options.Store = None,
) -> None:
    """The appeals that wait for an answer, the oldest first."""
    from alliance_sim.runtime.appealing import queue

    with open_store(store) as opened:
        found = queue(opened, still_open=not everything)
    for made in found:
        sys.stdout.write((made.model_dump_json() if json else _line(made)) + "\n")
    if not found:
        narrate("no appeal waits for an answer" if not everything else "there are no appeals")


@app.command("show")
def show(
    name: Name,
    rubric: Rubric = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    store: options.Store = None,
) -> None:
    """An open appeal with the contested score and the words it rests on."""
    from alliance_sim.runtime.appealing import case, find

    with open_store(store) as opened:
        made = find(opened, opened.resolve(name), rubric)
        shown = case(opened, made, open_library())
    sys.stdout.write(_record(shown) if json else "\n".join(_told(shown)) + "\n")


@app.command("answer")
def answer_appeal(
    name: Name,
    why: Annotated[str, typer.Option("--why", help="The reason; the trainee reads it.")],
    who: Annotated[str, typer.Option("--who", help="Who answers: an id, not a name.")],
    rubric: Rubric = None,
    keep: Annotated[bool, typer.Option("--keep", help="The score stays as it is.")] = False,
    score: Annotated[
        str | None, typer.Option("--score", help="The score from now on: 0 to 4, or none.")
    ] = None,
    store: options.Store = None,
) -> None:
    """Keep a contested score, or change it. The answer goes into the trainee's debrief."""
    from alliance_sim.runtime.appealing import Decision, answer, find
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.overriding import score_of

    if keep == (score is not None):
        raise UsageProblem("give either --keep or --score: an appeal is answered one way")
    value = None if score is None else score_of(score)
    with open_store(store) as opened:
        made = find(opened, opened.resolve(name), rubric)
        library, clock = open_library(), SystemClock()
        answer(opened, made, library, clock, Decision(who, why, keep, value))
    did = "is kept" if keep else "is changed"
    narrate(f"{made.rubric} of session {made.session_id} {did}; the answer stands in its debrief")


def _line(made: "Appeal") -> str:
    state = made.outcome or "open"
    shown = (made.session_id, made.rubric, f"{made.at:%Y-%m-%d}", state, made.reason)
    return "\t".join(printable(part, lines=False) for part in shown)


def _told(shown: "Case") -> list[str]:
    made, score = shown.appeal, shown.score
    value = "not observed" if score.score is None else f"{score.score:.1f}"
    lines = [
        f"session {made.session_id} · {shown.scenario} · trainee {shown.trainee or '–'}",
        f"{made.rubric} {score.rubric_version}: {value}. {score.why_null or ''}".rstrip(),
        f"contested on {made.at:%Y-%m-%d}: {made.reason}",
        "",
    ]
    lines += [
        f"turn {e.turn}, level {e.level:.0f}: “{e.quote}” {e.indicator}" for e in score.evidence
    ]
    lines += ["", *(f"{_head(said.speaker)}{said.text}" for said in shown.transcript.utterances)]
    return [printable(line, lines=False) for line in lines]


def _head(speaker: str) -> str:
    return "T: " if speaker == "therapist" else "C: "


def _record(shown: "Case") -> str:
    record = {
        **shown.appeal.model_dump(mode="json"),
        "trainee": shown.trainee,
        "scenario": shown.scenario,
        "score": shown.score.model_dump(mode="json"),
        "transcript": [said.model_dump(mode="json") for said in shown.transcript.utterances],
    }
    return json_lines.dumps(record, ensure_ascii=False) + "\n"
