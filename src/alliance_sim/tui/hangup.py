"""Whether the terminal is still there. A closed window must not leave a busy program behind."""

import errno
import select
import sys


def terminal_gone(descriptor: int | None = None) -> bool:
    """True once the terminal behind standard input has hung up; False where none can be told.

    Reading a hung-up terminal returns at once and for ever, which would keep a core busy. Where
    the keys come down a pipe (the program is shown in a browser), its other end is the terminal.
    """
    try:
        import termios  # noqa: PLC0415 - POSIX only
    except ImportError:
        return False
    asked = _standard_input() if descriptor is None else descriptor
    if asked is None:
        return False
    try:
        termios.tcgetattr(asked)
    except termios.error as problem:
        return _pipe_closed(asked) if problem.args[0] == errno.ENOTTY else True
    except (ValueError, OSError):
        return False
    return False


def _standard_input() -> int | None:
    """Its descriptor; None where there is none, or it has been closed."""
    try:
        return sys.__stdin__.fileno() if sys.__stdin__ else None
    except (ValueError, OSError):
        return None


def _pipe_closed(descriptor: int) -> bool:
    """Whether nothing more can come: the writer has gone, and all that it wrote has been read."""
    watched = select.poll()
    watched.register(descriptor, select.POLLIN)
    return any(seen & select.POLLHUP and not seen & select.POLLIN for _, seen in watched.poll(0))
