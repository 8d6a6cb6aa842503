"""Where a trainee stands with what she was asked to practise, and a cohort with one assignment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from alliance_sim.domain.events import Ending
from alliance_sim.domain.programme import Assignment, Role
from alliance_sim.store import assignments, attempts, memberships, people
from alliance_sim.store.attempts import Held


class State(StrEnum):
    """Where a trainee stands with an assignment."""

    CLOSED = "not open yet"
    TO_DO = "to do"
    BEGUN = "begun"
    """A session was begun, and none has ended."""
    DONE = "done"
    LATE = "done late"
    """Every session that has ended was begun after the due date."""
    OVERDUE = "overdue"
    """The due date is over, and no session has ended."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A trainee and an assignment."""

    trainee: str
    assignment: Assignment
    held: tuple[Held, ...]
    """Her sessions for it, by number; those that she stopped, too."""
    now: datetime

    @property
    def ended(self) -> tuple[Held, ...]:
        """Attempts whose session has ended."""
        return tuple(each for each in self.used if each.ending is not None)

    @property
    def used(self) -> tuple[Held, ...]:
        """Attempts that count against the limit: a session that was stopped has cost nothing."""
        return tuple(each for each in self.held if each.ending is not Ending.STOPPED)

    @property
    def is_open(self) -> bool:
        """Whether an attempt may be begun by the clock; after the due date it may, and is late."""
        opens = self.assignment.opens_at
        return opens is None or opens <= self.now

    @property
    def left(self) -> int | None:
        """Attempts that are left; None: any number."""
        most = self.assignment.attempts
        return None if most is None else max(0, most - len(self.used))

    @property
    def state(self) -> State:
        due = self.assignment.due_at
        if self.ended:
            late = all(is_late(each, self.assignment) for each in self.ended)
            return State.LATE if late else State.DONE
        if due is not None and due < self.now:
            return State.OVERDUE
        if self.used:
            return State.BEGUN
        return State.TO_DO if self.is_open else State.CLOSED

    @property
    def counting(self) -> Held | None:
        """The attempt that counts where one is wanted: the best, or the last.

        One without a score counts only where none of those that have ended has one.
        """
        scored = [each for each in self.ended if each.overall is not None]
        if not scored or self.assignment.keep == "last":
            return next(reversed(scored or self.ended), None)
        return max(scored, key=lambda each: (each.overall or 0.0, each.number))


def is_late(held: Held, assignment: Assignment) -> bool:
    """Whether a session was begun after its assignment was due."""
    return assignment.due_at is not None and held.opened_at > assignment.due_at


def of_trainee(connection: Connection, trainee: str, now: datetime) -> list[Standing]:
    """Where a trainee stands with all that her cohorts were asked to do, what is due first."""
    hers = memberships.cohorts_of(connection, trainee)
    asked = assignments.every(connection, cohorts=hers)
    held = attempts.held(connection, trainee=trainee)
    return [_standing(trainee, each, held, now) for each in asked]


def of_one(connection: Connection, assignment: Assignment, trainee: str, now: datetime) -> Standing:
    """Where a trainee stands with one assignment."""
    held = attempts.held(connection, assignment=assignment.id, trainee=trainee)
    return Standing(trainee, assignment, tuple(held), now)


def of_assignment(connection: Connection, assignment: Assignment, now: datetime) -> list[Standing]:
    """Where each trainee of the cohort stands with an assignment, by pseudonym.

    Those who have left the cohort are in it if they have held a session for it.
    """
    held = attempts.held(connection, assignment=assignment.id)
    by_trainee: dict[str, list[Held]] = {
        person: [] for person in _trainees(connection, assignment.cohort)
    }
    for each in held:
        by_trainee.setdefault(each.trainee, []).append(each)
    return [
        _standing(trainee, assignment, hers, now) for trainee, hers in sorted(by_trainee.items())
    ]


def fitting(standings: Iterable[Standing], scenario: str) -> list[Standing]:
    """Those for which a session with a client could be held now."""
    return [
        each
        for each in standings
        if scenario in each.assignment.scenarios and each.is_open and each.left != 0
    ]


def _trainees(connection: Connection, cohort: str) -> list[str]:
    roles = people.roles(connection)
    members = memberships.members(connection, cohort)
    return [person for person in members if roles.get(person) is not Role.INSTRUCTOR]


def _standing(
    trainee: str, assignment: Assignment, held: Sequence[Held], now: datetime
) -> Standing:
    hers = tuple(each for each in held if each.assignment == assignment.id)
    return Standing(trainee, assignment, hers, now)
