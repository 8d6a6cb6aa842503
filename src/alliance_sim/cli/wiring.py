"""Where things are: the store, the user's data folder, the library. Plain values go inward."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.domain.clean import printable

if TYPE_CHECKING:
    from alliance_sim.authoring.library import Library
    from alliance_sim.store.repository import Store

APP = "alliance-sim"


def narrate(text: str) -> None:
    """Print to stderr: everything that is not data. Nothing in it can act on the terminal."""
    sys.stderr.write(printable(text) + "\n")
    sys.stderr.flush()


def data_folder() -> Path:
    """The user's data folder; it need not exist."""
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def store_name(given: str | None) -> str:
    """The store to use: as given, else `ALLIANCE_SIM_STORE`, else a file in the data folder."""
    return given or os.environ.get("ALLIANCE_SIM_STORE") or str(data_folder() / "sessions.db")


def acting_user() -> str:
    """Who acts, for the audit log: `ALLIANCE_SIM_USER`, else the user of the operating system."""
    import getpass

    if given := os.environ.get("ALLIANCE_SIM_USER", "").strip():
        return given
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


@contextmanager
def open_store(given: str | None) -> Iterator["Store"]:
    """The store, closed at the end. Raises StoreProblem where it cannot be used."""
    from alliance_sim.store.repository import Store

    with Store.open(store_name(given)) as store:
        yield store


def open_library() -> "Library":
    """Scenarios and rubrics: those that ship, the user's, and those of the working directory."""
    from alliance_sim.authoring.library import default_library
    from alliance_sim.client.dynamics import load_dynamics

    types = frozenset(load_dynamics().types)
    library = default_library(data_folder(), Path.cwd(), types)
    for note in library.notes:
        narrate(note)
    return library


def locale() -> str | None:
    """The language setting, for crisis resources."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name]
    return None
