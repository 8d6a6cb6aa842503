"""One sentence of a reply: what it does with the client's experience."""

import re
from dataclasses import dataclass
from enum import StrEnum

from alliance_sim.scoring.feelings import fit, implied, named
from alliance_sim.scoring.words import content, for_the_scorer, plain, replies, sentences, tokens

LEFT_OVER = 1
"""Content words that may remain beside a stock phrase without making it more than that."""

_QUESTION = re.compile(
    r"^(?:(?:so|and|but|well|okay|or|then|um|hmm|now|oh|right)\s+)*"
    r"(?:what|why|when|where|who|which|how|do|does|did|are|is|was|were|have|has|had|can|could|will|"
    r"would|should|shall|may|am|isn't|aren't|don't|didn't|doesn't|haven't|won't|wouldn't)\b"
)
_TO_CLIENT = re.compile(r"\b(?:you|your|you're|you've|you'd|you'll|yourself|yours)\b")
_ABOUT_SELF = re.compile(
    r"^(?:(?:so|and|but|well|okay|yes|yeah|oh)[\s,]+)*(?:i|i'm|i've|i'd|i'll|my)\b"
)
_LISTENING = re.compile(
    r"^(?:(?:so|and|but|well|okay|yes|yeah|oh)[\s,]+)*"
    r"(?:i|i'm|i'd)\s+(?:can\s+|do\s+|could\s+|really\s+|also\s+)*"
    r"(?:hear|hearing|sense|sensing|imagine|imagining|wonder|wondering|picture|notice|noticing|get|"
    r"gather|see|seeing|guess|guessing|struck|hold|tell|think|can)\b"
)
_SORRY = re.compile(
    r"\b(?:sorry|glad you|moved|thank you|thanks for|it means|touched|sad to hear)\b"
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
    QUESTION = "question"
    INFORM = "inform"
    OTHER = "other"


@dataclass(frozen=True)
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
    new: int
    """Content words of its own."""
    meaning: bool
    """It has words that link, contrast, or say what something means or costs."""


def opens_as_question(sentence: str) -> bool:
    """Whether a sentence has the word order of a question from its start."""
    return _QUESTION.match(plain(sentence)) is not None


def read(text: str, client: str) -> list[Sentence]:
    """The sentences of a reply in order, each once."""
    return [_sentence(sentence, client) for sentence in sentences(text)]


def _sentence(text: str, client: str) -> Sentence:
    said, heard = content(text), content(client)
    felt = named(client)
    return Sentence(
        text=text,
        kind=_kind(text, client),
        feeling=fit(named(text), felt, implied(client)),
        explicit=bool(named(text) & felt),
        shared=len(said & heard),
        linked=bool(_people(text) & _people(client)),
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
    if phrases.has("self_focus", text):
        return Kind.SELF
    if phrases.has("advise", text):
        return Kind.ADVICE
    if _asks(text):
        return Kind.EXPLORE if phrases.has("explore", text) else Kind.QUESTION
    return _statement(text, client)


def _people(text: str) -> frozenset[str]:
    return frozenset(_PERSON[word] for word in tokens(text) if word in _PERSON)


_PERSON = {
    "he": "he", "him": "he", "his": "he", "he's": "he", "he'd": "he", "she": "she", "her": "she",
    "hers": "she", "she's": "she", "she'd": "she", "they": "they", "them": "they", "their": "they",
    "they're": "they", "they'd": "they", "people": "they", "everyone": "they", "everybody": "they",
    "nobody": "they", "parents": "they", "kids": "they", "guys": "they", "friends": "they",
}  # fmt: skip


def _asks(text: str) -> bool:
    words = plain(text)
    if _QUESTION.match(words) and ("?" in text or len(words.split()) >= 4):
        return True
    invites = re.match(r"^(?:and |so |please )?(?:tell me|say (?:a|more|some)|help me)", words)
    return invites is not None


def _statement(text: str, client: str) -> Kind:
    words = plain(text)
    phrases = replies()
    tied = len(content(text) & content(client)) > 0 or bool(named(text) & named(client))
    rest = phrases.without("stock", text)
    if rest != words and len(content(rest)) <= LEFT_OVER and not (tied and _TO_CLIENT.search(rest)):
        return Kind.STOCK
    if phrases.has("validate", text):
        return Kind.VALIDATE
    if _SORRY.search(words):
        return Kind.OTHER if _LATE.search(words) else Kind.WARMTH
    if _ABOUT_SELF.match(words) and not _LISTENING.match(words):
        return Kind.OTHER
    if phrases.has("inform", text) and not _TO_CLIENT.search(words):
        return Kind.INFORM
    if _TO_CLIENT.search(words) or tied or named(text):
        return Kind.REFLECT
    return Kind.OTHER
