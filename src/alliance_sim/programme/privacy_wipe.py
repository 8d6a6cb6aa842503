"""Wiping the database's own files after a deletion, which stands whatever comes of it."""

from dataclasses import dataclass

from alliance_sim.errors import StoreProblem
from alliance_sim.store.repository import Store


@dataclass(frozen=True)
class Wiped:
    """What came of it."""

    clean: bool
    """Nothing of what was deleted is left in the files."""
    problem: str = ""
    """Why they could not be written anew; empty where they were."""


def wipe(store: Store) -> Wiped:
    """Wipe what was deleted from the files, as far as the database can; see `Store.scrub`."""
    try:
        return Wiped(store.scrub())
    except StoreProblem as problem:
        return Wiped(clean=False, problem=str(problem))
