"""What the trainee at the screen was asked to practise, and how that is said in a few words."""

# ruff: noqa: PLC0415 - imported when somebody is asked, so that the first screen paints soon

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from alliance_sim.errors import AllianceError
from alliance_sim.tui.wording import counted, day

if TYPE_CHECKING:
    from alliance_sim.programme.standing import Standing
    from alliance_sim.tui.app import AllianceApp


class Assigned:
    """Assignments of the one trainee whom the command line, or a login, has named."""

    def __init__(self, app: AllianceApp) -> None:
        self._app = app

    def standings(self) -> list[Standing]:
        """Where she stands with each, what is due first; none where nobody is named.

        Raises StoreProblem.
        """
        trainee = self._app.start.trainee
        if trainee is None:
            return []
        from alliance_sim.programme.standing import of_trainee

        with self._app.store.reading() as connection:
            return of_trainee(connection, trainee, self._app.clock.now())

    def fitting(self, scenario: str) -> list[Standing]:
        """For which of them an hour with a client would count now; the one alone that the command
        line has named. A store that cannot be read is told where the hour is opened."""
        try:
            standings = self.standings()
        except AllianceError:
            return []
        if not standings:
            return []
        from alliance_sim.programme.standing import fitting

        found = fitting(standings, scenario)
        named = [each for each in found if each.assignment.id == self._app.start.assignment]
        return named or found


def marks(standings: Sequence[Standing], scenario: str, now: datetime) -> str:
    """What is asked with a client, in a few words; empty where nothing is."""
    return "; ".join(
        _mark(each, now) for each in standings if scenario in each.assignment.scenarios
    )


def waits(standings: Sequence[Standing], scenario: str) -> bool:
    """Whether something that can be begun, and is not done, is asked with a client."""
    if not standings:
        return False
    from alliance_sim.programme.standing import fitting

    return any(not each.ended for each in fitting(standings, scenario))


def asked_for(standing: Standing, now: datetime) -> str:
    """What an hour would count for: its title, and when it is due."""
    asked = standing.assignment
    if asked.due_at is None:
        return asked.title
    return f"{asked.title}, due {day(asked.due_at, now)}{_over(standing)}"


def counts_as(standing: Standing) -> str:
    """The words beside the choice whether an hour counts."""
    asked = standing.assignment
    most = "" if asked.attempts is None else f" of {asked.attempts}"
    exam = ", an exam" if asked.exam else ""
    return f"It counts: attempt {len(standing.used) + 1}{most}{exam}"


def _over(standing: Standing) -> str:
    due = standing.assignment.due_at
    return ", overdue" if due is not None and due < standing.now else ""


def _mark(standing: Standing, now: datetime) -> str:
    from alliance_sim.programme.standing import State

    asked, state = standing.assignment, standing.state
    if state in {State.DONE, State.LATE}:
        return f"assigned: {asked.title}, {state}"
    said = [asked.title, *(["exam"] if asked.exam else [])]
    if asked.opens_at and not standing.is_open:
        said.append(f"opens {day(asked.opens_at, now)}")
    elif asked.due_at:
        said.append(f"due {day(asked.due_at, now)}{_over(standing)}")
    if standing.left is not None:
        said.append(f"{counted(standing.left, 'attempt')} left")
    return f"assigned: {', '.join(said)}"
