"""The public key by which a trainee's bundles are known: the one that came first, once and for all,
unless a coordinator trusts another."""

from sqlalchemy import Connection, update

from alliance_sim.store.tables import people


def pin(connection: Connection, person: str, key: str) -> None:
    """Let a person's bundles be signed with this key (base64) and no other."""
    connection.execute(update(people).where(people.c.id == person).values(signing_key=key))
