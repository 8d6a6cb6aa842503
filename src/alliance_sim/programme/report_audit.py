"""That a report was made, and that names were put to it, in the audit log."""

from datetime import datetime

from sqlalchemy import Connection

from alliance_sim.programme.acting import Act
from alliance_sim.store.audit import note
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.repository import Store
from alliance_sim.store.stamps import stamp


def note_report(
    store: Store,
    act: Act,
    *,
    subject: str,
    selection: Selection,
    format_: str,
    file: str | None,
    named: bool,
) -> None:
    """Add an entry `report`, and `reidentify` where names were put to pseudonyms.

    `file` is the name of the file that it went to; None: standard output. With a trainee's own
    login nothing is noted: she sees only herself, and has no right to the log.
    """
    if store.trainee is not None:
        return
    chosen: dict[str, object] = {}
    for name, value in vars(selection).items():
        if value is None or value is False:
            continue
        chosen[name] = stamp(value) if isinstance(value, datetime) else value
    detail = {"format": format_, "file": file, "names": named, "selection": chosen}

    def write(connection: Connection) -> None:
        at, who = act.at, act.who
        note(connection, at=at, who=who, action="report", subject=subject, detail=detail)
        if named:
            also = {"for": "report", "format": format_, "file": file}
            note(connection, at=at, who=who, action="reidentify", subject=subject, detail=also)

    store.transact(write)
