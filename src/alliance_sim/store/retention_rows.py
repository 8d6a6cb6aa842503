"""What retention looks at: when each session was over, whose it is, and who asked for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from alliance_sim.store.chunks import chunks
from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.tables import appeals, assignments, attempts, sessions


@dataclass(frozen=True, slots=True)
class OldSession:
    """A session that was over before some time."""

    id: str
    over_at: datetime
    """When it ended; the time of its last event where it has not."""
    trainee: str | None
    cohort: str | None
    """Of the assignment that it was held for; None where it was for none."""
    contested: bool
    """An appeal of it waits for an answer."""


def sessions_over_before(connection: Connection, time: datetime) -> Iterator[OldSession]:
    """The sessions that were over before `time`, oldest first."""
    over = func.coalesce(sessions.c.ended_at, sessions.c.updated_at)
    waiting = select(appeals.c.session_id).where(appeals.c.outcome.is_(None)).distinct().subquery()
    query = (
        select(
            sessions.c.id,
            over.label("over_at"),
            sessions.c.trainee,
            assignments.c.cohort,
            waiting.c.session_id.label("waiting"),
        )
        .select_from(sessions)
        .outerjoin(attempts, attempts.c.session_id == sessions.c.id)
        .outerjoin(assignments, assignments.c.id == attempts.c.assignment)
        .outerjoin(waiting, waiting.c.session_id == sessions.c.id)
        .where(over < stamp(time))
        .order_by(over, sessions.c.id)
    )
    for row in connection.execute(query):
        yield OldSession(
            row.id, moment(row.over_at), row.trainee, row.cohort, row.waiting is not None
        )


def contested_of(connection: Connection, session_ids: Sequence[str]) -> set[str]:
    """Those of these sessions of which an appeal waits for an answer."""
    return {
        found
        for some in chunks(session_ids)
        for found in connection.scalars(
            select(appeals.c.session_id).where(
                appeals.c.outcome.is_(None), appeals.c.session_id.in_(some)
            )
        )
    }
