"""Stems of English words (Porter 2), in any number of threads at a time."""

from functools import cache
from threading import local
from typing import Any


class _OfThread(local):
    """A stemmer keeps the word it works on in itself, so each thread has one of its own."""

    def __init__(self) -> None:
        import snowballstemmer  # noqa: PLC0415 - all its languages come with it

        self.english: Any = snowballstemmer.stemmer("english")


@cache
def _own() -> _OfThread:
    """Made when first asked for; from then on it makes a stemmer for each thread that asks."""
    return _OfThread()


def porter2(word: str) -> str:
    """The stem of one lower-case word."""
    return str(_own().english.stemWord(word))
