"""What the report of one trainee is made from: her sessions, their scores, what she was asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, and_, func, or_, select

from alliance_sim.domain.events import EVENT, Scored
from alliance_sim.domain.scorecard import JUDGE, Evidence, Scorecard
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
    done: int
    """Attempts so far."""
    attempts: int | None
    """That may be made; None: any number."""


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
    """The evidence of the scores made last, by session and rubric.

    As with scores, what was scored offline goes before a judge's.
    """
    query = (
        select(events.c.session_id, events.c.payload)
        .where(events.c.session_id.in_(session_ids), events.c.type == "scored")
        .order_by(events.c.session_id, events.c.seq)
    )
    cards: dict[str, Scorecard] = {}
    for row in connection.execute(query):
        event = EVENT.validate_json(row.payload)
        before = cards.get(row.session_id)
        if isinstance(event, Scored) and (
            before is None or event.scorecard.scorer != JUDGE or before.scorer == JUDGE
        ):
            cards[row.session_id] = event.scorecard
    return {name: _said(card) for name, card in cards.items()}


def _said(card: Scorecard) -> dict[str, tuple[Evidence, ...]]:
    return {score.rubric: score.evidence for score in card.rubrics}


def open_assignments(
    connection: Connection, trainee: str, now: datetime
) -> tuple[OpenAssignment, ...]:
    """What her cohorts ask of her and she may still do; what is due first comes first.

    Attempts that are left count until it is due; after that, only what she has not done at all.
    """
    mine = and_(attempts.c.assignment == assignments.c.id, attempts.c.trainee == trainee)
    done = func.count(attempts.c.session_id).label("done")
    query = (
        select(*assignments.c, done)
        .join(memberships, memberships.c.cohort == assignments.c.cohort)
        .outerjoin(attempts, mine)
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
            done=row.done,
            attempts=row.attempts,
        )
        for row in rows
    ]
    return tuple(sorted((each for each in found if _open(each, now)), key=_by_due))


def _open(each: OpenAssignment, now: datetime) -> bool:
    over = each.due_at is not None and each.due_at < now
    if not each.done:
        return True
    return not over and each.attempts is not None and each.done < each.attempts


def _by_due(assignment: OpenAssignment) -> tuple[bool, str, str]:
    due = assignment.due_at
    return (due is None, stamp(due) if due else "", assignment.id)
