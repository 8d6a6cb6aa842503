"""`pack add`, `pack list`, `pack remove`: scenarios and rubrics of somebody else."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from alliance_sim.cli.wiring import data_folder, narrate
from alliance_sim.domain.clean import printable

packs = typer.Typer(
    help="Scenarios and rubrics of somebody else.", rich_markup_mode=None, no_args_is_help=True
)


def _folder() -> Path:
    return data_folder() / "packs"


@packs.command("add")
def add(
    source: Annotated[Path, typer.Argument(help="A folder or a zip file of a pack.")],
) -> None:
    """Check a pack and put it in. 3: something in it is not sound, and nothing was changed."""
    from alliance_sim.authoring.packs import add as put_in
    from alliance_sim.client.dynamics import load_dynamics

    pack = put_in(source, _folder(), frozenset(load_dynamics().types))
    for name in pack.scenarios:
        sys.stdout.write(f"scenario\t{printable(name, lines=False)}\n")
    for name in pack.rubrics:
        sys.stdout.write(f"rubric\t{printable(name, lines=False)}\n")
    narrate(f"put in: {pack.name}")


@packs.command("list")
def list_packs() -> None:
    """The packs that are in, with what they hold."""
    from alliance_sim.authoring.packs import installed

    for pack in installed(_folder()):
        held = " ".join([*pack.scenarios, *pack.rubrics])
        sys.stdout.write(f"{pack.name}\t{printable(held, lines=False)}\n")


@packs.command("remove")
def remove(name: Annotated[str, typer.Argument(help="The pack's name.")]) -> None:
    """Take a pack out again. Sessions held with its clients stay."""
    from alliance_sim.authoring.packs import remove as take_out

    narrate(f"taken out: {take_out(name, _folder()).name}")
