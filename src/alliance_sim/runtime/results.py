"""Scores of a stored session: made once, written to the store, and made again on demand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Event, Reflected, Scored, SelfRated, SessionOpened
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.errors import InputProblem, UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.debrief import Debrief, make_debrief, why_unscored
from alliance_sim.runtime.overriding import rubrics_of, with_overrides
from alliance_sim.runtime.replay import standing_of, transcript_of
from alliance_sim.scoring.rules import score
from alliance_sim.store.repository import Store


def rubrics_in_play(library: Library, scenario: Scenario) -> list[Rubric]:
    """The rubrics of a scenario that the library has, in the scenario's order."""
    known = set(library.rubric_ids())
    return [library.rubric(name) for name in scenario.rubrics if name in known]


def scenario_of(library: Library, events: Sequence[Event]) -> Scenario:
    """The scenario that a stored session was held with.

    Raises UsageProblem where it never began, and InputProblem where the library lacks the scenario
    by now or its file does not load.
    """
    opened = next((event for event in events if isinstance(event, SessionOpened)), None)
    if opened is None:
        raise UsageProblem("that session never began; start a new one")
    if opened.scenario not in library.scenario_ids():
        raise InputProblem(
            f"the session was held with {opened.scenario} {opened.scenario_version}, and the "
            f"library has no such client now; put scenarios/{opened.scenario}.yaml back, in the "
            "working directory or the data folder"
        )
    return library.scenario(opened.scenario)


def score_events(
    session_id: str, events: Sequence[Event], scenario: Scenario, rubrics: Sequence[Rubric]
) -> Scorecard | None:
    """The scorecard of a session's events; None where it is not to be scored.

    What instructors changed stands in it, with the score that is made now as the original.
    """
    standing = standing_of(events)
    if why_unscored(standing):
        return None
    number = scenario.setting.session_number
    made = score(transcript_of(session_id, events, session_number=number), rubrics)
    return with_overrides(made, standing.overridden, rubrics)


def debrief_of(
    store: Store,
    session_id: str,
    library: Library,
    clock: Clock,
    scenario: Scenario | None = None,
) -> Debrief:
    """The debrief of a stored session. An ended one is scored once, and the scores are stored.

    `scenario`: the client, where the session was held with a file that is in no library.
    """
    stored_events = store.events(session_id)
    events = [stored.event for stored in stored_events]
    scenario = scenario or scenario_of(library, events)
    standing = standing_of(events)
    if standing.scored:
        scorecard: Scorecard | None = standing.scored.scorecard
    else:
        rubrics = rubrics_in_play(library, scenario)
        scorecard = score_events(session_id, events, scenario, rubrics)
        # A trainee's login stores no scores: whoever may stores them later, by the same rules.
        if scorecard and standing.ended and store.trainee is None:
            scored = Scored(scorecard=scorecard)
            store.append(session_id, [scored], at=clock.now())
            events.append(scored)
    if scorecard and standing.overridden:
        rubrics = rubrics_of(library, scorecard)
        scorecard = with_overrides(scorecard, standing.overridden, rubrics)
    made = make_debrief(session_id, events, scenario, scorecard)
    return replace(
        made,
        opened_at=stored_events[0].at,
        self_rating_asked=bool(standing.self_rated),
        appeals=tuple(store.appeals(session_id)),
    )


def rate(store: Store, session_id: str, ratings: Mapping[str, int], clock: Clock) -> None:
    """Store the trainee's own ratings, 0–4 a rubric; none at all when the question was passed over.

    To be asked before any score is shown. Raises StoreProblem where it cannot be written.
    """
    store.append(session_id, [SelfRated(ratings=dict(ratings))], at=clock.now())


def reflect(store: Store, session_id: str, answers: Mapping[str, str], clock: Clock) -> None:
    """Store the trainee's written reflection, by the id of its question; never scored.

    It takes the place of what was written before. Raises StoreProblem where it cannot be written.
    """
    store.append(session_id, [Reflected(answers=dict(answers))], at=clock.now())
