"""Login roles of people on a server, which are named as they are; a file has none."""

from sqlalchemy import Connection, text

_ROLE = text("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = :name)")


def has_login(connection: Connection, person: str) -> bool:
    """Whether the server has a login role of this name."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.scalar(_ROLE, {"name": person}))
