"""Active listening, one reply: what it says back, what it asks, whether it kept the facts.

After MITI 4's global and behaviour counts: reflections count more than questions, complex ones more
than simple ones, open questions more than closed ones.
"""

from alliance_sim.domain.codes import Code, Main
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.earned import centres_self
from alliance_sim.scoring.finding import Finding, Points, Sign
from alliance_sim.scoring.reading import ASKING, SAID_BACK, Reading
from alliance_sim.scoring.sentence import Kind, Sentence
from alliance_sim.scoring.words import content

SURE = 0.6
"""How sure the coder must be of a complex reflection to be believed about other words."""

PARROTED = 0.75
"""Share of a restatement's content words that are the client's, from which it adds nothing."""

SUMMARISED = 7
"""Content words of the client from which a restatement gathers several things."""

FLOOD = 3
"""Questions in one reply from which they are a volley."""

_POOR = {
    Kind.ADVICE: "told", Kind.INFORM: "told", Kind.DISMISS: "dismissed", Kind.SELF: "self",
    Kind.STOCK: "stock", Kind.REASSURE: "told", Kind.WARMTH: "warm", Kind.OWN: "other",
    Kind.OTHER: "other",
}  # fmt: skip


def level(reading: Reading, misrecalled: str | None, rubric: Rubric) -> Finding | None:
    """The level of one reply; None for a greeting, a backchannel, or before the client spoke."""
    points = Points(rubric)
    if misrecalled:
        return Finding(points["misrecall"], misrecalled, "recall", situation="recall")
    if not reading.sentences:
        return None
    worths = [(_worth(sentence, reading, points), sentence) for sentence in reading.sentences]
    best, chosen = max(worths, key=lambda pair: pair[0])
    total = best - _cost(reading, chosen, points)
    if reading.said.has("checks") and chosen.kind in SAID_BACK:
        total += points["checked"]
    if Code.REFLECTION_COMPLEX in reading.exchange.codes and chosen.kind in SAID_BACK:
        total += points["complex_coded"]
    total *= points["copy_decay"] ** reading.exchange.copies
    signs = frozenset({Sign.UNCOUNTED}) if _aside(reading) else frozenset[Sign]()
    return Finding(total, chosen.text, _criterion(chosen), signs, _situation(reading, chosen))


def _aside(reading: Reading) -> bool:
    """Whether a reply is neither listening nor its lack: thanks, a greeting, an arrangement."""
    coded = reading.exchange.coded.main is Main.OTHER and not reading.questions
    listens = any(s.kind in SAID_BACK for s in reading.sentences)
    return coded and not reading.steering and not listens and not centres_self(reading.exchange)


def _worth(sentence: Sentence, reading: Reading, points: Points) -> float:
    if sentence.kind in SAID_BACK:
        return _said_back(sentence, reading, points)
    if sentence.kind in (Kind.OTHER, Kind.OWN) and reading.exchange.coded.main is Main.REFLECTION:
        return _said_back(sentence, reading, points) - points["unsure"]
    if sentence.kind is Kind.EXPLORE:
        return points["open_linked" if sentence.tied or sentence.new >= 2 else "open"]
    if sentence.kind is Kind.OPEN:
        return points["open"]
    if sentence.kind is Kind.QUESTION:
        return points["closed_linked" if sentence.shared else "closed"]
    return points[_POOR[sentence.kind]]


def _said_back(sentence: Sentence, reading: Reading, points: Points) -> float:
    """The same words earn little, words of its own more, gathering several things most."""
    own, theirs = sentence.new, sentence.shared
    if sentence.kind is Kind.REFLECT and not (sentence.tied or sentence.addressed):
        base = points["loose"]
    elif theirs >= 2 and theirs >= PARROTED * (own + theirs):
        base = points["parrot"]
    elif own >= 2:
        base = points["complex"] + (points["meaning"] if sentence.meaning else 0.0)
    else:
        base = points["simple"]
    if theirs >= 1 and base >= points["simple"]:
        base += points["their_words"]
    if sentence.feeling in ("same", "near"):
        base += points["feeling"]
    if reading.mirrored >= SUMMARISED and own + theirs >= SUMMARISED:
        base = max(base, points["summary"])
    return base


def _cost(reading: Reading, chosen: Sentence, points: Points) -> float:
    """What stands around the sentence that sets the level, and takes from it."""
    kinds = [s.kind for s in reading.sentences if s is not chosen]
    cost = points["steering_cost"] * min(reading.steering, 3)
    cost += points["told_cost"] * sum(
        kind in (Kind.ADVICE, Kind.INFORM, Kind.SELF) for kind in kinds
    )
    cost += points["dismiss_cost"] * (Kind.DISMISS in kinds)
    cost += points["shift_cost"] * (reading.said.has("shifts") and not _linked(reading))
    asked = reading.questions
    if asked >= FLOOD:
        cost += points["flood_cost"]
    if chosen.kind in SAID_BACK:
        closed = sum(kind is Kind.QUESTION for kind in kinds)
        cost += points["closed_after_cost"] * min(closed, 2)
    return cost


def _linked(reading: Reading) -> bool:
    """Whether the last sentence still has to do with what the client said."""
    last = reading.sentences[-1]
    return last.tied or bool(content(last.text) & content(reading.exchange.before))


def _criterion(sentence: Sentence) -> str:
    if sentence.kind in SAID_BACK:
        return "complex" if sentence.new >= 2 else "reflections"
    return "open" if sentence.kind in ASKING else "reflections"


def _situation(reading: Reading, chosen: Sentence) -> str:
    if reading.questions >= FLOOD or chosen.kind is Kind.QUESTION:
        return "questions"
    if reading.steering or chosen.kind in (Kind.ADVICE, Kind.INFORM):
        return "told"
    return "parrot" if chosen.kind in SAID_BACK else ""
