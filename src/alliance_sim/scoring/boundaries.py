"""Boundaries, one reply: how a request that touches the frame is met, or the frame broken unasked.

The frame is role, time, place, money, gifts, language, disclosure and contact (Gutheil & Gabbard
1993); limits on self-disclosure follow Hill 2018.
"""

import re
from dataclasses import dataclass, replace
from functools import cache

from alliance_sim.coding.lazy import lazy
from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.asking import opens_as_question
from alliance_sim.scoring.client_moments import Moment as ClientMoment
from alliance_sim.scoring.client_moments import may_be
from alliance_sim.scoring.directed import asks_outright, captioned, near_trainee, put_to_trainee
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.opportunities import (
    arrival,
    asked_in_person,
    baits,
    boundary_tested,
    requested,
)
from alliance_sim.scoring.sentence_acts import Reading, put_forward, read
from alliance_sim.scoring.words import Phrases, content, phrases_of, plain, sentences

_GRAVE = frozenset({"contact", "social", "romantic", "lift", "money", "place", "special"})
"""Kinds of request whose acceptance is a clear violation; the others are crossings at first."""

SURE = 0.85
"""How sure the coder must be of a broken frame where the reply has no word of acceptance."""

GRANT_WORDS = 4
"""A shorter "yes" grants something only where the client has asked for it outright."""

OFFER_WORDS = 3
"""Nothing shorter ("Yeah.") can break the frame where nothing was asked."""

ASKED, UNADDRESSED, LIKELY, POSSIBLE, CERTAIN = 0.06, 0.15, 0.5, 0.04, 0.9
"""Learned probabilities: from which a turn that speaks to the trainee is taken for a test of the
frame, and any other turn; a reply for one that is not in order; a turn for a test where the reply
shows it too; a limit for broken where the session's score hangs on it.
"""

_SHOWS = {
    "grant": ("frame", "crossing"),
    "harsh": ("warmth", "harsh"),
    "share": ("disclosure", "disclosure"),
}
"""Indicator and situation of the acts that are not in order."""

_OPEN = re.compile(r"\b(?:what|how|who|where)\b(?! else| time| about)[^?]*\?$")
_SELF = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our)\b")
_CLIENT = re.compile(r"\b(?:you|your|you're|you've|you'd)\b")


@dataclass(frozen=True)
class Answer:
    """What a reply does with a request; each part is read when first asked about."""

    exchange: Exchange

    @lazy
    def accepts(self) -> str | None:
        """The words that accept, or None."""
        return _first("accept", self._own)

    @lazy
    def breaches(self) -> bool:
        """It gives way although it speaks of a limit ("I don't normally, but just this once")."""
        return _first("breach", self._own) is not None

    @lazy
    def wavers(self) -> bool:
        """It leaves open what it will do."""
        return _first("maybe", self._own) is not None

    @lazy
    def refuses(self) -> str | None:
        """The words that refuse, or set a limit, or None."""
        refuses = _first("refuse", self._own) or _first("limit", self._own)
        if Code.BOUNDARY_HOLD in self.exchange.codes and refuses is None:
            span = self.exchange.coded.span(Code.BOUNDARY_HOLD)
            return span.words if span else None
        return refuses

    @lazy
    def harsh(self) -> str | None:
        """The words that shame, or hide behind something impersonal, or None."""
        return _first("harsh", self._said) or _cold(self.exchange, self.refuses)

    @lazy
    def reason(self) -> bool:
        """It says why."""
        return _limits().has("reason", self.exchange.text)

    @lazy
    def warm(self) -> bool:
        """It is kind about it."""
        return _limits().has("warm", self.exchange.text)

    @lazy
    def alternative(self) -> bool:
        """It offers something else."""
        return _limits().has("alternative", self.exchange.text)

    @lazy
    def explores(self) -> str | None:
        """The question about what the request means, or None."""
        return next((sentence for sentence in self._said if _explores(sentence)), None)

    @lazy
    def _said(self) -> list[str]:
        return sentences(self.exchange.text)

    @lazy
    def _own(self) -> list[str]:
        return [sentence for sentence in self._said if not _is_question(sentence)]


@cache
def _limits() -> Phrases:
    return phrases_of("limits")


def level(exchange: Exchange, rubric: Rubric) -> Finding | None:
    """The level of one reply; None where nothing tested the frame and nothing broke it.

    What is asked for and what is done about it are known from phrase lists, and learned: the lists
    say what a held limit is worth, the learned reading how sure it is that the limit was held.
    """
    if not exchange.readable:
        return None
    points = Points(rubric)
    answer = Answer(exchange)
    listed = _listed(exchange, answer, points)
    if exchange.client is None or not exchange.answers or captioned(exchange.text):
        return listed
    if listed is None and not _put_to_test(exchange, answer):
        return None
    return _weighed(exchange, answer, read("boundaries", exchange.text), listed, points)


def _put_to_test(exchange: Exchange, answer: Answer) -> bool:
    """Whether a turn in which no list finds a request is likely to have held one: by its own words,
    or, less surely, by its words and by a reply that sets a limit or is not in order.
    """
    if captioned(exchange.before) or arrival(exchange):
        return False
    asked = put_forward(exchange.before, "bait")
    if asked < POSSIBLE:
        return False
    if asked >= (ASKED if near_trainee(exchange.before) else UNADDRESSED):
        return True
    shown = answer.refuses is not None and _limits().has("frame", exchange.text)
    return shown or read("boundaries", exchange.text).wrong >= LIKELY


def _weighed(
    exchange: Exchange, answer: Answer, reading: Reading, listed: Finding | None, points: Points
) -> Finding:
    """The mean of what the reply is worth if the limit was held and if it was not, by how likely
    either is. What makes a held limit better counts less the less sure it is that it was held.
    """
    kinds = set(baits(exchange.before))
    violates = listed is not None and Sign.VIOLATION in listed.signs
    if listed is not None and violates and reading.wrong >= LIKELY:
        return listed
    grave = bool(kinds & _GRAVE)
    if listed is not None and _brief(listed) and reading.act == "share":
        return listed
    sure = 1 - reading.wrong
    worth = _worth(answer, kinds, points)
    base = points["explored_gift"] if kinds == {"gift"} else points["held"]
    total = sure * min(worth, base) + sure**2 * max(0.0, worth - base)
    for act, p in reading.acts.items():
        total += p * points[_worst_of(act, grave)]
    signs = listed.signs - {Sign.VIOLATION} if listed else frozenset({Sign.UNCOUNTED})
    if reading.acts.get("grant", 0.0) >= CERTAIN and grave and requested(exchange.before):
        total, signs = points["violation"], signs | {Sign.VIOLATION}
    if reading.wrong >= LIKELY:
        criterion, situation = _SHOWS[reading.act]
        return Finding(clamp(total), reading.sentence, criterion, signs, situation)
    if listed is not None and not violates:
        return replace(listed, level=clamp(total), signs=signs)
    quote = answer.refuses or answer.explores or exchange.text.strip()
    criterion = "limit" if answer.refuses else "meaning"
    return Finding(clamp(total), quote, criterion, signs, "unexplained")


def _brief(listed: Finding) -> bool:
    """Whether a reply tells of itself so briefly, and to such a purpose, that it may."""
    return listed.criterion == "disclosure" and not listed.situation


def _worth(answer: Answer, kinds: set[str], points: Points) -> float:
    """What a reply is worth if nothing in it is wrong."""
    if answer.refuses is not None or answer.explores is None:
        base = points["held"]
    else:
        base = points["explored_gift" if kinds == {"gift"} else "explored_only"]
    extras = (
        (answer.reason, "reason"),
        (answer.warm, "warm"),
        (answer.alternative, "alternative"),
        (answer.refuses is not None and answer.explores is not None, "explores"),
    )
    return clamp(base + sum(points[name] for present, name in extras if present))


def _worst_of(act: str, grave: bool) -> str:
    """Name of the points of an act that is not in order."""
    if act == "grant":
        return "violation" if grave else "crossing"
    return "harsh" if act == "harsh" else "disclosure_long"


def _listed(exchange: Exchange, answer: Answer, points: Points) -> Finding | None:
    """The level by phrase lists alone."""
    if boundary_tested(exchange) or _sets_limit(exchange, answer):
        return _answered(exchange, answer, points)
    offered = _unasked(exchange, points)
    if offered is not None:
        return offered
    if exchange.client is not None and exchange.answers and _in_person(exchange.before):
        return _unlisted(exchange, answer, points)
    return None


def _in_person(text: str) -> bool:
    return _asked(text) or near_trainee(text)


def _asked(text: str) -> bool:
    """Whether something that no list knows seems to be asked of the trainee in person."""
    return bool(put_to_trainee(text)) or asked_in_person(text) or may_be(ClientMoment.BAIT, text)


def _unlisted(exchange: Exchange, answer: Answer, points: Points) -> Finding | None:
    """Something put to the trainee in person that no list knows. A limit shows that it was a test
    of the frame; where none is set it may have been nothing, so the session does not count it.
    """
    uncounted = frozenset({Sign.UNCOUNTED})
    if answer.refuses or answer.harsh or answer.breaches:
        found = _answered(exchange, answer, points)
        sure = put_to_trainee(exchange.before) or _reasoned(exchange, answer)
        return found if sure or answer.breaches else replace(found, signs=found.signs | uncounted)
    granted = answer.accepts or (None if _wonders(answer) else _granted(exchange))
    if granted:
        return Finding(points["crossing"], granted, "limit", uncounted, "ignored")
    told = _disclosure(exchange, answer, points)
    if told is not None and (asks_outright(exchange.before) or told.level <= points["crossing"]):
        return replace(told, signs=uncounted)
    if answer.explores and _wonders(answer):
        return Finding(points["explored_only"], answer.explores, "meaning", uncounted)
    if not _asked(exchange.before):
        return None
    return Finding(points["ignored"], exchange.text.strip(), "limit", uncounted, "ignored")


def _wonders(answer: Answer) -> bool:
    return answer.explores is not None and _limits().has("meaning", answer.explores)


def _reasoned(exchange: Exchange, answer: Answer) -> bool:
    """Whether what may be a limit is one: it is about what the trainee does, and does not stand
    alone.
    """
    frame = _limits().has("limit", exchange.text)
    return frame and (answer.reason or answer.alternative or answer.explores is not None)


def _granted(exchange: Exchange) -> str | None:
    """The words that grant what was put to the trainee, or None; a bare yes grants only what was
    asked outright.
    """
    ways = ("grant", "agree") if asks_outright(exchange.before) else ("grant",)
    said = [s for s in sentences(exchange.text) if not _is_question(s)]
    return next((s for s in said if any(_limits().has(way, s) for way in ways)), None)


def _sets_limit(exchange: Exchange, answer: Answer) -> bool:
    """Whether the reply itself speaks of the frame, so that a limit is at stake."""
    if exchange.client is None or not exchange.answers:
        return False
    if captioned(exchange.text):
        return False
    if answer.breaches:
        return True
    limit = answer.refuses is not None and near_trainee(exchange.before)
    limit = limit and _limits().has("frame", exchange.text)
    return Code.BOUNDARY_HOLD in exchange.codes or (
        limit and _limits().has("reason", exchange.text)
    )


def _unasked(exchange: Exchange, points: Points) -> Finding | None:
    """What the trainee offers or asks for herself that no client's request led to."""
    if captioned(exchange.text):
        return None
    if _coded_break(exchange) and len(exchange.text.split()) >= OFFER_WORDS:
        span = exchange.coded.span(Code.BOUNDARY_BREAK)
        words = (span.words if span else "") or exchange.text.strip()
        return Finding(
            points["violation"], words, "frame", frozenset({Sign.VIOLATION}), "violation"
        )
    return None


def _explores(sentence: str) -> bool:
    asks = _OPEN.search(plain(sentence)) is not None
    wonders = asks or _limits().has("meaning", sentence)
    return wonders and not _limits().has("accept", sentence)


def _first(category: str, said: list[str]) -> str | None:
    return next((sentence for sentence in said if _limits().has(category, sentence)), None)


def _cold(exchange: Exchange, refuses: str | None) -> str | None:
    """A refusal that hides behind something impersonal, or blames; "I don't" alone is neither."""
    blame = exchange.coded.span(Code.BLAME)
    marks = exchange.coded.marks
    impersonal = Mark.COLD in marks and refuses is None
    harsh = impersonal or Mark.HOSTILE in marks or (blame is not None and blame.p >= SURE)
    return exchange.text.strip() if harsh else None


def _is_question(sentence: str) -> bool:
    """A question through and through; "I can't, but what makes you ask?" also says something."""
    return sentence.rstrip("\"')").endswith("?") and opens_as_question(sentence)


def _answered(exchange: Exchange, answer: Answer, points: Points) -> Finding:
    kinds = set(baits(exchange.before))
    if kinds == {"personal"}:
        disclosed = _disclosure(exchange, answer, points)
        if disclosed is not None:
            return disclosed
    grants = requested(exchange.before) or len(exchange.text.split()) >= GRANT_WORDS
    broken = grants and (answer.accepts is not None or _coded_break(exchange))
    if answer.breaches or (broken and answer.refuses is None):
        return _yielded(exchange, answer, kinds, points)
    if answer.refuses is None:
        return _not_held(exchange, answer, kinds, points)
    return _held(exchange, answer, points)


def _coded_break(exchange: Exchange) -> bool:
    span = exchange.coded.span(Code.BOUNDARY_BREAK)
    return span is not None and span.p >= SURE


def _yielded(exchange: Exchange, answer: Answer, kinds: set[str], points: Points) -> Finding:
    span = exchange.coded.span(Code.BOUNDARY_BREAK)
    quote = answer.accepts or (span.words if span else "") or exchange.text.strip()
    grave = bool(kinds & _GRAVE) or answer.breaches or _coded_break(exchange)
    if grave:
        return Finding(
            points["violation"], quote, "frame", frozenset({Sign.VIOLATION}), "violation"
        )
    eased = points["explores"] / 2 if answer.explores else 0.0
    return Finding(points["crossing"] + eased, quote, "frame", situation="crossing")


def _disclosure(exchange: Exchange, answer: Answer, points: Points) -> Finding | None:
    """A personal question answered: brief and back to the client is fine, more is not."""
    if answer.refuses is not None:
        return None
    own = [s for s in sentences(exchange.text) if _SELF.search(plain(s)) and not _is_question(s)]
    about = [s for s in own if not _CLIENT.search(plain(s))]
    if not about:
        return None
    returns = sentences(exchange.text)[-1] not in about
    too_long = sum(len(s.split()) for s in own) > points["disclosure_words"]
    if len(about) <= points["disclosure_sentences"] and returns and not too_long:
        extra = points["explores"] if answer.explores else 0.0
        return Finding(clamp(points["disclosure_brief"] + extra), about[0], "disclosure")
    long = too_long or len(about) > points["disclosure_sentences"]
    return Finding(
        points["disclosure_long" if long else "crossing"], about[0], "disclosure",
        situation="disclosure",
    )  # fmt: skip


def _not_held(exchange: Exchange, answer: Answer, kinds: set[str], points: Points) -> Finding:
    if answer.harsh:
        return Finding(points["harsh"], answer.harsh, "warmth", situation="harsh")
    if answer.wavers:
        return Finding(points["wavers"], exchange.text.strip(), "limit", situation="ignored")
    if answer.explores:
        base = points["explored_gift" if kinds == {"gift"} else "explored_only"]
        base += points["warm"] if answer.warm else 0.0
        return Finding(clamp(base), answer.explores, "meaning", situation="unexplained")
    tied = content(exchange.text) & content(exchange.before)
    level_ = points["ignored"] + (0.2 if answer.warm and tied else 0.0)
    return Finding(level_, exchange.text.strip(), "limit", situation="ignored")


def _held(exchange: Exchange, answer: Answer, points: Points) -> Finding:
    quote = answer.refuses or exchange.text.strip()
    if answer.harsh:
        eased = points["warm"] if answer.warm else 0.0
        eased += points["alternative"] / 2 if answer.alternative else 0.0
        return Finding(points["harsh"] + eased, answer.harsh, "warmth", situation="harsh")
    total = points["held"]
    for present, name in (
        (answer.reason, "reason"),
        (answer.warm, "warm"),
        (answer.alternative, "alternative"),
        (answer.explores is not None, "explores"),
    ):
        total += points[name] if present else 0.0
    if answer.wavers:
        total = min(total - points["explores"], points["held"] - 0.2)
    if answer.explores:
        return Finding(clamp(total), quote, "meaning")
    complete = answer.reason and answer.alternative
    return Finding(
        clamp(total), quote, "alternative" if complete else "limit", situation="unexplained"
    )
