"""The one number of an attempt: the session's overall, or that of the rubrics which count for the
assignment."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from sqlalchemy import Connection

from alliance_sim.authoring.library import Library
from alliance_sim.domain.programme import Assignment
from alliance_sim.programme.standing import Standing
from alliance_sim.store import counted_attempts
from alliance_sim.store.counted_attempts import Counted

Grades = Mapping[str, float | None]
"""By session, of assignments that name rubrics; 0–4, None: none of these was observed."""


def grades(connection: Connection, asked: Iterable[Assignment], library: Library) -> Grades:
    """What attempts at these assignments weigh, where the assignment names rubrics.

    A rubric that the library lacks by now has no weight, and is left out.
    """
    found: dict[str, float | None] = {}
    known = set(library.rubric_ids())
    for each in asked:
        weights = {name: library.rubric(name).weight for name in each.rubrics if name in known}
        if each.rubrics:
            scores = counted_attempts.scores_of(connection, each.id, each.rubrics)
            found |= {session: weighted(hers, weights) for session, hers in scores.items()}
    return found


def weighted(scores: Mapping[str, float], weights: Mapping[str, float]) -> float | None:
    """Weighted mean of observed scores, as the overall is made: the weight of others is shared out.

    >>> weighted({"empathy": 4.0, "pacing": 1.0}, {"empathy": 2.0, "pacing": 1.0, "safety": 9.0})
    3.0
    """
    counting = [name for name in scores if weights.get(name)]
    if not counting:
        return None
    values = [scores[name] for name in counting]
    return round(fmean(values, weights=[weights[name] for name in counting]), 2)


def graded(standings: Sequence[Standing], found: Grades) -> list[Standing]:
    """Standings whose attempts weigh what the rubrics that count give them."""
    return [
        replace(
            each,
            held=tuple(
                replace(held, overall=found.get(held.session_id, held.overall))
                for held in each.held
            ),
        )
        for each in standings
    ]


def graded_attempts(attempts: Iterable[Counted], found: Grades) -> Iterator[Counted]:
    """The same of attempts for a gradebook; one of which nothing that counts was observed is left
    out."""
    for each in attempts:
        value = found.get(each.session_id, each.overall)
        if value is not None:
            yield each._replace(overall=value)
