"""What the report of one trainee is made from: her sessions, their scores, what she was asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, Subquery, func, or_, select

from alliance_sim.domain.events import Ending, Scored
from alliance_sim.domain.scorecard import JUDGE, Evidence
from alliance_sim.store.index import read_event
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.tables import assignments, attempts, events, memberships, scores, sessions


@dataclass(frozen=True)
class ScoreRow:
    """The score of a rubric that counts in a session."""

    score: float | None
    """0–4; None: not observed."""
    changed: bool
    """By an instructor."""
    original: float | None
    """The scorer's own where it was changed; None where that had observed nothing."""


@dataclass(frozen=True)
class SessionRow:
    """An ended session."""

    id: str
    opened_at: datetime
    scenario: str
    ending: str
    exam: bool
    overall: float | None
    self_ratings: Mapping[str, int]
    scores: Mapping[str, ScoreRow] = field(default_factory=dict)
    """By rubric; empty where it is not scored."""


@dataclass(frozen=True)
class OpenAssignment:
    """Something a trainee is still asked to practise."""

    id: str
    title: str
    scenarios: tuple[str, ...]
    due_at: datetime | None
    used: int
    """Attempts so far; one that she stopped is none."""
    attempts: int | None
    """That may be made; None: any number."""
    ended: int
    """Of those so far, how many have ended."""


def trainee_sessions(connection: Connection, selection: Selection) -> list[SessionRow]:
    """Her ended sessions, oldest first; tries of a turn again are left out."""
    found = _scores(connection, selection)
    query = (
        select(sessions)
        .where(
            sessions.c.ending.is_not(None),
            sessions.c.branch_session.is_(None),
            *selection.conditions(),
        )
        .order_by(sessions.c.opened_at, sessions.c.id)
    )
    return [
        SessionRow(
            id=row.id,
            opened_at=moment(row.opened_at),
            scenario=row.scenario,
            ending=row.ending,
            exam=row.exam,
            overall=row.overall,
            self_ratings=json.loads(row.self_ratings or "{}"),
            scores=found.get(row.id, {}),
        )
        for row in connection.execute(query)
    ]


def _scores(connection: Connection, selection: Selection) -> dict[str, dict[str, ScoreRow]]:
    query = (
        select(scores)
        .join(sessions, sessions.c.id == scores.c.session_id)
        .where(scores.c.is_current, *selection.conditions())
    )
    found: dict[str, dict[str, ScoreRow]] = {}
    for row in connection.execute(query):
        changed = row.overridden_by is not None
        made = ScoreRow(row.score, changed, row.original_score if changed else None)
        found.setdefault(row.session_id, {})[row.rubric] = made
    return found


def tries_again(connection: Connection, selection: Selection) -> int:
    """How many sessions try a turn of another one again."""
    query = select(func.count()).where(
        sessions.c.branch_session.is_not(None), *selection.conditions()
    )
    return connection.execute(query).scalar_one()


def evidence_of(
    connection: Connection, session_ids: Sequence[str]
) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    """The evidence of the scores made last, by session and rubric; none of what cannot be read.

    As with scores, what was scored offline goes before a judge's, and scoring one rubric again
    leaves the others as they were.
    """
    query = (
        select(events.c.session_id, events.c.payload)
        .where(events.c.session_id.in_(session_ids), events.c.type == "scored")
        .order_by(events.c.session_id, events.c.seq)
    )
    found: dict[str, dict[str, tuple[Evidence, ...]]] = {}
    offline: set[tuple[str, str]] = set()
    for row in connection.execute(query):
        event = read_event(row.payload)
        if not isinstance(event, Scored):
            continue
        for score in event.scorecard.rubrics:
            place = (row.session_id, score.rubric)
            if event.scorecard.scorer != JUDGE:
                offline.add(place)
            elif place in offline:
                continue
            found.setdefault(row.session_id, {})[score.rubric] = score.evidence
    return found


def open_assignments(
    connection: Connection, trainee: str, now: datetime
) -> tuple[OpenAssignment, ...]:
    """What her cohorts ask of her and she may still do; what is due first comes first.

    Attempts that are left count until it is due; after that, only what she has not done at all.
    """
    mine = _attempts_of(trainee)
    query = (
        select(
            *assignments.c,
            func.count(mine.c.session_id).label("used"),
            func.count(mine.c.ending).label("ended"),
        )
        .join(memberships, memberships.c.cohort == assignments.c.cohort)
        .outerjoin(mine, mine.c.assignment == assignments.c.id)
        .where(
            memberships.c.person == trainee,
            or_(assignments.c.opens_at.is_(None), assignments.c.opens_at <= stamp(now)),
        )
        .group_by(*assignments.c)
    )
    rows = connection.execute(query).all()
    found = [
        OpenAssignment(
            id=row.id,
            title=row.title,
            scenarios=tuple(json.loads(row.scenarios)),
            due_at=moment(row.due_at) if row.due_at else None,
            used=row.used,
            attempts=row.attempts,
            ended=row.ended,
        )
        for row in rows
    ]
    return tuple(sorted((each for each in found if _open(each, now)), key=_by_due))


def _attempts_of(trainee: str) -> Subquery:
    """Her attempts, without those that she stopped: these have used none."""
    joined = attempts.join(sessions, sessions.c.id == attempts.c.session_id)
    kept = sessions.c.ending.is_(None) | (sessions.c.ending != Ending.STOPPED.value)
    query = select(attempts.c.assignment, attempts.c.session_id, sessions.c.ending)
    return query.select_from(joined).where(attempts.c.trainee == trainee, kept).subquery("mine")


def _open(each: OpenAssignment, now: datetime) -> bool:
    over = each.due_at is not None and each.due_at < now
    if not each.ended:
        return True
    return not over and each.attempts is not None and each.used < each.attempts


def _by_due(assignment: OpenAssignment) -> tuple[bool, str, str]:
    due = assignment.due_at
    return (due is None, stamp(due) if due else "", assignment.id)
