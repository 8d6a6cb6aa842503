"""Making a batch, stopping it, and taking it up again: always together with its jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import Connection

from alliance_sim.authoring.library import Library
from alliance_sim.domain.batch import Batch
from alliance_sim.domain.scorecard import OFFLINE
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.batches.terms import terms_from
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import assignments, batches, cohorts, job_queue
from alliance_sim.store.audit import note
from alliance_sim.store.batches import Choice
from alliance_sim.store.ids import new_session_id
from alliance_sim.store.repository import Store


@dataclass(frozen=True)
class Order:
    """What is to be scored again, and how."""

    choice: Choice
    scorer: str = OFFLINE
    model: str = ""
    """Of the judge; empty: whichever a worker has."""
    votes: int = 1
    rubrics: tuple[str, ...] | None = None
    """Ids; None: those of each session's scenario."""
    again: bool = False
    """Where there is such a score already, too."""
    first: bool = False
    """Somebody waits for it: before what waits already in a server's queue."""


def enqueue(
    store: Store, library: Library, order: Order, *, who: str, clock: Clock, randomness: Random
) -> Batch:
    """Make a batch with the rubrics that the library has now; it is committed when this returns.

    Raises UsageProblem where no session fits that has ended, and InputProblem for a rubric or
    scenario that cannot be had.
    """
    job_queue.prepare(store)
    with store.reading() as connection:
        _check(connection, order.choice)
        scenarios = batches.scenarios_of(connection, order.choice)
    terms = terms_from(library, scenarios, asked=order.rubrics, again=order.again)
    now = clock.now()
    batch = Batch(
        id=f"b-{new_session_id(now, randomness)}",
        created_at=now,
        who=who,
        scorer=order.scorer,
        model=order.model,
        votes=order.votes,
        terms=terms,
        total=0,
    )

    def work(connection: Connection) -> Batch:
        made = batches.add(connection, batch, order.choice)
        if not made.total:
            raise UsageProblem("no session that has ended fits; nothing was enqueued")
        sessions = batches.waiting_in(connection, made.id)
        _add_jobs(connection, made, sessions, first=order.first)
        detail = {"scorer": made.scorer, "model": made.model, "sessions": made.total}
        note(connection, at=now, who=who, action="batch", subject=made.id, detail=detail)
        return made

    return store.transact(work)


def stop(store: Store, batch_id: str, *, who: str, clock: Clock) -> None:
    """Let no worker take up what still waits; what is under way is finished."""

    def work(connection: Connection) -> None:
        batches.stop(connection, batch_id, clock.now())
        if job_queue.is_server(connection):
            job_queue.drop(connection, batch_id)
        _note(connection, batch_id, "stop", who, clock)

    job_queue.prepare(store)
    store.transact(work)


def take_up(store: Store, batch: Batch, *, who: str, clock: Clock) -> int:
    """Let what failed wait again, and a stopped batch go on; how many sessions wait then."""

    def work(connection: Connection) -> int:
        failed = batches.retry(connection, batch.id)
        waiting = batches.waiting_in(connection, batch.id)
        if job_queue.is_server(connection):
            job_queue.alone(connection)
            all_of_them = not job_queue.has_jobs(connection, batch.id)
            _add_jobs(connection, batch, waiting if all_of_them else failed)
        _note(connection, batch.id, "retry", who, clock)
        return len(waiting)

    job_queue.prepare(store)
    return store.transact(work)


def _check(connection: Connection, choice: Choice) -> None:
    if choice.cohort is not None:
        cohorts.need(connection, choice.cohort)
    if choice.assignment is not None:
        assignments.need(connection, choice.assignment)


def _add_jobs(
    connection: Connection, batch: Batch, sessions: Sequence[str], *, first: bool = False
) -> None:
    if job_queue.is_server(connection):
        job_queue.add(connection, batch.id, batch.scorer, sessions, first=first)


def _note(connection: Connection, batch_id: str, what: str, who: str, clock: Clock) -> None:
    detail = {"what": what}
    note(connection, at=clock.now(), who=who, action="batch", subject=batch_id, detail=detail)
