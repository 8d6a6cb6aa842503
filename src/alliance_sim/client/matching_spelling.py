"""Misspellings of common kinds: a word that is one slip away from a known one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

SHORTEST = 5
"""Letters below which a word is left alone: too many short words are one letter apart."""


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter added, left out, changed or swapped with the next turns a into b."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    i = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        swapped = a[i : i + 2] == b[i : i + 2][::-1] and a[i + 2 :] == b[i + 2 :]
        return swapped or a[i + 1 :] == b[i + 1 :]
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[i + 1 :] == shorter[i:]


def mended(word: str, known: Mapping[str, Sequence[str]]) -> str | None:
    """The known word that a misspelt one most likely stands for, or None.

    `known`: words by first letter, which is seldom mistyped. Words under
    `SHORTEST` letters are left alone.
    """
    if len(word) < SHORTEST:
        return None
    near = [w for w in known.get(word[0], ()) if one_edit_apart(word, w)]
    return min(near, key=lambda w: (w[-1] != word[-1], abs(len(w) - len(word)), w), default=None)


def first_letters(vocabulary: Iterable[str]) -> dict[str, list[str]]:
    """Words of four letters or more, and their usual endings, by first letter."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in dict.fromkeys(vocabulary):
        if len(word) >= 4:
            table[word[0]].append(word)
    return dict(table)
