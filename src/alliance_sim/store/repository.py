"""The store: sessions as append-only events, and an index of them that can be made again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, Row, Select, func, insert, select
from sqlalchemy.exc import IntegrityError

from alliance_sim.domain.clean import storable
from alliance_sim.domain.events import EVENT, Event, SessionOpened, StoredEvent
from alliance_sim.domain.programme import Appeal
from alliance_sim.domain.rating import Rating
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store import index, schema
from alliance_sim.store.appeals import appeals_of
from alliance_sim.store.engine import connect
from alliance_sim.store.erasing import erase as erase_session
from alliance_sim.store.place import Place, locate, prepare
from alliance_sim.store.problems import plain_problems
from alliance_sim.store.ratings import read_ratings, write_ratings
from alliance_sim.store.rights import acting_trainee
from alliance_sim.store.scrubbing import scrub
from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.summary import SessionSummary
from alliance_sim.store.tables import events, sessions
from alliance_sim.store.transactions import FateUnknown, alone, transact

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds to wait while another program writes."""

LAST_CHARACTER = "\U0010ffff"
"""The greatest code point."""

SHOWN = 5
"""Ids listed in the message about a name that fits no session."""


class Store:
    """Sessions in one database. Safe to use from several threads; use it in a `with` block.

    Every method raises StoreProblem, with one plain line, where the database fails.
    """

    def __init__(self, place: Place, engine: Engine, patience: float) -> None:
        self._place = place
        self._engine = engine
        self._patience = patience
        self._lock = threading.Lock()
        self._seen: dict[str, int] = {}
        """For each session, the last number that this store wrote or read."""
        self._doubtful: set[str] = set()
        """Sessions of which it is not known whether the events written last were committed."""

    @classmethod
    def open(cls, url_or_path: str | Path, *, patience: float = PATIENCE) -> Store:
        """Open a store, creating or upgrading it where needed.

        `url_or_path` is a path, `sqlite:///path` or `postgresql://…`; `patience` is in seconds.
        Raises UsageProblem for an address that cannot be one, and StoreProblem for a place that
        cannot be used or that a newer version of the program has written.
        """
        place = locate(url_or_path)
        if place.path:
            prepare(place.path)
        store = cls(place, connect(place, patience=patience), patience)
        try:
            store._prepare_schema()
        except BaseException:
            store.close()
            raise
        return store

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @cached_property
    def trainee(self) -> str | None:
        """The trainee whose login this is, on a server with rights; else None.

        She sees and writes her own sessions, and stores no scores.
        """
        with self._reading() as connection:
            return acting_trainee(connection)

    @property
    def label(self) -> str:
        """Where it is, to be shown; never a password."""
        return self._place.label

    def close(self) -> None:
        """Close the connections. Nothing is lost by not calling it."""
        self._engine.dispose()

    def append(
        self,
        session_id: str,
        new: Sequence[Event],
        *,
        at: datetime,
        beside: Callable[[Connection], object] | None = None,
    ) -> tuple[StoredEvent, ...]:
        """Write events in one transaction; they are committed when this returns.

        `beside`: what else is done in that transaction; see `transact`.

        A session begins with SessionOpened, and has only one. `at` needs a time zone. A writer
        may only add to what it has itself written or read: if another program has added to the
        session since, nothing is written and StoreProblem says so. Events of which it was not
        known whether they were committed may be appended again: they are stored once.
        """
        if not new:
            return ()
        written = stamp(at)
        with self._lock:
            try:
                seen = self._write(session_id, new, written, beside)
            except FateUnknown:
                self._doubtful.add(session_id)
                raise
            self._doubtful.discard(session_id)
            self._seen[session_id] = seen + len(new)
        when = moment(written)
        return tuple(
            StoredEvent(session_id=session_id, seq=seq, at=when, event=event)
            for seq, event in enumerate(new, seen + 1)
        )

    def events(self, session_id: str) -> tuple[StoredEvent, ...]:
        """All events of a session in order; none for an id that the store does not hold."""
        query = select(events.c.seq, events.c.at, events.c.payload).where(
            events.c.session_id == session_id
        )
        with self._reading() as connection:
            rows = connection.execute(query.order_by(events.c.seq)).all()
        found = tuple(self._stored(session_id, row) for row in rows)
        if found:
            with self._lock:
                # Never backwards: an append may have come between.
                self._seen[session_id] = max(found[-1].seq, self._seen.get(session_id, 0))
        return found

    def resolve(self, name: str) -> str:
        """The full id of a session, from its id, the beginning of it, or `last`.

        `last` is the session opened last. Raises UsageProblem, with ids that there are, unless
        exactly one session fits.
        """
        wanted = storable(name.strip())
        known = [summary.id for summary in self.sessions(limit=SHOWN)]
        if not known:
            raise UsageProblem("the store holds no sessions yet")
        if wanted == "last":
            return known[0]
        # Ids come from the events, so that a session can be named even if the index lacks it.
        # All that begin so stand together in the order of code points, in which both engines have
        # them: no more is read than fits.
        begins = (events.c.session_id >= wanted) & (events.c.session_id <= wanted + LAST_CHARACTER)
        fits = select(events.c.session_id).where(events.c.seq == 1, begins)
        with self._reading() as connection:
            found = connection.scalars(fits.order_by(events.c.session_id).limit(SHOWN + 1)).all()
        if wanted in found or (wanted and len(found) == 1):
            return wanted if wanted in found else found[0]
        if wanted and found:
            raise UsageProblem(f"{wanted}: several sessions begin so: {_listed(found)}")
        raise UsageProblem(f"{wanted}: no such session; the newest are {_listed(known)}")

    def sessions(
        self, *, limit: int | None = None, scenario: str | None = None, trainee: str | None = None
    ) -> list[SessionSummary]:
        """The sessions, the one opened last first; at most `limit`, of one scenario or trainee."""
        query = select(sessions).order_by(sessions.c.opened_at.desc(), sessions.c.id.desc())
        chosen = _chosen(query, scenario, trainee).limit(limit)
        with self._reading() as connection:
            return [index.summary(row) for row in connection.execute(chosen)]

    def count(self, *, scenario: str | None = None, trainee: str | None = None) -> int:
        """How many sessions there are, of one scenario or trainee."""
        query = _chosen(select(func.count()).select_from(sessions), scenario, trainee)
        with self._reading() as connection:
            return connection.scalar(query) or 0

    def branches(self, ids: Sequence[str]) -> list[str]:
        """Sessions that branched from these, and those that branched from them in turn."""
        query = select(sessions.c.id, sessions.c.branch_session)
        branched = query.where(sessions.c.branch_session.is_not(None)).order_by(sessions.c.id)
        with self._reading() as connection:
            origins = connection.execute(branched).all()
        found = list(ids)
        for origin in found:  # grows while it is walked through
            found += [
                row.id for row in origins if row.branch_session == origin and row.id not in found
            ]
        return found[len(ids) :]

    def delete(self, session_id: str) -> None:
        """Erase a session, and verify that nothing of it remains, in the files either.

        Sessions that branch from it are sessions of their own and stay. Raises UsageProblem if
        the store does not hold it, and StoreProblem if its words may still be in the file.
        """
        with self._lock:
            self._erase(session_id)
            self._seen.pop(session_id, None)
        self._forget_log(session_id)

    def scrub(self) -> bool:
        """Wipe what was deleted from the database's files; whether nothing of it is left there.

        See `scrubbing.scrub` for what that means on each engine.
        """
        with self._lock, plain_problems(self._place.label):
            return scrub(self._engine)

    @property
    def path(self) -> Path | None:
        """The store's file; None where it is on a server."""
        return self._place.path

    def appeals(self, session_id: str) -> list[Appeal]:
        """The contested scores of a session, oldest first."""
        with self._reading() as connection:
            return appeals_of(connection, session_id)

    def ratings(self) -> list[Rating]:
        """Instructors' ratings, by transcript, turn, rubric and rater."""
        with self._reading() as connection:
            return read_ratings(connection)

    def keep_ratings(self, new: Sequence[Rating]) -> int:
        """Write ratings in one transaction, each in place of an earlier one of the same rater."""
        return self.transact(lambda connection: write_ratings(connection, new))

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for questions that this class does not ask itself."""
        with self._reading() as connection:
            yield connection

    def transact(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in one write transaction: all of it is committed, or nothing is.

        No two transactions see each other half done. On a server `work` may be called again, so
        it changes nothing but the database; and those that look at the same rows wait for one
        another, so it is short, and counts or lists no more than it needs.
        """
        # Writers to a file wait for one another here, in order, rather than at the file.
        with self._lock if self._place.path else nullcontext():
            return self._transact(work)

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """One long transaction while nobody else writes, as for a whole store at once."""
        with plain_problems(self._place.label), alone(self._engine) as connection:
            yield connection

    def rebuild_index(self) -> None:
        """Make the index of sessions again from the events."""
        self.transact(index.rebuild)

    def _prepare_schema(self) -> None:
        with self._reading() as connection:
            old = schema.needs_upgrade(connection, self._place.label)
        if not old:
            return
        with (
            plain_problems(self._place.label),
            schema.rights_wanted(self._place.label),
            alone(self._engine) as connection,
        ):
            # Looked at again, alone: another program may just have done it.
            if schema.needs_upgrade(connection, self._place.label):
                schema.upgrade(connection)
                index.rebuild(connection)

    def _transact(
        self,
        work: Callable[[Connection], T],
        was_done: Callable[[Connection], bool] | None = None,
    ) -> T:
        label, patience = self._place.label, self._patience
        with plain_problems(label):
            return transact(self._engine, work, where=label, patience=patience, was_done=was_done)

    def _write(
        self,
        session_id: str,
        new: Sequence[Event],
        at: str,
        beside: Callable[[Connection], object] | None,
    ) -> int:
        """Commit events; gives the number of the event before them."""
        both = [self._read_back(event) for event in new]
        payloads, stored = [payload for payload, _ in both], [event for _, event in both]

        def is_there(connection: Connection, first: int) -> bool:
            return _payloads(connection, session_id, first, len(new)) == payloads

        def write(connection: Connection) -> int:
            seen = _last(connection, session_id)
            before = self._seen.get(session_id, seen)
            if seen and seen != before:
                if session_id in self._doubtful and is_there(connection, before + 1):
                    return before
                raise self._conflict(session_id)
            self._check_start(session_id, seen, new)
            numbered = list(enumerate(new, seen + 1))
            rows = [
                _row(session_id, seq, at, event, payload)
                for (seq, event), payload in zip(numbered, payloads, strict=True)
            ]
            try:
                # The session's own row first: who may add to its events depends on whose it is.
                index.open_row(connection, session_id, stored, at)
                connection.execute(insert(events), rows)
            except IntegrityError as problem:
                raise self._conflict(session_id) from problem
            index.follow(connection, session_id, numbered, at)
            if beside is not None:
                beside(connection)
            return seen

        first = self._seen.get(session_id, 0) + 1
        return self._transact(write, lambda connection: is_there(connection, first))

    def _check_start(self, session_id: str, seen: int, new: Sequence[Event]) -> None:
        if seen and isinstance(new[0], SessionOpened):
            raise StoreProblem(f"{self._place.label}: it has a session {session_id} already")
        if not seen and not isinstance(new[0], SessionOpened):
            raise StoreProblem(f"{self._place.label}: it has no session {session_id} to add to")
        if any(isinstance(event, SessionOpened) for event in new[1:]):
            raise ValueError("a session is opened once")

    def _read_back(self, event: Event) -> tuple[str, Event]:
        """An event as it will be stored, and as it will be read, which may say more."""
        try:
            payload = event.model_dump_json()
            # What could not be read back (a number that is not finite) is refused here: one such
            # event would make the whole session unreadable.
            return payload, EVENT.validate_json(payload)
        except ValueError as problem:
            raise StoreProblem(
                f"{self._place.label}: a {event.type} event cannot be stored: "
                f"{_first_line(problem)}"
            ) from problem

    def _conflict(self, session_id: str) -> StoreProblem:
        if session_id in self._doubtful:
            return StoreProblem(
                f"{self._place.label}: the last step of session {session_id}, of which that was in "
                "doubt, is stored; leave the session and resume it"
            )
        return StoreProblem(
            f"{self._place.label}: another program is writing this session ({session_id}); "
            "close one of the two"
        )

    def _stored(self, session_id: str, row: Row[*tuple[Any, ...]]) -> StoredEvent:
        try:
            return StoredEvent(
                session_id=session_id,
                seq=row.seq,
                at=moment(row.at),
                event=EVENT.validate_json(row.payload),
            )
        except ValueError as problem:
            raise StoreProblem(
                f"{self._place.label}: event {row.seq} of session {session_id} cannot be read; "
                "it is damaged, or from a newer version of the program"
            ) from problem

    def _erase(self, session_id: str) -> None:
        def erase(connection: Connection) -> None:
            if not _last(connection, session_id):
                raise UsageProblem(f"{session_id}: no such session")
            erase_session(connection, session_id)
            if _last(connection, session_id):
                raise StoreProblem(f"{self._place.label}: {session_id} could not be deleted")

        self._transact(erase)

    def _forget_log(self, session_id: str) -> None:
        """Move SQLite's write-ahead log into the file and cut it to nothing: it holds words."""
        if not self._place.path:
            return
        with plain_problems(self._place.label), self._engine.connect() as connection:
            # Outside a transaction, where alone a checkpoint can run.
            cursor = connection.connection.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            ((busy, *_),) = cursor.fetchall()
            cursor.close()
        if busy:
            raise StoreProblem(
                f"{self._place.label}: {session_id} is deleted, but another program is reading "
                "the store, and its words stay in the log until that one has closed it"
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with plain_problems(self._place.label), self._engine.connect() as connection:
            yield connection


def _chosen(
    query: Select[*tuple[Any, ...]], scenario: str | None, trainee: str | None
) -> Select[*tuple[Any, ...]]:
    if scenario is not None:
        query = query.where(sessions.c.scenario == scenario)
    if trainee is not None:
        query = query.where(sessions.c.trainee == trainee)
    return query


def _last(connection: Connection, session_id: str) -> int:
    """The number of a session's last event; 0 where it has none."""
    query = select(func.max(events.c.seq)).where(events.c.session_id == session_id)
    return connection.execute(query).scalar() or 0


def _payloads(connection: Connection, session_id: str, first: int, count: int) -> list[str]:
    """What is stored of a session from number `first` on, `count` events at most."""
    after = (events.c.session_id == session_id) & (events.c.seq >= first)
    query = select(events.c.payload).where(after).order_by(events.c.seq).limit(count)
    return list(connection.scalars(query))


def _row(session_id: str, seq: int, at: str, event: Event, payload: str) -> dict[str, object]:
    return {"session_id": session_id, "seq": seq, "at": at, "type": event.type, "payload": payload}


def _first_line(problem: ValueError) -> str:
    if isinstance(problem, ValidationError):
        # Pydantic's own text quotes the value, which may be the trainee's words.
        first = problem.errors(include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return "its text is not valid Unicode"


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:SHOWN]) + (" …" if len(ids) > SHOWN else "")
