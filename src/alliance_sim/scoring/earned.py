"""What a sentence is good for once one knows who it is about, and what was said before it.

Talk that centres the trainee, or makes a friend of the client, says nothing back; nor do statements
that would fit anyone after the first, nor a reply that was given before word for word.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from alliance_sim.domain.codes import Code
from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.hollow import hollow
from alliance_sim.scoring.once import once
from alliance_sim.scoring.sentence import Kind, Sentence
from alliance_sim.scoring.words import phrases_of, plain, sentences

SELF_CENTRED = frozenset({Code.SELF_FOCUS, Code.SELF_DISCLOSURE, Code.BOUNDARY_BREAK})

_YOURS = re.compile(r"\b(?:you|your|yours|you're|you've|you'd)\b(?! (?:stories|about|all about)\b)")

_STATED = frozenset({Kind.REFLECT, Kind.VALIDATE, Kind.WARMTH, Kind.OTHER, Kind.OWN, Kind.INFORM})
_SAYS_BACK = frozenset({Kind.REFLECT, Kind.VALIDATE, Kind.WARMTH})
_ASKS_OPENLY = frozenset({Kind.EXPLORE, Kind.OPEN})


def earned(found: Iterable[Sentence], exchange: Exchange) -> tuple[Sentence, ...]:
    """The sentences, by what they are here: of the trainee, stock, or what they look like."""
    centred = self_centred(exchange)
    return tuple(_earned(sentence, exchange, centred) for sentence in found)


def _earned(sentence: Sentence, exchange: Exchange, centred: tuple[str, ...]) -> Sentence:
    kind = sentence.kind
    if kind in _STATED and any(words in sentence.text for words in centred):
        return sentence.seen_as(Kind.SELF)
    if exchange.copies and kind in _SAYS_BACK | _ASKS_OPENLY:
        return sentence.seen_as(Kind.STOCK if kind in _SAYS_BACK else Kind.QUESTION)
    if exchange.stock and kind in _SAYS_BACK and hollow(sentence.text):
        return sentence.seen_as(Kind.STOCK)
    return sentence


@once
def self_centred(exchange: Exchange) -> tuple[str, ...]:
    """The words, verbatim, with which a reply turns to the trainee, or makes a friend of the
    client. What the trainee tells of herself on the way back to the client does neither.
    """
    wanted = exchange.codes & SELF_CENTRED
    if Code.SELF_DISCLOSURE in wanted and _returns(exchange.text):
        wanted -= {Code.SELF_DISCLOSURE}
    coded = tuple(s.words for s in exchange.coded.codes if s.code in wanted and s.words)
    return coded + _befriending(exchange.text)


@lru_cache(maxsize=2048)
def _befriending(text: str) -> tuple[str, ...]:
    return tuple(s for s in sentences(text) if phrases_of("befriends").has("befriends", s))


def _returns(text: str) -> bool:
    """Whether the last words are the client's: a question, or something about "you"."""
    last = sentences(text)[-1:]
    return any(part.endswith("?") or asks(part) or _YOURS.search(plain(part)) for part in last)


@once
def centres_self(exchange: Exchange) -> bool:
    """Whether a reply is about the trainee, or makes a friend of the client, and asks nothing."""
    return bool(self_centred(exchange)) and not any(
        part.endswith("?") or asks(part) for part in sentences(exchange.text)
    )
