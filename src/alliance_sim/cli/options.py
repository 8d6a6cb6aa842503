"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from alliance_sim.errors import UsageProblem


def _or_before(context: typer.Context, given: str | None) -> str | None:
    """As given after the command, else before it: `alliance-sim --store URL sessions list`."""
    outer = context.parent
    while given is None and outer is not None:
        given, outer = outer.params.get("store"), outer.parent
    return given


Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Another store: a file or a database URL (also ALLIANCE_SIM_STORE).",
        callback=_or_before,
    ),
]


def check_before(context: typer.Context) -> None:
    """Raise UsageProblem for options before the command of a group: it would not hear of them."""
    command = context.invoked_subcommand
    for name in context.params:
        source = context.get_parameter_source(name)
        if name != "store" and source is not None and source.name == "COMMANDLINE":
            told = f"--{name.replace('_', '-')} has no effect before {command}"
            raise UsageProblem(f"{told}; write it behind, or leave it out")


Plain = Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")]
Json = Annotated[bool, typer.Option("--json", help="With --plain: one JSON line an event.")]
Gguf = Annotated[
    Path | None,
    typer.Option(
        "--gguf", metavar="FILE", help="A model file to serve on this machine (extra local)."
    ),
]

MOST = 1_000_000
"""Of anything that is counted: more than there can be, and less than a database's number holds."""

MOST_SEED = 2**63 - 1
"""What every database holds."""

MOST_DAYS = 36_500
"""A hundred years."""
