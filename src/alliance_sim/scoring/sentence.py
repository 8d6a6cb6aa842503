"""One sentence of a reply: what it does with the client's experience."""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from alliance_sim.scoring.asking import Asks, aim, asks
from alliance_sim.scoring.feelings import fit, implied, named
from alliance_sim.scoring.words import (
    Phrases,
    content,
    for_the_scorer,
    phrases_of,
    plain,
    replies,
    sentences,
    tokens,
)

LEFT_OVER = 1
"""Content words that may remain beside a stock phrase without making it more than that."""

SPECIFIC = 3
"""Content words from which an open question asks about something in particular."""

RESTATES = 2
"""Content words from which a statement without "you" or the client's words can restate them."""

LONGEST = 32
"""Words above which a statement that takes up none of the client's is a speech."""

_TO_CLIENT = re.compile(r"\b(?:you|your|you're|you've|you'd|you'll|yourself|yours)\b")
_OPENERS = r"^(?:(?:so|and|but|well|okay|yes|yeah|oh|because|then|no|right|mm|hmm)[\s,]+)*"
_ABOUT_SELF = re.compile(
    _OPENERS + r"(?:i|i'm|i've|i'd|i'll|my|let me|let's|we|we'll|we're|we've|we'd|we can|"
    r"you and (?:i|me)|me and you|(?:the two|both) of us)\b"
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|myself)\b")
_LISTENING = re.compile(
    _OPENERS + r"(?:i|i'm|i'd)\s+(?:can\s+|do\s+|could\s+|really\s+|also\s+|just\s+)*"
    r"(?:hear|hearing|sense|sensing|imagine|imagining|picture|notice|noticing|noticed|"
    r"gather|see|seeing|guess|guessing|struck|hold|get the|"
    r"think you(?:'re|'ve| are| have| feel| felt| want| wanted| need| needed| miss| missed)|"
    r"wonder if|wonder whether)\b"
)
_SORRY = re.compile(
    r"\b(?:sorry|glad you|moved by|i'm moved|am moved|thank you|thanks for|it means|touched|"
    r"sad to hear)\b"
)
_LATE = re.compile(r"\b(?:late|waiting|delay|running behind|kept you|traffic|overran|interrupt)\b")
_QUOTED = re.compile(
    r"\b(?:people|they|everyone|others|he|she|you've been|friends|family)\s+"
    r"(?:\w+\s+){0,2}(?:say|says|said|tell|tells|told|telling|saying)\b|"
    r"\b(?:not going to|won't|don't want to|never going to|wouldn't)\s+(?:tell|say|ask|try|pretend)"
)


class Kind(StrEnum):
    """What a sentence does."""

    IGNORED = "ignored"
    """Spoken to a scorer, or a heap of rubric words."""
    DISMISS = "dismiss"
    REASSURE = "reassure"
    ADVICE = "advice"
    SELF = "self"
    STOCK = "stock"
    VALIDATE = "validate"
    REFLECT = "reflect"
    WARMTH = "warmth"
    EXPLORE = "explore"
    """Asks about the experience."""
    OPEN = "open"
    """Open, and might be put to anyone."""
    QUESTION = "question"
    """Asks for a fact."""
    INFORM = "inform"
    OWN = "own"
    """The trainee's own: what I think, want, promise or will not do."""
    OTHER = "other"


_ASKING = {Asks.EXPERIENCE: Kind.EXPLORE, Asks.OPEN: Kind.OPEN, Asks.FACT: Kind.QUESTION}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the reply beside the client's words."""

    text: str
    kind: Kind
    feeling: str
    """How the feelings it names fit the client's: same, near, other, none."""
    explicit: bool
    """The client had named that feeling themselves."""
    shared: int
    """Content words that it takes up from the client."""
    linked: bool
    """It speaks of the same people as the client, by pronoun."""
    addressed: bool
    """It says "you" or "your"."""
    new: int
    """Content words of its own."""
    meaning: bool
    """It has words that link, contrast, or say what something means or costs."""

    def seen_as(self, kind: Kind) -> "Sentence":
        """The same sentence, taken for another kind."""
        return Sentence(
            self.text, kind, self.feeling, self.explicit, self.shared, self.linked,
            self.addressed, self.new, self.meaning,
        )  # fmt: skip

    @property
    def tied(self) -> bool:
        """Whether it takes up the client's words, people or feelings."""
        return self.shared > 0 or self.linked or self.feeling in ("same", "near")


@cache
def _telling() -> Phrases:
    return phrases_of("telling")


def read(text: str, client: str) -> list[Sentence]:
    """The sentences of a reply in order, each once."""
    return [_sentence(sentence, client) for sentence in sentences(text)]


def _sentence(text: str, client: str) -> Sentence:
    said, heard = content(text), content(client)
    felt = named(client)
    mine = named(text)
    return Sentence(
        text=text,
        kind=_kind(text, client),
        feeling=fit(mine, felt, implied(client)) if mine else "none",
        explicit=bool(mine & felt),
        shared=len(said & heard),
        linked=bool(_people(text) & _people(client)),
        addressed=_TO_CLIENT.search(plain(text)) is not None,
        new=len(said - heard),
        meaning=replies().has("meaning", text),
    )


def _kind(text: str, client: str) -> Kind:
    phrases = replies()
    if for_the_scorer(text):
        return Kind.IGNORED
    if not _QUOTED.search(plain(text)):
        for category, kind in (("dismiss", Kind.DISMISS), ("reassure", Kind.REASSURE)):
            if phrases.has(category, text):
                return kind
    if phrases.has("theorises", text) and not phrases.has("theorises", client):
        return Kind.DISMISS
    if phrases.has("self_focus", text):
        return Kind.SELF
    if phrases.has("advise", text):
        return Kind.ADVICE
    if asks(text):
        return _ASKING[aim(text, _particular(text, client))]
    return _statement(text, client)


def _particular(text: str, client: str) -> bool:
    said = content(text)
    if len(said) >= SPECIFIC or said & content(client) or named(text) & named(client):
        return True
    return bool(_people(text) & _people(client))


@lru_cache(maxsize=4096)
def _people(text: str) -> frozenset[str]:
    return frozenset([_PERSON[word] for word in tokens(text) if word in _PERSON])


_PERSON = {
    "he": "he", "him": "he", "his": "he", "he's": "he", "he'd": "he", "she": "she", "her": "she",
    "hers": "she", "she's": "she", "she'd": "she", "they": "they", "them": "they", "their": "they",
    "they're": "they", "they'd": "they", "people": "they", "everyone": "they", "everybody": "they",
    "nobody": "they", "parents": "they", "kids": "they", "guys": "they", "friends": "they",
}  # fmt: skip


def _statement(text: str, client: str) -> Kind:
    words = plain(text)
    phrases = replies()
    tied = bool(content(text) & content(client)) or bool(named(text) & named(client))
    rest = phrases.without("stock", text)
    if rest != words and len(content(rest)) <= LEFT_OVER and not (tied and _TO_CLIENT.search(rest)):
        return Kind.STOCK
    if phrases.has("validate", text):
        return Kind.VALIDATE
    if _SORRY.search(words):
        return Kind.OTHER if _LATE.search(words) else Kind.WARMTH
    if not _LISTENING.match(words) and _own_talk(words):
        return Kind.OWN
    if _telling().has("general", text) or phrases.has("inform", text):
        return Kind.INFORM
    if _telling().has("directing", text):
        return Kind.ADVICE
    return Kind.REFLECT if _restates(text, words, tied) else Kind.OTHER


def _own_talk(words: str) -> bool:
    """Whether a statement is the speaker's own: opens with "I" or "we", or has "I" but no "you"."""
    if _ABOUT_SELF.match(words):
        return True
    return _FIRST_PERSON.search(words) is not None and _TO_CLIENT.search(words) is None


def _restates(text: str, words: str, tied: bool) -> bool:
    """Whether a statement that tells nothing says back what the client lives: to "you", in the
    client's words or feelings, or short and with enough words of its own.
    """
    if _TO_CLIENT.search(words) or tied or named(text):
        return True
    if text.rstrip("\"')").endswith("!"):
        return False
    return len(content(text)) >= RESTATES and len(words.split()) <= LONGEST
