"""The entry point: what can be answered at once is answered, all else goes to the commands."""

import sys

from alliance_sim.cli.exits import guarded
from alliance_sim.cli.quick_list import listed


def run() -> None:
    """Run the command line; problems become one line on stderr and their exit code."""
    sys.exit(guarded(_run))


def _run(*, standalone_mode: bool) -> object:
    if listed(sys.argv[1:]):
        return None
    from alliance_sim.cli.app import run as run_command

    return run_command(standalone_mode=standalone_mode)
