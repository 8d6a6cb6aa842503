"""What a model has worded, read clause by clause before a client is heard to say it.

The guard knows the turn's brief and looks at words alone. It never mends: words pass, or they trip
it and are not shown. Its word lists are in `guard_words.yaml`.
"""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from alliance_sim.client.earlier import Earlier
from alliance_sim.client.locked import KeptBack, plain
from alliance_sim.client.memory import fold_words
from alliance_sim.client.prompting import Brief
from alliance_sim.domain.events import Act
from alliance_sim.domain.names import called
from alliance_sim.domain.speech import spoken, spoken_words
from alliance_sim.domain.state import Openness
from alliance_sim.domain.transcript import Speaker


class Trip(StrEnum):
    """Why words were not fit to be heard."""

    ROLE = "role"
    """The client speaks as a therapist, or writes the therapist's part."""
    ECHO = "echo"
    """The trainee's own words come back."""
    LOCKED = "locked"
    """A disclosure whose time has not come."""
    ADVICE = "advice"
    INSIGHT = "insight"
    META = "meta"
    """Talk of models, prompts, exercises."""
    FORMAT = "format"
    """Anything but spoken words: stage directions, markup, lists, labels."""
    MOOD = "mood"
    """Cured, or grateful, out of keeping with the state."""
    LANGUAGE = "language"
    REPEAT = "repeat"
    """The same sentence twice in one reply."""
    SAID = "said"
    """An earlier turn of the client's comes back as a whole."""
    LENGTH = "length"
    EMPTY = "empty"
    UNTOLD = "untold"
    """What the turn was there to tell is not in it."""
    BROKEN = "broken"
    """Cut off in mid-sentence."""


_LISTED = (Trip.META, Trip.ROLE, Trip.ADVICE, Trip.INSIGHT)
_FORMAT = re.compile(
    r"[\[\]{}<>*_#`|~\\^=]|https?:|www\.|^\s*(?:[-•–—+]|1[.)])\s+\w|^\s*\(|\([^)]*\)\s*$|"
    r"\n\s*(?:[-•*+]|\d+[.)])\s|:\)|:\(|[\u2190-\u2bff\U0001f000-\U0001faff]",
    re.MULTILINE,
)
_LABEL = re.compile(r"(?:^|\n|[.!?…][\"”']?\s)\s*[\"“']?(\w+(?: [A-Z][\w-]+){0,2})\s?:(?=\s|$)")
_LABELS = frozenset(
    "therapist counselor counsellor client patient user assistant system human ai me you narrator "
    "interviewer doctor".split()
)
SAME_LEAST = 5
"""Words from which the same sentence again is no accident."""
TURN_LEAST = 6
"""Words from which the same turn again is no accident."""
STUCK, STUCK_LEAST = 3, 3
"""Times that the same short sentence is said by a model that goes in a circle, and its words."""
FOREIGN_LEAST = 2
"""Common words of other languages from which a reply without a common English one is foreign."""
ENGLISH_LEAST = 14
"""Words from which English has one of the commonest words in it, in any case."""
_LATIN_END = "\u024f"
_SENTENCES = re.compile(r"(?<=[.!?…])\s+")


@cache
def _words() -> dict[Trip, re.Pattern[str]]:
    loaded = _loaded()
    return {
        kind: re.compile("|".join(map(_bounded, loaded[kind])), re.IGNORECASE)
        for kind in (*_LISTED, Trip.MOOD)
    }


@cache
def _loaded() -> dict[str, list[str]]:
    text = files("alliance_sim.client").joinpath("guard_words.yaml").read_text("utf-8")
    loaded: dict[str, list[str]] = yaml.safe_load(text)
    return loaded


@cache
def _common(name: str) -> frozenset[str]:
    return frozenset(str(_loaded()[name]).split())


def _bounded(pattern: str) -> str:
    spaced = pattern.replace(" ?", r"\s*").replace(" ", r"\s+").replace("'", "['’ʼ`]")
    return rf"(?<!\w)(?:{spaced})(?!\w)"


class Guard:
    """The guard of one turn."""

    def __init__(self, brief: Brief, kept: KeptBack) -> None:
        self._brief = brief
        self._kept = kept
        self._told = {*brief.told, brief.planned.disclosure or ""}
        self._meant = brief.meaning
        self._name = called(brief.scenario.client.name).lower()
        self._asked = frozenset(_sentences([brief.reply]))
        self._earlier = Earlier(_turns(brief), least=TURN_LEAST)

    def check(self, text: str) -> Trip | None:
        """Whether the beginning of a reply, its latest clause included, may not be heard.

        `text` is the whole reply so far with its line ends, free of control characters.
        """
        text = plain(text)
        checks = (self._locked, self._form, self._foreign, self._listed, self._mood, self._again)
        for look in checks:
            tripped = look(text)
            if tripped:
                return tripped
        return Trip.LENGTH if spoken_words(text) > self._brief.limit else None

    def check_whole(self, text: str, *, begun: bool = False) -> Trip | None:
        """Whether a whole reply, each clause of which has passed, will not do.

        `begun`: some of it was heard, so that it is too late to hold it back as said before.
        """
        if not spoken_words(text):
            return Trip.EMPTY
        if not begun and self._earlier.again(_folded(text)):
            return Trip.SAID
        return None if self.told(text) else Trip.UNTOLD

    def undecided(self, text: str) -> bool:
        """Whether the beginning of a reply is that of an earlier turn, which may yet come back."""
        return self._earlier.undecided(_folded(text))

    @property
    def pointed(self) -> bool:
        """Whether the turn is there to tell something, without which it is not that turn."""
        return bool(self._brief.planned.disclosure or self._brief.planned.event)

    def told(self, text: str) -> bool:
        """Whether a reply has what the turn is there to tell; True where that is nothing."""
        planned, scenario = self._brief.planned, self._brief.scenario
        if planned.disclosure:
            return self._kept.tells(text, planned.disclosure, self._meant)
        if planned.event:
            line = next(event.line for event in scenario.events if event.id == planned.event)
            return self._kept.comes_across(text, line)
        return True

    def _form(self, text: str) -> Trip | None:
        for label in _LABEL.findall(text):
            name = label.lower()
            if name in _LABELS or self._name in name.split():
                own = self._name in name.split() or name in {"client", "patient", "me"}
                return Trip.FORMAT if own else Trip.ROLE
        return Trip.FORMAT if _FORMAT.search(text) else None

    def _foreign(self, text: str) -> Trip | None:
        letters = [letter for letter in text if letter.isalpha()]
        language = self._brief.scenario.language
        if not language.startswith("en"):
            return None
        if any(letter > _LATIN_END for letter in letters):
            return Trip.LANGUAGE
        words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text.lower().replace("’", "'"))
        if not _common("english").isdisjoint(words):
            return None
        others = _common("foreign").intersection(words)
        strange = len(others) >= FOREIGN_LEAST or len(words) >= ENGLISH_LEAST
        return Trip.LANGUAGE if strange else None

    def _listed(self, text: str) -> Trip | None:
        for kind in _LISTED:
            if self._says(kind, text):
                return kind
        return None

    def _mood(self, text: str) -> Trip | None:
        """Warmth is for who trusts; an end, or a repair, may be thanked for."""
        warm = self._brief.planned.openness is Openness.OPEN
        kind = self._brief.planned.act in {Act.CLOSE, Act.ACCEPT_REPAIR}
        return Trip.MOOD if not (warm and kind) and self._says(Trip.MOOD, text) else None

    def _says(self, kind: Trip, text: str) -> bool:
        """Whether words of a list are in a text that are not meant to be said."""
        meant = {" ".join(m.group().lower().split()) for m in _words()[kind].finditer(self._meant)}
        said = (" ".join(m.group().lower().split()) for m in _words()[kind].finditer(text))
        return any(words not in meant for words in said)

    def _locked(self, text: str) -> Trip | None:
        return Trip.LOCKED if self._kept.given_away(text, self._told, self._meant) else None

    def _again(self, text: str) -> Trip | None:
        found = list(_sentences([text]))
        meant = set(_sentences([self._meant]))
        fresh = [sentence for sentence in found if sentence not in meant]
        if self._asked & set(fresh):
            return Trip.ECHO
        short = Counter(_sentences([text], least=STUCK_LEAST))
        stuck = any(often >= STUCK for often in short.values())
        return Trip.REPEAT if stuck or len(found) > len(set(found)) else None


def _turns(brief: Brief) -> list[list[str]]:
    """The client's earlier turns, less those that the author has the client say again now.

    Who was cut off may begin again.
    """
    meant = _folded(brief.meaning)
    found = []
    for said in brief.heard:
        turn = _folded(said.text)
        whole = said.speaker is Speaker.CLIENT and not said.words_lost
        if whole and not Earlier([turn], least=1).again(meant):
            found.append(turn)
    return found


def _folded(text: str) -> list[str]:
    return fold_words(spoken(text)).split()


def _sentences(texts: Iterable[str], least: int = SAME_LEAST) -> Iterable[str]:
    """Sentences of so many words, in a form in which the same words compare equal."""
    for text in texts:
        for sentence in _SENTENCES.split(spoken(text)):
            folded = fold_words(sentence)
            if len(folded.split()) >= least:
                yield folded
