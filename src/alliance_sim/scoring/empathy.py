"""Empathy, one reply: how far it meets the feeling and the meaning of the client's words.

Levels follow Carkhuff's scale (whose 3 is 2 here) with the strengths of EPITOME's three mechanisms
(Sharma 2020). A reply is read sentence by sentence: the best sentence sets the level, and what
stands around it raises or lowers it.
"""

from dataclasses import dataclass, replace

from alliance_sim.domain.codes import Code, Main, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.cues import stance
from alliance_sim.scoring.earned import centres_self, earned
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.feelings import implied, named, opposite
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.hollow import fits_anyone
from alliance_sim.scoring.opportunities import (
    PERSONAL_WORDS,
    addressed,
    affect,
    arrival,
    baits,
    complaint,
    empathy_due,
)
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.sentence import Kind, Sentence
from alliance_sim.scoring.understanding import sounding
from alliance_sim.scoring.words import client_answers

_HARMS = (Code.MINIMISE, Code.BLAME, Code.CONFRONT, Code.STEREOTYPE)
"""In the order in which their words are quoted."""
_DEEP = frozenset({Code.REFLECTION_COMPLEX})
_TELLING = frozenset({Code.ADVICE, Code.PERSUADE})
_ANY = frozenset({Code.REFLECTION_COMPLEX, Code.REFLECTION_SIMPLE, Code.VALIDATE})
SURE = 0.7
"""How sure of a complex reflection the coder must be to be believed without linking words."""

TOLD = 0.6
"""How sure the coder must be of advice to take it for what a statement does."""

_TUNED = 1.9
"""A statement from this worth on meets the client; below, it only stands near."""

_TOLD = frozenset({Kind.ADVICE, Kind.INFORM})
_SAID_BACK = frozenset({Kind.REFLECT, Kind.VALIDATE})
_ASKING = frozenset({Kind.EXPLORE, Kind.OPEN, Kind.QUESTION})


@dataclass
class Memory:
    """Stock phrases so far in the session, so that each further one earns less."""

    stock: int = 0


def level(
    exchange: Exchange, rubric: Rubric, memory: Memory, *, marked: bool = True
) -> Finding | None:
    """The level of one reply; None where the client's turn carried no affect.

    `marked`: its sentences are shown by punctuation, as in the replies that were learned from.
    """
    if not exchange.readable or not (empathy_due(exchange) or _may_be_due(exchange)):
        return None
    points = Points(rubric)
    worths = [(_worth(sentence, exchange, points, memory), sentence) for sentence in said(exchange)]
    found = (
        _combined(exchange, worths, points, marked=marked)
        if worths
        else Finding(points["nothing"], exchange.text.strip(), "feeling")
    )
    return found if empathy_due(exchange) else replace(found, signs=frozenset({Sign.UNCOUNTED}))


def _may_be_due(exchange: Exchange) -> bool:
    """Whether a reply bears on empathy where no feeling was surely told: to a request, to words
    about the trainee, or to hardly a word. Such a level is shown, and no session counts it.
    """
    if exchange.client is None or not exchange.answers or arrival(exchange):
        return False
    told = exchange.before
    return (
        bool(baits(told))
        or complaint(told)
        or addressed(told)
        or len(told.split()) < PERSONAL_WORDS
    )


def said(exchange: Exchange) -> tuple[Sentence, ...]:
    """The sentences; what the coder hears as advice or persuasion is no reflection, and praise
    waves nothing away where nothing is felt.
    """
    spans = [exchange.coded.span(told) for told in _TELLING & exchange.codes]
    told = [span.words for span in spans if span is not None and span.words and span.p >= TOLD]
    praises = Code.AFFIRM in exchange.codes and not _felt(exchange.before)
    read_so = []
    for sentence in sentences_of(exchange.text, exchange.before):
        kind = sentence.kind
        if kind in _STATED and any(words in sentence.text for words in told):
            kind = Kind.ADVICE
        elif kind is Kind.DISMISS and praises:
            kind = Kind.STOCK
        read_so.append(sentence if kind is sentence.kind else sentence.seen_as(kind))
    return earned(read_so, exchange)


_STATED = frozenset({Kind.REFLECT, Kind.OTHER, Kind.OWN})


def _worth(sentence: Sentence, exchange: Exchange, points: Points, memory: Memory) -> float:
    kind = sentence.kind
    if kind in (Kind.OTHER, Kind.OWN) and exchange.codes & _ANY and sentence.tied:
        kind = Kind.REFLECT
    if kind is Kind.STOCK:
        memory.stock += 1
        return points["stock"] * points["stock_decay"] ** (memory.stock - 1)
    if kind is Kind.REFLECT:
        return _reflection(sentence, exchange, points)
    if kind is Kind.VALIDATE:
        return _validation(sentence, points)
    if kind is Kind.WARMTH:
        return points["warmth_tied" if sentence.tied else "warmth"]
    if kind is Kind.EXPLORE:
        return points["explore_tied" if sentence.tied else "explore"]
    return points[kind.value]


def _reflection(sentence: Sentence, exchange: Exchange, points: Points) -> float:
    """Says back: what was said, a feeling, and (most) what it means in words of its own."""
    span = exchange.coded.span(Code.REFLECTION_COMPLEX)
    sure = span.p if span else 0.0
    close = sentence.tied or sentence.addressed or sure >= SURE
    base = {
        "same": points["feeling_stated" if sentence.explicit else "feeling_implied"],
        "near": points["feeling_near"],
        "other": points["feeling_other"],
        "none": points["content" if close else "unconnected"],
    }[sentence.feeling]
    if sentence.feeling in ("same", "near") and sentence.shared == 0 and sentence.new <= 2:
        return min(base, points["label_bare"])
    if sentence.new == 0 and sentence.shared >= 2:
        return min(base, points["parrot"])
    if sentence.new >= 2:
        base += points["own_words"] * (1.0 if close else 0.5)
        base += points["meaning"] if sentence.meaning or sure >= SURE else 0.0
    return base + 0.1 * min(sentence.shared, 3) / 3 + 0.1 * sure


def _validation(sentence: Sentence, points: Points) -> float:
    if not sentence.tied and sentence.new < 3:
        return points["validation_bare"]
    worth = points["validation_reason"] - (0.0 if sentence.tied else 0.2)
    return worth + (0.2 if sentence.feeling in ("same", "near") else 0)


def _combined(
    exchange: Exchange,
    worths: list[tuple[float, Sentence]],
    points: Points,
    *,
    marked: bool,
) -> Finding:
    helpful = [(w, s) for w, s in worths if s.kind not in (Kind.DISMISS, Kind.REASSURE)]
    best, sentence = max(helpful or worths, key=lambda pair: pair[0])
    total = min(_by_rules(exchange, helpful, worths, points), points["unconfirmed_cap"])
    # A stock phrase is worth less each time, however well it sounds.
    stock = sentence.kind is Kind.STOCK
    sound = sounding([s for _, s in worths]) if marked and not stock else None
    total = _as_it_sounds(total, sound, points)
    if sentence.kind is Kind.SELF or (centres_self(exchange) and best < _TUNED):
        total = min(total, points["self"])
    if fits_anyone(exchange.text):
        total = min(total, points["fits_anyone"])
    total += _confirmed(exchange, total, points)
    total *= points["copy_decay"] ** exchange.copies
    harm = _harm(exchange, worths, best, points)
    if harm is not None and harm[0] < total:
        return Finding(clamp(harm[0]), harm[1], "dismissal", situation="dismissal")
    if opposite(sentence.text, exchange.before):
        return Finding(min(total, points["opposite"]), sentence.text, "accuracy")
    return Finding(clamp(total), sentence.text, _criterion(sentence))


def _by_rules(
    exchange: Exchange,
    helpful: list[tuple[float, Sentence]],
    worths: list[tuple[float, Sentence]],
    points: Points,
) -> float:
    """What the sentences are worth together, before what the reply must not be above."""
    best, sentence = max(helpful or worths, key=lambda pair: pair[0])
    total = best
    if best >= _TUNED and sentence.kind not in _ASKING:
        tuned = sum(
            worth >= _TUNED and other is not sentence and other.kind not in _ASKING
            for worth, other in helpful
        )
        explores = any(other.kind in (Kind.EXPLORE, Kind.OPEN) for _, other in helpful)
        total += points["second"] * min(tuned, 2) + (points["deepens"] if explores else 0)
    total -= _noise(worths, sentence, exchange, points)
    total -= points["told_cost"] if exchange.coded.main is Main.INPUT else 0.0
    share = points["mechanism_share"]
    if sentence.kind is not Kind.STOCK:
        total = (1 - share) * total + share * _mechanisms(exchange, sentence, worths, points)
    if affect(exchange.before) == 2 and best < _TUNED and sentence.kind not in _ASKING:
        total = min(total, points["strong_affect_cap"])
    return total


def _as_it_sounds(total: float, sound: float | None, points: Points) -> float:
    """A level drawn to that of replies that sound alike; `sound` is None where that is unknown."""
    if sound is None:
        return total
    learned = points["learned_middle"] + points["learned_reach"] * sound
    return total + points["learned_share"] * (learned - total)


def _noise(
    worths: list[tuple[float, Sentence]], chosen: Sentence, exchange: Exchange, points: Points
) -> float:
    """What stands around the sentence that sets the level and takes away from it."""
    kinds = [sentence.kind for _, sentence in worths if sentence is not chosen]
    asked = {Code.ASK_THEN_TELL, Code.SEEK_COLLABORATION} & exchange.codes
    cost = 0.0
    if chosen.kind not in _TOLD and (
        _TOLD & set(kinds) or (_TELLING & exchange.codes and not asked)
    ):
        cost += points["advice_cost"]
    if chosen.kind is not Kind.SELF and (Kind.SELF in kinds or Code.SELF_FOCUS in exchange.codes):
        cost += points["self_cost"]
    steered = stance(exchange.text).count("directs", "imposes", "persuades", "judges")
    cost += points["steered_cost"] * min(steered, 3)
    questions = sum(kind in _ASKING for kind in kinds)
    if chosen.kind not in _ASKING:
        questions -= 1
    return cost + points["question_cost"] * min(max(questions, 0), 3)


def _mechanisms(
    exchange: Exchange,
    chosen: Sentence,
    worths: list[tuple[float, Sentence]],
    points: Points,
) -> float:
    """The level that EPITOME's three mechanisms give: the strongest, and a little for the others.

    A reflection of this client is a weak interpretation even where the coder heard none, and so is
    a reply that does nothing but say back.
    """
    said_back = _of_client(chosen) or all(s.kind in _SAID_BACK for _, s in worths)
    seen = exchange.coded.empathy
    strengths = {
        "reaction": seen.emotional_reaction,
        "interpretation": max(seen.interpretation, 1 if said_back else 0),
        "exploration": min(seen.exploration, 1 if chosen.kind is Kind.QUESTION else 2),
    }
    worth = {name: points[f"{name}_{n}"] for name, n in strengths.items() if n}
    if not worth:
        return points["no_mechanism"]
    first = max(worth, key=lambda name: worth[name])
    others = sum(n for name, n in strengths.items() if name != first)
    return worth[first] + points["further_mechanism"] * others


def _of_client(sentence: Sentence) -> bool:
    if sentence.kind is Kind.VALIDATE:
        return True
    return sentence.kind is Kind.REFLECT and (sentence.addressed or sentence.tied)


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
    harmed = [sentence for _, sentence in worths if sentence.kind is Kind.DISMISS]
    coded = [exchange.coded.span(harm) for harm in _HARMS if harm in exchange.codes]
    if harmed or coded:
        spans = [span.words for span in coded if span and span.words]
        words = harmed[0].text if harmed else next(iter(spans), exchange.text.strip())
        least = points["dismiss_mixed"] if best >= _TUNED else points["dismiss"]
        return _softened(least, best, len(harmed), len(worths)), words
    for _, sentence in worths:
        if sentence.kind is Kind.REASSURE:
            return max(points["reassure"], best - points["reassure_cost"]), sentence.text
    return None


def _felt(client: str) -> bool:
    """Whether a client's turn carries a feeling, named or implied."""
    return bool(named(client) or implied(client))


def _softened(least: float, best: float, harmful: int, sentences: int) -> float:
    """A dismissal in one sentence of many leaves something of the rest; of two, nothing."""
    spared = max(0.0, 1 - 2 * max(harmful, 1) / sentences)
    return least + spared * max(0.0, min(best, _TUNED) - least)


def _criterion(sentence: Sentence) -> str:
    if sentence.kind in _ASKING:
        return "exploration"
    if sentence.kind in (Kind.VALIDATE, Kind.WARMTH):
        return "warmth"
    if sentence.kind is Kind.STOCK:
        return "warmth"
    return "meaning" if sentence.meaning else "feeling"
