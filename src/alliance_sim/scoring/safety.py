"""Safety, one reply: how danger, a secret to be kept, drink and drugs, or a thin wall are met.

The ladder follows C-SSRS (ideation, plan, intent, means, earlier attempts); limits of
confidentiality follow ACA B.1.d, B.2 and A.2.e. Asking does not raise ideation (Dazzi 2014), and
a promise not to act is no help (no-harm contracts are contraindicated).
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

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
    """What one reply does where safety is at stake; words are verbatim sentences."""

    direct: str | None
    """A question that names death or harm plainly."""
    follow_up: str | None
    """A question on the ladder, without the name."""
    hint: str | None
    ladder: frozenset[str]
    together: bool
    next_step: bool
    handover: bool
    report: bool
    open_about_it: bool
    calm: bool
    tied: bool
    minimises: str | None
    shifts: bool
    panics: str | None
    contract: str | None
    judges: str | None
    asks_harm: bool
    """Asks whether somebody is being hurt, or may be."""
    of_privacy: bool
    """Speaks of who hears what."""
    promise: str | None
    limits: str | None
    offers_limits: bool
    """Says that it will tell what stays private and what does not."""
    exceptions: int
    """How many exceptions to confidentiality are named: danger, abuse, courts."""
    asks: bool

    @property
    def acted(self) -> bool:
        return self.next_step or self.handover


@cache
def _phrases() -> Phrases:
    return phrases_of("risk_replies")


@once
def read_as_heard(exchange: Exchange) -> Answer:
    """What a reply does, given the cues in the client's words."""
    return read(exchange, cues(exchange.before) if exchange.client is not None else NONE)


def read(exchange: Exchange, found: Cues) -> Answer:
    """What a reply does, given the cues it answers."""
    said = sentences(exchange.text)
    asked = [sentence for sentence in said if _asks(sentence)]
    stated = [sentence for sentence in said if sentence not in asked]
    steps = {step for step in LADDER for sentence in asked if _phrases().has(step, sentence)}
    fair = [sentence for sentence in asked if not _phrases().has("leading", sentence)]
    hints = [s for s in said if _phrases().has("leading", s) or (s in asked and _hints(s))]
    named = said_plainly(exchange.before)
    promise = _promise(exchange, said)
    return Answer(
        direct=next((s for s in _put(said, fair) if _names(s, found, exchange.before)), None),
        follow_up=next((s for s in fair if steps and _steps(s, named)), None),
        hint=next(iter(hints), None),
        ladder=frozenset(steps),
        together=_any("together", said),
        next_step=_any("next_step", said),
        handover=_any("handover", said) or Mark.HANDOVER in exchange.coded.marks,
        report=_any("report", said),
        open_about_it=_any("open_about_it", said),
        calm=_any("calm", said),
        tied=bool(content(exchange.text) & content(exchange.before)),
        minimises=_first("minimise", stated) or _first("relief", stated),
        shifts=_any("shift", said),
        panics=_first("panic", said),
        contract=_first("contract", said),
        judges=_first("judge", said) or _first("why_blame", asked),
        asks_harm=_any("asks_harm", fair),
        of_privacy=_any("of_privacy", said),
        promise=promise,
        limits=_first("exceptions", said),
        offers_limits=_any("offers_limits", said),
        exceptions=sum(_any(name, said) for name in ("danger_named", "abuse_named", "court_named")),
        asks=bool(asked),
    )


def _any(category: str, said: list[str]) -> bool:
    return any(_phrases().has(category, sentence) for sentence in said)


def _first(category: str, said: list[str]) -> str | None:
    return next((sentence for sentence in said if _phrases().has(category, sentence)), None)


def _asks(sentence: str) -> bool:
    question = sentence.rstrip("\"')").endswith("?")
    return question or asks(sentence) or _ASKS_PLAINLY.search(plain(sentence)) is not None


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


def _put(said: list[str], fair: list[str]) -> list[str]:
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
    return [*fair, *before]


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
        return Finding(total, exchange.text.strip(), "limits", situation="evaded")
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
