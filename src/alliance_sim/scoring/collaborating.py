"""Collaboration, one reply: whose goal, whose plan, whose decision.

After the task and goal scales of the WAI-SR, the Session Rating Scale, MITI 4's partnership and the
Cognitive Therapy Rating Scale: goals in the client's words, reasons for tasks, options, permission,
autonomy, asking back. A tag ("okay?") after a decision made for the client is no consent.
"""

from alliance_sim.domain.codes import Code
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp
from alliance_sim.scoring.reading import SAID_BACK, Reading
from alliance_sim.scoring.sentence import Kind
from alliance_sim.scoring.words import content

CALLS = (
    "asks_advice", "asks_plan", "wants", "proposes", "refuses", "yields", "reluctant", "corrects",
)  # fmt: skip
"""What a client says that calls for a say in goals or tasks."""

_BEARS = frozenset(
    {
        Code.SEEK_COLLABORATION, Code.EMPHASIZE_AUTONOMY, Code.AGREE_GOAL, Code.ORIENT,
        Code.ASK_THEN_TELL, Code.ADVICE, Code.PERSUADE, Code.CONFRONT,
    }
)  # fmt: skip
TAKEN_UP = 2
"""Content words of the client's from which a plan is built on what they said."""


def level(reading: Reading, rubric: Rubric) -> Finding:
    """The level of one reply. Where nothing called for a say and none was given or taken, the
    session does not count it.
    """
    points = Points(rubric)
    steered = _steered(reading, points)
    given = _given(reading, points)
    if steered >= points["steer_first"]:
        given *= points["token_share"]
    total = points["base"] + given - steered - _withheld(reading, points)
    if steered >= points["steer_first"]:
        total = min(total, points["token_cap" if given > 0 else "imposed_cap"])
    if not bears(reading):
        return Finding(clamp(total), reading.quote(), "options", frozenset({Sign.UNCOUNTED}))
    return _found(reading, total, steered > 0)


def bears(reading: Reading) -> bool:
    """Whether a reply shows something of collaboration, or the client's words called for it."""
    if reading.steering or reading.inviting or reading.said.has("adapts", "rationale", "tags"):
        return True
    return bool(reading.exchange.codes & _BEARS) or reading.heard.has(*CALLS)


def advice_asked(reading: Reading) -> bool:
    """Whether the client asked to be told something."""
    return reading.heard.has("asks_advice")


def _steered(reading: Reading, points: Points) -> float:
    """What deciding for the client takes away."""
    places = reading.steering
    asked = advice_asked(reading)
    held = reading.inviting > 0 or reading.said.has("tentative", "rationale")
    if reading.exchange.codes & {Code.ASK_THEN_TELL} or (asked and held):
        places = max(0, places - 1)
    cost = 0.0
    if places:
        cost = points["steer_first"] + points["steer_more"] * min(places - 1, 3)
    if asked:
        cost *= points["asked_share"]
    if reading.imposes:
        cost += points["imposes"]
    if reading.said.has("tags") and places:
        cost += points["tag"]
    if reading.said.has("judges") or reading.harsh:
        cost += points["judges"]
    if reading.said.has("hurries", "deadlines") and places:
        cost += points["hurries"]
    if reading.said.has("self") or reading.first(Kind.DISMISS):
        cost += points["self"]
    return cost


def _given(reading: Reading, points: Points) -> float:
    """What giving the client a say adds."""
    said = reading.said
    total = sum(points[name] for name in ("elicits", "options", "permission", "autonomy", "checks")
                if said.has(name))  # fmt: skip
    if said.has("adapts"):
        total += points["adapts"]
    if said.has("rationale"):
        total += points["rationale"]
    if said.has("tentative"):
        total += points["tentative"]
    if reading.mirrored >= 1 and not reading.exchange.practised:
        total += points["their_words"] * min(reading.mirrored, TAKEN_UP) / TAKEN_UP
    if reading.first(*SAID_BACK) is not None:
        total += points["heard"]
    asked = reading.exchange.codes & {Code.SEEK_COLLABORATION, Code.AGREE_GOAL, Code.ASK_THEN_TELL}
    if asked and not reading.exchange.copies:
        total += points["coded"]
    if reading.first(Kind.EXPLORE, Kind.OPEN) is not None and not said.has("elicits"):
        total += points["open"]
    return min(total, points["given_cap"])


def _withheld(reading: Reading, points: Points) -> float:
    """Asked for help and given none but the question back."""
    if not advice_asked(reading):
        return 0.0
    questions = reading.questions
    rest = [s for s in reading.sentences if s.kind not in (Kind.EXPLORE, Kind.OPEN, Kind.QUESTION)]
    substance = any(len(content(s.text)) >= 4 and s.kind is not Kind.STOCK for s in rest)
    offered = reading.said.has("options", "permission", "adapts", "rationale")
    refused = reading.said.has("withholds")
    if refused or (questions and not substance and not offered):
        return points["withheld"]
    return 0.0


def _found(reading: Reading, total: float, steered: bool) -> Finding:
    if steered:
        quote = reading.quote("imposes", "directs", "persuades", "judges")
        situation = "imposed" if reading.imposes else "advice"
        return Finding(total, quote, "imposing", situation=situation)
    for labels, criterion in (
        (("options",), "options"), (("autonomy",), "autonomy"), (("permission",), "permission"),
        (("checks",), "check_back"), (("elicits",), "goal"), (("adapts",), "options"),
        (("rationale",), "rationale"),
    ):  # fmt: skip
        if reading.said.has(*labels):
            return Finding(total, reading.quote(*labels), criterion)
    return Finding(total, reading.exchange.text.strip(), "goal")
