"""Long lists in pieces: a statement of a database holds only so many values."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 2000
"""Values or rows of one statement; SQLite takes some 32,000, PostgreSQL twice as many
(https://www.sqlite.org/limits.html)."""


def chunks(whole: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """The sequence in pieces of at most `size`; none of an empty one."""
    for start in range(0, len(whole), size):
        yield whole[start : start + size]
