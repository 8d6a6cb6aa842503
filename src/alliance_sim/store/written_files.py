"""Files that the program wrote about a person: bundles, reports, pages.

Each is remembered with a digest, so that deleting the person's data deletes the file too, and
never one that has been changed, or put in its place, since.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from alliance_sim.store.stamps import moment, stamp
from alliance_sim.store.tables import written_files

EVERYBODY = "*"
"""Stands for a person in the row of a file about several, as an export: it is never deleted, but
named when one of them asks for her data to be deleted."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file on one machine, as it was written."""

    host: str
    """The machine's name."""
    path: str
    """Absolute."""
    person: str
    """Pseudonym, or `EVERYBODY`."""
    kind: str
    """`bundle`, `report`, `page`, `export`."""
    digest: str
    """SHA-256 of its bytes, in hexadecimal."""
    at: datetime


def remember(connection: Connection, file: WrittenFile) -> None:
    """Keep a file in mind; one of the same name and person takes the place of an earlier one."""
    columns = written_files.c
    same = (columns.host == file.host) & (columns.path == file.path)
    connection.execute(delete(written_files).where(same, columns.person == file.person))
    connection.execute(
        insert(written_files).values(
            host=file.host,
            path=file.path,
            person=file.person,
            kind=file.kind,
            digest=file.digest,
            at=stamp(file.at),
        )
    )


def files_about(connection: Connection, people: Iterable[str]) -> list[WrittenFile]:
    """The files about any of these, by their path."""
    columns = written_files.c
    query = select(written_files).where(columns.person.in_(list(people)))
    return [
        WrittenFile(
            host=row.host,
            path=row.path,
            person=row.person,
            kind=row.kind,
            digest=row.digest,
            at=moment(row.at),
        )
        for row in connection.execute(query.order_by(columns.path, columns.person))
    ]


def forget_files(connection: Connection, files: Sequence[WrittenFile]) -> None:
    """Take files out of the register."""
    columns = written_files.c
    for file in files:
        same = (columns.host == file.host) & (columns.path == file.path)
        connection.execute(delete(written_files).where(same, columns.person == file.person))
