"""Whether the terminal is still there. A closed window must not leave a busy program behind."""

import sys


def terminal_gone(descriptor: int | None = None) -> bool:
    """True once the terminal behind standard input has hung up; False where none can be told.

    Reading a hung-up terminal returns at once and for ever, which would keep a core busy.
    """
    try:
        import termios  # noqa: PLC0415 - POSIX only
    except ImportError:
        return False
    try:
        termios.tcgetattr(sys.__stdin__.fileno() if descriptor is None else descriptor)  # type: ignore[union-attr]
    except termios.error:
        return True
    except (AttributeError, ValueError, OSError):
        return False
    return False
