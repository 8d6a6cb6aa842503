"""An utterance cut into the pieces that ask or state one thing each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.client.matching_cues import Lexicon, find
from alliance_sim.client.matching_persons import pronouns
from alliance_sim.client.stems import NOISE, POSSESSIVE, spelt, stem, word_set, words

_ENDS = re.compile(
    r"(?<=[.!?…;])(?<!\b[MD]r\.)(?<!\bMs\.)(?<!\bMrs\.)[\"'”’)]*\s+|\n+|\s+[—–-]+\s+|—"
)
_SECOND = re.compile(
    r",?\s+(?:and|but|or)\s+(?=(?:how|what|who|whom|where|why|did|do|does|are|is|was|were|have|has)"
    r"\b)|,\s+(?=(?:how|what|who|where|why|do|did|does|are|have)\b)",
    re.IGNORECASE,
)
_UNMARKED = re.compile(
    r",\s+(?=(?:how|what|who|where|why)\s+(?:do|does|did|is|are|was|were|have|has)\b)",
    re.IGNORECASE,
)
"""What begins a question after a comma, though no mark is written."""
_TAG = re.compile(
    r",?\s+(?:(?:is|are|was|were|do|does|did|has|have|had|would|could|should)n['’]?t|right|no|yes)"
    r"(?:\s+(?:it|you|he|she|they|that|there|we))?\s*(?=\?)",
    re.IGNORECASE,
)
"""What only asks for a nod: "isn't it?"."""
_NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]+")
_ASKING = word_set("how what who whom whose where when why which")
_AUXILIARY = word_set("be do have can could will would should may might shall must")
_FILLERS = word_set("so and but or ok okay well um uh er hi hey hello now then sorry yeah right")
_ASKED = word_set("happen long often many much old far come about else kind go")
"""What follows "how" or "what" in a question written without its mark."""
_ASKING_FOR = word_set("what who whom whose where why which")
_RELATED = word_set("you i we he she it they that this these those a an the your my his her our")
"""What follows "what" in a statement that begins with it ("what you say stays here")."""
_INVERTED = word_set("you there any anyone anybody it he she they your")
ASIDE = word_set("outside besides since when whenever because after before while until if unless")
_SPEAKER = word_set("i me my mine myself we us our")

_PERSONS = word_set("he she him they them")
_POINTERS = word_set("it that this those these there then")
_BEFORE_POINTER = word_set("about by after during")
_AFTER_POINTER = word_set("make happen")
"""What stands beside a word that surely points back: "did that make you", "angry about it"."""
_BESIDE = word_set("with at in on during for from by")

_CLAUSE = word_set("you i we he she they your the my our his her there people")
"""What follows a "that" which only joins two parts of a sentence."""
_TIMES = word_set(
    "night day morning afternoon evening week weeks weekend month months year years summer winter "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_WHEN = word_set("that past last few recent next this these")
"""What stands before a time that only says when."""

SAYER_LOSS = 0.5
ABOUT_GAIN = 1.15
AFFECTED_GAIN = 1.4
OWNER_GAIN = 1.3
OWNED_LOSS = 0.5
BESIDE_LOSS = 0.8
ASIDE_LOSS = 0.6
SELF_LOSS = 0.5


@dataclass(frozen=True)
class Sentence:
    """One piece of an utterance."""

    stems: tuple[str, ...]
    words: tuple[str, ...]
    """As written, in lower case, one for each stem."""
    names: frozenset[str]
    """Words with a capital letter inside the sentence, in lower case."""
    masked: frozenset[int]
    """Where stems are part of an idiom."""
    asks: bool
    refers: bool
    """It has a word such as "that" or "he", which may stand for what was spoken of."""
    persons: frozenset[str]
    """Which of "he" and "she" it has, in any form."""
    points_at: frozenset[int]
    """Where such words stand that surely do; -1 for one that is not among the stems."""
    comments: bool
    """It begins with "that" or "this": a remark on what was said."""
    spoken_of_self: bool
    """The trainee speaks of themselves only: no "you" in it."""
    emphasis: tuple[float, ...]
    """How much each stem counts: more after "about", less in an aside ("since the accident")."""


def sentences(text: str, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The pieces of an utterance in order, those without words left out."""
    pieces = [part for end in _ENDS.split(text) for part in _parts(_TAG.sub("", end))]
    return tuple(_sentence(piece, lexicon) for piece in pieces if words(piece))


def _parts(sentence: str) -> list[str]:
    """A sentence with two questions in it is two; the mark belongs to both."""
    bare = sentence.rstrip("\"'”’) ")
    if not bare.endswith("?"):
        return _UNMARKED.split(sentence)
    return [f"{part}?" for part in _SECOND.split(bare.rstrip("?")) if part]


def _sentence(text: str, lexicon: Lexicon) -> Sentence:
    plain = words(text)
    kept = tuple(word for word in plain if word not in NOISE)
    stemmed = tuple(stem(word) for word in kept)
    heard = set(plain)
    return Sentence(
        stems=stemmed,
        words=kept,
        names=frozenset(name.lower() for name in _NAME.findall(text)),
        masked=_masked(plain, lexicon),
        asks=_asks(text, plain, stemmed, lexicon),
        refers=bool(heard & _PERSONS) or _refers(plain),
        persons=pronouns(plain),
        points_at=_points_at(plain),
        comments=plain[0] in {"that", "this"},
        spoken_of_self=not {"you", "your", "yours"} & heard and bool(_SPEAKER & heard),
        emphasis=_emphasis(text, plain),
    )


def _asks(text: str, plain: Sequence[str], stemmed: Sequence[str], lexicon: Lexicon) -> bool:
    if text.rstrip("\"'”’) ").endswith("?"):
        return True
    start = next((place for place, word in enumerate(plain) if word not in _FILLERS), 0)
    first, following = (*plain[start : start + 2], "", "")[:2]
    second = stem(following)
    if first in _ASKING and (second in _AUXILIARY or {following, second} & _ASKED):
        return True
    if first in _ASKING_FOR and following and following not in _RELATED:
        return True
    if stem(first) in _AUXILIARY and second in _INVERTED:
        return True
    return any(_prompts(hit.at[0], stemmed) for hit in find(lexicon.prompts, stemmed))


def _prompts(place: int, stemmed: Sequence[str]) -> bool:
    """Whether "tell me" asks: not in "you told me", nor in "you don't need to tell me"."""
    before = tuple(stemmed[max(0, place - 4) : place])
    if {"you", "not"} <= set(before):
        return False
    return before[-1:] != ("you",) or (len(before) > 1 and before[-2] in _AUXILIARY)


def _masked(plain: Sequence[str], lexicon: Lexicon) -> frozenset[int]:
    hidden = {p for hit in find(lexicon.idioms, [stem(word) for word in plain]) for p in hit.at}
    kept = [place for place, word in enumerate(plain) if word not in NOISE]
    return frozenset(position for position, place in enumerate(kept) if place in hidden)


def _refers(plain: Sequence[str]) -> bool:
    """Whether a word points back.

    Not in "is there", "decided that you", "that night" or "what is it you want".
    """
    for place, word in enumerate(plain):
        following = plain[place + 1] if place + 1 < len(plain) else ""
        before = plain[place - 1] if place else ""
        if word == "there" and "be" in (stem(before), stem(following)):
            continue
        if word == "that" and (following in _CLAUSE or following in _TIMES):
            continue
        if word == "it" and stem(before) == "be" and following in _CLAUSE | {"that"}:
            continue
        if word in _POINTERS:
            return True
    return False


def _points_at(plain: Sequence[str]) -> frozenset[int]:
    found, position, before = set(), 0, ""
    for place, word in enumerate(plain):
        following = stem(plain[place + 1]) if place + 1 < len(plain) else ""
        last = not following and before in _BEFORE_POINTER
        acts = following in _AFTER_POINTER and (not before or stem(before) in _AUXILIARY | ASIDE)
        if word in _PERSONS or (word in _POINTERS and (last or acts)):
            found.add(-1 if word in NOISE else position)
        position += word not in NOISE
        before = word
    return frozenset(found)


def _emphasis(text: str, plain: Sequence[str]) -> tuple[float, ...]:
    """Weights of the words that are not noise, in order."""
    factors: list[float] = []
    factor, before = 1.0, ""
    commas = _after_comma(text)
    owners = {place for place, word in enumerate(spelt(text)) if POSSESSIVE.search(word)}
    for place, word in enumerate(plain):
        following = stem(plain[place + 1]) if place + 1 < len(plain) else ""
        factor = _phrase_factor(word, following, factor, fresh=place in commas)
        if word not in NOISE:
            own = SELF_LOSS if before in {"my", "our"} else 1.0
            owner = OWNER_GAIN if place in owners else OWNED_LOSS if place - 1 in owners else 1.0
            sayer = SAYER_LOSS if following == "say" and "would" in plain[:place] else 1.0
            factors.append(factor * own * owner * sayer)
        before = word
    return tuple(factors)


def _phrase_factor(word: str, following: str, factor: float, *, fresh: bool) -> float:
    """What the words from here on count, by the word that opens the phrase they stand in."""
    if word == "about":
        return ABOUT_GAIN
    if stem(word) in {"affect", "impact"}:
        return AFFECTED_GAIN
    if word in _WHEN and following in _TIMES:
        return min(factor, ASIDE_LOSS)
    if word in ASIDE and following not in _AUXILIARY:
        return ASIDE_LOSS
    if word in _BESIDE and following in _TIMES:
        return min(factor, ASIDE_LOSS)
    if word in _BESIDE and factor > BESIDE_LOSS:
        return BESIDE_LOSS
    if fresh or (word in _ASKING and following in _AUXILIARY):
        return 1.0
    return factor


def _after_comma(text: str) -> set[int]:
    """Numbers of the words that come right after a comma."""
    counts, total = set(), 0
    for part in text.split(",")[:-1]:
        total += len(words(part))
        counts.add(total)
    return counts
