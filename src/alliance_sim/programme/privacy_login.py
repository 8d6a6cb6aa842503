"""A person's own login on a server, which is named by her pseudonym."""

from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store.logins import has_login
from alliance_sim.store.repository import Store
from alliance_sim.store.rights import revoke


def end_login(store: Store, person: str) -> str | None:
    """Let a person in no more; why she still has a login, or None where she has none."""
    with store.reading() as connection:
        if not has_login(connection, person):
            return None
    try:
        store.transact(lambda connection: revoke(connection, person))
    except (StoreProblem, UsageProblem) as problem:
        return f"the login {person} on the server: {problem}"
    return None
