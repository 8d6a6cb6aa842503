"""Empathy, one reply: how far it meets the feeling and the meaning of the client's words.

Levels follow Carkhuff's scale (whose 3 is 2 here) with the strengths of EPITOME's three mechanisms
(Sharma 2020). A reply is read sentence by sentence: the best sentence sets the level, and what
stands around it raises or lowers it.
"""

from dataclasses import dataclass, replace

from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.feelings import opposite
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.opportunities import affect, carries_affect, empathy_due
from alliance_sim.scoring.sentence import Kind, Sentence, read
from alliance_sim.scoring.words import client_answers

_HARMS = frozenset({Code.MINIMISE, Code.BLAME, Code.CONFRONT, Code.STEREOTYPE})
_DEEP = frozenset({Code.REFLECTION_COMPLEX})
_TELLING = frozenset({Code.ADVICE, Code.PERSUADE})
_ANY = frozenset({Code.REFLECTION_COMPLEX, Code.REFLECTION_SIMPLE, Code.VALIDATE})
SURE = 0.7
"""How sure of a complex reflection the coder must be to be believed without linking words."""

_TUNED = 1.9
"""A sentence from this worth on meets the client; below, it only stands near."""


@dataclass
class Memory:
    """Stock phrases so far in the session, so that each further one earns less."""

    stock: int = 0


def level(exchange: Exchange, rubric: Rubric, memory: Memory) -> Finding | None:
    """The level of one reply; None where the client's turn carried no affect."""
    if not exchange.readable or not empathy_due(exchange):
        return None
    signs = frozenset() if carries_affect(exchange) else frozenset({Sign.UNCOUNTED})
    points = Points(rubric)
    worths = [
        (_worth(sentence, exchange, points, memory), sentence)
        for sentence in _read(exchange)
        if sentence.kind is not Kind.IGNORED
    ]
    if not worths:
        return Finding(points["nothing"], exchange.text.strip(), "feeling", signs)
    return replace(_combined(exchange, worths, points), signs=signs)


def _read(exchange: Exchange) -> list[Sentence]:
    """The sentences; what the coder hears as advice or persuasion is no reflection."""
    spans = [exchange.coded.span(told) for told in _TELLING & exchange.codes]
    told = [span.words for span in spans if span is not None and span.words]
    return [
        replace(sentence, kind=Kind.ADVICE)
        if sentence.kind in (Kind.REFLECT, Kind.OTHER) and any(w in sentence.text for w in told)
        else sentence
        for sentence in read(exchange.text, exchange.before)
    ]


def _worth(sentence: Sentence, exchange: Exchange, points: Points, memory: Memory) -> float:
    kind = sentence.kind
    if kind is Kind.OTHER and exchange.codes & _ANY and tied_to_client(sentence):
        kind = Kind.REFLECT
    if kind is Kind.STOCK:
        memory.stock += 1
        return points["stock"] * points["stock_decay"] ** (memory.stock - 1)
    if kind is Kind.REFLECT:
        return _reflection(sentence, exchange, points)
    tied = tied_to_client(sentence)
    if kind is Kind.VALIDATE:
        return _validation(sentence, tied, points)
    if kind is Kind.WARMTH:
        return points["warmth_tied"] if tied else points["stock"]
    if kind is Kind.EXPLORE:
        return points["explore_tied"] if tied else points["explore"]
    return points[kind.value]


def _reflection(sentence: Sentence, exchange: Exchange, points: Points) -> float:
    deep = bool(exchange.codes & _DEEP)
    tied = tied_to_client(sentence)
    base = {
        "same": points["feeling_stated" if sentence.explicit else "feeling_implied"],
        "near": points["feeling_near"],
        "other": points["feeling_other"],
        "none": points["content" if tied or deep else "unconnected"],
    }[sentence.feeling]
    if sentence.feeling != "none" and sentence.shared == 0 and sentence.new <= 2:
        base = min(base, points["label_bare"])
    span = exchange.coded.span(Code.REFLECTION_COMPLEX)
    sure = span.p if span else 0.0
    if sentence.new >= 2 and (sentence.meaning or sure >= SURE):
        base += points["meaning"] if tied or deep else points["meaning"] / 2
    elif sentence.new >= 3:
        base += points["meaning"] / 2
    elif sentence.new == 0 and sentence.shared >= 2:
        base = min(base, points["parrot"])
    return base + 0.1 * min(sentence.shared, 3) / 3 + 0.1 * sure


def tied_to_client(sentence: Sentence) -> bool:
    """Whether a sentence takes up the client's words, people or feelings."""
    return sentence.shared > 0 or sentence.linked or sentence.feeling in ("same", "near")


def _validation(sentence: Sentence, tied: bool, points: Points) -> float:
    if not tied and sentence.new < 3:
        return points["validation_bare"]
    worth = points["validation_reason"] if tied else points["validation_bare"] + 0.4
    return worth + (0.2 if sentence.feeling in ("same", "near") else 0)


def _combined(exchange: Exchange, worths: list[tuple[float, Sentence]], points: Points) -> Finding:
    helpful = [(w, s) for w, s in worths if s.kind not in (Kind.DISMISS, Kind.REASSURE)]
    best, sentence = max(helpful or worths, key=lambda pair: pair[0])
    total = best
    if best >= _TUNED:
        tuned = sum(1 for worth, other in helpful if worth >= _TUNED and other is not sentence)
        explores = any(other.kind is Kind.EXPLORE for _, other in helpful)
        total += points["second"] * min(tuned, 2) + (points["deepens"] if explores else 0)
    total -= _noise(worths, exchange, points)
    if affect(exchange.before) == 2 and best < _TUNED:
        total = min(total, points["strong_affect_cap"])
    total = min(total, points["unconfirmed_cap"])
    total += _confirmed(exchange, total, points)
    total *= points["copy_decay"] ** exchange.copies
    harm = _harm(exchange, worths, best, points)
    if harm is not None and harm[0] < total:
        return Finding(clamp(harm[0]), harm[1], "dismissal", situation="dismissal")
    if opposite(sentence.text, exchange.before):
        return Finding(min(total, points["opposite"]), sentence.text, "accuracy")
    return Finding(clamp(total), sentence.text, _criterion(sentence))


def _noise(worths: list[tuple[float, Sentence]], exchange: Exchange, points: Points) -> float:
    kinds = [sentence.kind for _, sentence in worths]
    asked = {Code.ASK_THEN_TELL, Code.SEEK_COLLABORATION} & exchange.codes
    cost = 0.0
    if Kind.ADVICE in kinds or ({Code.ADVICE, Code.PERSUADE} & exchange.codes and not asked):
        cost += points["advice_cost"]
    if Kind.SELF in kinds or Code.SELF_FOCUS in exchange.codes:
        cost += points["self_cost"]
    questions = kinds.count(Kind.QUESTION) + max(0, kinds.count(Kind.EXPLORE) - 1)
    return cost + points["question_cost"] * min(questions, 3)


def _confirmed(exchange: Exchange, total: float, points: Points) -> float:
    if exchange.after is None or total < points["feeling_stated"]:
        return 0.0
    if client_answers().has("confirms", exchange.after.text):
        return points["confirmed"]
    return -points["confirmed"] if client_answers().has("corrects", exchange.after.text) else 0.0


def _harm(
    exchange: Exchange, worths: list[tuple[float, Sentence]], best: float, points: Points
) -> tuple[float, str] | None:
    """The level a dismissal brings the reply down to, with its words; None where there is none."""
    if exchange.coded.marks & {Mark.HOSTILE}:
        return points["hostile"], exchange.text.strip()
    for _, sentence in worths:
        if sentence.kind is Kind.DISMISS:
            mixed = best >= _TUNED
            return points["dismiss_mixed" if mixed else "dismiss"], sentence.text
    coded = [exchange.coded.span(harm) for harm in _HARMS & exchange.codes]
    if coded:
        words = next((span.words for span in coded if span and span.words), exchange.text.strip())
        return points["dismiss_mixed" if best >= _TUNED else "dismiss"], words
    for _, sentence in worths:
        if sentence.kind is Kind.REASSURE:
            return max(points["reassure"], best - points["reassure_cost"]), sentence.text
    return None


def _criterion(sentence: Sentence) -> str:
    if sentence.kind in (Kind.EXPLORE, Kind.QUESTION):
        return "exploration"
    if sentence.kind in (Kind.VALIDATE, Kind.WARMTH):
        return "warmth"
    if sentence.kind is Kind.STOCK:
        return "warmth"
    return "meaning" if sentence.meaning else "feeling"
