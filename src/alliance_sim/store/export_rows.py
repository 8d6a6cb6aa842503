"""Scores of many sessions for exports, read in one stream: as many as there are fit in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, Row, Select, exists, func, select

from alliance_sim.domain.events import Ending
from alliance_sim.domain.scorecard import OFFLINE
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.tables import (
    assignments,
    attempts,
    memberships,
    people,
    scores,
    sessions,
)

AT_ONCE = 2000
"""Rows that are fetched from a server together."""

BETWEEN = ";"
"""Stands between the cohorts of somebody who is in several; no id of a cohort holds it."""

_OF_A_SESSION = (
    *("trainee", "scenario", "scenario_version", "ending", "overall", "self_ratings"),
    *("branch_session", "branch_turn", "opened_at", "ended_at"),
)
"""Nothing of how the words arrived: pace and time can be an accommodation."""


@dataclass(frozen=True)
class Wanted:
    """Which scores an export holds."""

    sessions: Selection = field(default_factory=Selection)
    rubric: str | None = None
    all_scorers: bool = False
    """Every scorer's and every version's, instead of the one that counts."""
    branches: bool = True
    """Sessions that try a turn of another again, too."""
    consented: bool = False
    """Only of trainees who agreed that their scores are used for research."""


def rows(connection: Connection, wanted: Wanted) -> Iterator[Row[*tuple[Any, ...]]]:
    """A row a session and rubric; the oldest session first, its rubrics by name.

    The names of the columns are those of the tables, and `cohorts`, all of the trainee's, joined
    by `BETWEEN`; `cohort`, that of the assignment.
    """
    found = connection.execute(
        _chosen(wanted).order_by(
            sessions.c.opened_at,
            sessions.c.id,
            *(scores.c[name] for name in ("rubric", "rubric_version", "scorer", "model")),
        ),
        execution_options={"yield_per": AT_ONCE},
    )
    yield from found


def count(connection: Connection, wanted: Wanted) -> int:
    """How many rows there will be."""
    query = select(func.count()).select_from(_scored()).where(*_conditions(wanted))
    return int(connection.scalar(query) or 0)


def waiting(connection: Connection, wanted: Wanted) -> list[str]:
    """Sessions that ended before they could be scored, the oldest first: the program was closed,
    say. A stopped session is never scored.
    """
    offline = exists().where(scores.c.session_id == sessions.c.id, scores.c.scorer == OFFLINE)
    query = select(sessions.c.id).where(
        sessions.c.overall.is_(None),
        sessions.c.ending.is_not(None),
        sessions.c.ending != Ending.STOPPED.value,
        ~offline,
        *of_sessions(wanted),
    )
    return list(connection.scalars(query.order_by(sessions.c.opened_at, sessions.c.id)))


def strangers(connection: Connection, wanted: Wanted) -> list[str]:
    """Who is named in the sessions, and is no pseudonym of this programme: a name, perhaps.

    None of them where the programme has no roster.
    """
    rostered = select(people.c.id)
    if connection.scalar(select(func.count()).select_from(people)) == 0:
        return []
    query = select(sessions.c.trainee).distinct().select_from(_scored())
    query = query.where(*_conditions(wanted), sessions.c.trainee.not_in(rostered))
    return list(connection.scalars(query.order_by(sessions.c.trainee)))


def of_sessions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions on sessions alone."""
    found = list(wanted.sessions.conditions())
    if not wanted.branches:
        found.append(sessions.c.branch_session.is_(None))
    if wanted.consented:
        agreed = select(people.c.id).where(people.c.consent_research)
        found.append(sessions.c.trainee.in_(agreed))
    return found


def _chosen(wanted: Wanted) -> Select[Any]:
    # Grouped once: asked for each row, it would take as long as all the rest.
    in_cohorts = (
        select(
            memberships.c.person,
            func.aggregate_strings(memberships.c.cohort, BETWEEN).label("cohorts"),
        )
        .group_by(memberships.c.person)
        .subquery("in_cohorts")
    )
    joined = (
        _scored()
        .outerjoin(attempts, attempts.c.session_id == sessions.c.id)
        .outerjoin(assignments, assignments.c.id == attempts.c.assignment)
        .outerjoin(in_cohorts, in_cohorts.c.person == sessions.c.trainee)
    )
    columns: list[ColumnElement[Any]] = [
        *scores.c,
        *(sessions.c[name] for name in _OF_A_SESSION),
        attempts.c.assignment,
        attempts.c.number,
        assignments.c.due_at,
        assignments.c.cohort,
        in_cohorts.c.cohorts,
    ]
    query: Select[Any] = select(*columns).select_from(joined)
    return query.where(*_conditions(wanted))


def _scored() -> Join:
    return sessions.join(scores, scores.c.session_id == sessions.c.id)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found = of_sessions(wanted)
    if wanted.rubric is not None:
        found.append(scores.c.rubric == wanted.rubric)
    if not wanted.all_scorers:
        found.append(scores.c.is_current)
    return found
