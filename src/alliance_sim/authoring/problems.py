"""What is wrong with a file, and where: the one form in which every reader reports it."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import islice

from alliance_sim.errors import InputProblem

MOST = 100
"""Problems listed at once."""

_COMPARED, _LONGEST = 300, 60
"""Names that a misspelled one is compared with, and their characters: comparing is slow."""

_BIDI = frozenset("\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Severity(StrEnum):
    ERROR = "error"
    """The file cannot be used."""
    WARNING = "warning"
    """The file can be used, and would be better without it."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A mechanical mend: at a place in the file, what stands there and what should."""

    line: int
    """From 1."""
    col: int
    """From 1, in characters."""
    old: str
    """Within the line; empty: the new text is put in before what stands there."""
    new: str
    """May hold whole lines, each with its line feed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file. `str()` is `path:line:col: message`."""

    path: str
    line: int
    """From 1. 1:1 where the problem is the file as a whole."""
    col: int
    """From 1, in characters."""
    message: str
    """What is wrong, and what would be right."""
    severity: Severity = Severity.ERROR
    rule: str = ""
    """Which check found it, as in `thin-topic`; `reasons.yaml` says why it matters."""
    fix: Fix | None = None

    def __str__(self) -> str:
        mark = "warning: " if self.severity is Severity.WARNING else ""
        return f"{visible(self.path)}:{self.line}:{self.col}: {mark}{visible(self.message)}"


class FileProblems(InputProblem):
    """An input file cannot be used. `str()` has a line for each of `problems`."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        self.problems = found[:MOST]
        lines = [str(problem) for problem in self.problems]
        if len(found) > MOST:
            last = found[MOST]
            lines.append(f"{visible(last.path)}:{last.line}:{last.col}: and more; mend these first")
        super().__init__("\n".join(lines))


def whole_file(path: object, message: str) -> Problem:
    """A problem of a file as a whole."""
    return Problem(str(path), 1, 1, message)


def errors_of(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those that make loading fail."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)


def forbidden(char: str) -> bool:
    """Whether a character could do harm in a terminal: control characters, lone surrogates, and
    those that turn the direction of writing. Tab and line feed are not among them."""
    if char in "\t\n":
        return False
    return char in _BIDI or unicodedata.category(char) in ("Cc", "Cs")


def visible(text: str) -> str:
    """Text fit for one line of a terminal: whatever is `forbidden`, or a break, shows as `?`."""
    if text.isprintable():
        return text
    return "".join("?" if forbidden(char) or char in "\t\n" else char for char in text)


def quoted(value: object, most: int = 50) -> str:
    """A value as it stands in a message: in quotes, on one line, at most `most` characters."""
    text = str(value)
    shown = visible(text if len(text) <= most else text[: most - 1] + "…")
    return f'"{shown}"'


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` where something known is spelled nearly so, else nothing."""
    close = closest(word, known)
    return f'; did you mean "{close}"?' if close else ""


def closest(word: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """What is spelled most nearly so, at least `alike` (0–1), or None."""
    candidates = [name for name in islice(known, _COMPARED) if len(name) <= _LONGEST]
    close = get_close_matches(word[:_LONGEST], candidates, n=1, cutoff=alike)
    return close[0] if close else None


SURE = 0.8
"""How alike a misspelled name must be to a known one to be mended by a machine."""


def listed(words: Iterable[str]) -> str:
    """`a, b or c`."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} or {items[-1]}"
