"""How far instructors agree with one another, and with the scorer, over a cohort's sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from alliance_sim.programme.rules import CohortRules
from alliance_sim.scoring.agreement.raters import RaterFigures, rater_figures
from alliance_sim.store.cohort_rows import WHOLE, SessionRating


@dataclass(frozen=True)
class Agreement:
    """One rubric."""

    rubric: str
    rated: int
    """Moments, replies or whole sessions, with a level from somebody."""
    raters: int
    among: RaterFigures | None
    """The raters among themselves; None: too few moments were rated by two."""
    scorer: RaterFigures | None
    """The scorer's session scores and the raters' mean; None: too few sessions were rated."""


Place = tuple[str, int]


def agreements(
    ratings: Sequence[SessionRating], order: Sequence[str], rules: CohortRules
) -> list[Agreement]:
    """The rubrics that anybody rated, in `order`, then others by id."""
    rated = {rating.rubric for rating in ratings}
    known = [name for name in order if name in rated]
    return [
        _agreement(name, [rating for rating in ratings if rating.rubric == name], rules)
        for name in [*known, *sorted(rated - set(known))]
    ]


def _agreement(rubric: str, ratings: Sequence[SessionRating], rules: CohortRules) -> Agreement:
    levels: dict[Place, dict[str, int]] = {}
    scored: dict[Place, float] = {}
    for rating in ratings:
        place = (rating.session_id, rating.turn)
        if rating.level is not None:
            levels.setdefault(place, {})[rating.rater] = rating.level
            if rating.turn == WHOLE and rating.scored is not None:
                scored[place] = rating.scored
    raters = sorted({rating.rater for rating in ratings})
    shared = {place: given for place, given in levels.items() if len(given) > 1}
    among = [[given.get(who) for who in raters] for given in shared.values()]
    beside = [[scored[place], fmean(levels[place].values())] for place in scored]
    return Agreement(
        rubric=rubric,
        rated=len(levels),
        raters=len(raters),
        among=_figures(among, list(shared), rules),
        scorer=_figures(beside, list(scored), rules),
    )


def _figures(
    rows: Sequence[Sequence[float | None]], places: Sequence[Place], rules: CohortRules
) -> RaterFigures | None:
    if len(rows) < rules.least_rated:
        return None
    # Moments of one session are drawn together: they are not independent.
    groups = [session_id for session_id, _ in places]
    return rater_figures(rows, groups, resamples=rules.resamples)
