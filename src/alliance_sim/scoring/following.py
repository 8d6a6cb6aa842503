"""Pacing, one reply: whether it keeps to what the client is ready for, and to the phase.

Detail behind its gate, fixing and rushing, the same move again, the ending; after SAMHSA's six
principles and Norcross and Wampold on adapting to the client. A question about danger is never too
early.
"""

import re
from dataclasses import dataclass

from alliance_sim.domain.codes import Code
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.finding import Finding, Points, Sign
from alliance_sim.scoring.instead import ASK_OF_DANGER
from alliance_sim.scoring.reading import SAID_BACK, Reading
from alliance_sim.scoring.sentence import Kind, Sentence
from alliance_sim.scoring.words import plain

FLOOD = 3
_POINTS_BACK = re.compile(
    r"\b(?:that|it|this|those|these|them|he|she|they|him|her|then|there|so)\b"
)


@dataclass(frozen=True)
class Phase:
    """Where in the work a reply stands."""

    number: int | None = None
    """Of the session; None where it is not known."""
    repeated: int = 0
    """Times the same move came before it without an answer."""

    @property
    def first(self) -> bool:
        """Whether the two meet for the first time: role, limits and hopes come first."""
        return self.number == 1


_BEGINS = frozenset({Code.ORIENT, Code.LIMITS_STATED, Code.AGREE_GOAL})
"""What the first phase is for: what this is, what stays private, what is hoped for."""


def level(reading: Reading, phase: Phase, rubric: Rubric) -> Finding:
    """The level of one reply."""
    points = Points(rubric)
    if reading.heard.has("risk"):
        return _safety(reading, points)
    if _asks_risk(reading):
        return Finding(points["risk_unprompted"], reading.quote(), "follows", fixed=True)
    cost, why = _pressed(reading, phase, points)
    gain = _followed(reading, phase, points)
    if cost >= points["press_counts"]:
        gain *= points["token_share"]
    total = points["base"] + gain - cost
    if why == "details" and reading.heard.has("painful", "overwhelmed") and not _minds(reading):
        total = min(total, points["forced_cap"])
        return Finding(total, reading.quote("details"), "gate", frozenset({Sign.FORCED}), "gate")
    if cost > 0:
        return Finding(total, reading.quote(*_LABELS[why]), _CRITERIA[why], situation=why)
    return Finding(total, reading.quote("ends", "slows", "grounds", "adapts", "autonomy"),
                   "ending" if reading.heard.has("ending") else "follows")  # fmt: skip


_BY_NOW = re.compile(
    r"^(?:(?:and|so|but|oh|okay)[\s,]+)*(?:is|are|was) (?:[\w'-]+ ){1,4}"
    r"(?:okay|ok|all right|alright|well|better|safe|home|in one piece)\b"
)
"""Asks after somebody."""

_LABELS = {
    "details": ("details",), "hurries": ("hurries",), "steers": ("directs", "imposes", "persuades"),
    "shifts": ("shifts",), "ending": ("shifts",), "flood": ("elicits",), "holds": ("holds_back",),
    "repeats": (), "": (),
}  # fmt: skip
_CRITERIA = {
    "details": "gate", "hurries": "rush", "steers": "rush", "shifts": "follows", "ending": "ending",
    "flood": "follows", "holds": "follows", "repeats": "tactic", "": "follows",
}  # fmt: skip


def _safety(reading: Reading, points: Points) -> Finding:
    """Danger goes before pace: asking about it directly fits any phase."""
    if _asks_risk(reading):
        return Finding(points["risk_asked"], reading.quote(), "follows", fixed=True)
    cost = points["steers"] * bool(reading.steering) + points["shifts"] * reading.said.has("shifts")
    put_off = reading.said.has("slows", "hurries")
    total = points["risk_put_off" if put_off else "risk_missed"] - cost
    quote = reading.quote("slows", "hurries")
    return Finding(total, quote, "follows", situation="risk", moment=ASK_OF_DANGER, fixed=True)


def _asks_risk(reading: Reading) -> bool:
    return reading.said.has("asks_risk") or Code.RISK_QUESTION in reading.exchange.codes


def _pressed(reading: Reading, phase: Phase, points: Points) -> tuple[float, str]:
    """What runs ahead of the client, or away from them: its cost and the worst of it."""
    said, heard = reading.said, reading.heard
    costs = {
        "details": _details(reading, phase, points),
        "hurries": _times(_hurries(reading), points["hurries"], points["more"]),
        "steers": _steers(reading, points),
        "shifts": points["shifts"] if _leaves(reading) else 0.0,
        "ending": points["ending_missed"] if heard.has("ending") and _avoids(reading) else 0.0,
        "flood": points["flood"] if reading.questions >= FLOOD else 0.0,
        "holds": points["holds"] if said.has("holds_back") and heard.has("proposes") else 0.0,
        "repeats": points["repeats"] * min(phase.repeated, 3) if phase.repeated >= 2 else 0.0,
    }
    if reading.first(Kind.REASSURE, Kind.DISMISS) or reading.harsh:
        costs["hurries"] += points["dismisses"]
    if costs["ending"]:
        costs["shifts"] = 0.0
    worst = max(costs, key=lambda name: costs[name])
    return sum(costs.values()), worst if costs[worst] else ""


def _details(reading: Reading, phase: Phase, points: Points) -> float:
    gated = reading.heard.has("painful", "overwhelmed")
    if gated and _asks_facts(reading) and not _minds(reading):
        return points["details"]
    if reading.said.has("details") or Code.PRESS_DETAIL in reading.exchange.codes:
        if gated or reading.said.count("details") > 1:
            return points["details"]
        return points["details_first" if phase.first else "details_open"]
    return 0.0


def _asks_facts(reading: Reading) -> bool:
    """Whether a question asks for a fact of what hurts, leaving the client no way round it."""
    free = ("slows", "autonomy", "permission", "options", "grounds", "ends", "checks")
    return any(s.kind is Kind.QUESTION for s in reading.sentences) and not reading.said.has(*free)


def _minds(reading: Reading) -> bool:
    """Whether all that is asked is how somebody is by now, which presses for nothing."""
    asked = [s.text for s in reading.sentences if s.kind is Kind.QUESTION]
    return bool(asked) and all(_BY_NOW.search(plain(text)) for text in asked)


def _hurries(reading: Reading) -> int:
    """Words that hurry; dates only for what the reply has decided."""
    dates = reading.said.count("deadlines") if reading.steering else 0
    return reading.said.count("hurries") + dates


def _steers(reading: Reading, points: Points) -> float:
    cost = _times(reading.steering, points["steers"], points["more"])
    asked = reading.heard.has("asks_advice", "asks_plan")
    return cost * points["asked_share"] if asked and reading.steering <= 1 else cost


def _times(count: int, first: float, more: float) -> float:
    return first + more * min(count - 1, 3) if count else 0.0


def _leaves(reading: Reading) -> bool:
    """Whether the reply goes somewhere the client was not: it says so, in a sentence that takes up
    none of their words, or asks for a fact that nothing led to.
    """
    words = reading.said.quote("shifts")
    near = next((s for s in reading.sentences if words and words in s.text), None)
    if near is not None and near.shared == 0 and not near.linked:
        return True
    return any(_unled(s, reading) for s in reading.sentences[1:])


def _unled(sentence: Sentence, reading: Reading) -> bool:
    """Whether a sentence asks for a fact of something that was not spoken of. Who was asked
    something may ask back.
    """
    if reading.exchange.before.rstrip().endswith("?"):
        return False
    if sentence.tied or sentence.new < 2 or not sentence.text.rstrip().endswith("?"):
        return False
    asks = sentence.kind in (Kind.QUESTION, Kind.INFORM)
    free = reading.said.has("options", "permission", "checks", "asks_risk", "slows", "adapts")
    return asks and not free and _POINTS_BACK.search(plain(sentence.text)) is None


def _avoids(reading: Reading) -> bool:
    if reading.said.has("ends"):
        return False
    return not reading.mirrored or reading.said.has("shifts") or bool(reading.steering)


def _followed(reading: Reading, phase: Phase, points: Points) -> float:
    """What keeps to the client: slows, leaves the say, changes course, stays with it."""
    said, heard = reading.said, reading.heard
    total = sum(points[name] for name in ("slows", "adapts", "autonomy") if said.has(name))
    if said.has("grounds"):
        total += points["grounds" if heard.has("overwhelmed", "painful") else "grounds_unasked"]
    if said.has("ends") and heard.has("ending"):
        total += points["ends"]
    if reading.exchange.codes & _BEGINS and (phase.first or heard.has("asks_plan", "reluctant")):
        total += points["phase"]
    if said.has("permission", "options", "checks"):
        total += points["invites"]
    if reading.first(*SAID_BACK) is not None:
        total += points["reflects"]
    if reading.mirrored:
        total += points["stays"] * min(reading.mirrored, 3) / 3
    explores = reading.first(Kind.EXPLORE, Kind.OPEN) is not None or said.has("elicits")
    if explores and reading.questions < FLOOD:
        total += points["explores"]
    return min(total, points["gain_cap"])
