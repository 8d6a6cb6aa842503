"""From what went wrong to one line and an exit code. Nobody is shown a traceback for a slip."""

import os
import sys
from typing import TYPE_CHECKING

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable


def guarded(app: "Callable[..., object]") -> int:
    """Run the app and give its exit code."""
    try:
        result = app(standalone_mode=False)
    except AllianceError as problem:
        return _tell(str(problem), problem.exit)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; nothing more can be told, and Python must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.DONE
    except Exception as problem:
        import typer

        if isinstance(problem, typer.Abort):
            return Exit.INTERRUPTED
        shown = getattr(problem, "format_message", None)
        if shown is None:
            raise
        return _tell(f"{shown()} (alliance-sim --help lists what there is)", Exit.USAGE)
    return result if isinstance(result, int) else Exit.DONE


def _tell(text: str, code: int) -> int:
    sys.stderr.write(printable(text).rstrip("\n") + "\n")
    return int(code)
