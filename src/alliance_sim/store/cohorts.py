"""Cohorts in the store: those who are asked to practise the same things at the same time."""

from sqlalchemy import Connection, Row, delete, func, insert, select

from alliance_sim.domain.programme import Cohort
from alliance_sim.errors import UsageProblem
from alliance_sim.store import tables
from alliance_sim.store.stamps import moment, stamp


def add(connection: Connection, cohort: Cohort) -> None:
    """Add a cohort. Raises UsageProblem where there is one of that id."""
    if get(connection, cohort.id) is not None:
        raise UsageProblem(f"{cohort.id}: there is such a cohort already; choose another id")
    values = {**cohort.model_dump(), "created_at": stamp(cohort.created_at)}
    connection.execute(insert(tables.cohorts).values(**values))


def get(connection: Connection, cohort_id: str) -> Cohort | None:
    """A cohort, or None where there is none of that id."""
    query = select(tables.cohorts).where(tables.cohorts.c.id == cohort_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _cohort(row)


def need(connection: Connection, cohort_id: str) -> Cohort:
    """A cohort. Raises UsageProblem, with those that there are, where there is none of that id."""
    found = get(connection, cohort_id)
    if found is None:
        known = ", ".join(cohort.id for cohort in every(connection)) or "none yet"
        raise UsageProblem(
            f"{cohort_id}: no such cohort; there are: {known}. "
            "One is made by: alliance-sim cohort add ID --title TITLE"
        )
    return found


def every(connection: Connection) -> list[Cohort]:
    """All cohorts, by id."""
    query = select(tables.cohorts).order_by(tables.cohorts.c.id)
    return [_cohort(row) for row in connection.execute(query)]


def sizes(connection: Connection) -> dict[str, int]:
    """How many members each cohort has; one without members is left out."""
    cohort = tables.memberships.c.cohort
    query = select(cohort, func.count()).group_by(cohort)
    return {str(name): int(count) for name, count in connection.execute(query)}


def remove(connection: Connection, cohort_id: str) -> None:
    """Remove a cohort and its memberships. People, assignments and sessions stay."""
    members = tables.memberships.c.cohort == cohort_id
    connection.execute(delete(tables.memberships).where(members))
    connection.execute(delete(tables.cohorts).where(tables.cohorts.c.id == cohort_id))


def _cohort(row: Row[*tuple[object, ...]]) -> Cohort:
    values = dict(row._mapping)
    return Cohort.model_validate({**values, "created_at": moment(str(values["created_at"]))})
