"""What a user may do to a store, or a machine: always one plain line."""

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from store_events import START, minute, opened, sent

from alliance_sim.errors import Exit, StoreProblem
from alliance_sim.store.repository import Store


def plain(caught, path):
    """The message, once it is seen to be one line that names the store."""
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"{path}: ")
    assert caught.value.exit is Exit.STORE
    return line


@pytest.fixture
def used(path):
    with Store.open(path) as store:
        store.append(
            "a", [opened(), *(sent(turn, "words " * 200) for turn in range(1, 60))], at=START
        )
    return path


def test_a_file_of_another_kind(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Not a database, but long enough to be read as the header of one. " * 20)
    before = path.read_bytes()
    with pytest.raises(StoreProblem) as caught:
        Store.open(path)
    assert "not a store of this program" in plain(caught, path)
    assert path.read_bytes() == before


def test_a_damaged_file(used):
    content = bytearray(used.read_bytes())
    content[8192:-4096] = b"\xa5" * (len(content) - 12288)
    used.write_bytes(content)
    with pytest.raises(StoreProblem) as caught, Store.open(used) as store:
        store.events("a")
    assert "damaged" in plain(caught, used)


def test_a_file_cut_short(used):
    with used.open("r+b") as file:
        file.truncate(used.stat().st_size // 2)
    with pytest.raises(StoreProblem) as caught, Store.open(used) as store:
        store.events("a")
    assert "damaged" in plain(caught, used)


@pytest.mark.parametrize("payload", ["{", '{"type":"from_the_future","turn":1}', "\x00"])
def test_an_event_that_cannot_be_read(used, payload):
    with closing(sqlite3.connect(used)) as database:
        database.execute("INSERT INTO events VALUES ('a', 61, ?, 'x', ?)", (START, payload))
        database.execute("INSERT INTO events VALUES ('b', 1, ?, 'session_opened', '{')", (START,))
        database.commit()
    with Store.open(used) as store:
        with pytest.raises(StoreProblem) as caught:
            store.events("a")
        assert "event 61 of session a cannot be read" in plain(caught, used)
        store.rebuild_index()
        assert [row.id for row in store.sessions()] == ["a"]
        store.delete(store.resolve("b"))


@pytest.fixture
def full_disk():
    """Every connection made from here on finds no room for another page."""

    def no_room(connection, _record):
        connection.execute("PRAGMA max_page_count = 1").close()

    event.listen(Engine, "connect", no_room)
    yield
    event.remove(Engine, "connect", no_room)


def test_a_full_disk(used, full_disk):
    with Store.open(used) as store:
        kept = store.events("a")
        more = [sent(turn, "words " * 2000) for turn in range(60, 100)]
        with pytest.raises(StoreProblem) as caught:
            store.append("a", more, at=START)
        assert "the disk is full" in plain(caught, used)
        assert store.events("a") == kept


def test_a_disk_too_full_to_begin(path, full_disk):
    with pytest.raises(StoreProblem) as caught:
        Store.open(path)
    assert "the disk is full" in plain(caught, path)


def test_a_session_goes_on_once_there_is_room_again(path):
    with Store.open(path) as store:
        store.append("a", [opened()], at=START)

        def no_room(connection, *_):
            connection.connection.execute("PRAGMA max_page_count = 1")

        event.listen(Engine, "begin", no_room)
        with pytest.raises(StoreProblem, match="the disk is full"):
            store.append("a", [sent(1, "words " * 5000)], at=START)
        event.remove(Engine, "begin", no_room)
    with Store.open(path) as store:
        store.append("a", [sent(1, "words " * 5000)], at=START)
        assert [stored.seq for stored in store.events("a")] == [1, 2]


class TestInUse:
    @pytest.fixture
    def writer(self, used):
        with closing(sqlite3.connect(used, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield database

    def test_a_writer_that_does_not_finish(self, used, writer):
        with Store.open(used, patience=0.01) as store:
            with pytest.raises(StoreProblem) as caught:
                store.append("a", [sent(60)], at=START)
            assert "another program is using it" in plain(caught, used)
            assert len(store.events("a")) == 60
            writer.execute("ROLLBACK")
            store.append("a", [sent(60)], at=minute(1))

    def test_words_that_a_reader_still_holds_are_not_called_gone(self, used):
        with (
            Store.open(used, patience=0.01) as store,
            closing(sqlite3.connect(used, isolation_level=None)) as reader,
        ):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            with pytest.raises(StoreProblem) as caught:
                store.delete("a")
            assert "words stay in the log" in plain(caught, used)
            reader.execute("COMMIT")
        assert store.sessions() == []
        store.close()
        for file in used.parent.iterdir():
            assert b"words words" not in file.read_bytes()


WITHOUT_RIGHTS = """
import os, sys
from datetime import UTC, datetime
import sqlalchemy.dialects.sqlite
from alliance_sim.domain.events import Paused
from alliance_sim.errors import StoreProblem
from alliance_sim.store.repository import Store

if os.getuid() == 0:
    os.setuid(int(sys.argv[2]))
try:
    with Store.open(sys.argv[1]) as store:
        store.append("a", [Paused()], at=datetime.now(UTC))
except StoreProblem as problem:
    sys.stdout.write(f"{problem}\\n")
"""
NOBODY = 65534


@pytest.fixture
def shared():
    """A store in a folder that any user can reach, owned by one who is not root."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve() / "data"
        with Store.open(folder / "store.db") as store:
            store.append("a", [opened()], at=START)
        if os.getuid() == 0:
            for path in (folder.parent, folder, folder / "store.db"):
                os.chown(path, NOBODY, -1)
        yield folder / "store.db"
        folder.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="rights are those of a POSIX system")
@pytest.mark.parametrize(
    ("folder", "file", "said"),
    [
        (0o500, 0o400, "read-only|cannot be opened"),
        (0o000, 0o600, "permission denied"),
    ],
)
def test_rights_that_are_missing(shared, folder, file, said):
    shared.chmod(file)
    shared.parent.chmod(folder)
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_RIGHTS, str(shared), str(NOBODY)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    assert run.stdout.count("\n") == 1
    assert run.stdout.startswith(f"{shared}: ")
    assert re.search(said, run.stdout)
