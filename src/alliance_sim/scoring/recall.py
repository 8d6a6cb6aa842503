"""Whether what a reply says back is what the client said: who, which relative, how many.

Only what can be checked is: a name, a relation, a number beside its noun. What the client never
mentioned may be known from elsewhere (a file, an earlier session) and is left alone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from alliance_sim.scoring.needs import held
from alliance_sim.scoring.words import content, plain, sentences

_NAME = re.compile(r"(?<![.!?…\"“] )(?<!^)\b([A-Z][a-z]{2,})\b")
_NAME_FIRST = re.compile(r"\b([A-Z][a-z]{2,})(?:'s|’s| is\b| was\b| has\b| and\b|,)")
_RELATIONS = {
    "brother": "brother", "sister": "sister", "mum": "mother", "mom": "mother",
    "mother": "mother", "dad": "father", "father": "father", "wife": "wife", "husband": "husband",
    "son": "son", "daughter": "daughter", "aunt": "aunt", "uncle": "uncle", "niece": "niece",
    "nephew": "nephew", "grandmother": "grandmother", "gran": "grandmother",
    "grandfather": "grandfather", "grandad": "grandfather", "boyfriend": "boyfriend",
    "girlfriend": "girlfriend", "boss": "boss", "cousin": "cousin", "stepdad": "stepfather",
    "stepfather": "stepfather", "stepmother": "stepmother", "ex": "ex",
}  # fmt: skip
_KIN = "|".join(_RELATIONS)
_OWN_KIN = re.compile(rf"\b(?:my|our)\s+(?:\w+\s+)?({_KIN})\b")
_YOUR_KIN = re.compile(rf"\byour\s+(?:\w+\s+)?({_KIN})\b")
_KIN_NAME = re.compile(
    rf"\b(?:[Mm]y|[Yy]our|[Oo]ur)\s+(?:\w+\s+)?({_KIN}),?\s+([A-Z][a-z]{{2,}})\b"
)
_NAME_KIN = re.compile(
    rf"\b([A-Z][a-z]{{2,}}),?\s+(?:is|was|'s|,)\s*(?:my|your)\s+(?:\w+\s+)?({_KIN})\b"
)
_NUMBERS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
}
_COUNTED = re.compile(
    r"\b(\d{1,4}|" + "|".join(list(_NUMBERS)[2:]) + r")[ -]"
    r"(years?|months?|weeks?|days?|hours?|minutes?|times?|kids|children|sisters|brothers|sons|"
    r"daughters|sessions?|nights?)\b"
)
_UNITS = frozenset(
    "yea~ mon~ wee~ day~ hou~ min~ tim~ kid~ chi~ sis~ bro~ son~ dau~ ses~ nig~".split()
)
"""How the words begin that `_COUNTED` counts."""
_THEY = re.compile(r"\b(?:he|she|him|her|his|he's|she's|he'd|she'd|hers)\b")
_NOT_NAMES = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may "
    "june july august september october november december christmas easter god lord the and but "
    "what when where who how you your she they then there this that english british irish american "
    "doctor mum mom dad grandma".split()
)


@dataclass
class Recall:
    """What the client has told so far, and how the replies kept it."""

    kin: set[str] = field(default_factory=set)
    named: dict[str, str] = field(default_factory=dict)
    """The relation of each name that was given one."""
    about: dict[str, set[str]] = field(default_factory=dict)
    """Content words said in sentences with one name only."""
    counted: dict[str, set[int]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    """Content words of earlier client turns."""
    right: int = 0
    wrong: int = 0

    def hear(self, text: str) -> None:
        """Take in what the client says."""
        told = _facts(text)
        self.kin |= told.kin
        self.named |= told.named
        for name in told.names:
            self.about.setdefault(name, set())
        for number, unit in told.counted:
            self.counted.setdefault(unit, set()).add(number)
        self.told |= content(text)
        if self.about:
            self._attribute(text)

    def _attribute(self, text: str) -> None:
        """Notes what is said of whom: a sentence with "he" or "she" goes on about the last name."""
        last: str | None = None
        for sentence in sentences(text):
            here = self._known(sentence)
            if len(here) == 1:
                last = next(iter(here))
            about = last if len(here) == 1 or (not here and _THEY.search(plain(sentence))) else None
            if about is not None:
                self.about[about].update(content(sentence))

    def check(self, text: str) -> str | None:
        """The sentence of a reply that says a fact back wrongly; None where all that can be
        checked is right. Counts both.
        """
        found = None
        if not (self.about or self.kin or self.counted):
            return None
        for sentence in sentences(text):
            if sentence.rstrip().endswith("?") and not _names(sentence):
                continue
            verdict = self._verdict(sentence)
            if verdict is True:
                self.right += 1
            elif verdict is False:
                self.wrong += 1
                found = found or sentence
        return found

    def _verdict(self, sentence: str) -> bool | None:
        verdicts = [self._relation(sentence), self._subject(sentence), self._count(sentence)]
        if False in verdicts:
            return False
        return True if True in verdicts else None

    def _relation(self, sentence: str) -> bool | None:
        for kin, name in _KIN_NAME.findall(sentence):
            if name in self.named:
                return self.named[name] == _RELATIONS[kin]
        words = plain(sentence)
        said = {_RELATIONS[word] for word in _YOUR_KIN.findall(words)} if "your" in words else set()
        if not said or not self.kin:
            return None
        if said & self.kin:
            return True
        siblings = any(
            {kin, other} <= pair for kin in said for other in self.kin for pair in _PAIRS
        )
        return False if siblings and content(sentence) & self.told else None

    def _subject(self, sentence: str) -> bool | None:
        """One name, and words that the client said of another."""
        here = self._known(sentence)
        if len(here) != 1:
            return None
        name = next(iter(here))
        said = content(sentence) - content(name)
        if said & self.about[name]:
            return True
        others = set[str]().union(*(self.about[other] for other in self.about if other != name))
        return not said & others

    def _known(self, sentence: str) -> set[str]:
        """The names of the client's people that a sentence has."""
        words = _letters(sentence)
        return {name for name in self.about if name in words}

    def _count(self, sentence: str) -> bool | None:
        verdict = None
        for number, unit in _counts(plain(sentence)):
            known = self.counted.get(unit.rstrip("s"))
            if known is None:
                continue
            same = content(sentence) & self.told
            if _number(number) in known:
                verdict = True
            elif same and len(known) == 1 and unit.startswith(("year", "month", "child", "kid")):
                return False
        return verdict


_PAIRS = (
    {"brother", "sister"}, {"mother", "father"}, {"son", "daughter"}, {"wife", "husband"},
    {"aunt", "uncle"}, {"boyfriend", "husband"}, {"girlfriend", "wife"}, {"niece", "nephew"},
    {"grandmother", "grandfather"}, {"brother", "cousin"}, {"father", "stepfather"},
)  # fmt: skip
"""Relations that are mistaken for one another."""


class _Facts(NamedTuple):
    """What one turn of the client tells by itself."""

    kin: frozenset[str]
    named: Mapping[str, str]
    names: frozenset[str]
    counted: tuple[tuple[int, str], ...]


def _counts(words: str) -> list[tuple[str, str]]:
    """The numbers that stand beside what they count, as said."""
    return [] if _UNITS.isdisjoint(held(words)) else _COUNTED.findall(words)


@lru_cache(maxsize=2048)
def _letters(sentence: str) -> frozenset[str]:
    """The words of letters only, as written."""
    return frozenset(re.findall(r"[A-Za-z]+", sentence))


@lru_cache(maxsize=2048)
def _facts(text: str) -> _Facts:
    words = plain(text)
    named = {name: _RELATIONS[kin] for kin, name in _KIN_NAME.findall(text)}
    named |= {name: _RELATIONS[kin] for name, kin in _NAME_KIN.findall(text)}
    return _Facts(
        kin=frozenset(_RELATIONS[word] for word in _OWN_KIN.findall(words)),
        named=named,
        names=frozenset(_names(text)),
        counted=tuple((_number(n), unit.rstrip("s")) for n, unit in _counts(words)),
    )


def _names(text: str) -> set[str]:
    """Names: a capital letter inside a sentence, or at its start before a verb or a comma."""
    found = {*_NAME.findall(text), *_NAME_FIRST.findall(text)}
    return {name for name in found if name.lower() not in _NOT_NAMES and content(name)}


def _number(word: str) -> int:
    return _NUMBERS[word] if word in _NUMBERS else int(word)
