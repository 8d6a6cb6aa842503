"""The small language of the phrase lists, and its translation to regular expressions.

A phrase is words with single spaces, in the spelling of `words.read`. Besides words:
`deflect~` any word beginning so · `(a|b c)` one of these, nested if need be · `(a)?` may be
missing · `_` any one word · `*` up to three words · `**` up to eight words · `{list}` a named
word list · `^` start of a sentence, after openers such as "so" or "okay" · `$` end of a
sentence · a last `?`: the sentence is written as a question.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

STEM = 4
"""Letters of a stem by which it is looked up; a stem has at least this many."""

_PIECE = re.compile(r"\)\??|[(|]|[^\s()|]+")
_WORD = "[^ .?]+"
_OPENERS = (
    "so|well|okay|all right|right|yeah|yes|and|but|oh|hmm|mm|no|sure|now|i mean|you know|then|"
    "actually|honestly|look|listen|see|because|maybe|i guess|i think|first|also|hi|hey|hello"
)
_START = f"[.?](?: (?:{_OPENERS})(?= )){{0,4}}"
_GAPS = {"*": f"(?: {_WORD}){{0,3}}?", "**": f"(?: {_WORD}){{0,8}}?", "_": f" {_WORD}"}
_ENDS = {"$": "(?= [.?])", "?": r"(?= \?)"}

_COMMON = {
    "i": 45, "you": 60, "it": 40, "that": 40, "the": 45, "to": 50, "a": 45, "and": 45, "of": 30,
    "is": 35, "are": 30, "what": 20, "do": 20, "not": 25, "in": 25, "so": 25, "for": 20, "we": 20,
    "be": 15, "have": 20, "your": 20, "this": 15, "about": 15, "like": 20, "with": 15, "on": 15,
    "would": 15, "can": 12, "how": 12, "me": 12, "if": 12, "or": 12, "my": 8, "know": 10,
    "will": 10, "but": 12, "at": 10, "he": 8, "she": 8, "they": 8, "was": 10, "just": 12,
    "there": 8, "as": 8, "am": 12, "think": 8, "feel": 8, "want": 6, "going": 6, "get": 6,
    "us": 4, "all": 5, "okay": 10, "some": 6, "when": 6, "up": 6, "really": 6, "one": 5,
    "could": 5, "more": 5, "out": 5, "here": 5, "things": 4, "been": 5, "right": 6, "from": 5,
}  # fmt: skip
"""Utterances in a hundred that hold a word, roughly; others are rare."""
_RARE = 0.15

Keys = tuple[float, frozenset[str]]


@dataclass(frozen=True)
class Phrase:
    """One phrase: its pattern (group 1 is what was said) and how it is found."""

    pattern: str
    keys: frozenset[str]
    """Words one of which must be present; a stem is cut to `STEM` letters and ends in `~`."""
    ways: tuple[tuple[frozenset[str], ...], ...] = ()
    """Of one of these ways to say it, all that must be present: of each set one, the rarest first.
    """


def parse(phrase: str, lists: Mapping[str, Iterable[str]]) -> Phrase:
    """Translate a phrase.

    Raises:
        KeyError: a `{list}` that is not defined.
        ValueError: brackets that do not pair, or no word that must be there.
    """
    pieces = _PIECE.findall(phrase)
    start, end = "", "(?= )"
    if pieces and pieces[0] == "^":
        start = _START
        del pieces[0]
    if pieces and pieces[-1] in _ENDS:
        end = _ENDS[pieces.pop()]
    reader = _Reader(pieces, lists)
    pattern, found = reader.sequence()
    if reader.rest():
        raise ValueError(f"phrase {phrase!r}: a bracket is not paired")
    if not found:
        raise ValueError(f"phrase {phrase!r} has no word that must be there")
    ways = tuple(
        tuple(keys for _, keys in sorted(way, key=_cost)) for way in reader.choices or [found]
    )
    return Phrase(f"{start}({pattern}){end}", min(found, key=_cost)[1], ways)


class _Reader:
    """Reads pieces from left to right; every method gives a pattern and the keys it needs."""

    def __init__(self, pieces: Sequence[str], lists: Mapping[str, Iterable[str]]) -> None:
        self._pieces = pieces
        self._lists = lists
        self._at = 0
        self.choices: list[list[Keys]] = []
        """Where all is one group, the keys that each of its choices needs."""

    def rest(self) -> Sequence[str]:
        return self._pieces[self._at :]

    def sequence(self) -> tuple[str, list[Keys]]:
        made = ""
        found: list[Keys] = []
        while self._at < len(self._pieces) and self._pieces[self._at] not in ("|", ")", ")?"):
            pattern, keys = self._item()
            made += pattern
            if keys:
                found.append(keys)
        return made, found

    def _item(self) -> tuple[str, Keys | None]:
        piece = self._pieces[self._at]
        self._at += 1
        if piece == "(":
            return self._group()
        if piece in _GAPS:
            return _GAPS[piece], None
        if piece.startswith("{"):
            return _listed(tuple(self._lists[piece[1:-1]]))
        return _word(piece)

    def _group(self) -> tuple[str, Keys | None]:
        start = self._at
        choices = [self.sequence()]
        while self.rest() and self._pieces[self._at] == "|":
            self._at += 1
            choices.append(self.sequence())
        if not self.rest():
            raise ValueError("a bracket is not paired")
        optional = self._pieces[self._at] == ")?"
        self._at += 1
        pattern = "(?:" + "|".join(pattern for pattern, _ in choices) + ")"
        if optional:
            return pattern + "?", None
        if start == 1 and not self.rest():
            self.choices = [keys for _, keys in choices]
        return pattern, _either([_cheapest(keys) for _, keys in choices])


def _cost(keys: Keys) -> float:
    return keys[0]


def _cheapest(found: Sequence[Keys]) -> Keys | None:
    """The first of the keys that are least often present."""
    return min(found, key=_cost, default=None)


def _either(choices: Sequence[Keys | None]) -> Keys | None:
    known = [keys for keys in choices if keys]
    if len(known) < len(choices):
        return None
    return sum(cost for cost, _ in known), frozenset().union(*(keys for _, keys in known))


@cache
def _listed(phrases: tuple[str, ...]) -> tuple[str, Keys | None]:
    made = [_Reader(phrase.split(" "), {}).sequence() for phrase in phrases]
    keys = _either([_cheapest(found) for _, found in made])
    return "(?:" + "|".join(pattern for pattern, _ in made) + ")", keys


@cache
def _word(piece: str) -> tuple[str, Keys]:
    if piece.endswith("~"):
        return f" {piece[:-1]}[^ .?]*", (2 * _RARE, frozenset([piece[:STEM] + "~"]))
    return " " + piece, (_COMMON.get(piece, _RARE), frozenset([piece]))
