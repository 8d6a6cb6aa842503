"""Batches in the store: which sessions are to be scored again, and how far each of them is.

`batch_items` is the truth about the work, on every database. Whatever hands the work out may lose
it or hand it out twice: a session is scored once, for its result is written in one transaction
with the item, whose row is locked first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Update,
    func,
    insert,
    literal,
    select,
    update,
)

from alliance_sim.domain.batch import Batch, ItemState, Terms
from alliance_sim.domain.events import EVENT, Scored
from alliance_sim.errors import UsageProblem
from alliance_sim.store import index
from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.tables import (
    attempts,
    batch_items,
    batches,
    events,
    memberships,
    sessions,
)

AT_ONCE = 500
"""Ids in one question."""

SHOWN = 5


@dataclass(frozen=True)
class Choice:
    """Which sessions: those to which all that is given applies; only sessions that have ended."""

    sessions: tuple[str, ...] | None = None
    """Ids; None: any."""
    cohort: str | None = None
    """Held by its members."""
    assignment: str | None = None
    """Held or handed in for it."""
    scenario: str | None = None
    since: datetime | None = None
    """Opened then or later."""


class Moved(Exception):
    """The session has grown since it was read: what was made of it is of an older state."""


@dataclass(frozen=True)
class Result:
    """What came of a session, to be written with its item."""

    state: ItemState
    why: str | None = None
    scored: Scored | None = None
    head: int = 0
    """Number of the last event that was known when it was scored."""


def add(connection: Connection, batch: Batch, choice: Choice) -> Batch:
    """Make a batch of the sessions that are chosen; `total` of the result is how many they are."""
    states = {"state": ItemState.WAITING.value, "at": stamp(batch.created_at)}
    for query in _chosen(choice):
        chosen = query.where(sessions.c.ending.is_not(None))
        rows = chosen.add_columns(literal(batch.id), *(literal(each) for each in states.values()))
        columns = ["session_id", "batch", *states]
        connection.execute(insert(batch_items).from_select(columns, rows))
    there = select(func.count()).where(batch_items.c.batch == batch.id)
    whole = replace(batch, total=connection.scalar(there) or 0)
    connection.execute(
        insert(batches).values(
            id=whole.id,
            created_at=stamp(whole.created_at),
            who=whole.who,
            scorer=whole.scorer,
            model=whole.model,
            votes=whole.votes,
            rubrics=whole.terms.model_dump_json(),
            total=whole.total,
            stopped_at=None,
        )
    )
    return whole


def still_open(connection: Connection, choice: Choice) -> int:
    """How many sessions that are chosen have not ended, and so cannot be scored."""
    open_ = (query.where(sessions.c.ending.is_(None)) for query in _chosen(choice))
    return sum(
        connection.scalar(select(func.count()).select_from(query.subquery())) or 0
        for query in open_
    )


def scenarios_of(connection: Connection, choice: Choice) -> list[str]:
    """Ids of the scenarios that the chosen sessions were held with."""
    found: set[str] = set()
    for query in _chosen(choice):
        column = query.with_only_columns(sessions.c.scenario).distinct()
        found.update(connection.scalars(column))
    return sorted(found)


def get(connection: Connection, batch_id: str) -> Batch | None:
    """A batch by its whole id."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).one_or_none()
    return None if row is None else _batch(row)


def need(connection: Connection, name: str) -> Batch:
    """A batch by its id, the beginning of it, or `last`. Raises UsageProblem."""
    known = select(batches.c.id).order_by(batches.c.created_at.desc(), batches.c.id.desc())
    ids = connection.scalars(known).all()
    if not ids:
        raise UsageProblem("there is no batch yet; one is made by: alliance-sim score --enqueue")
    fits = list(ids[:1]) if name == "last" else [each for each in ids if each.startswith(name)]
    exact = name if name in ids else fits[0] if len(fits) == 1 and name else None
    found = None if exact is None else get(connection, exact)
    if found is None:
        some = ", ".join((fits if name and fits else ids)[:SHOWN])
        what = "several batches begin so" if name and fits else "no such batch; the newest are"
        raise UsageProblem(f"{name}: {what}: {some}")
    return found


def every(connection: Connection) -> list[Batch]:
    """All batches, the newest first."""
    query = select(batches).order_by(batches.c.created_at.desc(), batches.c.id.desc())
    return [_batch(row) for row in connection.execute(query)]


def counts(connection: Connection, batch_id: str) -> dict[ItemState, int]:
    """How many sessions of a batch are in which state. A deleted session is in none."""
    query = select(batch_items.c.state, func.count()).where(batch_items.c.batch == batch_id)
    found = connection.execute(query.group_by(batch_items.c.state))
    return {ItemState(state): number for state, number in found}


def reasons(connection: Connection, batch_id: str, state: ItemState) -> list[tuple[str, int]]:
    """Why sessions are in a state, the most frequent reason first."""
    query = select(batch_items.c.why, func.count()).where(
        batch_items.c.batch == batch_id, batch_items.c.state == state.value
    )
    ranked = query.group_by(batch_items.c.why).order_by(func.count().desc(), batch_items.c.why)
    return [(why or "", number) for why, number in connection.execute(ranked)]


def workers(connection: Connection, batch_id: str, since: datetime) -> dict[str, int]:
    """How many sessions each worker has settled since then."""
    query = select(batch_items.c.worker, func.count()).where(
        batch_items.c.batch == batch_id,
        batch_items.c.state != ItemState.WAITING.value,
        batch_items.c.worker.is_not(None),
        batch_items.c.at >= stamp(since),
    )
    return {
        str(name): number
        for name, number in connection.execute(query.group_by(batch_items.c.worker))
    }


def waiting(connection: Connection, scorers: Sequence[str]) -> dict[str, int]:
    """How many sessions wait in each batch that goes on, of these scorers."""
    query = select(batch_items.c.batch, func.count()).where(_open(scorers))
    return {
        str(batch): number
        for batch, number in connection.execute(query.group_by(batch_items.c.batch))
    }


def any_waiting(
    connection: Connection, scorers: Sequence[str], *, batch: str | None = None
) -> bool:
    """Whether a session waits in any batch that goes on, of these scorers; or in one of them."""
    some = select(batch_items.c.batch).where(_open(scorers, batch)).limit(1)
    return connection.execute(some).first() is not None


def waiting_in(connection: Connection, batch_id: str) -> list[str]:
    """The sessions of a batch that wait, by id."""
    query = select(batch_items.c.session_id).where(
        batch_items.c.batch == batch_id, batch_items.c.state == ItemState.WAITING.value
    )
    return list(connection.scalars(query.order_by(batch_items.c.session_id)))


def claim(
    connection: Connection,
    worker: str,
    *,
    now: datetime,
    stale: datetime,
    scorers: Sequence[str],
    limit: int,
    batch: str | None = None,
) -> list[tuple[str, str]]:
    """Take waiting sessions that nobody has, or whose worker has not renewed since `stale`.

    For a store in a file, where workers share one machine and its clock. Of one batch, or of all.
    Gives batch and session.
    """
    free = batch_items.c.worker.is_(None) | (batch_items.c.at < stamp(stale))
    query = select(batch_items.c.batch, batch_items.c.session_id).where(_open(scorers, batch), free)
    some = query.order_by(batch_items.c.batch, batch_items.c.session_id).limit(limit)
    found = [(row.batch, row.session_id) for row in connection.execute(some)]
    for its, session in found:
        taken = update(batch_items).where(_item(its, session))
        connection.execute(taken.values(worker=worker, at=stamp(now)))
    return found


def renew(connection: Connection, worker: str, now: datetime) -> None:
    """Say that a worker is still at what it has claimed."""
    connection.execute(_claimed(worker).values(at=stamp(now)))


def release(connection: Connection, worker: str) -> None:
    """Give back what a worker has claimed and not settled."""
    connection.execute(_claimed(worker).values(worker=None))


def state_of(connection: Connection, batch_id: str, session_id: str) -> ItemState | None:
    """How far a session is; None where it is in no such batch any more, as when it was deleted."""
    state = connection.scalar(select(batch_items.c.state).where(_item(batch_id, session_id)))
    return None if state is None else ItemState(state)


def settle(
    connection: Connection,
    batch_id: str,
    session_id: str,
    result: Result,
    *,
    at: datetime,
    worker: str,
) -> bool:
    """Write what came of a session: its scores as an event, the rows made from it, its state.

    Part of the transaction of `connection`. False, and nothing is written, where the session does
    not wait any more. Raises Moved where it has grown since it was read.
    """
    locked = select(batch_items.c.state).where(_item(batch_id, session_id)).with_for_update()
    if connection.scalar(locked) != ItemState.WAITING.value:
        return False
    if result.scored is not None:
        _append(connection, session_id, result.scored, result.head, stamp(at))
    written = {"state": result.state.value, "why": result.why, "at": stamp(at), "worker": worker}
    connection.execute(update(batch_items).where(_item(batch_id, session_id)).values(**written))
    return True


def stop(connection: Connection, batch_id: str, at: datetime) -> None:
    """Let no worker take up what still waits."""
    changed = update(batches).where(batches.c.id == batch_id, batches.c.stopped_at.is_(None))
    connection.execute(changed.values(stopped_at=stamp(at)))


def retry(connection: Connection, batch_id: str) -> list[str]:
    """Let what failed wait again, and a batch that was stopped go on; the sessions that failed."""
    connection.execute(update(batches).where(batches.c.id == batch_id).values(stopped_at=None))
    failed = (batch_items.c.batch == batch_id) & (batch_items.c.state == ItemState.FAILED.value)
    query = select(batch_items.c.session_id).where(failed).order_by(batch_items.c.session_id)
    sessions_ = list(connection.scalars(query))
    again = {"state": ItemState.WAITING.value, "why": None, "worker": None}
    connection.execute(update(batch_items).where(failed).values(**again))
    return sessions_


def _append(
    connection: Connection, session_id: str, scored: Scored, head: int, written: str
) -> None:
    last = connection.scalar(
        select(func.max(events.c.seq)).where(events.c.session_id == session_id)
    )
    if last != head:
        raise Moved
    payload = scored.model_dump_json()
    stored = EVENT.validate_json(payload)
    index.open_row(connection, session_id, [stored], written)
    row = {"session_id": session_id, "seq": head + 1, "at": written, "type": scored.type}
    connection.execute(insert(events).values(**row, payload=payload))
    index.follow(connection, session_id, [(head + 1, stored)], written)


def _chosen(choice: Choice) -> Iterator[Select[tuple[str]]]:
    """Queries for the ids of the sessions, ended or not; none of them in two."""
    query = select(sessions.c.id)
    if choice.cohort is not None:
        members = select(memberships.c.person).where(memberships.c.cohort == choice.cohort)
        query = query.where(sessions.c.trainee.in_(members))
    if choice.assignment is not None:
        held = select(attempts.c.session_id).where(attempts.c.assignment == choice.assignment)
        query = query.where(sessions.c.id.in_(held))
    if choice.scenario is not None:
        query = query.where(sessions.c.scenario == choice.scenario)
    if choice.since is not None:
        query = query.where(sessions.c.opened_at >= stamp(choice.since))
    if choice.sessions is None:
        yield query
        return
    named = list(dict.fromkeys(choice.sessions))
    for at in range(0, len(named), AT_ONCE):
        yield query.where(sessions.c.id.in_(named[at : at + AT_ONCE]))


def _item(batch_id: str, session_id: str) -> ColumnElement[bool]:
    return (batch_items.c.batch == batch_id) & (batch_items.c.session_id == session_id)


def _claimed(worker: str) -> Update:
    waits = batch_items.c.state == ItemState.WAITING.value
    return update(batch_items).where(batch_items.c.worker == worker, waits)


def _open(scorers: Sequence[str], batch: str | None = None) -> ColumnElement[bool]:
    going_on = select(batches.c.id).where(
        batches.c.stopped_at.is_(None), batches.c.scorer.in_(scorers)
    )
    if batch is not None:
        going_on = going_on.where(batches.c.id == batch)
    waits: ColumnElement[bool] = batch_items.c.state == ItemState.WAITING.value
    return waits & batch_items.c.batch.in_(going_on)


def _batch(row: Row[*tuple[Any, ...]]) -> Batch:
    values = row._mapping
    stopped = values["stopped_at"]
    return Batch(
        id=values["id"],
        created_at=moment(values["created_at"]),
        who=values["who"],
        scorer=values["scorer"],
        model=values["model"],
        votes=values["votes"],
        terms=Terms.model_validate_json(values["rubrics"]),
        total=values["total"],
        stopped_at=None if stopped is None else moment(stopped),
    )
