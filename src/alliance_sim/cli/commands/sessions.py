"""`sessions list|show|resume|retry|delete`: what is in the store."""

import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.commands.submit import submit
from alliance_sim.cli.quick_list import USUAL_LIMIT, print_sessions
from alliance_sim.cli.wiring import data_folder, narrate, open_library, open_store
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliance_sim.domain.events import Event
    from alliance_sim.domain.transcript import Utterance
    from alliance_sim.runtime.wording import Wording
    from alliance_sim.store.repository import Store

app = typer.Typer(help="Sessions in the store.", rich_markup_mode=None, no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A session's id, the beginning of one, or `last`.")]


@app.command("list")
def list_sessions(
    scenario: Annotated[
        str | None,
        typer.Option(help="Only of this client."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, max=options.MOST, help="At most so many, newest first.")
    ] = USUAL_LIMIT,
    store: options.Store = None,
) -> None:
    """One line a session, newest first: id, client, turns, how it ended, score."""
    with open_store(store) as opened:
        rows = opened.sessions(limit=limit, scenario=scenario)
        count = opened.count(scenario=scenario)
    print_sessions(rows, count)


def print_line(text: str) -> None:
    """One line of data on stdout."""
    sys.stdout.write(text + "\n")


@app.command()
def show(
    name: Name = "last",
    score: Annotated[
        bool, typer.Option("--score", help="The scores too: made again, and as judged.")
    ] = False,
    debrief: Annotated[bool, typer.Option("--debrief", help="The debrief too.")] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON lines.")] = False,
    html: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Transcript and debrief as one page, for supervision."),
    ] = None,
    store: options.Store = None,
) -> None:
    """Every utterance as it was said and heard, one a line; with --html the page alone."""
    from alliance_sim.plain import records
    from alliance_sim.runtime.replay import standing_of, transcript_of

    with open_store(store) as opened:
        session_id = opened.resolve(name)
        events = [stored.event for stored in opened.events(session_id)]
        standing = standing_of(events)
        exam = bool(standing.opened and standing.opened.exam and not standing.ended)
        if exam and (score or debrief or html):
            raise UsageProblem(f"session {session_id} is an exam that has not ended: no scores yet")
        if html:
            _write_page(opened, session_id, html)
            return
        transcript = transcript_of(session_id, events)
        for said in transcript.utterances:
            scenario = transcript.scenario or ""
            record = records.utterance_record(session_id, scenario, said, exam=exam)
            print_line(records.line(record) if json else _spoken_line(said))
        if score:
            _print_scores(session_id, events)
        if debrief:
            _print_debrief(opened, session_id)
        _tell_usage(events)


def _tell_usage(events: "list[Event]") -> None:
    """What a model took to word the session, and which turns it did not word."""
    from alliance_sim.cli.words import usage_told
    from alliance_sim.runtime.model_usage import model_usage

    found, told = model_usage(events), usage_told(events)
    if found is None or told is None:
        return
    narrate(told)
    if found.fallbacks:
        narrate(f"· scripted: turns {', '.join(map(str, found.fallbacks))}")


def _spoken_line(said: "Utterance") -> str:
    from alliance_sim.domain.clean import printable

    head = "T" if said.speaker == "therapist" else "C"
    return f"{head}: {LINE_ENDS.sub(' ', printable(said.text))}"


LINE_ENDS = re.compile("[\n\u2028\u2029]+")
"""What would break an utterance into several lines."""


def _print_scores(session_id: str, events: "list[Event]") -> None:
    from alliance_sim.plain import records
    from alliance_sim.runtime.judged import changed_since
    from alliance_sim.runtime.replay import standing_of
    from alliance_sim.runtime.results import rubrics_in_play, scenario_of, score_events

    library = open_library()
    scenario = scenario_of(library, events)
    card = score_events(session_id, events, scenario, rubrics_in_play(library, scenario))
    standing = standing_of(events)
    judged = [scored.scorecard for scored in standing.judged]
    for each in [card, *judged] if card else ():
        for record in records.score_records(each):
            print_line(records.line(record))
    if card and standing.scored and (changes := changed_since(standing.scored.scorecard, card)):
        narrate(
            "stored at the end of the session: " + ", ".join(changes) + "; the rubrics or the "
            "program have changed since"
        )


def _write_page(opened: "Store", session_id: str, page: Path) -> None:
    from alliance_sim.programme.written import keep_in_mind
    from alliance_sim.reporting.page import write_page
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of

    library, clock = open_library(), SystemClock()
    titles = {rubric.id: rubric.title for rubric in library.rubrics()}
    debrief = debrief_of(opened, session_id, library, clock)
    try:
        written = write_page(debrief, page, titles=titles)
    except OSError as problem:
        raise UsageProblem(f"--html {page}: cannot be written ({problem.strerror})") from problem
    if debrief.opened.trainee:
        keep_in_mind(opened, written, person=debrief.opened.trainee, kind="page", clock=clock)
    narrate(f"the page is in {written}")


def _print_debrief(opened: "Store", session_id: str, *, json: bool = False) -> None:
    from alliance_sim.plain.debrief import render
    from alliance_sim.plain.output import JsonOutput, TextOutput
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of

    output = JsonOutput(sys.stdout) if json else TextOutput(sys.stdout, render)
    output.debrief(debrief_of(opened, session_id, open_library(), SystemClock()))


@app.command()
def resume(
    name: Name = "last",
    plain: options.Plain = False,
    json: options.Json = False,
    gguf: options.Gguf = None,
    store: options.Store = None,
) -> None:
    """Go on with a session where it stopped. One that has ended shows its debrief."""
    from alliance_sim.cli.commands.practice import full_screen, hold
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import scenario_of
    from alliance_sim.runtime.session import LiveSession

    if json and not plain:
        raise UsageProblem("--json goes with --plain")
    with open_store(store) as opened:
        session_id = opened.resolve(name)
        events = [stored.event for stored in opened.events(session_id)]
        if any(event.type == "ended" for event in events):
            _print_debrief(opened, session_id, json=json)
            return
        library = open_library()
        scenario = scenario_of(library, events)
        if plain:
            with _model(events, gguf=gguf) as words:
                session = LiveSession.resume(opened, session_id, scenario, SystemClock(), words)
                hold(opened, library, session, json=json, words=words)
            return
    full_screen(store, resume=session_id, gguf=gguf)


@app.command()
def retry(
    name: Name,
    turn: Annotated[int, typer.Argument(min=0, help="Which of your turns, by its number.")],
    plain: options.Plain = False,
    json: options.Json = False,
    store: options.Store = None,
) -> None:
    """Try one turn again: a new session with the same hour up to there."""
    from alliance_sim.cli.commands.practice import full_screen, hold, need_terminal
    from alliance_sim.plain.compare import render_comparison
    from alliance_sim.runtime.clock import SystemClock, system_randomness
    from alliance_sim.runtime.results import debrief_of, scenario_of
    from alliance_sim.runtime.session import LiveSession

    if json and not plain:
        raise UsageProblem("--json goes with --plain")
    if not plain:
        need_terminal()
    with open_store(store) as opened:
        session_id = opened.resolve(name)
        library = open_library()
        events = [stored.event for stored in opened.events(session_id)]
        scenario = scenario_of(library, events)
        clock = SystemClock()
        if plain:
            with _model(events, again=True) as words:
                session = LiveSession.branch(
                    opened, session_id, turn, scenario, clock, system_randomness(), words
                )
                hold(opened, library, session, json=json, words=words)
            if not json:
                before = debrief_of(opened, session_id, library, clock)
                after = debrief_of(opened, session.id, library, clock)
                print_line(render_comparison(before, after))
            return
        session = LiveSession.branch(opened, session_id, turn, scenario, clock, system_randomness())
    full_screen(store, resume=session.id)


@app.command("override")
def override_score(
    name: Name,
    rubric: Annotated[str, typer.Argument(help="The rubric whose score is changed.")],
    score: Annotated[str, typer.Argument(help="0 to 4, or none: not observed.", metavar="SCORE")],
    why: Annotated[str, typer.Option("--why", help="The reason; it stays with the score.")],
    who: Annotated[str, typer.Option("--who", help="Who decides: an id, not a name.")],
    store: options.Store = None,
) -> None:
    """An instructor's score in place of the scorer's, which stays beside it."""
    from alliance_sim.plain.debrief import render_scores
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.overriding import override, score_of
    from alliance_sim.runtime.results import debrief_of

    with open_store(store) as opened:
        session_id = opened.resolve(name)
        library, clock = open_library(), SystemClock()
        debrief_of(opened, session_id, library, clock)  # scores it, where that was not done yet
        value = score_of(score)
        override(opened, session_id, library, clock, rubric=rubric, score=value, who=who, why=why)
        sys.stdout.write(render_scores(debrief_of(opened, session_id, library, clock)))
    narrate(f"{rubric} of session {session_id} is changed; the scorer's score stays beside it")


@contextmanager
def _model(
    events: "list[Event]", *, gguf: Path | None = None, again: bool = False
) -> "Iterator[Wording | None]":
    """The model that words a session which goes on, closed at the end; None where none does.

    `again`: a turn of it is tried again, so that it matters not whether it has ended.
    """
    from alliance_sim.cli.words import words_of

    words = words_of(events, gguf=gguf, again=again)
    try:
        yield words
    finally:
        if words:
            words.close()


@app.command()
def delete(
    names: Annotated[list[str], typer.Argument(help="Ids, or `last`.")],
    branches: Annotated[
        bool, typer.Option("--branches", help="Their retries too, which hold the same words.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    store: options.Store = None,
) -> None:
    """Delete sessions for good: their words, events and scores, and debriefs that were saved in
    the program's own folder.
    """
    from alliance_sim.programme.privacy_files import delete_session

    with open_store(store) as opened:
        chosen = list(dict.fromkeys(opened.resolve(name) for name in names))
        retries = opened.branches(chosen)
        if branches:
            chosen += retries
        elif retries:
            narrate(
                f"{', '.join(retries)} branched from there and hold a copy of what was said up to "
                "the branch; --branches deletes them too"
            )
        if not yes:
            if not sys.stdin.isatty():
                raise UsageProblem("sessions delete asks before it deletes; in a pipe add --yes")
            typer.confirm(f"Delete {', '.join(chosen)} for good?", abort=True, err=True)
        for session_id in chosen:
            for left in delete_session(opened, session_id, data_folder()).left:
                narrate(f"left: {left}")
            narrate(f"deleted {session_id}")


app.command("submit")(submit)
