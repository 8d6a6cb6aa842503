"""The command line. A command's module is loaded when the command is named, and imports what it
needs when it runs: so all of them start quickly."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Annotated

import typer

from alliance_sim import __version__

COMMANDS: Mapping[str, tuple[str, str]] = {
    "practice": ("practice", "practice"),
    "sessions": ("sessions", "app"),
    "import": ("importing", "import_bundles"),
    "score": ("score", "score"),
    "scenario": ("content", "scenarios"),
    "rubric": ("content", "rubrics"),
    "pack": ("pack", "packs"),
    "cohort": ("cohort", "app"),
    "roster": ("roster", "app"),
    "assignment": ("assignment", "app"),
    "evaluate": ("evaluate", "evaluate"),
    "calibrate": ("calibrate", "app"),
    "export": ("export", "export"),
    "report": ("report", "app"),
    "appeal": ("appeal", "app"),
    "db": ("db", "app"),
    "privacy": ("privacy", "app"),
    "audit": ("audit", "app"),
    "doctor": ("doctor", "doctor"),
    "config": ("config", "app"),
    "serve": ("serve", "app"),
    "worker": ("worker", "app"),
}
"""The module of each command below `commands`, and its function or group there. The help lists them
in this order, functions before groups."""

COMPLETION = "_ALLIANCE_SIM_COMPLETE"
"""Is set where the shell asks what a word could go on as."""


def needed(words: Sequence[str], environ: Mapping[str, str]) -> Iterable[str]:
    """The commands that these words of a command line can mean: all, where it takes all to tell."""
    if COMPLETION in environ:
        return COMMANDS
    if not words:
        return ("practice",)
    return (words[0],) if words[0] in COMMANDS else COMMANDS


def app_of(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with these commands."""
    app = typer.Typer(
        name="alliance-sim",
        help="Practise building a therapeutic alliance with a simulated client.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(invoke_without_command=True)(main)
    for name in names:
        module, what = COMMANDS[name]
        found = getattr(import_module(f"alliance_sim.cli.commands.{module}"), what)
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def run(*, standalone_mode: bool) -> object:
    """Run the command that the process was given."""
    return app_of(needed(sys.argv[1:], os.environ))(standalone_mode=standalone_mode)


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"alliance-sim {__version__}\n")
        raise typer.Exit


def main(
    context: typer.Context,
    store: Annotated[
        str | None,
        typer.Option("--store", help="Another store: a file, or a database URL.", metavar="URL"),
    ] = None,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Without a command: the full-screen program."""
    if context.invoked_subcommand is None:
        from alliance_sim.cli.commands.practice import full_screen

        full_screen(store)
