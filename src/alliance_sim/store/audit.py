"""The audit log: who exported, changed, deleted or re-identified what. It can only grow."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select

from alliance_sim.domain.programme import AuditEntry
from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import audit


def note(
    connection: Connection,
    *,
    at: datetime,
    who: str,
    action: str,
    subject: str,
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add an entry, in the transaction of what it tells of. `detail` is plain JSON data."""
    text = json.dumps(dict(detail or {}), ensure_ascii=False)
    values = {"at": stamp(at), "who": who, "action": action, "subject": subject, "detail": text}
    connection.execute(insert(audit).values(**values))


def entries(
    connection: Connection,
    *,
    since: datetime | None = None,
    action: str | None = None,
    limit: int | None = None,
) -> list[AuditEntry]:
    """The entries, latest first."""
    query = select(audit).order_by(audit.c.seq.desc()).limit(limit)
    if since is not None:
        query = query.where(audit.c.at >= stamp(since))
    if action is not None:
        query = query.where(audit.c.action == action)
    return [
        AuditEntry(
            seq=row.seq,
            at=datetime.fromisoformat(row.at),
            who=row.who,
            action=row.action,
            subject=row.subject,
            detail=json.loads(row.detail),
        )
        for row in connection.execute(query)
    ]
