"""Looking for what is left of a person: every table, the database's own file, the key file."""

import json
import mmap
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import escape
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, inspect, select

from alliance_sim.programme.key_file import read_key
from alliance_sim.store.logins import has_login
from alliance_sim.store.repository import Store

AUDIT = "audit"
"""The one table that keeps a pseudonym: that a deletion took place, and what came before it."""

BESIDE = ("-wal", "-journal", "-shm")
"""Endings of the files that SQLite puts beside a database."""


@dataclass(frozen=True)
class Trail:
    """What is looked for."""

    person: str
    sessions: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    """Words of hers, as `privacy_words.sampled_phrases` gives them."""


@dataclass(frozen=True)
class Look:
    """One place that was looked at."""

    place: str
    """A table's name, or a file's path."""
    size: str
    """How much was looked through, in words."""
    found: tuple[str, ...] = ()
    """What is there of her, in words that hold none of hers; empty: nothing."""
    kept: str = ""
    """What stays there on purpose; empty: nothing."""

    @property
    def clean(self) -> bool:
        return not self.found


def looked_at(store: Store, trail: Trail, names: Path) -> list[Look]:
    """Look everywhere; one `Look` a place. Raises StoreProblem where the store cannot be read.

    The store's connections are closed on the way, and opened again when they are needed.
    """
    with store.reading() as connection:
        tables = [_table(connection, name, trail) for name in _tables(connection)]
        logins = _logins(connection, trail.person)
    standing = frozenset(name for _, named in tables for name in named)
    files = [_file(path, trail, standing) for path in _closed_files(store)]
    return [*(look for look, _ in tables), *logins, *files, *_key_files(names, trail)]


def phrases_in_files(store: Store, phrases: Sequence[str]) -> int:
    """How many phrases stand in the database's own files: that there is something to be found."""
    found = set[str]()
    for path in _closed_files(store):
        with _bytes_of(path) as data:
            found |= {phrase for phrase in phrases if _in_bytes(phrase, data)}
    return len(found)


# ---- tables ----------------------------------------------------------------------------------


def _tables(connection: Connection) -> list[str]:
    return sorted(inspect(connection).get_table_names())


def _table(connection: Connection, name: str, trail: Trail) -> tuple[Look, frozenset[str]]:
    """What is in a table, and the names that stand in it, be it as a part of other names."""
    found: Counter[str] = Counter()
    standing = set[str]()
    rows = 0
    columns, cells = _cells(connection, name)
    for row in cells:
        rows += 1
        whole = "\0".join(row)
        if there := [needle for needle in _needles(trail) if needle in whole]:
            standing.update(there)
            for column, cell in zip(columns, row, strict=True):
                found.update(f"{what} in {column}" for what in _hits(cell, trail))
    size = f"{rows:,} rows, {len(columns)} columns"
    told = tuple(f"{what}: {count}" for what, count in sorted(found.items()))
    if name == AUDIT and told:
        look = Look(name, size, kept="who did what, by the pseudonym: " + "; ".join(told))
    else:
        look = Look(name, size, told)
    return look, frozenset(standing)


def _cells(connection: Connection, name: str) -> tuple[list[str], Iterator[list[str]]]:
    table = Table(name, MetaData(), autoload_with=connection)
    found = connection.execute(select(table).execution_options(yield_per=1000))
    return [column.name for column in table.columns], (
        [_text(cell) for cell in row] for row in found
    )


def _text(cell: object) -> str:
    if cell is None or isinstance(cell, str):
        return cell or ""
    if isinstance(cell, bytes | memoryview):
        return bytes(cell).decode("utf-8", "replace")
    if isinstance(cell, dict | list):
        return json.dumps(cell, ensure_ascii=False, default=str)
    return str(cell)


def _needles(trail: Trail) -> Iterable[str]:
    yield trail.person
    yield from trail.sessions
    yield from trail.phrases


def _hits(cell: str, trail: Trail) -> Iterator[str]:
    if _stands_in(trail.person, cell):
        yield "the pseudonym"
    if any(_stands_in(session, cell) for session in trail.sessions):
        yield "a session's id"
    if any(phrase in cell for phrase in trail.phrases):
        yield "words of hers"


def _stands_in(name: str, text: str) -> bool:
    """Whether a name stands in a text, and not as a part of another name."""
    if name not in text:
        return False
    return bool(re.search(rf"(?<![\w\-]){re.escape(name)}(?![\w\-])", text))


def _logins(connection: Connection, person: str) -> list[Look]:
    if connection.dialect.name != "postgresql":
        return []
    found = ("a login of this name",) if has_login(connection, person) else ()
    return [Look("logins of the server", "by name", found)]


# ---- files -----------------------------------------------------------------------------------


def _closed_files(store: Store) -> list[Path]:
    # Closing a file drops the locks that SQLite holds on it anywhere in this process; so no
    # connection is left open (https://www.sqlite.org/howtocorrupt.html, section 2.2).
    store.close()
    path = store.path
    if path is None:
        return []
    return [each for each in (path, *(Path(f"{path}{end}") for end in BESIDE)) if each.exists()]


def _file(path: Path, trail: Trail, standing: frozenset[str]) -> Look:
    """The bytes of a file, whatever the database says is in it.

    What stands in a table by right, in the audit log or as a part of another name, stands in the
    file too.
    """
    ids = [name for name in (trail.person, *trail.sessions) if name not in standing]
    phrases = [phrase for phrase in trail.phrases if phrase not in standing]
    found = []
    with _bytes_of(path) as data:
        if count := sum(_in_bytes(name, data) for name in ids):
            found.append(f"the pseudonym or ids of sessions: {count} of {len(ids)}")
        if count := sum(_in_bytes(phrase, data) for phrase in phrases):
            found.append(f"words of hers: {count} of {len(phrases)} phrases")
    skipped = len(trail.sessions) + 1 - len(ids)
    kept = f"{skipped} names that stand in the tables by right" if skipped else ""
    return Look(str(path), f"{path.stat().st_size:,} bytes", tuple(found), kept)


class _Nothing:
    """An empty file: it cannot be mapped."""

    def find(self, _wanted: bytes, _start: int = 0) -> int:
        return -1

    def __enter__(self) -> "_Nothing":
        return self

    def __exit__(self, *_: object) -> None:
        return


@contextmanager
def _bytes_of(path: Path) -> "Iterator[mmap.mmap | _Nothing]":
    with path.open("rb") as file:
        size = path.stat().st_size
        with (
            mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) if size else _Nothing() as data
        ):
            yield data


def _in_bytes(name: str, data: mmap.mmap | _Nothing) -> bool:
    return data.find(name.encode("utf-8")) >= 0


def _key_files(names: Path, trail: Trail) -> list[Look]:
    """The key file, and what a program that was killed may have left of it beside it."""
    looks = []
    if names.exists():
        people = read_key(names).people
        found = ("who she is",) if trail.person in people else ()
        looks.append(Look(str(names), f"{len(people):,} people", found))
    left: Sequence[Path] = sorted(names.parent.glob(f".{escape(names.name)}.*"))
    for path in left:
        text = path.read_bytes().decode("utf-8", "replace")
        found = ("the pseudonym",) if _stands_in(trail.person, text) else ()
        looks.append(Look(str(path), f"{len(text):,} characters", found))
    return looks
