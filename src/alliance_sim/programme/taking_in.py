"""Taking a bundle into the store: as a whole or not at all, and nothing twice.

What the trainee did is taken in as it was recorded on her machine. What only this store can say is
not: scores are made here, and overrides and answers to appeals are an instructor's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import (
    AppealAnswered,
    Appealed,
    Event,
    Overridden,
    Reflected,
    Scored,
    SelfRated,
    SessionOpened,
    StoredEvent,
)
from alliance_sim.domain.programme import Assignment, Person, Role
from alliance_sim.errors import InputProblem, StoreProblem, UsageProblem
from alliance_sim.programme.bundle import Bundle
from alliance_sim.programme.rescoring import Rescored, rescored
from alliance_sim.programme.signing import fingerprint
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import assignments, attempts, cohorts, memberships, people
from alliance_sim.store.audit import note
from alliance_sim.store.importing import stored_events, take_in
from alliance_sim.store.repository import Store
from alliance_sim.store.signing_keys import pin

LEFT_OUT = (Scored, Overridden, AppealAnswered)
"""Events that count only where they are made in this store."""

ADDED_LATER = (SelfRated, Reflected, Appealed)
"""What a trainee may add to a session that she has handed in already."""


class State(StrEnum):
    NEW = "taken in"
    HERE = "already here"
    ADDED = "added to"
    """Was here, and came with more of her own: a reflection, an appeal."""


@dataclass(frozen=True)
class TakenSession:
    """What became of a session of a bundle."""

    id: str
    state: State
    rescored: Rescored = field(default_factory=Rescored)
    attempt: int | None = None
    """Its number among her attempts, where it has become one now."""
    late: bool = False
    """It was begun, by her machine's clock, after the assignment was due."""


@dataclass(frozen=True)
class TakenIn:
    """What became of a bundle."""

    bundle: Bundle
    sessions: tuple[TakenSession, ...]
    new_key: bool = False
    """Another key than before is trusted from now on."""
    added: bool = False
    """The trainee was not known before."""

    @property
    def changed(self) -> bool:
        """Whether there was anything new in it."""
        news = (each.state is not State.HERE or each.attempt for each in self.sessions)
        return self.new_key or self.added or any(news)


@dataclass(frozen=True)
class Rules:
    """How to take bundles in."""

    who: str
    """Who imports, for the audit log."""
    trust_new_key: bool = False
    add: bool = False
    """Take in trainees who are not known yet; done anyway where no cohort is kept at all."""
    dry_run: bool = False


class _Undo(Exception):
    """Of a dry run: carries what would have been done."""

    def __init__(self, taken: TakenIn) -> None:
        super().__init__()
        self.taken = taken


def take_bundle(
    store: Store, bundle: Bundle, library: Library, clock: Clock, rules: Rules
) -> TakenIn:
    """Take a verified bundle in, in one transaction; gives what became of it.

    With `dry_run` all is looked at in the same way, and nothing written. Raises InputProblem for a
    bundle that is refused: its trainee is on no roster, the key is another than hers, a session is
    here with other events, or the assignment does not take it.
    """
    scored = {
        session_id: rescored(
            session_id,
            [one.event for one in kept(events, bundle.trainee)],
            [one.event for one in events],
            library,
        )
        for session_id, events in bundle.sessions.items()
        if not store.events(session_id)
    }

    def work(connection: Connection) -> TakenIn:
        taken = _Taking(connection, bundle, clock.now(), rules).all(scored)
        if rules.dry_run:
            raise _Undo(taken)
        return taken

    try:
        return store.transact(work)
    except _Undo as undo:
        return undo.taken
    except UsageProblem as problem:
        raise InputProblem(f"{bundle.name}: {problem}") from problem


def kept(events: Sequence[StoredEvent], trainee: str) -> tuple[StoredEvent, ...]:
    """The events that are taken in, numbered from 1; a session of nobody's is the trainee's."""
    found = [one for one in events if not isinstance(one.event, LEFT_OUT)]
    return tuple(
        one.model_copy(update={"seq": seq, "event": _owned(one.event, trainee)})
        for seq, one in enumerate(found, 1)
    )


def _owned(event: Event, trainee: str) -> Event:
    if isinstance(event, SessionOpened) and event.trainee is None:
        return event.model_copy(update={"trainee": trainee})
    return event


@dataclass(frozen=True)
class _Taking:
    """One bundle, within a transaction."""

    connection: Connection
    bundle: Bundle
    now: datetime
    rules: Rules

    def all(self, scored: Mapping[str, Rescored]) -> TakenIn:
        added = self._know_trainee()
        new_key = self._know_key()
        assignment = self._assignment()
        records = self.bundle.sessions
        # Attempts are numbered as they were held, in whichever order they were named.
        held = sorted(records, key=lambda session_id: (records[session_id][0].at, session_id))
        sessions = tuple(
            self._session(session_id, scored.get(session_id, Rescored()), assignment)
            for session_id in held
        )
        taken = TakenIn(self.bundle, sessions, new_key, added)
        if taken.changed:
            self._note(taken)
        return taken

    def _know_trainee(self) -> bool:
        trainee = self.bundle.trainee
        person = people.get(self.connection, trainee)
        if person is None and not self.rules.add and cohorts.every(self.connection):
            raise self._refusal(
                f"nobody here has the pseudonym {trainee}; import the roster first, or add her "
                "with --add"
            )
        if person is None:
            people.add(self.connection, [Person(id=trainee, created_at=self.now)])
        elif person.role is not Role.TRAINEE:
            raise self._refusal(f"{trainee} is an {person.role.value}, not a trainee")
        return person is None

    def _know_key(self) -> bool:
        trainee, key = self.bundle.trainee, self.bundle.header.key
        known = people.need(self.connection, trainee).signing_key
        if known == key:
            return False
        if known is not None and not self.rules.trust_new_key:
            raise self._refusal(
                f"signed with the key {fingerprint(key)}…, and {trainee} has signed with "
                f"{fingerprint(known)}… before; ask her whether she has a new machine, and then "
                "import it with --trust-new-key"
            )
        pin(self.connection, trainee, key)
        return known is not None

    def _assignment(self) -> Assignment | None:
        name = self.bundle.header.assignment
        if name is None:
            return None
        found = assignments.need(self.connection, name)
        if found.cohort not in memberships.cohorts_of(self.connection, self.bundle.trainee):
            raise self._refusal(
                f"{name} is for the cohort {found.cohort}, and {self.bundle.trainee} is not in it"
            )
        return found

    def _session(
        self, session_id: str, scored: Rescored, assignment: Assignment | None
    ) -> TakenSession:
        came = kept(self.bundle.sessions[session_id], self.bundle.trainee)
        state = self._take(session_id, came, scored)
        if state is not State.NEW:
            scored = Rescored()
        number, late = None, False
        if assignment and not self._is_counted(session_id, assignment):
            self._check_fits(session_id, came, assignment)
            claimed = attempts.claim(
                self.connection,
                assignment,
                self.bundle.trainee,
                session_id,
                at=self.now,
                source="bundle",
            )
            number, late = claimed.number, _is_late(came, assignment)
        return TakenSession(session_id, state, scored, number, late)

    def _take(self, session_id: str, came: Sequence[StoredEvent], scored: Rescored) -> State:
        there = self._there(session_id)
        if not there:
            take_in(self.connection, session_id, [*came, *self._scores(session_id, came, scored)])
            return State.NEW
        mine = kept(there, self.bundle.trainee)
        if not _begins(came, mine) and not _begins(mine, came):
            raise self._refusal(
                f"session {session_id} is here already, and not as it is in this bundle"
            )
        more = came[len(mine) :]
        if not all(isinstance(one.event, ADDED_LATER) for one in more):
            raise self._refusal(
                f"session {session_id} is here already, and goes on in this bundle after its end"
            )
        if not more:
            return State.HERE
        last = there[-1].seq
        take_in(
            self.connection,
            session_id,
            [one.model_copy(update={"seq": seq}) for seq, one in enumerate(more, last + 1)],
        )
        return State.ADDED

    def _there(self, session_id: str) -> tuple[StoredEvent, ...]:
        try:
            return stored_events(self.connection, session_id)
        except ValueError as problem:
            raise StoreProblem(
                f"session {session_id} is in the store already and cannot be read; it is damaged, "
                "or from a newer version of the program"
            ) from problem

    def _scores(
        self, session_id: str, came: Sequence[StoredEvent], scored: Rescored
    ) -> list[StoredEvent]:
        if scored.card is None:
            return []
        event = Scored(scorecard=scored.card)
        seq = len(came) + 1
        return [StoredEvent(session_id=session_id, seq=seq, at=self.now, event=event)]

    def _is_counted(self, session_id: str, assignment: Assignment) -> bool:
        attempt = attempts.get(self.connection, session_id)
        return attempt is not None and attempt.assignment == assignment.id

    def _check_fits(
        self, session_id: str, came: Sequence[StoredEvent], assignment: Assignment
    ) -> None:
        opened = came[0].event
        if not isinstance(opened, SessionOpened):
            return
        if opened.scenario not in assignment.scenarios:
            asked = " or ".join(assignment.scenarios)
            raise self._refusal(
                f"session {session_id} was held with {opened.scenario}, and {assignment.id} asks "
                f"for {asked}"
            )
        if assignment.exam and not opened.exam:
            raise self._refusal(
                f"session {session_id} was not held as an exam, and {assignment.id} is one"
            )

    def _note(self, taken: TakenIn) -> None:
        differ: dict[str, int] = {}
        for each in taken.sessions:
            for rubric in each.rescored.differ:
                differ[rubric] = differ.get(rubric, 0) + 1
        states = [each.state for each in taken.sessions]
        detail: dict[str, object] = {
            "bundle": taken.bundle.digest,
            "sessions": states.count(State.NEW),
            "added_to": states.count(State.ADDED),
            "already_here": states.count(State.HERE),
            "assignment": taken.bundle.header.assignment,
            "attempts": [each.attempt for each in taken.sessions if each.attempt],
            "late": sum(each.late for each in taken.sessions),
            "scores_differed": differ,
            "new_key": taken.new_key,
            "added_trainee": taken.added,
        }
        note(
            self.connection,
            at=self.now,
            who=self.rules.who,
            action="import",
            subject=taken.bundle.trainee,
            detail=detail,
        )

    def _refusal(self, why: str) -> InputProblem:
        return InputProblem(f"{self.bundle.name}: {why}")


def _begins(one: Sequence[StoredEvent], other: Sequence[StoredEvent]) -> bool:
    """Whether the one begins with the other."""
    return len(one) >= len(other) and all(
        (a.at, a.event) == (b.at, b.event) for a, b in zip(one, other, strict=False)
    )


def _is_late(came: Sequence[StoredEvent], assignment: Assignment) -> bool:
    return assignment.due_at is not None and came[0].at > assignment.due_at
