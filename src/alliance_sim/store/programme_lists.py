"""Sessions and trainees of a programme a page at a time, filtered and sorted by the database."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Row,
    Select,
    String,
    cast,
    func,
    literal,
    null,
    select,
)

from alliance_sim.store.report_selection import Selection, held
from alliance_sim.store.tables import appeals, memberships, people, scores, sessions


@dataclass(frozen=True)
class SessionLine:
    """A session in a list."""

    id: str
    opened_at: str
    trainee: str | None
    scenario: str
    exam: bool
    again: bool
    """Tries a turn of another session again."""
    ending: str | None
    """None: still open."""
    overall: float | None
    changed: int
    """Scores that an instructor changed."""


@dataclass(frozen=True)
class TraineeLine:
    """A trainee in a list."""

    trainee: str
    sessions: int
    """Ended, from their beginning."""
    last_at: str | None
    """When the latest was opened; None: none was held."""
    mean: float | None
    """Of the overalls, 0–4."""
    first: float | None
    last: float | None
    """Overall of the first and the last scored session."""


STAMP = 32
"""Characters of a time in the store."""


def session_count(connection: Connection, selection: Selection) -> int:
    """Sessions of the selection, open ones and tries again included."""
    query = select(func.count()).select_from(sessions).where(*selection.conditions())
    return connection.execute(query).scalar_one()


def session_lines(
    connection: Connection,
    selection: Selection,
    *,
    order: str = "opened_at",
    falling: bool = True,
    limit: int,
    offset: int = 0,
) -> list[SessionLine]:
    """A page of sessions, sorted by a column of theirs; those without its value come last."""
    columns = sessions.c
    page = (
        select(columns.id)
        .where(*selection.conditions())
        .order_by(*_ordered(columns[order], columns.id, falling=falling))
        .limit(limit)
        .offset(offset)
        .subquery("page")
    )
    # Counted for the page alone.
    changed = (
        select(func.count())
        .where(
            scores.c.session_id == columns.id,
            scores.c.is_current,
            scores.c.overridden_by.is_not(None),
        )
        .scalar_subquery()
    )
    query = (
        select(sessions, changed.label("changed"))
        .join(page, page.c.id == columns.id)
        .order_by(*_ordered(columns[order], columns.id, falling=falling))
    )
    return [_session(row) for row in connection.execute(query)]


def _session(row: Row[*tuple[Any, ...]]) -> SessionLine:
    return SessionLine(
        id=row.id,
        opened_at=row.opened_at,
        trainee=row.trainee,
        scenario=row.scenario,
        exam=bool(row.exam),
        again=row.branch_session is not None,
        ending=row.ending,
        overall=row.overall,
        changed=row.changed,
    )


def trainee_count(connection: Connection, selection: Selection) -> int:
    """Trainees with a session of the selection, or a place in its cohort."""
    query = select(func.count()).select_from(_trainees(selection).subquery())
    return connection.execute(query).scalar_one()


def trainee_lines(
    connection: Connection,
    selection: Selection,
    *,
    order: str = "trainee",
    falling: bool = False,
    limit: int,
    offset: int = 0,
) -> list[TraineeLine]:
    """A page of trainees, sorted by a field of `TraineeLine`, or by `change`: last less first.

    Those without the value come last.
    """
    every = _trainees(selection).subquery("every_trainee")
    value = every.c.last - every.c.first if order == "change" else every.c[order]
    query = select(every).order_by(*_ordered(value, every.c.trainee, falling=falling))
    return [_line(row) for row in connection.execute(query.limit(limit).offset(offset))]


def _line(row: Row[*tuple[Any, ...]]) -> TraineeLine:
    return TraineeLine(**row._mapping)


def _ordered(
    value: ColumnElement[Any],
    then: ColumnElement[Any],
    *,
    falling: bool,
) -> tuple[ColumnElement[Any], ...]:
    """Absent values last, whichever way; the id makes the order whole."""
    first, second = (value.desc(), then.desc()) if falling else (value.asc(), then.asc())
    # SQLite can follow an index on what is never absent only without the first condition.
    if getattr(value, "key", "") == "opened_at":
        return (first, second)
    return (value.is_(None), first, second)


def _trainees(selection: Selection) -> Select[Any]:
    chosen = held(selection)
    columns = chosen.c
    # The time before the value, so that least and greatest are the first and the last session's:
    # one pass, where numbering the sessions of everybody would have to sort them.
    timed = columns.opened_at + " " + cast(columns.overall, String)
    practised = (
        select(
            columns.trainee.label("trainee"),
            func.count().label("sessions"),
            func.max(columns.opened_at).label("last_at"),
            func.avg(columns.overall).label("mean"),
            _value(func.min(timed)).label("first"),
            _value(func.max(timed)).label("last"),
        )
        .where(columns.trainee.is_not(None))
        .group_by(columns.trainee)
    )
    if not _whole_cohort(selection):
        return practised
    known = practised.subquery("practised")
    idle = (
        select(people.c.id, literal(0), null(), null(), null(), null())
        .outerjoin(known, known.c.trainee == people.c.id)
        .where(people.c.role == "trainee", known.c.trainee.is_(None))
    )
    if selection.cohort is not None:
        members = select(memberships.c.person).where(memberships.c.cohort == selection.cohort)
        idle = idle.where(people.c.id.in_(members))
    if selection.trainee_begins:
        idle = idle.where(people.c.id.startswith(selection.trainee_begins, autoescape=True))
    return practised.union_all(idle)  # type: ignore[return-value]  # a select all the same


def _value(timed: ColumnElement[str]) -> ColumnElement[float]:
    """What stands behind the time."""
    return cast(func.substr(timed, STAMP + 2), Float)


def _whole_cohort(selection: Selection) -> bool:
    """Whether those without a session belong to the list."""
    narrowed = (selection.trainee, selection.assignment, selection.scenario, selection.since)
    return all(value is None for value in (*narrowed, selection.until))


@dataclass(frozen=True)
class AppealLine:
    """An appeal that waits for its answer."""

    session_id: str
    seq: int
    """Of the event with which it was made."""
    rubric: str
    reason: str
    at: str
    trainee: str | None
    scenario: str


def open_appeals(connection: Connection, selection: Selection, limit: int) -> list[AppealLine]:
    """Open appeals of the selection's sessions, the one that has waited longest first."""
    columns = appeals.c
    query = (
        select(
            columns.session_id,
            columns.seq,
            columns.rubric,
            columns.reason,
            columns.at,
            sessions.c.trainee,
            sessions.c.scenario,
        )
        .join(sessions, sessions.c.id == columns.session_id)
        .where(columns.outcome.is_(None), *selection.conditions())
        .order_by(columns.at, columns.session_id, columns.seq)
        .limit(limit)
    )
    return [AppealLine(*row) for row in connection.execute(query)]
