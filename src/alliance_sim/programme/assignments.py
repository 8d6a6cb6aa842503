"""Asking a cohort to practise, and holding a session for it."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from alliance_sim.domain.programme import Assignment, Attempt
from alliance_sim.domain.scenario import Scenario
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.acting import Act
from alliance_sim.programme.dates import said
from alliance_sim.programme.standing import Standing, of_one
from alliance_sim.store import assignments, attempts, audit, cohorts, memberships
from alliance_sim.store.repository import Store


def add_assignment(
    store: Store,
    assignment: Assignment,
    *,
    scenarios: Container[str],
    rubrics: Container[str],
    clients: Iterable[Scenario] = (),
) -> None:
    """Ask a cohort to practise; `scenarios` and `rubrics` are the ids that the library has,
    `clients` those that are asked for, whose rubrics are looked at.

    Raises UsageProblem where there is no such cohort, scenario or rubric, where the id is taken,
    the assignment is due before it opens, or a rubric is to count by which sessions with one of
    the clients are not scored.
    """
    for kind, names, known in (
        ("client", assignment.scenarios, scenarios),
        ("rubric", assignment.rubrics, rubrics),
    ):
        for name in names:
            if name not in known:
                raise UsageProblem(f"{name}: the library has no such {kind}")
            if names.count(name) > 1:
                raise UsageProblem(f"{name} is named twice; once is enough")
    check_rubrics(assignment, clients)
    opens, due = assignment.opens_at, assignment.due_at
    if opens and due and due <= opens:
        raise UsageProblem(f"due at {said(due)}, which is before it opens at {said(opens)}")

    def write(connection: Connection) -> None:
        cohorts.need(connection, assignment.cohort)
        assignments.add(connection, assignment)

    store.transact(write)


def check_rubrics(assignment: Assignment, scenarios: Iterable[Scenario]) -> None:
    """Whether sessions with each of its clients are scored by the rubrics that count.

    Raises UsageProblem where they are not: alternatives would not earn equal credit.
    """
    for scenario in scenarios:
        for name in assignment.rubrics:
            if name not in scenario.rubrics:
                raise UsageProblem(
                    f"sessions with {scenario.id} are not scored by {name}, only by "
                    f"{', '.join(scenario.rubrics)}"
                )


def remove_assignment(store: Store, assignment_id: str, *, force: bool, act: Act) -> int:
    """Take an assignment back; how many attempts there were. Their sessions stay.

    The audit log tells of it. Raises UsageProblem where there is no such assignment, and without
    `force` where somebody has begun it.
    """

    def write(connection: Connection) -> int:
        found = assignments.need(connection, assignment_id)
        count = attempts.count(connection, assignment_id)
        if count and not force:
            raise UsageProblem(
                f"{assignment_id} has {count} attempts, which would count for nothing; "
                "--force removes it all the same, and leaves their sessions"
            )
        assignments.remove(connection, assignment_id)
        detail = {"cohort": found.cohort, "attempts": count}
        _note(connection, act, "remove_assignment", assignment_id, detail)
        return count

    return store.transact(write)


def remove_cohort(store: Store, cohort_id: str, *, force: bool, act: Act) -> Sequence[str]:
    """Remove a cohort; the assignments that went with it. People and sessions stay.

    The audit log tells of it. Raises UsageProblem where there is no such cohort, and without
    `force` where it has assignments.
    """

    def write(connection: Connection) -> list[str]:
        cohorts.need(connection, cohort_id)
        names = [each.id for each in assignments.every(connection, cohorts=[cohort_id])]
        people = memberships.members(connection, cohort_id)
        if names and not force:
            raise UsageProblem(
                f"{cohort_id} has assignments: {', '.join(names)}; remove them first, or say "
                "--force. Sessions stay either way"
            )
        for name in names:
            assignments.remove(connection, name)
        cohorts.remove(connection, cohort_id)
        detail = {"members": len(people), "assignments": names}
        _note(connection, act, "remove_cohort", cohort_id, detail)
        return names

    return store.transact(write)


def _note(
    connection: Connection, act: Act, action: str, subject: str, detail: Mapping[str, object]
) -> None:
    audit.note(connection, at=act.at, who=act.who, action=action, subject=subject, detail=detail)


def checked(connection: Connection, assignment_id: str, trainee: str, now: datetime) -> Assignment:
    """An assignment for which a trainee may hold a session now, attempts apart.

    Raises UsageProblem where there is none of that id, she is not asked, or it is not open yet.
    """
    assignment = assignments.need(connection, assignment_id)
    if assignment.cohort not in memberships.cohorts_of(connection, trainee):
        raise UsageProblem(
            f"{assignment_id} is for cohort {assignment.cohort}, and {trainee} is not in it"
        )
    if assignment.opens_at is not None and now < assignment.opens_at:
        raise UsageProblem(f"{assignment_id} opens at {said(assignment.opens_at)}")
    return assignment


def client_of(assignment: Assignment, wanted: str | None) -> str:
    """Which client a session is with: the one that is wanted, or the only one there is.

    Raises UsageProblem where the assignment has others only, or several.
    """
    if wanted is None and len(assignment.scenarios) == 1:
        return assignment.scenarios[0]
    if wanted in assignment.scenarios:
        return wanted
    clients = ", ".join(assignment.scenarios)
    right = f"{assignment.id} is with one of: {clients}"
    raise UsageProblem(right if wanted is None else f"{wanted} does not count; {right}")


def about_to_begin(store: Store, assignment_id: str, trainee: str, now: datetime) -> Standing:
    """Where a trainee stands who is about to begin an assignment; nothing is noted yet.

    Raises UsageProblem where she may not begin it now.
    """
    with store.reading() as connection:
        assignment = checked(connection, assignment_id, trainee, now)
        standing = of_one(connection, assignment, trainee, now)
    if standing.left == 0:
        raise UsageProblem(
            f"{assignment_id}: {trainee} has used all {assignment.attempts} attempts; "
            "without --assignment she can go on practising"
        )
    return standing


def told_of(standing: Standing) -> str:
    """An assignment in a sentence: which attempt this would be, when it is due, whether late, and
    what counts."""
    asked = standing.assignment
    most = "" if asked.attempts is None else f" of {asked.attempts}"
    due = "" if asked.due_at is None else f", due {said(asked.due_at)}"
    late = ": late" if asked.due_at is not None and asked.due_at < standing.now else ""
    exam = ", an exam" if asked.exam else ""
    counts = f"; what counts: {', '.join(asked.rubrics)}" if asked.rubrics else ""
    return f"{asked.title}{exam}: attempt {len(standing.used) + 1}{most}{due}{late}{counts}"


def claiming(
    assignment_id: str, trainee: str, scenario: str, now: datetime
) -> Callable[[Connection, str], Attempt]:
    """What notes a session as an attempt, in the transaction in which it is opened.

    Everything is looked at again there: the assignment may be gone, and another program may have
    used the last attempt. Raises UsageProblem then, and no session is opened.
    """

    def claim(connection: Connection, session_id: str) -> Attempt:
        assignment = checked(connection, assignment_id, trainee, now)
        client_of(assignment, scenario)
        return attempts.claim(connection, assignment, trainee, session_id, at=now)

    return claim
