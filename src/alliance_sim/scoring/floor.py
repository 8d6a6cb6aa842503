"""Who has the floor: what speaking before the client's end amounts to, from marks or from times.

Rules and weights: the project's table of interruptions, after the distinctions of conversation
analysis (backchannel, transition overlap, rapport and power interruptions).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.transcript import Floor, Pace, Transcript, Utterance
from alliance_sim.scoring.asking import opens_as_question
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.once import once
from alliance_sim.scoring.words import (
    client_answers,
    content,
    lexicon,
    phrases_of,
    sentences,
    tokens,
)

BACKCHANNEL_TOKENS = 3
TRANSITION_WORDS = 2
TRANSITION_SECONDS = 0.6
RAPPORT_WORDS = 6
RAPPORT_NEW = 1
"""Content words that a completion may bring."""


@dataclass(frozen=True)
class Taking:
    """How one reply stands to the client turn before it."""

    floor: Floor | None
    """None: the client had finished."""
    words_left: float
    """Words of the client's turn that were lost, or spoken over, by a floor-taking."""


@cache
def _backchannels() -> frozenset[str]:
    return frozenset(lexicon("backchannels")["tokens"])


def observed(transcript: Transcript) -> str | None:
    """Why interruptions cannot be seen in a transcript; None where they can."""
    if transcript.pace is Pace.UNTIMED:
        return "The session was untimed, so the client could not be interrupted."
    if transcript.pace is not None or any(u.floor is not None for u in transcript.utterances):
        return None
    timed = [u for u in transcript.utterances if u.start is not None and u.end is not None]
    speakers = {u.speaker for u in timed} | {
        u.speaker for u in transcript.utterances if u.start is not None
    }
    if timed and len(speakers) == 2:
        return None
    return "The transcript has no start and end times, so interruptions cannot be seen."


@once
def taking(exchange: Exchange) -> Taking:
    """What a reply does with the floor: as marked by the session, else worked out from times."""
    heard = exchange.heard
    if heard is None:
        return Taking(None, 0.0)
    lost = 0.0 if exchange.follows else float(heard.words_lost)
    if exchange.reply.floor is not None:
        kept = exchange.reply.floor in (Floor.TAKING, Floor.RAPPORT)
        return Taking(exchange.reply.floor, lost if kept else 0.0)
    left, seconds = _overlap(exchange, heard)
    if lost and not left:
        left, seconds = lost, float("inf")
    if left <= 0 and seconds <= 0:
        return Taking(None, 0.0)
    kind = classify(exchange.text, heard.text, left, seconds)
    if kind is Floor.TAKING and justified(exchange):
        kind = Floor.JUSTIFIED
    return Taking(kind, left if kind is Floor.TAKING else 0.0)


def justified(exchange: Exchange) -> bool:
    """Whether an interruption asks about danger, or is announced with a reason that holds: safety,
    overwhelm, the end of the hour. An announcement alone excuses nothing.
    """
    if Code.RISK_QUESTION in exchange.codes:
        return True
    announced = Mark.TIME_FLAG in exchange.coded.marks
    return announced and phrases_of("interruptions").has("reason", exchange.text)


def classify(reply: str, client: str, words_left: float, seconds_left: float) -> Floor:
    """What a reply sent before the client's end is, from its words and from what was left."""
    if is_backchannel(reply):
        return Floor.BACKCHANNEL
    if words_left <= TRANSITION_WORDS or seconds_left <= TRANSITION_SECONDS:
        return Floor.TRANSITION
    if spoken_words(reply) <= RAPPORT_WORDS and _clarifies(reply, client):
        return Floor.RAPPORT
    return Floor.TAKING


def _clarifies(reply: str, client: str) -> bool:
    """Whether a short reply asks back, clarifies or completes, and brings next to nothing new:
    "Who?", "Your sister Jo?"; a full question about something new does not.
    """
    said = content(reply)
    if not said:
        return "?" in reply
    new = said - content(client)
    if new == said or len(new) > RAPPORT_NEW:
        return False
    return not new or not opens_as_question(reply)


def is_backchannel(reply: str) -> bool:
    """At most three tokens of the list, and no question."""
    said = tokens(reply)
    if not said or len(said) > BACKCHANNEL_TOKENS or "?" in reply:
        return False
    return " ".join(said) in _backchannels() or all(word in _backchannels() for word in said)


def pleads(heard: Utterance | None) -> bool:
    """Whether the client asks to be let finish ("she never lets me finish" is no such plea)."""
    return heard is not None and any(
        client_answers().has("plea", sentence) for sentence in sentences(heard.text)
    )


def _overlap(exchange: Exchange, last: Utterance) -> tuple[float, float]:
    """Words and seconds of the client's turn that were left when the reply began; 0 when none."""
    start = exchange.reply.start
    if start is None or last.start is None or last.end is None or last.end <= last.start:
        return 0.0, 0.0
    seconds = min(last.end - start, last.end - last.start)
    if seconds <= 0 or start < last.start:
        return 0.0, 0.0
    words = spoken_words(last.text) * seconds / (last.end - last.start)
    return words, seconds


def takings(exchanges: Sequence[Exchange]) -> list[Taking]:
    """`taking` of every reply, in order."""
    return [taking(exchange) for exchange in exchanges]
