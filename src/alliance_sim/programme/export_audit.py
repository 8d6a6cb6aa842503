"""That scores were exported, and where to, in the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from alliance_sim.store.audit import note
from alliance_sim.store.export_rows import Wanted
from alliance_sim.store.stamps import stamp
from alliance_sim.store.written_files import EVERYBODY, WrittenFile, remember


@dataclass(frozen=True)
class Exported:
    """An export, as the audit log tells of it: filters and figures, and nobody's name."""

    at: datetime
    who: str
    format: str
    rows: int
    wanted: Wanted
    redacted: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    """None: all of them."""
    file: str | None = None
    """Its name; None: standard output."""
    named: bool = False
    """Names were put to pseudonyms."""


def note_export(connection: Connection, made: Exported) -> None:
    """Add an entry `export`, and `reidentify` where names were put to pseudonyms."""
    detail = {
        "format": made.format,
        "rows": made.rows,
        "file": made.file,
        "names": made.named,
        "filters": _filters(made.wanted),
    }
    for title, names in (("redacted", made.redacted), ("columns", made.columns)):
        detail |= {title: list(names)} if names else {}
    subject = made.file or "standard output"
    note(connection, at=made.at, who=made.who, action="export", subject=subject, detail=detail)
    if made.named:
        also = {"for": "export", "format": made.format, "file": made.file}
        note(
            connection, at=made.at, who=made.who, action="reidentify", subject=subject, detail=also
        )


def remember_export(
    connection: Connection, made: Exported, *, host: str, path: str, digest: str
) -> None:
    """Keep the file in mind: it is deleted with the trainee's data where it is about one alone,
    and named to whoever deletes where it is about several.
    """
    person = made.wanted.sessions.trainee or EVERYBODY
    remember(connection, WrittenFile(host, path, person, "export", digest, made.at))


def _filters(wanted: Wanted) -> Mapping[str, object]:
    """What was asked for, as far as it leaves anything out."""
    found: dict[str, object] = {}
    for name, value in vars(wanted.sessions).items():
        if value is not None and value is not False:
            found[name] = stamp(value) if isinstance(value, datetime) else value
    usual = Wanted()
    for name in ("rubric", "all_scorers", "branches", "consented"):
        if (value := getattr(wanted, name)) != getattr(usual, name):
            found[name] = value
    return found
