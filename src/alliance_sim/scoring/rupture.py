"""Where trainee and client have come apart, by the client's words (3RS): away, or against.

Confrontation is put to the trainee or is about the work; withdrawal is agreeing without meaning it,
closing a subject, or answers of a word. One short answer may be nothing; a run of them is a sign.
"""

import re
from enum import IntEnum
from functools import cache, lru_cache

from alliance_sim.scoring.client_moments import Moment, may_be
from alliance_sim.scoring.directed import captioned, held_against
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.opportunities import complaint
from alliance_sim.scoring.words import Phrases, phrases_of, plain, sentences

RUN = 3
"""Client turns of a word or two in a row that are withdrawal."""

SHORT = 20
"""Words up to which a turn may be a sign by what it says alone, without a word to the trainee."""

LAST = 4
"""Sentences of a client's turn, from the end, in which something is put to the trainee."""

LONG = 60
"""Words from which a turn is an account, whatever it says of "you"."""

_LISTENER = re.compile(
    r"\b(?:you|your|you're|you've|you'd|u|therap\w+|counsel\w+|shrink|sessions?|homework|worksheets?|"
    r"(?:the|this|that|these|another) (?:\w+ )?"
    r"(?:exercises?|diary|form|list|hour|chair|technique|app)|"
    r"(?:coming|came|come|sat|sit|sitting|being|be|only|back|me|in) here|"
    r"^(?:\w+ ){0,3}this(?:'s| is| was| isn't| wasn't| doesn't| hasn't| won't| all))\b"
)
_YOU = re.compile(r"\b(?:you|your|you're|you've|you'd)\b")
_FILLER = re.compile(
    r"\b(?:you know|thank you|mind you|you see|like you said|as you know|here and there|"
    r"if you(?:'re| are| go| get| have| do| don't)|when you(?:'re| are| go| get| have)?|"
    r"(?:where|how|so|because|and then|things|what|that|once|unless|like) you(?:'re)?(?= (?:\w+ )?"
    r"(?:get|go|start|have to|drink|smoke|wake|can't|can|do|take|need|are|look|work))|"
    r"this (?:week|morning|month|year|weekend|time|guy|man|woman|girl|one|job|house|place))\b"
)


class Strain(IntEnum):
    """How surely the words show a rupture."""

    NONE = 0
    FAINT = 1
    """Short, or against something: a rupture if the reply treats it as one, or goes past it."""
    POSSIBLE = 2
    """Only the reply tells whether it was one."""
    PLAIN = 3


@cache
def _cues() -> Phrases:
    return phrases_of("rupture_cues")


@lru_cache(maxsize=4096)
def strain(text: str) -> Strain:
    """How surely a client's words, stage directions included, show a rupture."""
    if captioned(text):
        return Strain.NONE
    words = len(plain(text).split())
    if words > LONG:
        return Strain.NONE
    said = [_FILLER.sub(" ", plain(sentence)) for sentence in sentences(text)[-LAST:]]
    against = [sentence for sentence in said if _cues().has("confrontation", sentence)]
    put = any(_LISTENER.search(sentence) for sentence in against)
    if put:
        return Strain.PLAIN if complaint(text) else Strain.POSSIBLE
    if words > SHORT:
        return Strain.NONE
    if against or _withdraws(text, said):
        return Strain.POSSIBLE
    spoken_to = any(_YOU.search(sentence) and not _everyday(sentence) for sentence in said)
    return Strain.FAINT if complaint(text) or held_against(text) or spoken_to else Strain.NONE


def _everyday(sentence: str) -> bool:
    """Whether a sentence asks or says what any client may, as "can you say that again?"."""
    return phrases_of("directed").has("everyday", sentence)


def moment(text: str) -> str:
    """The key of the phrases for a rupture: against, or away."""
    said = [_FILLER.sub(" ", plain(sentence)) for sentence in sentences(text)]
    against = complaint(text) or any(_cues().has("confrontation", words) for words in said)
    return "strain_confrontation" if against else "strain_withdrawal"


def _withdraws(text: str, said: list[str]) -> bool:
    away = any(_cues().has("withdrawal", words) for words in said)
    return (away and not minimal(text)) or _cues().directed("stage", text)


@lru_cache(maxsize=4096)
def minimal(text: str) -> bool:
    """Whether a client's turn is a word or two that say nothing; a mere gesture is one too."""
    words = plain(text)
    return not words or _cues().has("minimal", words)


def strained(exchange: Exchange, run: int) -> Strain:
    """The strain before a reply. `run`: client turns of a word or two up to this one."""
    client = exchange.client
    if client is None or not exchange.answers:
        return Strain.NONE
    marked = any(
        chance.rubric == "rupture_repair" or chance.source == "rupture"
        for utterance in client.utterances
        for chance in utterance.opportunities
    )
    if marked or run >= RUN:
        return Strain.PLAIN
    found = strain(client.text)
    if found < Strain.POSSIBLE and may_be(Moment.RUPTURE, client.text):
        found = Strain.POSSIBLE
    curt = minimal(client.text) and (run > 1 or exchange.index == 0)
    return Strain.FAINT if found is Strain.NONE and curt else found
