"""Jobs about a session that wait in the queue of a server; on a file there is no queue."""

from sqlalchemy import Connection, text

_MAY = text("SELECT has_table_privilege(to_regclass('procrastinate_jobs'), 'DELETE')")
"""None where there is no queue."""

_FORGET = text("DELETE FROM procrastinate_jobs WHERE args->>'session' = :session")


def forget_jobs(connection: Connection, session_id: str) -> None:
    """Delete a session's jobs. Whoever has no right to the queue leaves them: a worker that comes
    to one finds no session, and the job is gone."""
    if connection.dialect.name == "postgresql" and connection.scalar(_MAY):
        connection.execute(_FORGET, {"session": session_id})
