"""Options that several commands share."""

from pathlib import Path
from typing import Annotated, Optional

import typer

Store = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option(
        "--store",
        metavar="URL",
        help="Another store: a file or a database URL (also ALLIANCE_SIM_STORE).",
    ),
]
Plain = Annotated[bool, typer.Option("--plain", help="Line by line, for screen readers and pipes.")]
Json = Annotated[bool, typer.Option("--json", help="With --plain: one JSON line an event.")]
Gguf = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option(
        "--gguf", metavar="FILE", help="A model file to serve on this machine (extra local)."
    ),
]
