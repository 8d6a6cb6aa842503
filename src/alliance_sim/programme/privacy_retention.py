"""Retention: sessions are deleted when the cohort's days are over.

A session that was held for an assignment belongs to the assignment's cohort; any other to all the
cohorts of its trainee. Of several cohorts the longest period counts, and a cohort without one keeps
for good. A session of which an appeal waits for an answer stays until it has been answered. Files
about a trainee that were written before that time go along with her sessions. Where these have
several periods, the shortest counts for files, since a file may tell of any of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from alliance_sim.errors import UsageProblem
from alliance_sim.programme.privacy_files import FilesGone, delete_files
from alliance_sim.programme.privacy_wipe import Wiped, wipe
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import cohorts, memberships
from alliance_sim.store.audit import note
from alliance_sim.store.chunks import chunks
from alliance_sim.store.erasing import erase
from alliance_sim.store.repository import Store
from alliance_sim.store.retention_rows import OldSession, contested_of, sessions_over_before
from alliance_sim.store.written_files import WrittenFile, files_about, forget_files

AT_ONCE = 200
"""Sessions deleted in one transaction, so that others can work on the store in between."""

EVERYTHING = "*"
"""Stands in the audit log for sessions of all cohorts, and of none."""


@dataclass(frozen=True)
class Due:
    """What retention would delete, and what keeps the rest."""

    sessions: tuple[OldSession, ...]
    files: tuple[WrittenFile, ...] = ()
    """About their trainees, and written as long ago."""
    contested: int = 0
    """Old enough, but an appeal waits for an answer."""
    kept_longer: int = 0
    """Old enough for the cohort that was asked about, but another keeps longer."""


@dataclass(frozen=True)
class Asked:
    """What is to be looked at."""

    cohort: str | None = None
    """None: all."""
    days: int | None = None
    """In place of the cohorts' own; without a cohort, of every session in the store."""


def due(store: Store, asked: Asked, clock: Clock) -> Due:
    """What is old enough to be deleted; nothing is. Raises UsageProblem: no such cohort, or no
    period for it."""
    with store.reading() as connection:
        return _due(connection, asked, clock.now())


@dataclass(frozen=True)
class Applied:
    """What was deleted, and what is left."""

    sessions: int
    files: FilesGone
    wiped: Wiped


def apply(
    store: Store, found: Due, asked: Asked, data_folder: Path, clock: Clock, who: str
) -> Applied:
    """Delete what is due. `data_folder` is the program's own, with saved debriefs.

    Files go first: without their sessions they would not be found again, were this interrupted. A
    session that was contested since it was found due stays. A file that could not be deleted stays
    in the register, so that deleting the trainee finds it again.
    """
    files = delete_files(found.files, data_folder, "", [each.id for each in found.sessions])
    count = 0
    for some in chunks(found.sessions, AT_ONCE):
        count += store.transact(partial(_erase, some=some, asked=asked, clock=clock, who=who))
    store.transact(lambda connection: forget_files(connection, files.settled))
    return Applied(count, files, wipe(store) if count else Wiped(clean=True))


def _erase(
    connection: Connection, *, some: Sequence[OldSession], asked: Asked, clock: Clock, who: str
) -> int:
    kept = contested_of(connection, [session.id for session in some])
    gone = [session.id for session in some if session.id not in kept]
    for session_id in gone:
        erase(connection, session_id)
    detail: dict[str, object] = {"sessions": len(gone), "days": asked.days}
    subject = asked.cohort or EVERYTHING
    note(connection, at=clock.now(), who=who, action="retention", subject=subject, detail=detail)
    return len(gone)


def _due(connection: Connection, asked: Asked, now: datetime) -> Due:
    periods = {cohort.id: cohort.retention_days for cohort in cohorts.every(connection)}
    if asked.cohort is not None:
        cohorts.need(connection, asked.cohort)
        periods[asked.cohort] = asked.days or periods[asked.cohort]
        if periods[asked.cohort] is None:
            raise UsageProblem(
                f"{asked.cohort}: no period is set for this cohort; name one with --days"
            )
    shortest = _shortest(asked, periods)
    if shortest is None:
        raise UsageProblem("no cohort has a period; name one with --days")
    of_person = memberships.everyones(connection)
    result = Due(())
    chosen: list[OldSession] = []
    before: dict[str, datetime] = {}
    for session in sessions_over_before(connection, now - timedelta(days=shortest)):
        belongs = [session.cohort] if session.cohort else of_person.get(session.trainee or "", [])
        if asked.cohort and asked.cohort not in belongs:
            continue
        days = _longest(asked, periods, belongs)
        if days is None or session.over_at >= now - timedelta(days=days):
            result = replace(result, kept_longer=result.kept_longer + 1)
        elif session.contested:
            result = replace(result, contested=result.contested + 1)
        else:
            chosen.append(session)
            if session.trainee:
                limit = now - timedelta(days=days)
                before[session.trainee] = max(limit, before.get(session.trainee, limit))
    files = tuple(file for file in files_about(connection, before) if file.at < before[file.person])
    return replace(result, sessions=tuple(chosen), files=files)


def _shortest(asked: Asked, periods: Mapping[str, int | None]) -> int | None:
    """No session that is over for fewer days is due."""
    if asked.cohort:
        return periods[asked.cohort]
    return asked.days or min((days for days in periods.values() if days), default=None)


def _longest(asked: Asked, periods: Mapping[str, int | None], belongs: Iterable[str]) -> int | None:
    """The days after which a session of these cohorts goes; None: never."""
    if asked.days and not asked.cohort:
        return asked.days
    found = [periods.get(cohort) for cohort in belongs]
    known = [days for days in found if days is not None]
    return max(known) if known and len(known) == len(found) else None
