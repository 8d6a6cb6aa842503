"""An utterance cut into the pieces that ask or state one thing each."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from alliance_sim.client.matching_cues import Lexicon, find
from alliance_sim.client.stems import NOISE, stem, word_set, words

_ENDS = re.compile(r"(?<=[.!?…;])[\"'”’)]*\s+|\n+|\s+[—–-]+\s+|—")
_SECOND = re.compile(
    r",?\s+(?:and|but|or)\s+(?=(?:how|what|who|whom|where|why|did|do|does|are|is|was|were|have|has)"
    r"\b)|,\s+(?=(?:how|what|who|where|why|do|did|does|are|have)\b)",
    re.IGNORECASE,
)
_ASKING = word_set("how what who whom whose where when why which")
_AUXILIARY = word_set("be do have can could will would should may might shall must")
_ASIDE = word_set("since when whenever because after before while until if unless")
_SPEAKER = word_set("i me my mine myself we us our")
_BACK = word_set("it that this those these them they he she him her his there then one both either")

ABOUT_GAIN = 1.25
ASIDE_LOSS = 0.6
OWN_LOSS = 0.2


@dataclass(frozen=True)
class Sentence:
    """One piece of an utterance."""

    stems: tuple[str, ...]
    asks: bool
    points_back: bool
    """It has a word such as "that" or "he", which stands for what was spoken of."""
    spoken_of_self: bool
    """The trainee speaks of themselves only: no "you" in it."""
    emphasis: tuple[float, ...]
    """How much each stem counts: more after "about", less in an aside ("since the accident")."""


def sentences(text: str, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """The pieces of an utterance in order, those without words left out."""
    pieces = [part for end in _ENDS.split(text) for part in _parts(end)]
    return tuple(_sentence(piece, lexicon) for piece in pieces if words(piece))


def _parts(sentence: str) -> list[str]:
    """A sentence with two questions in it is two; the mark belongs to both."""
    if not sentence.rstrip("\"'”’) ").endswith("?"):
        return [sentence]
    return [f"{part}?" for part in _SECOND.split(sentence.rstrip("?\"'”’) ")) if part]


def _sentence(text: str, lexicon: Lexicon) -> Sentence:
    plain = words(text)
    kept = [w for w in plain if w not in NOISE]
    stemmed = tuple(stem(w) for w in kept)
    return Sentence(
        stems=stemmed,
        asks=_asks(text, stemmed, lexicon),
        points_back=any(w in _BACK for w in plain),
        spoken_of_self=not {"you", "your", "yours"} & set(plain) and bool(_SPEAKER & set(plain)),
        emphasis=_emphasis(text, plain),
    )


def _asks(text: str, stemmed: Sequence[str], lexicon: Lexicon) -> bool:
    if text.rstrip("\"'”’) ").endswith("?"):
        return True
    if not stemmed:
        return False
    second = stemmed[1] if len(stemmed) > 1 else ""
    if stemmed[0] in _ASKING and second in _AUXILIARY:
        return True
    if stemmed[0] in _AUXILIARY and second == "you":
        return True
    return bool(find(lexicon.prompts, stemmed))


def _emphasis(text: str, plain: Sequence[str]) -> tuple[float, ...]:
    """Weights of the words that are not noise, in order."""
    factors: list[float] = []
    factor, owner = 1.0, ""
    commas = _before_comma(text)
    for place, word in enumerate(plain):
        following = stem(plain[place + 1]) if place + 1 < len(plain) else ""
        if word == "about":
            factor = ABOUT_GAIN
        elif word in _ASIDE and following not in _AUXILIARY:
            factor = ASIDE_LOSS
        elif place in commas or (word in _ASKING and following in _AUXILIARY):
            factor = 1.0
        if word not in NOISE:
            factors.append(OWN_LOSS if owner in {"my", "our"} else factor)
        owner = word
    return tuple(factors)


def _before_comma(text: str) -> Collection[int]:
    """Numbers of the words that come right after a comma."""
    counts, total = set(), 0
    for part in text.split(",")[:-1]:
        total += len(words(part))
        counts.add(total)
    return counts
