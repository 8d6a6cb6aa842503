"""From what went wrong to one line and an exit code. Nobody is shown a traceback for a slip."""

import errno
import os
import sys
from typing import TYPE_CHECKING

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError, Exit

if TYPE_CHECKING:
    from collections.abc import Callable


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What the system says of a disk that takes no more."""


def guarded(app: "Callable[..., object]") -> int:
    """Run the app and give its exit code."""
    try:
        result = app(standalone_mode=False)
        sys.stdout.flush()  # what cannot be written is told of here, and not while Python ends
    except AllianceError as problem:
        return _tell(str(problem), problem.exit)
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return _nothing_more(Exit.DONE)
    except SystemExit as ending:
        # The library of commands ends the program by itself where the reader has gone.
        if not isinstance(ending.__context__, BrokenPipeError):
            raise
        return _nothing_more(Exit.DONE)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        if problem.filename is not None:
            return _tell(f"{problem.filename}: {why}", Exit.INPUT)
        if problem.errno not in FULL:
            raise
        return _nothing_more(_tell(f"standard output: {why}", Exit.USAGE))
    except Exception as problem:
        return _slip(problem)
    return result if isinstance(result, int) else Exit.DONE


def _slip(problem: Exception) -> int:
    """What the library of commands says of the words that were typed. Raises all else again."""
    import typer

    if isinstance(problem, typer.Abort):
        return Exit.INTERRUPTED
    shown = getattr(problem, "format_message", None)
    if shown is None:
        raise problem
    return _tell(f"{shown()} (alliance-sim --help lists what there is)", Exit.USAGE)


def _nothing_more(code: int) -> int:
    """Nothing more can be written to standard output, and Python must not try at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return int(code)


def _tell(text: str, code: int) -> int:
    sys.stderr.write(printable(text).rstrip("\n") + "\n")
    return int(code)
