"""What is derived from events in the database: kept up with every append, and made again.

`sessions` has a row a session, `scores` one a rubric and scorer, `appeals` one an appeal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, delete, func, insert, select, update

from alliance_sim.domain.events import (
    EVENT,
    AppealAnswered,
    Appealed,
    Ended,
    Ending,
    Event,
    Overridden,
    Scored,
    SelfRated,
    SessionOpened,
)
from alliance_sim.domain.transcript import Pace
from alliance_sim.store.score_rows import SCORING, score_rows
from alliance_sim.store.summary import INDEXED, SessionSummary, changes
from alliance_sim.store.tables import appeals, events, scores, sessions

DERIVED = (*INDEXED, "self_rated", "appealed", "appeal_answered")
"""Types of the events from which rows are made."""

AT_ONCE = 500
"""Sessions whose rows are written together while the index is made again."""

Numbered = tuple[int, str, Event]
"""An event's number in its session, its time (UTC, ISO) and itself."""

Made = tuple[dict[str, object], list[dict[str, object]], list[dict[str, object]]]
"""The row of a session, those of its scores, those of its appeals."""


def open_row(connection: Connection, session_id: str, new: Sequence[Event], stamp: str) -> None:
    """Bring the row of a session up to events that are about to be appended at `stamp`."""
    values: dict[str, object] = {"updated_at": stamp}
    for event in new:
        values |= _columns(event, stamp)
    if isinstance(new[0], SessionOpened):
        connection.execute(insert(sessions).values(id=session_id, opened_at=stamp, **values))
    else:
        connection.execute(update(sessions).where(sessions.c.id == session_id).values(**values))


def follow(
    connection: Connection, session_id: str, new: Iterable[tuple[int, Event]], stamp: str
) -> None:
    """Bring scores and appeals up to numbered events that were just appended at `stamp`."""
    rescored = False
    for seq, event in new:
        rescored |= isinstance(event, Scored | Overridden)
        if isinstance(event, Appealed):
            row = _appeal(session_id, seq, event, stamp)
            connection.execute(insert(appeals).values(**row))
        elif isinstance(event, AppealAnswered):
            there = (appeals.c.session_id == session_id) & (appeals.c.seq == event.appeal)
            connection.execute(update(appeals).where(there).values(**_answer(event, stamp)))
    if rescored:
        _score_again(connection, session_id)


def forget(connection: Connection, session_id: str) -> None:
    """Delete all rows of a session."""
    connection.execute(delete(sessions).where(sessions.c.id == session_id))
    connection.execute(delete(scores).where(scores.c.session_id == session_id))
    connection.execute(delete(appeals).where(appeals.c.session_id == session_id))


def rebuild(connection: Connection) -> None:
    """Make all rows again from the events.

    A session whose first event cannot be read gets no row, so that one damaged record does not
    keep all others from being listed; reading that session says what is wrong with it.
    """
    for table in (sessions, scores, appeals):
        connection.execute(delete(table))
    made = _derived_rows(connection)
    while some := list(islice(made, AT_ONCE)):
        _write(connection, some)


def add(connection: Connection, session_id: str, all_events: Sequence[Numbered]) -> None:
    """Make the rows of a session that has none, from its events, which need not be written yet.

    Raises ValueError where they do not begin with SessionOpened.
    """
    made = _session_rows(session_id, all_events)
    if made is None:
        raise ValueError("a session begins with its opening")
    made[0]["updated_at"] = all_events[-1][1]
    _write(connection, [made])


def _write(connection: Connection, made: Sequence[Made]) -> None:
    connection.execute(insert(sessions), [session for session, _, _ in made])
    _add(connection, scores, [row for _, scored, _ in made for row in scored])
    _add(connection, appeals, [row for _, _, appealed in made for row in appealed])


def _add(connection: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(insert(table), rows)


def summary(row: Row[*tuple[Any, ...]]) -> SessionSummary:
    """A row of the index as a value."""
    values = dict(row._mapping)
    values["opened_at"] = datetime.fromisoformat(row.opened_at)
    values["updated_at"] = datetime.fromisoformat(row.updated_at)
    values["ended_at"] = None if row.ended_at is None else datetime.fromisoformat(row.ended_at)
    values["self_ratings"] = json.loads(row.self_ratings or "{}")
    values["pace"] = Pace(row.pace)
    values["ending"] = None if row.ending is None else Ending(row.ending)
    return SessionSummary(**values)


def _columns(event: Event, stamp: str) -> Mapping[str, object]:
    match event:
        case Ended():
            return {**changes(event), "ended_at": stamp}
        case SelfRated():
            return {"self_ratings": json.dumps(event.ratings)}
        case _:
            return changes(event)


def _score_again(connection: Connection, session_id: str) -> None:
    query = select(events.c.at, events.c.payload).where(
        events.c.session_id == session_id, events.c.type.in_(SCORING)
    )
    found = connection.execute(query.order_by(events.c.seq)).all()
    read = ((row.at, read_event(row.payload)) for row in found)
    rows = score_rows(session_id, ((at, event) for at, event in read if event))
    connection.execute(delete(scores).where(scores.c.session_id == session_id))
    if rows:
        connection.execute(insert(scores), rows)


def _appeal(session_id: str, seq: int, event: Appealed, at: str) -> dict[str, object]:
    said = {"rubric": event.rubric, "reason": event.reason, "at": at}
    unanswered = dict.fromkeys(("outcome", "answer", "answered_by", "answered_at"))
    return {"session_id": session_id, "seq": seq, **said, **unanswered}


def _answer(event: AppealAnswered, at: str) -> dict[str, object]:
    answer = {"outcome": event.outcome, "answer": event.answer}
    return {**answer, "answered_by": event.who, "answered_at": at}


def _derived_rows(connection: Connection) -> Iterator[Made]:
    latest = {row.session_id: row.at for row in connection.execute(_latest())}
    found = connection.execute(_of_types().execution_options(yield_per=AT_ONCE))
    for session_id, rows in groupby(found, key=lambda row: str(row.session_id)):
        read = ((row.seq, row.at, read_event(row.payload)) for row in rows)
        made = _session_rows(session_id, [(n, at, event) for n, at, event in read if event])
        if made:
            made[0]["updated_at"] = latest[session_id]
            yield made


def _session_rows(session_id: str, known: Sequence[Numbered]) -> Made | None:
    if not known or not isinstance(known[0][2], SessionOpened):
        return None
    session: dict[str, object] = {"id": session_id, "opened_at": known[0][1]}
    session |= dict.fromkeys(("ended_at", "self_ratings"))
    made: dict[int, dict[str, object]] = {}
    for seq, at, event in known:
        session |= _columns(event, at)
        if isinstance(event, Appealed):
            made[seq] = _appeal(session_id, seq, event, at)
        elif isinstance(event, AppealAnswered) and event.appeal in made:
            made[event.appeal] |= _answer(event, at)
    scored = score_rows(session_id, ((at, event) for _, at, event in known))
    return session, scored, list(made.values())


def _of_types() -> Select[Any]:
    columns = (events.c.session_id, events.c.seq, events.c.at, events.c.payload)
    chosen = select(*columns).where(events.c.type.in_(DERIVED))
    return chosen.order_by(events.c.session_id, events.c.seq)


def _latest() -> Select[Any]:
    last = select(events.c.session_id, func.max(events.c.seq).label("seq"))
    heads = last.group_by(events.c.session_id).subquery()
    return select(events.c.session_id, events.c.at).join(
        heads, (events.c.session_id == heads.c.session_id) & (events.c.seq == heads.c.seq)
    )


def read_event(payload: str) -> Event | None:
    """An event; None where it is damaged, or from a newer version of the program."""
    try:
        return EVENT.validate_json(payload)
    except ValueError:
        return None
