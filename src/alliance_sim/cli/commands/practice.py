"""`practice`: hold a session, full screen or line by line."""

import sys
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import (
    acting_user,
    data_folder,
    locale,
    narrate,
    open_library,
    open_store,
)
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from alliance_sim.authoring.library import Library
    from alliance_sim.runtime.clock import Clock
    from alliance_sim.runtime.session import LiveSession
    from alliance_sim.runtime.wording import Wording
    from alliance_sim.store.repository import Store
    from alliance_sim.tui.app import Start

SLOWEST, USUAL, FASTEST = 16, 160, 220
"""Words a minute: a tenth of the usual pace, the usual, and the fastest that anyone speaks."""


class Client(StrEnum):
    SCRIPTED = "scripted"
    LLM = "llm"


class PaceName(StrEnum):
    STREAM = "stream"
    PACED = "paced"
    UNTIMED = "untimed"


@dataclass(frozen=True)
class Asked:
    """How the command line wants a session to be held; None leaves the choice open."""

    pace: PaceName | None = None
    wpm: int | None = None
    seed: int | None = None
    turns: int = 40
    exam: bool = False
    trainee: str | None = None
    assignment: str | None = None


def practice(
    scenario: Annotated[
        str | None,
        typer.Argument(help="A client's id, or a scenario file. Without one: the full screen."),
    ] = None,
    client: Annotated[
        Client, typer.Option(help="Who words the client: its author, or a language model.")
    ] = Client.SCRIPTED,
    gguf: options.Gguf = None,
    pace: Annotated[
        PaceName | None,
        typer.Option(help="How the client's words arrive (default stream; untimed in a pipe)."),
    ] = None,
    wpm: Annotated[
        int | None,
        typer.Option(
            min=SLOWEST, max=FASTEST, help=f"Words a minute of the client (default {USUAL})."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            min=-options.MOST_SEED,
            max=options.MOST_SEED,
            help="The same seed gives the same client.",
        ),
    ] = None,
    turns: Annotated[int, typer.Option(min=1, max=1000, help="Your turns until time is up.")] = 40,
    plain: options.Plain = False,
    json: options.Json = False,
    trainee: Annotated[
        str | None,
        typer.Option(help="A pseudonym to keep scores under; never a real name.", metavar="ID"),
    ] = None,
    assignment: Annotated[
        str | None,
        typer.Option(help="What the session is held for; needs --trainee.", metavar="ID"),
    ] = None,
    exam: Annotated[bool, typer.Option("--exam", help="No hints, no panel, no retry.")] = False,
    plan: Annotated[str, typer.Option(help="What you mean to try, for the debrief.")] = "",
    store: options.Store = None,
) -> None:
    """Practise with a client."""
    if json and not plain:
        raise UsageProblem("--json goes with --plain")
    if trainee is not None:
        from alliance_sim.domain.pseudonym import checked_pseudonym

        checked_pseudonym(trainee)
    worded = client is Client.LLM or gguf is not None
    asked = Asked(pace, wpm, seed, turns, exam, trainee, assignment)
    if assignment is not None:
        scenario, exam = _assigned(asked, scenario, store, plain=plain)
        asked = replace(asked, exam=exam)
    if not plain:
        full_screen(store, scenario=scenario, asked=asked, worded=worded, gguf=gguf)
        return
    if scenario is None:
        known = ", ".join(open_library().scenario_ids())
        raise UsageProblem(f"practice --plain needs a client: {known}")
    library = open_library()
    with ExitStack() as stack:
        words = stack.enter_context(closing(_words(gguf, exam=exam))) if worded else None
        opened = stack.enter_context(open_store(store))
        session = _begin(opened, library, scenario, plan, asked, words)
        _introduce(session)
        hold(opened, library, session, json=json, words=words)


def _assigned(
    asked: Asked, scenario: str | None, store: str | None, *, plain: bool
) -> tuple[str | None, bool]:
    """The client of an assignment, and whether it is an exam; None where the trainee is to choose
    on the screen. Raises UsageProblem where she may not begin it now."""
    from alliance_sim.programme.assignments import about_to_begin, client_of, told_of
    from alliance_sim.runtime.clock import SystemClock

    if asked.trainee is None:
        raise UsageProblem("--assignment needs --trainee ID: whose attempt is it?")
    with open_store(store) as opened:
        standing = about_to_begin(
            opened, asked.assignment or "", asked.trainee, SystemClock().now()
        )
    found = standing.assignment
    if scenario is None and not plain and len(found.scenarios) > 1:
        return None, asked.exam
    client = client_of(found, scenario)
    narrate(told_of(standing))
    return client, asked.exam or found.exam


def _words(gguf: Path | None, *, exam: bool) -> "Wording":
    """The model that is to word the client."""
    from alliance_sim.cli.words import EXAM, open_words

    if exam:
        narrate(EXAM)
    words = open_words(gguf)
    narrate(f"{words.model} words the client: it is sent what you both say.")
    return words


def _begin(
    store: "Store",
    library: "Library",
    scenario: str,
    plan: str,
    asked: Asked,
    words: "Wording | None",
) -> "LiveSession":
    from alliance_sim.domain.transcript import Pace
    from alliance_sim.runtime.clock import SystemClock, system_randomness
    from alliance_sim.runtime.session import LiveSession, Options

    randomness, clock = system_randomness(), SystemClock()
    usual = PaceName.STREAM if sys.stdin.isatty() else PaceName.UNTIMED
    chosen = Options(
        seed=randomness.randrange(1_000_000) if asked.seed is None else asked.seed,
        pace=Pace(asked.pace or usual),
        wpm=float(USUAL if asked.wpm is None else asked.wpm),
        trainee=asked.trainee,
        exam=asked.exam,
        max_turns=asked.turns,
        plan=plan,
        voice="scripted" if words is None else "model",
        note=_attempt(asked, scenario, clock),
    )
    loaded = library.scenario(scenario)
    return LiveSession.begin(store, loaded, chosen, clock, randomness, words)


def _attempt(
    asked: Asked, scenario: str, clock: "Clock"
) -> "Callable[[Connection, str], object] | None":
    """What makes the session an attempt at an assignment, if it is one."""
    from alliance_sim.programme.assignments import claiming

    if asked.assignment is None or asked.trainee is None:
        return None
    return claiming(asked.assignment, asked.trainee, scenario, clock.now())


def _introduce(session: "LiveSession") -> None:
    """What the program says of itself; to a person also who is coming."""
    from alliance_sim.authoring.notices import load_notices
    from alliance_sim.plain.intake import intake_lines

    for text in load_notices(data_folder()).first_run:
        narrate(text)
    if sys.stdin.isatty():
        for text in intake_lines(session.scenario):
            narrate(text)


def hold(
    store: "Store",
    library: "Library",
    session: "LiveSession",
    *,
    json: bool,
    words: "Wording | None" = None,
) -> None:
    """Hold a session line by line, then print its debrief. Ctrl+C leaves it to be resumed.

    `words`: the model that words the client, if one does.
    """
    from alliance_sim.authoring.notices import load_notices
    from alliance_sim.cli.words import usage_told
    from alliance_sim.plain.debrief import render
    from alliance_sim.plain.lines import StreamLines
    from alliance_sim.plain.output import JsonOutput, TextOutput
    from alliance_sim.plain.practice import PlainPractice
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of

    clock = SystemClock()
    _speak_utf8()
    output = JsonOutput(sys.stdout) if json else TextOutput(sys.stdout, render)
    practice = PlainPractice(
        session=session,
        lines=StreamLines(sys.stdin, clock.monotonic),
        output=output,
        narrate=narrate,
        notices=load_notices(data_folder()),
        clock=clock,
        interactive=sys.stdin.isatty(),
        locale=locale(),
        wording=words,
    )
    narrate(f"session {session.id} · {session.scenario.title}")
    try:
        practice.run()
    except KeyboardInterrupt:
        narrate(f"\nLeft open. Go on with: alliance-sim sessions resume {session.id} --plain")
        raise
    output.debrief(debrief_of(store, session.id, library, clock, session.scenario))
    if used := usage_told(session.events):
        narrate(used)


def _speak_utf8() -> None:
    """Replies and the client's words as UTF-8, wherever the program runs."""
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def full_screen(
    store: str | None,
    *,
    scenario: str | None = None,
    asked: Asked | None = None,
    resume: str | None = None,
    worded: bool = False,
    gguf: Path | None = None,
    served: bool = False,
) -> None:
    """Open the full-screen program; `worded`: with a model chosen to word the client.

    `served`: its screen is a browser's tab. A trainee's choices are then kept apart from those of
    the person whose machine it is.
    Raises UsageProblem where there is no terminal for it, EndpointProblem where a model is wanted
    and none is configured.
    """
    from alliance_sim.cli.screens import ScreenModels

    if not served:
        need_terminal()
    asked = asked or Asked()
    models = ScreenModels(gguf)
    if worded:
        models.need_one()
    from alliance_sim.authoring.notices import load_notices
    from alliance_sim.runtime.clock import SystemClock, system_randomness
    from alliance_sim.tui.app import AllianceApp

    with ExitStack() as opened:
        app = AllianceApp(
            store=lambda: opened.enter_context(open_store(store)),
            library=open_library(),
            notices=load_notices(data_folder()),
            clock=SystemClock(),
            randomness=system_randomness(),
            data_folder=_choices_folder(asked.trainee if served else None),
            locale=locale(),
            start=_start(asked, scenario=scenario, resume=resume, worded=worded, served=served),
            models=models,
        )
        app.run()
        if app.problem:
            raise app.problem


def _start(
    asked: Asked, *, scenario: str | None, resume: str | None, worded: bool, served: bool
) -> "Start":
    """What the screens begin with."""
    from alliance_sim.tui.app import Start

    return Start(
        scenario=scenario,
        resume=resume,
        trainee=asked.trainee,
        user=acting_user(),
        pace=asked.pace,
        wpm=asked.wpm,
        seed=asked.seed,
        turns=asked.turns,
        exam=asked.exam,
        assignment=asked.assignment,
        voice="model" if worded else None,
        served=served,
    )


def _choices_folder(guest: str | None) -> Path:
    """Where the screens keep choices: theme, pace, what has been read."""
    return data_folder() / "trainees" / guest if guest else data_folder()


def need_terminal() -> None:
    """Raise UsageProblem where the full-screen program has no terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageProblem(
            "the full-screen program needs a terminal; in a pipe add --plain "
            "(alliance-sim practice CLIENT --plain)"
        )
