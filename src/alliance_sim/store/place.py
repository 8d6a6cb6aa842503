"""Where a store is: a file named by its path or by an sqlite URL, or a PostgreSQL server."""

import contextlib
import os
import stat
import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from alliance_sim.errors import StoreProblem, UsageProblem

FOLDER_MODE = 0o700
FILE_MODE = 0o600

_ALONE = threading.Lock()
"""One thread at a time prepares a file, for the reason given in `_create`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A store's address."""

    url: URL
    path: Path | None
    """The file; None for a server."""

    @property
    def label(self) -> str:
        """What to call it in a message; never shows a password, nor where one is kept."""
        if self.path:
            return str(self.path)
        where = {name: self.url.query[name] for name in ("host", "port") if name in self.url.query}
        shown = self.url.set(drivername="postgresql", query=where)._replace(password=None)
        return shown.render_as_string().replace("%2F", "/")


def locate(url_or_path: str | Path) -> Place:
    """Read an address: a path, `sqlite:///path` or `postgresql://…`.

    Raises UsageProblem for any other, and for PostgreSQL without its driver.
    """
    text = str(url_or_path)
    if isinstance(url_or_path, Path) or "://" not in text:
        return _file(text)
    try:
        url = make_url(text)
    except (ArgumentError, ValueError) as problem:
        # The address is not quoted: it may hold a password.
        raise UsageProblem("the store's URL cannot be read; give a path or a URL") from problem
    match url.get_backend_name():
        case "sqlite":
            if url.query or not url.database or url.database == ":memory:":
                raise UsageProblem(f"{text}: give a file, as in sqlite:///folder/store.db")
            return _file(url.database)
        case "postgresql" | "postgres":
            return Place(_with_driver(url), None)
        case other:
            raise UsageProblem(f"{other}: not a store; give a path, sqlite:/// or postgresql://")


def _file(text: str) -> Place:
    if not text or "\0" in text:
        raise UsageProblem("the store has no name; give a path or a URL")
    # Links are followed here, so that a file yet to be made at the end of one is made by `prepare`.
    path = Path(os.path.realpath(os.path.expanduser(text)))
    return Place(URL.create("sqlite", database=str(path)), path)


def _with_driver(url: URL) -> URL:
    if find_spec("psycopg") is None:
        raise UsageProblem(
            "the postgres extra is not installed: pip install 'alliance-sim[postgres]'"
        )
    return url.set(drivername="postgresql+psycopg")


def prepare(path: Path) -> None:
    """Create the folder (0700) and the file (0600) where they are missing.

    A file that others could read is closed to them; SQLite gives the files it puts beside it the
    same rights. A system without such rights (Windows) keeps its own. Raises StoreProblem.
    """
    try:
        with _ALONE:
            _prepare(path)
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise StoreProblem(f"{path}: {reason}; name another store") from problem


def _prepare(path: Path) -> None:
    if path.is_dir():
        raise StoreProblem(f"{path}: it is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise StoreProblem(f"{path}: it is not a file; name another store")
    path.parent.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if not path.exists():
        _create(path)
    elif os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & ~FILE_MODE:
        path.chmod(FILE_MODE)


def _create(path: Path) -> None:
    # Never opens a file that is there, and lets no other thread open it before it is closed:
    # closing a file drops the locks that SQLite holds on it anywhere in this process, and writes
    # are lost (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    with contextlib.suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
