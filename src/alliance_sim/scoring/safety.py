"""Safety, one reply: how danger, a secret to be kept, drink and drugs, or a thin wall are met.

The ladder follows C-SSRS (ideation, plan, intent, means, earlier attempts); limits of
confidentiality follow ACA B.1.d, B.2 and A.2.e. Asking does not raise ideation (Dazzi 2014), and
a promise not to act is no help (no-harm contracts are contraindicated).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, pairwise

from alliance_sim.coding.lazy import lazy
from alliance_sim.domain.codes import Code, Main, Mark
from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign
from alliance_sim.scoring.once import once
from alliance_sim.scoring.risk import NONE, PROTECTED, Cues, Risk, cues, said_plainly
from alliance_sim.scoring.words import Phrases, content, phrases_of, plain, sentences

LADDER = ("intent", "plan", "means", "often", "before", "stops", "company")
"""What is asked after the first direct question."""

FIRM = 0.85
"""How sure the coder must be of a promise of secrecy that no list here knows."""

_TO_CLIENT = re.compile(r"\b(?:you|your|you're|you've|you'd|yourself)\b")
_OF_OTHERS = re.compile(r"\b(?:he|she|they|him|her|them|his|their|he's|she's|they're|people)\b")
_ASKS_PLAINLY = re.compile(
    r"\b(?:i (?:want|have|need|'d like|would like) to (?:ask|know|check|understand)|"
    r"i'm (?:going to ask|asking|wondering)|i wonder|let me ask|can i ask|tell me)\b"
)


_POINTS_BACK = re.compile(
    r"^(?:(?:and|so|or|but)\s+)?(?:which|is (?:it|that|this)|was (?:it|that|this)|have you|has it|"
    r"did you|are you|do you|does (?:that|it)|would you|could (?:it|that)|am i|where are you)\b"
    r"(?:[\s,]+[\w']+){0,7}[\s,?]*$"
)
"""A short question about what was just said."""


@dataclass(frozen=True)
class Answer:
    """What one reply does where safety is at stake, given the cues it answers; words are verbatim
    sentences. Each part is read when first asked about.
    """

    exchange: Exchange
    found: Cues

    @lazy
    def direct(self) -> str | None:
        """A question that names death or harm plainly."""
        before = self.exchange.before
        put = _put(self._said, self._fair)
        return next((s for s in put if _names(s, self.found, before)), None)

    @lazy
    def asks_harm(self) -> bool:
        """It asks whether somebody is being hurt, or may be."""
        return _any("asks_harm", self._fair)

    @lazy
    def of_privacy(self) -> bool:
        """It speaks of who hears what."""
        return _any("of_privacy", self._said)

    @lazy
    def follow_up(self) -> str | None:
        """A question on the ladder, without the name."""
        named = said_plainly(self.exchange.before)
        fair = self._fair if self.ladder else []
        return next((sentence for sentence in fair if _steps(sentence, named)), None)

    @lazy
    def hint(self) -> str | None:
        """A sentence that leads away from the danger, or a question that only hints at it."""
        hinting = (s for s in self._said if _leads(s) or (s in self._asked and _hints(s)))
        return next(hinting, None)

    @lazy
    def ladder(self) -> frozenset[str]:
        """Steps that are asked about."""
        return frozenset(step for step in LADDER if _any(step, self._asked))

    @lazy
    def together(self) -> bool:
        """The next step is taken together."""
        return _any("together", self._said)

    @lazy
    def next_step(self) -> bool:
        """A next step is named."""
        return _any("next_step", self._said)

    @lazy
    def handover(self) -> bool:
        """Others are brought in."""
        return _any("handover", self._said) or Mark.HANDOVER in self.exchange.coded.marks

    @lazy
    def report(self) -> bool:
        """A report is spoken of."""
        return _any("report", self._said)

    @lazy
    def open_about_it(self) -> bool:
        """It hides nothing of what will be done."""
        return _any("open_about_it", self._said)

    @lazy
    def calm(self) -> bool:
        """It is calm, and thanks for being told."""
        return _any("calm", self._said)

    @lazy
    def tied(self) -> bool:
        """It takes up the client's words."""
        return bool(content(self.exchange.text) & content(self.exchange.before))

    @lazy
    def minimises(self) -> str | None:
        """Words that make the danger small, or are glad that there is none."""
        stated = [sentence for sentence in self._said if sentence not in self._asked]
        return _first("minimise", stated) or _first("relief", stated)

    @lazy
    def shifts(self) -> bool:
        """It goes on to something else."""
        return _any("shift", self._said)

    @lazy
    def panics(self) -> str | None:
        """Words of alarm."""
        return _first("panic", self._said)

    @lazy
    def contract(self) -> str | None:
        """Words that ask for a promise not to act."""
        return _first("contract", self._said)

    @lazy
    def judges(self) -> str | None:
        """Words that judge, or ask why in the form of blame."""
        return _first("judge", self._said) or _first("why_blame", self._asked)

    @lazy
    def promise(self) -> str | None:
        """Words that promise secrecy without exception."""
        return _promise(self.exchange, self._said)

    @lazy
    def limits(self) -> str | None:
        """Words that name an exception to confidentiality."""
        return _first("exceptions", self._said)

    @lazy
    def offers_limits(self) -> bool:
        """Says that it will tell what stays private and what does not."""
        return _any("offers_limits", self._said)

    @lazy
    def exceptions(self) -> int:
        """How many exceptions to confidentiality are named: danger, abuse, courts."""
        named = ("danger_named", "abuse_named", "court_named")
        return sum(_any(name, self._said) for name in named)

    @property
    def asks(self) -> bool:
        """It asks anything."""
        return bool(self._asked)

    @property
    def acted(self) -> bool:
        """It does something about the danger."""
        return self.next_step or self.handover

    @lazy
    def _said(self) -> list[str]:
        return sentences(self.exchange.text)

    @lazy
    def _asked(self) -> list[str]:
        return [sentence for sentence in self._said if _asks(sentence)]

    @lazy
    def _fair(self) -> list[str]:
        return [sentence for sentence in self._asked if not _leads(sentence)]


@cache
def _phrases() -> Phrases:
    return phrases_of("risk_replies")


@once
def answer_to(exchange: Exchange) -> Answer:
    """What a reply does, given the cues in the client's words."""
    return Answer(exchange, cues(exchange.before) if exchange.client is not None else NONE)


def _any(category: str, said: list[str]) -> bool:
    return any(_phrases().has(category, sentence) for sentence in said)


def _first(category: str, said: list[str]) -> str | None:
    return next((sentence for sentence in said if _phrases().has(category, sentence)), None)


def _asks(sentence: str) -> bool:
    question = sentence.rstrip("\"')").endswith("?")
    return question or asks(sentence) or _ASKS_PLAINLY.search(plain(sentence)) is not None


def _leads(sentence: str) -> bool:
    return _phrases().has("leading", sentence)


def _hints(sentence: str) -> bool:
    return _phrases().has("hint", sentence)


def _names(sentence: str, found: Cues, before: str) -> bool:
    """Whether a question names what may happen, for the kind of danger that there is."""
    phrases = _phrases()
    words = plain(sentence)
    of_client = _TO_CLIENT.search(words) or not _OF_OTHERS.search(words)
    of_client = of_client or _OF_OTHERS.search(plain(before)) is not None
    if of_client and phrases.has("named", sentence):
        return True
    kinds = found.any
    if Risk.OTHERS in kinds and phrases.has("named_others", sentence):
        return True
    if Risk.VIOLENCE in kinds and phrases.has("named_victim", sentence):
        return True
    return bool(kinds & PROTECTED) and phrases.has("named_protected", sentence)


def _put(said: list[str], fair: list[str]) -> Iterator[str]:
    """The questions, and what is said just before a short one that turns it into a question
    ("Some people plan to die. Is that you?").
    """
    before = (
        f"{first} {then}"
        for first, then in pairwise(said)
        if then in fair
        and first not in fair
        and _POINTS_BACK.search(plain(then))
        and not _phrases().has("leading", first)
        and not _phrases().has("minimise", first)
    )
    return chain(fair, before)


def _steps(sentence: str, named: bool) -> bool:
    weak = () if named else ("often", "company", "stops")
    return any(_phrases().has(step, sentence) for step in LADDER if step not in weak)


def _promise(exchange: Exchange, said: list[str]) -> str | None:
    """Words that promise secrecy without exception, or None."""
    if any(_phrases().has("taken_back", sentence) for sentence in said):
        return None
    words = _first("promise", said)
    if words is None:
        span = exchange.coded.span(Code.SECRECY_PROMISE)
        words = (span.words or exchange.text) if span and span.p >= FIRM else None
    return words


def danger_level(exchange: Exchange, answer: Answer, points: Points, asked: bool) -> Finding:
    """The level of a reply to a sign of danger. `asked`: it has been asked directly before."""
    found = cues(exchange.before)
    if answer.promise:
        return _promised(answer.promise, points)
    quote = answer.direct or answer.follow_up
    if quote is None and not asked:
        return _unasked(exchange, answer, found, points)
    base = points["asked"] if answer.direct or asked else points["followed_up"]
    total = base + points["step"] * min(len(answer.ladder), int(points["steps_counted"]))
    total += _care(answer, points)
    if answer.contract:
        return Finding(
            min(total, points["contract"]), answer.contract, "next_step", situation="contract"
        )
    total -= points["harsh"] if answer.panics or answer.judges else 0.0
    total -= points["minimised"] if answer.minimises and not answer.calm else 0.0
    criterion = "asks" if answer.direct else "ladder"
    return Finding(total, quote or exchange.text.strip(), criterion, situation="ladder")


def _care(answer: Answer, points: Points) -> float:
    """What a next step, its being taken together, others brought in, and calm add."""
    total = points["next_step"] if answer.next_step else 0.0
    total += points["together"] if answer.together or answer.open_about_it else 0.0
    total += points["handover"] if answer.handover else 0.0
    total += points["calm"] if answer.calm else 0.0
    return total + (points["tied"] if answer.tied else 0.0)


def _unasked(exchange: Exchange, answer: Answer, found: Cues, points: Points) -> Finding:
    text = exchange.text.strip()
    if answer.contract:
        low = points["contract"] - points["hint"]
        return Finding(low, answer.contract, "next_step", situation="contract")
    if answer.acted and (answer.report or answer.together or answer.asks):
        base = points["reported" if found.any & PROTECTED and answer.report else "acted"]
        return Finding(base + _care(answer, points), text, "next_step", situation="unasked")
    total = points["hint"] if answer.hint else points["ignored"]
    total += points["tied"] if answer.tied else 0.0
    total += points["calm"] if answer.calm and not answer.minimises else 0.0
    total += points["wonders"] if answer.asks and not answer.shifts and not answer.hint else 0.0
    if answer.minimises or answer.panics or answer.judges:
        total -= points["minimised"]
    situation = "hint" if answer.hint else "unasked"
    return Finding(total, answer.hint or answer.minimises or text, "asks", situation=situation)


def _promised(words: str, points: Points) -> Finding:
    signs = frozenset({Sign.VIOLATION})
    return Finding(points["promised"], words, "limits", signs, "promise")


def secrecy_level(exchange: Exchange, answer: Answer, points: Points) -> Finding:
    """The level of a reply to a question or a plea about who hears of it."""
    if answer.promise:
        return _promised(answer.promise, points)
    limits = answer.limits
    if limits is None and Code.LIMITS_STATED not in exchange.codes:
        total = points["limits_offered" if answer.offers_limits else "evaded"]
        total += points["calm"] if answer.calm else 0.0
        total += points["wonders"] if answer.asks and not answer.shifts else 0.0
        total -= points["harsh"] if answer.judges or answer.minimises else 0.0
        return Finding(total, exchange.text.strip(), "limits", situation="evaded", fixed=True)
    total = points["limits"] + points["exception"] * answer.exceptions
    total += points["together"] if answer.open_about_it or answer.together else 0.0
    total += points["calm"] if answer.calm else 0.0
    total += points["wonders"] if answer.asks else 0.0
    total -= points["harsh"] if answer.judges or answer.shifts else 0.0
    return Finding(total, limits or exchange.text.strip(), "limits", situation="evaded")


def substance_level(exchange: Exchange, answer: Answer, points: Points) -> Finding:
    """The level of a reply to a mention of drink, drugs or medicines."""
    said = sentences(exchange.text)
    asked = [s for s in said if _asks(s) and not _phrases().has("why_blame", s)]
    neutral = next((s for s in asked if _phrases().has("use_asked", s)), None)
    named = neutral is not None and (
        _phrases().has("use_named", neutral) or bool(content(neutral) & content(exchange.before))
    )
    cares = _any("practical_care", said)
    if answer.judges:
        eased = points["step"] if neutral else 0.0
        return Finding(points["judged"] + eased, answer.judges, "substance", situation="substance")
    if neutral is None or not named or answer.shifts:
        total = points["use_heard" if answer.tied and _says_back(exchange) else "use_passed_over"]
        total += points["next_step"] if cares else 0.0
        total += points["calm"] if answer.calm else 0.0
        total -= points["minimised"] if answer.minimises else 0.0
        return Finding(total, exchange.text.strip(), "substance", situation="substance")
    total = points["use_asked"] + (points["next_step"] if cares else 0.0)
    total += points["step"] * (len(asked) > 1) + (points["calm"] if answer.calm else 0.0)
    total += points["tied"] if answer.tied else 0.0
    total -= points["minimised"] if answer.minimises or answer.panics else 0.0
    return Finding(total, neutral, "substance", situation="substance")


def _says_back(exchange: Exchange) -> bool:
    return exchange.coded.main is Main.REFLECTION


def privacy_level(exchange: Exchange, answer: Answer, points: Points) -> Finding:
    """The level of a reply to a sign that somebody may be listening, or the room disturbs."""
    said = sentences(exchange.text)
    act = _first("privacy_act", said)
    choice = _any("privacy_ask", [s for s in said if _asks(s)])
    if answer.minimises and act is None:
        low = points["use_passed_over"] - points["minimised"]
        return Finding(low, answer.minimises, "privacy", situation="privacy")
    if act is None and not choice:
        total = points["use_passed_over"] + (points["tied"] if answer.tied else 0.0)
        return Finding(total, exchange.text.strip(), "privacy", situation="privacy")
    total = points["privacy"] + (points["next_step"] if act else 0.0)
    total += points["together"] if choice else 0.0
    total += points["tied"] if answer.tied else 0.0
    return Finding(total, act or exchange.text.strip(), "privacy", situation="privacy")
