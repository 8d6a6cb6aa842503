"""Scores of a session that was held elsewhere: made here, and compared with those it came with."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Event, Scored
from alliance_sim.domain.scorecard import OFFLINE, Scorecard
from alliance_sim.errors import InputProblem
from alliance_sim.runtime.results import rubrics_in_play, scenario_of, score_events

SAME = 0.005
"""Scores that differ by less are alike."""


@dataclass(frozen=True)
class Rescored:
    """What came of scoring a session here."""

    card: Scorecard | None = None
    """None: it has no scores, for the reason `why` or because it is not to be scored."""
    why: str | None = None
    differ: tuple[str, ...] = ()
    """Rubrics whose score there was another; only of the same version of a rubric."""
    came_scored: bool = False
    """It came with scores of the trainee's machine."""


def rescored(
    session_id: str, kept: Sequence[Event], came: Sequence[Event], library: Library
) -> Rescored:
    """Score a session's `kept` events; `came` are all that it came with, its scores among them."""
    theirs = [
        event.scorecard
        for event in came
        if isinstance(event, Scored) and event.scorecard.scorer == OFFLINE
    ]
    try:
        scenario = scenario_of(library, kept)
        card = score_events(session_id, kept, scenario, rubrics_in_play(library, scenario))
    except InputProblem as problem:
        return Rescored(why=str(problem).splitlines()[0], came_scored=bool(theirs))
    differ = _differences(theirs[-1], card) if theirs and card else ()
    return Rescored(card, None, differ, bool(theirs))


def _differences(theirs: Scorecard, ours: Scorecard) -> tuple[str, ...]:
    found = []
    for score in ours.rubrics:
        there = theirs.rubric(score.rubric)
        if there is None or there.rubric_version != score.rubric_version:
            continue
        if not _alike(there.score, score.score):
            found.append(score.rubric)
    return tuple(found)


def _alike(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < SAME
