"""I-statements, one reply: whose reaction it is, said as whose, and with what regard for the client.

Gordon's sense: own your reaction and name the concrete behaviour. A sentence that begins with "I
feel" and accuses is a you-statement in disguise; a pronoun as such counts for nothing.
"""

import re
from dataclasses import dataclass
from functools import cache

from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.opportunities import baits, boundary_tested, owning_due
from alliance_sim.scoring.words import Phrases, plain, sentences

_LATE = re.compile(r"\bsorry\b.{0,20}\b(?:late|running behind|the wait|traffic)\b")
_OWNING = frozenset({Code.OWN_PART, Code.BOUNDARY_HOLD, Code.IMMEDIACY, Code.LIMITS_STATED})


@dataclass(frozen=True)
class Voice:
    """The sentences of a reply by whose they are."""

    blaming: tuple[str, ...]
    disguised: tuple[str, ...]
    owned: tuple[str, ...]
    strong: bool
    """An owned sentence is about a reaction, a limit, a mistake or a disagreement of one's own."""
    defensive: tuple[str, ...]
    acknowledges: bool
    behaviour: bool


@cache
def _phrases() -> Phrases:
    return Phrases("ownership")


def level(exchange: Exchange, rubric: Rubric) -> Finding | None:
    """The level of one reply; None where it had nothing to own and owned or blamed nothing.

    Questions, reflections and affirmations are not counted, whatever their pronouns.
    """
    if not exchange.readable or not exchange.answers:
        return None
    voice = _read(exchange)
    due = owning_due(exchange) or boundary_tested(exchange)
    spoken = voice.blaming or voice.disguised or voice.strong
    spoken = spoken or (exchange.codes & _OWNING and voice.owned)
    if not due and not spoken:
        return None
    return _levelled(exchange, voice, Points(rubric), due)


def _read(exchange: Exchange) -> Voice:
    blaming: list[str] = []
    disguised: list[str] = []
    owned: list[str] = []
    defensive: list[str] = []
    for sentence in sentences(exchange.text):
        if _LATE.search(plain(sentence)):
            continue
        if _phrases().has("disguised", sentence):
            disguised.append(sentence)
        elif _blames(sentence):
            blaming.append(sentence)
        elif _phrases().has("defensive", sentence):
            defensive.append(sentence)
        elif not _asks(sentence) and _owns(sentence):
            owned.append(sentence)
    span = exchange.coded.span(Code.BLAME)
    if span and span.p >= 0.5 and not blaming and not disguised:
        blaming.append(span.words or exchange.text.strip())
    return Voice(
        tuple(blaming),
        tuple(disguised),
        tuple(owned),
        any(_phrases().has("owned_strong", sentence) for sentence in owned),
        tuple(defensive),
        _phrases().has("acknowledge", exchange.text),
        _phrases().has("behaviour", exchange.text),
    )


def _blames(sentence: str) -> bool:
    return _phrases().has("blame", sentence)


def _owns(sentence: str) -> bool:
    return _phrases().has("owned_strong", sentence) or _phrases().has("owned", sentence)


def _asks(sentence: str) -> bool:
    return sentence.rstrip("\"')").endswith("?")


def _levelled(exchange: Exchange, voice: Voice, points: Points, due: bool) -> Finding | None:
    if voice.blaming or voice.disguised:
        return _blamed(exchange, voice, points)
    if voice.owned:
        return _owned(voice, points)
    if voice.defensive or Mark.COLD in exchange.coded.marks:
        quote = voice.defensive[0] if voice.defensive else exchange.text.strip()
        total = points["defensive"] + (0.4 if voice.acknowledges else 0.0)
        return Finding(total, quote, "owned", frozenset({Sign.UNCOUNTED}), "defensive")
    if due and voice.acknowledges and not baits(exchange.before):
        return Finding(
            points["acknowledged_only"], exchange.text.strip(), "perspective",
            frozenset({Sign.UNCOUNTED}), "unowned",
        )  # fmt: skip
    return None


def _blamed(exchange: Exchange, voice: Voice, points: Points) -> Finding:
    hostile = Mark.HOSTILE in exchange.coded.marks
    signs = {Sign.BLAMING} if voice.blaming else {Sign.DISGUISED}
    quote = (voice.blaming or voice.disguised)[0]
    base = points["blame" if voice.blaming else "disguised"]
    if voice.owned and not hostile:
        base = points["mixed"] - (0.0 if voice.disguised and not voice.blaming else 0.4)
        signs.add(Sign.OWNED)
    worse = len(voice.blaming) + len(voice.disguised) - 1
    total = base - 0.2 * worse + (0.2 if voice.acknowledges else 0.0) - (0.5 if hostile else 0.0)
    return Finding(clamp(total), quote, "blame", frozenset(signs), "blame")


def _owned(voice: Voice, points: Points) -> Finding:
    total = points["owned"]
    total += points["behaviour"] if voice.behaviour else 0.0
    total += points["acknowledged"] if voice.acknowledges else 0.0
    total -= points["defensive_cost"] if voice.defensive else 0.0
    signs = {Sign.OWNED} | ({Sign.ACKNOWLEDGED} if voice.acknowledges else set())
    criterion = "perspective" if voice.acknowledges else "owned"
    return Finding(clamp(total), voice.owned[0], criterion, frozenset(signs), "perspective")
