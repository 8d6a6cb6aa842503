"""Which rubrics a trainee is asked to rate before any score is shown or stored."""

from alliance_sim.authoring.library import Library
from alliance_sim.domain.rubric import Rubric
from alliance_sim.runtime.replay import standing_of
from alliance_sim.runtime.results import rubrics_in_play, scenario_of, score_events
from alliance_sim.store.repository import Store


def rubrics_to_rate(store: Store, session_id: str, library: Library) -> list[Rubric]:
    """Those in play that were observed, in the scenario's order.

    None where the session goes on, is not scored, or the question was asked before. Raises what
    `scenario_of` raises, and StoreProblem.
    """
    events = [stored.event for stored in store.events(session_id)]
    standing = standing_of(events)
    if standing.ended is None or standing.self_rated:
        return []
    scenario = scenario_of(library, events)
    rubrics = rubrics_in_play(library, scenario)
    stored = standing.scored
    card = stored.scorecard if stored else score_events(session_id, events, scenario, rubrics)
    seen = {score.rubric for score in card.rubrics if score.score is not None} if card else set()
    return [rubric for rubric in rubrics if rubric.id in seen]
