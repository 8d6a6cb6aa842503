"""Which sessions a report or a list is about, as conditions on the table of sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, select

from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import attempts, memberships, sessions


@dataclass(frozen=True)
class Selection:
    """All that is given must hold; None leaves it open."""

    trainee: str | None = None
    trainee_begins: str | None = None
    """The beginning of a pseudonym."""
    unnamed: bool = False
    """Only sessions that bear no pseudonym: a student's own, on her own machine."""
    cohort: str | None = None
    """Sessions of its members."""
    assignment: str | None = None
    """Sessions that were held or handed in for it."""
    scenario: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Sessions opened at or after `since` and before `until`."""

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Of `sessions`. Raises ValueError for a time without a time zone."""
        found: list[ColumnElement[bool]] = []
        if self.trainee is not None:
            found.append(sessions.c.trainee == self.trainee)
        if self.trainee_begins:
            begins = sessions.c.trainee.startswith(self.trainee_begins, autoescape=True)
            found.append(begins)
        if self.unnamed:
            found.append(sessions.c.trainee.is_(None))
        if self.cohort is not None:
            members = select(memberships.c.person).where(memberships.c.cohort == self.cohort)
            found.append(sessions.c.trainee.in_(members))
        if self.assignment is not None:
            handed = select(attempts.c.session_id).where(attempts.c.assignment == self.assignment)
            found.append(sessions.c.id.in_(handed))
        if self.scenario is not None:
            found.append(sessions.c.scenario == self.scenario)
        if self.since is not None:
            found.append(sessions.c.opened_at >= stamp(self.since))
        if self.until is not None:
            found.append(sessions.c.opened_at < stamp(self.until))
        return found


def held(selection: Selection) -> CTE:
    """Sessions that have ended, from their beginning.

    A session that tries a turn of another again begins in the middle of an hour that is known, and
    its scores say less: it is practice, and no point of a report.
    """
    columns = sessions.c
    wanted = (columns.id, columns.trainee, columns.scenario, columns.opened_at)
    query = select(*wanted, columns.ending, columns.overall).where(
        columns.ending.is_not(None), columns.branch_session.is_(None), *selection.conditions()
    )
    return query.cte("held")
