"""`scenario rehearse`: what a client does with skilled, mixed and poor practice, before a class."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli.wiring import narrate, open_library
from alliance_sim.errors import Exit, InputProblem, UsageProblem

if TYPE_CHECKING:
    from alliance_sim.authoring.library import Library
    from alliance_sim.domain.scenario import Scenario
    from alliance_sim.runtime.rehearsal.rehearse import Rehearsal, Settings


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


def rehearse(
    names: Annotated[list[str], typer.Argument(help="Scenarios: ids, files, or folders.")],
    sessions: Annotated[
        int, typer.Option(min=0, max=1000, help="Sessions in words a trainee; 0: none.")
    ] = 10,
    hours: Annotated[int, typer.Option(min=1, max=20000, help="Sessions in moves.")] = 500,
    turns: Annotated[int, typer.Option(min=1, max=200, help="Trainee turns of a session.")] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same figures.")] = 1,
    policy: Annotated[
        list[str] | None,
        typer.Option("--policy", help="Only this trainee; may be given again."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Also write a page with plots.", dir_okay=False),
    ] = None,
) -> None:
    """Let made-up trainees play a scenario. 1: it does not do what its file expects."""
    from alliance_sim.runtime.rehearsal.rehearse import Settings

    settings = Settings(hours, sessions, turns, seed, _known(policy or []))
    library = open_library()
    found = [scenario for name in names for scenario in _scenarios(name, library)]
    rehearsals = held(found, library, settings)
    _print(rehearsals, found, format_)
    if html:
        _write(html, rehearsals, found)
    if not all(rehearsal.holds for rehearsal in rehearsals):
        raise typer.Exit(Exit.FINDINGS)


def held(
    scenarios: "Sequence[Scenario]", library: "Library", settings: "Settings"
) -> "list[Rehearsal]":
    """The rehearsals, with progress on stderr where a person looks on."""
    from alliance_sim.runtime.rehearsal.rehearse import rehearse as play
    from alliance_sim.runtime.results import rubrics_in_play

    watching = sys.stderr.isatty()

    def told(done: int, jobs: int) -> None:
        if watching:
            sys.stderr.write(f"\r{done} of {jobs} played" + ("\n" if done == jobs else ""))
            sys.stderr.flush()

    return play(scenarios, lambda scenario: rubrics_in_play(library, scenario), settings, told=told)


def _known(names: Sequence[str]) -> tuple[str, ...]:
    from alliance_sim.authoring.problems import listed, quoted
    from alliance_sim.runtime.rehearsal.policies import load_policies

    known = load_policies().policies
    for name in names:
        if name not in known:
            raise UsageProblem(f"there is no trainee {quoted(name)}; choose {listed(known)}")
    return tuple(dict.fromkeys(names))


def _scenarios(name: str, library: "Library") -> "list[Scenario]":
    from alliance_sim.authoring.loader import load_scenario
    from alliance_sim.client.dynamics import load_dynamics

    path = Path(name)
    if not path.is_dir():
        return [library.scenario(name)]
    types = frozenset(load_dynamics().types)
    files = sorted(each for each in path.rglob("*") if each.suffix in {".yaml", ".yml"})
    if not files:
        raise InputProblem(f"{name}: no scenario file in this folder; name another")
    return [load_scenario(file, types) for file in files]


def _print(
    rehearsals: "Sequence[Rehearsal]", scenarios: "Sequence[Scenario]", format_: Format
) -> None:
    import json

    from alliance_sim.reporting.rehearsal import lines, record

    if format_ is Format.JSON:
        whole = [record(rehearsal) for rehearsal in rehearsals]
        sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
        return
    for rehearsal, scenario in zip(rehearsals, scenarios, strict=True):
        for line in lines(rehearsal, scenario):
            sys.stdout.write(line.rstrip() + "\n")
        sys.stdout.write("\n")


def _write(path: Path, rehearsals: "Sequence[Rehearsal]", scenarios: "Sequence[Scenario]") -> None:
    from alliance_sim.reporting.rehearsal import render_page

    try:
        path.write_text(render_page(rehearsals, scenarios), encoding="utf-8")
    except OSError as problem:
        reason = problem.strerror or "unknown reason"
        raise InputProblem(f"{path}: cannot be written ({reason}); name another file") from None
    narrate(f"written: {path}")
