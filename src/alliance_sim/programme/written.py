"""Which files the program wrote about whom, so that they can be deleted with her data."""

import platform
from pathlib import Path

from alliance_sim.errors import StoreProblem
from alliance_sim.programme.private_file import digest_of
from alliance_sim.runtime.clock import Clock
from alliance_sim.store.repository import Store
from alliance_sim.store.written_files import EVERYBODY, WrittenFile, remember

__all__ = ["EVERYBODY", "keep_in_mind", "this_machine"]


def this_machine() -> str:
    """The machine's name, as it stands beside the files that it wrote."""
    return platform.node()


def keep_in_mind(store: Store, path: Path, *, person: str, kind: str, clock: Clock) -> bool:
    """Remember a file that was just written about a person, or about `EVERYBODY`.

    `kind`: `bundle`, `report`, `page`, `export`. False where the store does not take it (a trainee
    has no right to on a shared one), or it is no file that could be read again, as a pipe.
    """
    if not path.is_file():
        return False
    try:
        digest = digest_of(path.read_bytes())
        absolute = str(path.resolve())
        file = WrittenFile(this_machine(), absolute, person, kind, digest, clock.now())
        store.transact(lambda connection: remember(connection, file))
    except (OSError, StoreProblem):
        return False
    return True
