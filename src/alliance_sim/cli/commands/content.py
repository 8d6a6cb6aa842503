"""`scenario check`, `rubric check`: what is wrong with a file, where, and what would be right."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli.wiring import narrate, open_library
from alliance_sim.domain.clean import printable
from alliance_sim.errors import Exit

if TYPE_CHECKING:
    from alliance_sim.authoring.problems import Problem

scenarios = typer.Typer(help="Scenario files.", rich_markup_mode=None, no_args_is_help=True)
rubrics = typer.Typer(help="Rubric files.", rich_markup_mode=None, no_args_is_help=True)

Files = Annotated[list[Path], typer.Argument(help="Files, or folders to look through.")]


@scenarios.command("check")
def check_scenarios(files: Files) -> None:
    """Check scenario files. 3: a file does not load; 1: errors found; 0: at most warnings."""
    from alliance_sim.authoring.loader import check_scenario
    from alliance_sim.client.dynamics import load_dynamics

    types = frozenset(load_dynamics().types)
    raise typer.Exit(_check(files, lambda path: check_scenario(path, types)))


@rubrics.command("check")
def check_rubrics(files: Files) -> None:
    """Check rubric files. 3: a file does not load; 1: errors found; 0: at most warnings."""
    from alliance_sim.authoring.loader import check_rubric

    raise typer.Exit(_check(files, check_rubric))


@scenarios.command("list")
def list_scenarios() -> None:
    """The clients there are: id, title, difficulty, intensity."""
    for scenario in open_library().scenarios():
        title = printable(scenario.title, lines=False)
        row = (scenario.id, title, f"difficulty {scenario.difficulty}", scenario.intensity)
        sys.stdout.write("\t".join(row) + "\n")


@scenarios.command("schema")
def schema_of_scenarios() -> None:
    """The JSON Schema of scenario files, for editors."""
    _print_schema("scenario")


@rubrics.command("schema")
def schema_of_rubrics() -> None:
    """The JSON Schema of rubric files, for editors."""
    _print_schema("rubric")


def _print_schema(kind: str) -> None:
    import json

    from alliance_sim.authoring.schema import rubric_schema, scenario_schema

    schema = scenario_schema() if kind == "scenario" else rubric_schema()
    sys.stdout.write(json.dumps(schema, indent=2, ensure_ascii=False) + "\n")


def _check(files: Iterable[Path], check: "Callable[[Path], tuple[Problem, ...]]") -> int:
    from alliance_sim.authoring.problems import Severity

    code = Exit.DONE
    checked = 0
    for path in _found(files):
        checked += 1
        problems = check(path)
        for problem in problems:
            sys.stdout.write(printable(str(problem), lines=False) + "\n")
        if any(problem.severity is Severity.ERROR for problem in problems):
            code = Exit.INPUT
    narrate(f"{checked} file(s) checked")
    return code


def _found(files: Iterable[Path]) -> Iterator[Path]:
    for path in files:
        if path.is_dir():
            yield from sorted(
                found for found in path.rglob("*") if found.suffix in {".yaml", ".yml"}
            )
        else:
            yield path
