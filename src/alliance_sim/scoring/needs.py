"""What a text must hold for a pattern to be found in it: words, or beginnings of words.

Most patterns of a list have nothing to do with most sentences. The few words that a pattern cannot
do without are read from its source, so that it is tried only where they stand. What the reader does
not understand it takes to demand nothing: a pattern is then tried too often, never too seldom.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

BEGINNINGS = (3, 4)
"""Letters of the beginnings by which words are looked up."""

Keys = frozenset[str]
"""Words, and beginnings of words followed by `~`; one of them must be there."""

_WORDS = re.compile(r"[\w']+")
_PART = re.compile(
    r"(?P<run>[\w']+(?![*+?{]))|(?P<gap>\[\\s,;:-\]\+)"
    r"|(?P<open>\((?P<looks>\?(?:=|!|<=|<!))?(?:\?:)?)|(?P<edge>[\^$])"
    r"|(?P<set>\[(?:\\.|[^\]\\])*\])|(?P<mark>\\[.!?,|()\[\]-]|[^\\\w'*+?{.])|(?P<other>\\.|.)",
    re.DOTALL,
)
_TIMES = re.compile(r"[*+?]|\{(?P<least>\d*),?\d*\}")
_RATES = """
    50: you you~ it it~ that tha~ that~ i
    30: the the~ to a and and~
    20: for for~ what wha~ what~ like lik~ like~ of me on in it's it'~ with thi~ was was~
    12: i'm is not not~ have hav~ have~ i'd so you'~ be here her~ one one~ do don't don'~
    10: there some som~ some~ could cou~ say at your my know kno~ know~ just jus~ just~
    8: if how feel fee~ feel~ can can~ i've this abo~ about abou~ com~ sta~ got go she she~
    7: all all~ ask ask~ up would woul~ wou~ eve~ ever~ that's than~ you're out out~ when~
    6: when sho~ hea~ fro~ from said sai~ said~ get get~ see see~ down dow~ down~ are are~
    5: any~ hear hear~ come come~ who who~ time tim~ time~ had they no tell tel~ tell~ two
    5: sou~ soun~ sounds take tak~ take~ want wan~ want~ did did~ right rig~ righ~ rea~ then
    5: wor~ does doe~ does~ there's tho~ shou~ fin~ min~ been bee~ been~ lea~ good goo~ good~
    4: thing thin~ think i'll he his him her he's we our or as an but them then~ into much
"""
_COMMON = {
    key: float(rate)
    for rate, _, keys in (line.partition(":") for line in _RATES.split("\n"))
    for key in keys.split()
}
"""Utterances in a hundred that hold a key, roughly, in sessions with the shipped clients."""
_RARE, _BEGUN = 0.15, 0.6
"""The same for any other word, and for the beginning of one."""


@lru_cache(maxsize=4096)
def held(text: str) -> tuple[str, ...]:
    """The keys that a text holds, each once. Thousands are remembered: no sets, because the garbage
    collector looks at each of those time and again.
    """
    return tuple(dict.fromkeys(chain.from_iterable(map(_keys, _WORDS.findall(text)))))


@lru_cache(maxsize=16_384)
def _keys(word: str) -> tuple[str, ...]:
    return word, *(f"{word[:letters]}~" for letters in BEGINNINGS)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the ways in which a pattern can be met."""

    source: str
    needs: tuple[Keys, ...]
    """Of each one key must be held; the rarest first. Empty: nothing is known."""
    suffices: bool
    """What it needs is all there is to it."""


def choices(source: str) -> list[Choice]:
    """The ways in which a pattern can be met that stands between the edges of words.

    Raises:
        ValueError: brackets that do not pair, or what is no pattern.
    """
    reader = _Reader(source)
    found = reader.alternatives()
    if not reader.done:
        raise ValueError(f"a bracket is not paired: {source!r}")
    return [_choice(one, source) for one in _unfolded(found)]


class _Item(NamedTuple):
    """A piece of a pattern."""

    kind: str
    """`run` of letters, `gap` (no part of a word), `edge` of the text, `group`, `look`, `any`."""
    text: str = ""
    inside: "Sequence[_Sequence]" = ()
    least: int = 1
    repeated: bool = False


class _Sequence(NamedTuple):
    start: int
    end: int
    items: list[_Item]


_ANY, _GAP, _EDGE, _LOOK = _Item("any"), _Item("gap"), _Item("edge"), _Item("look")


class _Reader:
    """Reads the source of a pattern from left to right."""

    def __init__(self, source: str) -> None:
        self._source = source + "\0"
        self._at = 0

    @property
    def done(self) -> bool:
        return self._source[self._at] == "\0"

    def alternatives(self) -> list[_Sequence]:
        """Up to the bracket that closes, or to the end."""
        made = [self._sequence()]
        while self._source[self._at] == "|":
            self._at += 1
            made.append(self._sequence())
        return made

    def _sequence(self) -> _Sequence:
        start, items = self._at, []
        while self._source[self._at] not in "|)\0":
            items.append(self._item())
        return _Sequence(start, self._at, items)

    def _item(self) -> _Item:
        part = _PART.match(self._source, self._at)
        if part is None:
            raise ValueError(f"not understood: {self._source[self._at :]!r}")
        self._at = part.end()
        kind = part.lastgroup
        if kind == "run":
            return _Item("run", part[0])
        if kind == "gap":
            return _GAP
        return self._counted(self._group(part) if part["open"] else _single(part))

    def _group(self, part: re.Match[str]) -> _Item:
        inside = self.alternatives()
        if self._source[self._at] != ")":
            raise ValueError(f"a bracket is not paired: {self._source!r}")
        self._at += 1
        return _LOOK if part["looks"] else _Item("group", inside=inside)

    def _counted(self, item: _Item) -> _Item:
        times = _TIMES.match(self._source, self._at)
        if times is None:
            return item
        self._at = times.end()
        if self._source[self._at] == "?":
            self._at += 1
        least = {"*": 0, "?": 0, "+": 1}.get(times[0])
        least = int(times["least"] or 0) if least is None else least
        if item.kind == "group":
            return item._replace(least=least, repeated=times[0] != "?")
        return item if item.kind == "gap" and least else _ANY


def _single(part: re.Match[str]) -> _Item:
    if part["edge"]:
        return _EDGE
    if part["set"]:
        return _GAP if _between_words(part["set"]) else _ANY
    return _GAP if part["mark"] else _ANY


def _between_words(members: str) -> bool:
    """Whether nothing of a set of characters is part of a word."""
    return not _WORDS.search(members.replace(r"\s", "")) and not members.startswith("[^")


def _unfolded(found: Sequence[_Sequence]) -> Iterator[_Sequence]:
    """The alternatives, and for one that is but a group those of the group."""
    for one in found:
        items = one.items
        if len(items) == 1 and items[0].inside and not items[0].repeated and items[0].least:
            yield from _unfolded(items[0].inside)
        else:
            yield one


def _choice(one: _Sequence, source: str) -> Choice:
    needs = sorted(_needs(one.items, before=True, after=True), key=_frequency)
    whole = len(one.items) == 1 and one.items[0].kind == "run"
    return Choice(source[one.start : one.end], tuple(needs), whole)


def _needs(items: Sequence[_Item], *, before: bool, after: bool) -> list[Keys]:
    """What a sequence needs. `before`, `after`: whether its ends are edges of words."""
    found: list[Keys] = []
    run, clean = "", before
    for place, item in enumerate(items):
        if item.kind == "run":
            run += item.text
            continue
        if item.kind == "look":
            continue
        if run and clean:
            found += _keyed(run, whole=_begins_outside(items, place, after))
        if item.kind == "group" and item.least:
            end = not item.repeated and _begins_outside(items, place + 1, after)
            found += _of_group(item.inside, before=clean and not run, after=end)
        clean = _ends_outside(item, clean and not run)
        run = ""
    if run and clean:
        found += _keyed(run, whole=after)
    return found


def _of_group(inside: Sequence[_Sequence], *, before: bool, after: bool) -> list[Keys]:
    """What all alternatives of a group need together: the rarest of each."""
    united: set[str] = set()
    for one in inside:
        needs = _needs(one.items, before=before, after=after)
        if not needs:
            return []
        rarest: Keys = min(needs, key=_frequency)
        united |= rarest
    return [frozenset(united)]


def _keyed(run: str, *, whole: bool) -> list[Keys]:
    if whole:
        return [frozenset([run])]
    if len(run) < BEGINNINGS[0]:
        return []
    return [frozenset([run[: BEGINNINGS[-1]] + "~"])]


def _begins_outside(items: Sequence[_Item], place: int, after: bool) -> bool:
    """Whether whatever follows from `place` on begins outside of a word."""
    for item in items[place:]:
        if item.kind in ("gap", "edge"):
            return True
        if item.kind == "look":
            continue
        if item.kind != "group":
            return False
        if not all(_begins_outside(one.items, 0, False) for one in item.inside):
            return False
        if item.least:
            return True
    return after


def _ends_outside(item: _Item, before: bool) -> bool:
    """Whether the edge of a word is behind an item; `before`: whether it is before it."""
    if item.kind in ("gap", "edge"):
        return True
    if item.kind != "group":
        return False
    ends = all(_last_outside(one.items) for one in item.inside)
    return ends and (before or item.least > 0)


def _last_outside(items: Sequence[_Item]) -> bool:
    solid = [item for item in items if item.kind != "look"]
    return bool(solid) and _ends_outside(solid[-1], False)


def _frequency(keys: Keys) -> float:
    """How often one of the keys is held, in utterances a hundred."""
    return sum(_COMMON.get(key, _BEGUN if key.endswith("~") else _RARE) for key in keys)
