"""From the levels of replies to the score of a session, one rule a rubric."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Grade
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign, clamp

Found = tuple[Exchange, Finding]


def empathy(found: Sequence[Found], rubric: Rubric) -> float:
    """The mean over the client's affect turns, weighed with the mean of the better half of them.

    Of several replies to one turn the best counts. A conversation needs questions between its
    reflections, so the plain mean alone would be lower the more of the hour is explored; the better
    half alone would forgive every dismissal. Both are shares of the turns: length earns nothing.
    """
    best: dict[int, float] = {}
    for exchange, finding in found:
        best[exchange.index] = max(finding.level, best.get(exchange.index, 0.0))
    share = Points(rubric)["better_half"]
    return (1 - share) * fmean(best.values()) + share * _better_half(list(best.values()))


def _better_half(levels: Sequence[float]) -> float:
    """Mean of the upper half; of an odd number the middle one counts half."""
    ranked = sorted(levels, reverse=True)
    half = len(ranked) / 2
    whole = int(half)
    middle = (half - whole) * ranked[whole] if half > whole else 0.0
    return (sum(ranked[:whole]) + middle) / half


def boundaries(found: Sequence[Found], rubric: Rubric) -> float:
    """Mean over the moments, but never above the cap once the frame was clearly broken."""
    mean = fmean(finding.level for _, finding in found)
    broken = any(Sign.VIOLATION in finding.signs for _, finding in found)
    return min(mean, Points(rubric)["violation_cap"]) if broken else mean


def i_statements(found: Sequence[Found], rubric: Rubric) -> float:
    """From the shares of owned, blaming and disguised statements (anchors of the rubric)."""
    points = Points(rubric)
    counted = [finding for _, finding in found if Sign.UNCOUNTED not in finding.signs]
    if not counted:
        return fmean(finding.level for _, finding in found)
    blaming = sum(Sign.BLAMING in finding.signs for finding in counted)
    disguised = sum(Sign.DISGUISED in finding.signs for finding in counted)
    if blaming >= points["blaming_limit"]:
        return 0.0
    clean = len(counted) - blaming - disguised
    if clean < blaming + disguised:
        return 1.0
    if blaming or clean / len(counted) < points["owned_share"]:
        return 2.0
    acknowledged = sum(Sign.ACKNOWLEDGED in finding.signs for finding in counted) / len(counted)
    return 3.0 + min(1.0, acknowledged / points["acknowledged_share"])


def table(rubric: Rubric, figures: Mapping[str, float]) -> float:
    """The highest level whose every condition holds; 0 where none does."""
    fitting = [
        row.level
        for row in rubric.levels
        if all(bound.holds(figures.get(bound.metric, 0.0)) for bound in row.when)
    ]
    return max(fitting, default=0.0)


def grade(score: float, rubric: Rubric) -> Grade:
    """Against the rubric's fair and good thresholds."""
    if score >= rubric.threshold.good:
        return Grade.GOOD
    return Grade.FAIR if score >= rubric.threshold.fair else Grade.BELOW


def listening(found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]) -> float:
    """Four shares of one: the levels of the replies (drawn to their better half), how surely they
    reflect more than was said, how much of the work is listening, and the rubric's table. What was
    said back wrongly takes away. All are shares of the replies: length earns nothing.
    """
    points = Points(rubric)
    depth = min(1.0, figures.get("reflecting_depth", 0.0) / points["depth_full"])
    total = (
        points["replies_share"] * _halved([f.level for _, f in found], points["better_half"])
        + points["depth_share"] * 4 * depth
        + points["listening_share"] * 4 * figures.get("listening_share", 0.0)
        + points["table_share"] * table(rubric, figures)
    )
    wrong = 1.0 - figures.get("recall", 1.0)
    over = max(0.0, figures.get("room_taken", 0.0) - points["room"])
    return clamp(total - points["recall_cost"] * wrong - points["room_cost"] * over)


def collaboration(found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]) -> float:
    """The mean level of the moments, weighed with the balance of giving and taking the say over
    all that the trainee said.
    """
    points = Points(rubric)
    share = points["balance_share"]
    moments = _halved([finding.level for _, finding in found], points["better_half"])
    return clamp(share * 4 * figures["say_balance"] + (1 - share) * moments)


def pacing(found: Sequence[Found], rubric: Rubric) -> float:
    """The mean over the replies; detail forced from the client caps it."""
    points = Points(rubric)
    total = _halved([finding.level for _, finding in found], points["better_half"])
    forced = sum(Sign.FORCED in finding.signs for _, finding in found)
    return min(total, points["forced_session_cap"]) if forced >= points["forced_times"] else total


def _halved(levels: Sequence[float], share: float) -> float:
    return (1 - share) * fmean(levels) + share * _better_half(levels)
