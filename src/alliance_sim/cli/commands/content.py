"""The commands about files that instructors write."""

import sys

import typer

from alliance_sim.cli.commands import check, new, preview, rehearse
from alliance_sim.cli.wiring import open_library
from alliance_sim.domain.clean import printable

scenarios = typer.Typer(help="Scenario files.", rich_markup_mode=None, no_args_is_help=True)
rubrics = typer.Typer(help="Rubric files.", rich_markup_mode=None, no_args_is_help=True)

scenarios.command("new")(new.scenario)
rubrics.command("new")(new.rubric)
scenarios.command("check")(check.scenarios)
rubrics.command("check")(check.rubrics)
scenarios.command("preview")(preview.preview)
scenarios.command("rehearse")(rehearse.rehearse)


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
