"""`scenario check`, `rubric check`: what is wrong with a file, where, why, and how to mend it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli.wiring import narrate
from alliance_sim.errors import Exit, InputProblem

if TYPE_CHECKING:
    from alliance_sim.authoring.problems import Problem
    from alliance_sim.domain.scenario import Scenario

    Check = Callable[[Path], tuple[Problem, ...]]


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


Files = Annotated[list[Path], typer.Argument(help="Files, or folders to look through.")]
HowToPrint = Annotated[Format, typer.Option("--format", help="How to print the findings.")]
Fix = Annotated[
    bool, typer.Option("--fix", help="Mend what can only mean one thing; comments are kept.")
]


def scenarios(
    files: Files,
    format_: HowToPrint = Format.TEXT,
    fix: Fix = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Also let made-up trainees play each scenario.")
    ] = False,
    sessions: Annotated[
        int, typer.Option(min=1, max=1000, help="With --rehearse: sessions in words a trainee.")
    ] = 4,
) -> None:
    """Check scenario files. 3: a file does not load; 1: errors found; 0: at most warnings."""
    found = list(_found(files))
    if fix:
        _mend(found, _scenario)
    problems = [problem for path in found for problem in _scenario(path)]
    if rehearse:
        problems += _rehearsed(found, problems, sessions)
    _tell(problems, len(found), format_)


def rubrics(files: Files, format_: HowToPrint = Format.TEXT, fix: Fix = False) -> None:
    """Check rubric files. 3: a file does not load; 1: errors found; 0: at most warnings."""
    from alliance_sim.authoring.loader import check_rubric

    found = list(_found(files))
    if fix:
        _mend(found, check_rubric)
    _tell([problem for path in found for problem in check_rubric(path)], len(found), format_)


def _scenario(path: Path) -> "tuple[Problem, ...]":
    from alliance_sim.authoring.loader import check_scenario, load_scenario
    from alliance_sim.authoring.problems import FileProblems
    from alliance_sim.client.dynamics import load_dynamics

    types = frozenset(load_dynamics().types)
    problems = check_scenario(path, types)
    try:
        scenario = load_scenario(path, types)
    except FileProblems:
        return problems
    return (*problems, *_closed(path, scenario))


def _closed(path: Path, scenario: "Scenario") -> "Iterator[Problem]":
    """Disclosures whose gate no skilled work opens."""
    from alliance_sim.authoring.problems import Problem, Severity
    from alliance_sim.authoring.yaml_source import read_yaml
    from alliance_sim.runtime.rehearsal.reach import TURNS, causes, closed_gates

    closed = closed_gates(scenario)
    if not closed:
        return
    source = read_yaml(path)
    gates = " and ".join(sorted(closed))
    message = f"{TURNS} skilled turns hardly ever open {gates}; begin with more trust and safety"
    to_blame = causes(scenario, closed) or [("state",)]
    marks = [source.key(place) for place in to_blame]
    marks += [
        source.value(("disclosures", index, "gate"))
        for index, told in enumerate(scenario.disclosures)
        if told.gate in closed
    ]
    for mark in marks:
        yield Problem(str(path), mark.line, mark.col, message, Severity.WARNING, "unreachable-gate")


def _rehearsed(
    files: Sequence[Path], problems: "Sequence[Problem]", sessions: int
) -> "Iterator[Problem]":
    """What the sound ones among the files do not do as expected."""
    from alliance_sim.authoring.loader import load_scenario
    from alliance_sim.authoring.problems import Problem, Severity
    from alliance_sim.authoring.yaml_source import read_yaml
    from alliance_sim.cli.commands.rehearse import held
    from alliance_sim.cli.wiring import open_library
    from alliance_sim.runtime.rehearsal.policies import load_policies
    from alliance_sim.runtime.rehearsal.rehearse import Settings

    broken = {problem.path for problem in problems if problem.severity is Severity.ERROR}
    sound = [path for path in files if str(path) not in broken]
    loaded = [load_scenario(path) for path in sound]
    settings = Settings(sessions=sessions, policies=load_policies().judged)
    rehearsals = held(loaded, open_library(), settings)
    for path, rehearsal in zip(sound, rehearsals, strict=True):
        source = read_yaml(path)
        for verdict in rehearsal.verdicts:
            if not verdict.holds:
                mark = source.value(verdict.place)
                message = f"{verdict.expected}; it was {verdict.seen}"
                yield Problem(str(path), mark.line, mark.col, message, rule="expectation")


def _tell(problems: "Sequence[Problem]", checked: int, format_: Format) -> None:
    from alliance_sim.authoring.problems import Severity
    from alliance_sim.reporting.findings import FORMATS

    for line in FORMATS[format_.value](problems):
        sys.stdout.write(line + "\n")
    narrate(f"{checked} file(s) checked")
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if any(problem.rule != "expectation" for problem in errors):
        raise typer.Exit(Exit.INPUT)
    raise typer.Exit(Exit.FINDINGS if errors else Exit.DONE)


def _mend(files: Iterable[Path], check: "Check") -> None:
    from alliance_sim.authoring.files import read_text, replace_text
    from alliance_sim.authoring.fixes import mended
    from alliance_sim.authoring.yaml_source import MOST_BYTES

    for path in files:
        fixes = [problem.fix for problem in check(path) if problem.fix]
        if not fixes:
            continue
        before = read_text(path, MOST_BYTES)
        after, count = mended(before, fixes)
        if after != before:
            replace_text(path, after)
            narrate(f"{path}: {count} mended")


def _found(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(each for each in path.rglob("*") if each.suffix in {".yaml", ".yml"})
        if not inside:
            raise InputProblem(f"{path}: no YAML file in this folder; name another")
        yield from inside
