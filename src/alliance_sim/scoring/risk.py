"""What a client says that calls for care about safety: danger, drink and drugs, and who may hear.

Cues are read sentence by sentence after sayings ("dying to", "killing me") are taken out; what is
long past and settled is no cue. A cue is `plain` where the words leave little doubt, and possible
where only the reply tells whether it was taken as one. Lists of phrases know what is plain; what
is possible the lists and a learned reading of the whole turn (`client_danger`) decide together.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from alliance_sim.scoring.client_danger import Reading, reading, settings
from alliance_sim.scoring.words import Phrases, phrases_of, plain, sentences


class Risk(StrEnum):
    """What a cue is about."""

    SUICIDE = "suicide"
    SELF_HARM = "self_harm"
    OTHERS = "others"
    """The client may hurt someone."""
    CHILD = "child_harm"
    ELDER = "elder_harm"
    VIOLENCE = "violence"
    """The client is being hurt."""
    SUBSTANCE = "substance"
    SECRECY = "secrecy"
    """What becomes of the words: asked, or to be promised."""
    OVERHEARD = "overheard"


DANGERS = frozenset(
    {Risk.SUICIDE, Risk.SELF_HARM, Risk.OTHERS, Risk.CHILD, Risk.ELDER, Risk.VIOLENCE}
)
"""Kinds that call for a direct question."""

PROTECTED = frozenset({Risk.CHILD, Risk.ELDER})
"""Kinds that may have to be reported."""


@dataclass(frozen=True)
class Cues:
    """The cues of one client turn."""

    plain: frozenset[Risk]
    possible: frozenset[Risk]
    """Kinds that the words may mean; none of them is in `plain`."""

    @property
    def any(self) -> frozenset[Risk]:
        return self.plain | self.possible

    @property
    def danger(self) -> bool:
        return bool(self.any & DANGERS)

    @property
    def plain_danger(self) -> bool:
        return bool(self.plain & DANGERS)


_NOT_MEANT = re.compile(
    r"\b(?:don't|didn't|never|wouldn't|not|can't) (?:\w+ )?(?:want|wanted|wanna|mean|meant|wish)?"
    r" ?(?:to )?(?:do anything to )?(?:hurt|harm|cut|hit|kill)\b"
)

BRIEF = 30
"""Words of a turn up to which a single word is enough to make one wonder."""

_MAY_MEAN = {
    "possible": Risk.SUICIDE,
    "words": Risk.SUICIDE,
    "possible_others": Risk.OTHERS,
    "possible_child_harm": Risk.CHILD,
    "possible_elder_harm": Risk.ELDER,
    "possible_violence": Risk.VIOLENCE,
    "possible_substance": Risk.SUBSTANCE,
    "possible_secrecy": Risk.SECRECY,
    "possible_overheard": Risk.OVERHEARD,
}
"""Lists of what may be a sign, and of which kind; "objects" only where there is no other."""

_IN_BRIEF = tuple(_MAY_MEAN)
"""The lists that are looked for in a short turn."""

_ANYWHERE = ("possible", "possible_substance", "possible_secrecy", "possible_overheard")
"""The lists that are looked for in a long one too."""

NONE = Cues(frozenset(), frozenset())


@cache
def _cues() -> Phrases:
    return phrases_of("risk_cues")


@lru_cache(maxsize=4096)
def cues(text: str) -> Cues:
    """The cues in what a client said; captions without marks are read as one sentence."""
    return cues_by(text, reading)


def cues_by(text: str, read_as: Callable[[str], Reading]) -> Cues:
    """The cues in what a client said, the sentences without sayings being read by `read_as`."""
    phrases = _cues()
    settled = phrases.has("resolved", text) and not phrases.has("present", text)
    as_said = [plain(sentence) for sentence in sentences(text)]
    heard = [phrases.without("idiom", words) for words in as_said]
    live = [words for words in heard if not _long_past(words, settled)]
    likely = [kind for kind in Risk if phrases.has(kind.value, text)]
    read = read_as(" ".join(words for words in live if words in as_said))
    wonders = read.sign >= settings().ordinary
    if not likely and not wonders:
        return NONE
    sure: set[Risk] = set()
    for words in live:
        sure |= {kind for kind in likely if phrases.has(kind.value, words)} - _denied(words)
    meant: set[Risk] = set()
    if wonders:
        meant = _listed(text, live) | _learned(read, live)
        if not sure and not meant and not settled and _things(text, heard):
            meant.add(Risk.SUICIDE)
    return Cues(frozenset(sure), frozenset(meant - sure))


def _listed(text: str, live: list[str]) -> set[Risk]:
    """What the lists of what may be a sign take the live sentences of a turn for."""
    lists = _IN_BRIEF if _brief(text) else _ANYWHERE
    return {_MAY_MEAN[name] for words in live for name in lists if _cues().has(name, words)}


def _things(text: str, heard: list[str]) -> bool:
    """Whether a short turn names a thing that makes one wonder."""
    return _brief(text) and any(_cues().has("objects", words) for words in heard)


def _brief(text: str) -> bool:
    return len(text.split()) <= BRIEF


def _learned(read: Reading, live: list[str]) -> set[Risk]:
    """What the learned reading takes a turn for: the likeliest kind, and other dangers beside a
    danger. Nothing where all that was said is past.
    """
    if not live or read.sign < settings().sign:
        return set()
    shares = {Risk(name): share for name, share in read.kinds.items()}
    likeliest = max(shares, key=shares.__getitem__)
    if likeliest not in DANGERS:
        return {likeliest}
    others = {kind for kind in DANGERS if shares[kind] >= settings().other_kind}
    return {likeliest} | others


def _denied(words: str) -> frozenset[Risk]:
    """What a sentence says the client would not do."""
    return frozenset({Risk.OTHERS, Risk.SELF_HARM}) if _NOT_MEANT.search(words) else frozenset()


def _long_past(words: str, settled: bool) -> bool:
    phrases = _cues()
    over = phrases.has("past", words) or settled
    return over and not phrases.has("present", words)


def said_plainly(text: str) -> bool:
    """Whether the client has named death, suicide or harm, so that a reply need not name it."""
    return bool(cues(text).plain & DANGERS) or _cues().has("suicide", plain(text))
