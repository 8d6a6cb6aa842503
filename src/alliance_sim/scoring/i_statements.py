"""I-statements, one reply: whose reaction it is, and with what regard for the client it is said.

Gordon's sense: own your reaction and name the concrete behaviour. A sentence that begins with "I
feel" and accuses is a you-statement in disguise; a pronoun as such counts for nothing.
"""

import re
from dataclasses import dataclass
from functools import cache

from alliance_sim.domain.codes import ASSERTED, Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.opportunities import addressed, baits, boundary_tested, owning_due
from alliance_sim.scoring.words import Phrases, plain, sentences

_LATE = re.compile(r"\bsorry\b.{0,20}\b(?:late|running behind|the wait|traffic)\b")
_OWNING = frozenset({Code.OWN_PART, Code.BOUNDARY_HOLD, Code.IMMEDIACY, Code.LIMITS_STATED})


_MIRRORS = re.compile(
    r"^(?:(?:so|and|but|well|okay|yeah|yes|right|because|that|um|uh|mm|mm-hmm)[\s,-]+)*"
    r"(?:it (?:sounds|seems|feels|looks)|sounds|seems|you feel|you felt|you're feeling|"
    r"you(?:'re| are) (?:saying|telling)|what i(?:'m| am) hearing|part of you|i hear|i'm hearing)\b"
)
_ACCUSES = re.compile(
    r"\bwhy (?:do|can't|won't|don't|must|are) you (?:always|never|so|keep|even|just)\b"
    r"|\byou (?:always|never)\b"
)
_TAG = re.compile(
    r"^(?!(?:what|why|how|do|did|are|is|can|could|would|have)\b).{12,}, "
    r"(?:don't|isn't|aren't|haven't|won't|do|did|are|is|have|can) (?:you|it|we|that)\?$"
)
_FIRST = re.compile(r"^(?:(?:yes|no|well|and|but|so)[\s,]+)*(?:i|i'm|i've|i'd|i'll)\b")
_BLAMES = frozenset({Code.BLAME, Code.CONFRONT})


@dataclass(frozen=True)
class Voice:
    """The sentences of a reply by whose they are."""

    blaming: tuple[str, ...]
    disguised: tuple[str, ...]
    owned: tuple[str, ...]
    unasked: bool
    """An owned sentence repairs, sets a limit or disagrees, whatever the client had said."""
    defensive: tuple[str, ...]
    acknowledges: bool
    behaviour: bool
    first_person: bool
    """Some sentence speaks for the trainee, if not of a reaction, limit or mistake."""


@cache
def _phrases() -> Phrases:
    return Phrases("ownership")


def level(exchange: Exchange, rubric: Rubric) -> Finding | None:
    """The level of one reply; None where it had nothing to own and owned or blamed nothing.

    Questions, reflections and affirmations are not counted, whatever their pronouns.
    """
    if not exchange.readable or not exchange.answers:
        return None
    due = owning_due(exchange) or boundary_tested(exchange)
    spoken_of = exchange.client is not None and addressed(exchange.before)
    voice = _read(exchange, due or spoken_of)
    unasked = voice.unasked or bool(exchange.codes & _OWNING and voice.owned)
    unasked = unasked or (spoken_of and bool(voice.owned))
    if not (due or unasked or voice.blaming or voice.disguised):
        return None
    return _levelled(exchange, voice, Points(rubric), due)


def _read(exchange: Exchange, due: bool) -> Voice:
    sorted_: dict[str, list[str]] = {"blame": [], "disguised": [], "owned": [], "defensive": []}
    trusts = due or bool(exchange.codes & _BLAMES) or Mark.HOSTILE in exchange.coded.marks
    for sentence in sentences(exchange.text):
        whose = _whose(sentence, trusts)
        if whose is not None:
            sorted_[whose].append(sentence)
    span = exchange.coded.span(Code.BLAME)
    if span and span.p >= ASSERTED and not sorted_["blame"] and not sorted_["disguised"]:
        sorted_["blame"].append(span.words or exchange.text.strip())
    return Voice(
        blaming=tuple(sorted_["blame"]),
        disguised=tuple(sorted_["disguised"]),
        owned=tuple(sorted_["owned"]),
        unasked=any(_phrases().has("unasked", sentence) for sentence in sorted_["owned"]),
        defensive=tuple(sorted_["defensive"]),
        acknowledges=_acknowledges(exchange.text),
        behaviour=_phrases().has("behaviour", exchange.text),
        first_person=any(
            _FIRST.match(plain(sentence)) and not _asks(sentence)
            for sentence in sentences(exchange.text)
        ),
    )


def _acknowledges(text: str) -> bool:
    said = [sentence for sentence in sentences(text) if not _asks(sentence)]
    return any(_phrases().has("acknowledge", sentence) for sentence in said)


def _whose(sentence: str, trusts: bool) -> str | None:
    """Whose a sentence is; None where it is not counted. Blame found by words alone is believed
    only where something had to be owned, or where the coder hears blame too.
    """
    words = plain(sentence)
    if _LATE.search(words):
        return None
    if _asks(sentence):
        return "blame" if trusts and _ACCUSES.search(words) else None
    trusts = trusts or _phrases().has("accusing", sentence)
    if trusts and _phrases().has("disguised", sentence):
        return "disguised"
    if trusts and not _MIRRORS.match(words) and _phrases().has("blame", sentence):
        return "blame"
    if _phrases().has("defensive", sentence):
        return "defensive"
    owned = any(_phrases().has(name, sentence) for name in ("owned", "owned_strong", "unasked"))
    return "owned" if owned else None


def _asks(sentence: str) -> bool:
    """Whether it is a question; "you do this whenever I speak, don't you?" is none."""
    asked = sentence.rstrip("\"')").endswith("?")
    return asked and _TAG.search(plain(sentence)) is None


def _levelled(exchange: Exchange, voice: Voice, points: Points, due: bool) -> Finding | None:
    if voice.blaming or voice.disguised:
        return _blamed(exchange, voice, points)
    if voice.owned:
        return _owned(voice, points)
    if voice.defensive or Mark.COLD in exchange.coded.marks:
        quote = voice.defensive[0] if voice.defensive else exchange.text.strip()
        total = points["defensive"] + (0.4 if voice.acknowledges else 0.0)
        return Finding(total, quote, "owned", frozenset({Sign.UNCOUNTED}), "defensive")
    if due and not baits(exchange.before) and (voice.acknowledges or voice.first_person):
        return Finding(
            points["unowned"],
            exchange.text.strip(),
            "perspective",
            frozenset({Sign.UNCOUNTED}),
            "unowned",
        )
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
