"""What can go wrong through no fault of the program, and the exit code each has."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    FINDINGS = 1
    USAGE = 2
    INPUT = 3
    ENDPOINT = 4
    STORE = 5
    INTERRUPTED = 130


class AllianceError(Exception):
    """A problem that a user can cause and mend. `str()` is one plain line for them."""

    exit = Exit.USAGE


class UsageProblem(AllianceError):
    """The command's words are off, or an extra is not installed."""


class InputProblem(AllianceError):
    """An input file is invalid or missing. `str()` may hold several lines, one a problem."""

    exit = Exit.INPUT


class EndpointProblem(AllianceError):
    """No model endpoint can be used."""

    exit = Exit.ENDPOINT


class StoreProblem(AllianceError):
    """The store cannot be opened, read or written."""

    exit = Exit.STORE
