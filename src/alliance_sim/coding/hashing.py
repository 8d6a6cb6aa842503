"""Names of observations as bucket numbers: the same in every process, with no vocabulary kept."""

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

BUCKETS = 1 << 22
"""Numbers a name may fall on; names that share one cannot be told apart."""
_MASK = BUCKETS - 1


def tokens(words: Sequence[str]) -> list[bytes]:
    """Words as bytes, each with the space that parts it from the next."""
    return (
        (" ".join(words) + " ").encode("utf-8", "replace").replace(b" ", b" \0").split(b"\0")[:-1]
    )


def grams(parts: Sequence[bytes], shortest: int, longest: int, salt: int) -> list[int]:
    """Buckets of all runs of `shortest` to `longest` parts, shorter runs first.

    `salt` keeps kinds of runs apart. Runs past the end are left out; repeats are kept.
    """
    return _lengthened([crc32(part, salt) for part in parts], parts, shortest, longest)


def run_buckets(parts: Sequence[bytes], salt: int) -> list[int]:
    """Buckets of the runs that begin with the first part, shortest first."""
    number, found = salt, []
    for part in parts:
        number = crc32(part, number)
        found.append(number & _MASK)
    return found


def run_names(name: str, words: Sequence[str], shortest: int, longest: int) -> list[int]:
    """Buckets of the names of all runs of `shortest` to `longest` words: `name`, then the words
    with a space between two. The shorter runs come first; repeats are kept.
    """
    first = crc32(name.encode("utf-8", "replace"))
    parts = [word.encode("utf-8", "replace") for word in words]
    spaced = [b" " + part for part in parts]
    return _lengthened([crc32(part, first) for part in parts], spaced, shortest, longest)


def _lengthened(
    numbers: Sequence[int], parts: Sequence[bytes], shortest: int, longest: int
) -> list[int]:
    """Buckets of runs, given the numbers of those of one part; `parts` make them longer."""
    found = list(numbers) if shortest == 1 else []
    for length in range(2, longest + 1):
        numbers = [*map(crc32, parts[length - 1 :], numbers)]
        if length >= shortest:
            found += numbers
    return [*map(_MASK.__and__, found)]


@lru_cache(maxsize=8192)
def bucket(name: str) -> int:
    """Bucket of a named observation."""
    return crc32(name.encode("utf-8", "replace")) & _MASK
