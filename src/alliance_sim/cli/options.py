"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

Store = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URL",
        help="Another store: a file or a database URL (also ALLIANCE_SIM_STORE).",
    ),
]
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
