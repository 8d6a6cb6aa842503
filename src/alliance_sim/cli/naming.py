"""Where names are, for the commands that may look at them."""

from pathlib import Path
from typing import Annotated

import typer

from alliance_sim.cli.wiring import data_folder, store_name

Names = Annotated[
    Path | None,
    typer.Option(
        "--names",
        metavar="FILE",
        help="The key file with the names (default: names.csv beside the store's file; "
        "in the data folder where the store is a server).",
    ),
]


def key_path(given: Path | None, store: str | None) -> Path:
    """The key file: as given, else the one that goes with the store."""
    if given is not None:
        return given.expanduser()
    from alliance_sim.programme.key_file import default_path
    from alliance_sim.store.place import locate

    return default_path(locate(store_name(store)).path, data_folder())
