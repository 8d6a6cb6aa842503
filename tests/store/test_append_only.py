"""What the database itself refuses, whoever asks."""

import sqlite3
from contextlib import closing

import pytest
from store_events import START, opened, sent


@pytest.fixture
def database(store, path):
    store.append("a", [opened(), sent(1), sent(2)], at=START)
    store.append("b", [opened()], at=START)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE events SET payload = '{}'", "never changed"),
        ("UPDATE events SET seq = 9 WHERE seq = 2", "never changed"),
        ("DELETE FROM events", "whole sessions only"),
        ("DELETE FROM events WHERE session_id = 'a' AND seq = 3", "whole sessions only"),
        ("INSERT INTO events VALUES ('a', 5, '', 'ended', '{}')", "without a gap"),
        ("INSERT INTO events VALUES ('c', 2, '', 'ended', '{}')", "without a gap"),
        ("INSERT INTO events VALUES ('c', 0, '', 'ended', '{}')", "without a gap"),
        ("INSERT INTO events VALUES ('a', 2, '', 'ended', '{}')", "without a gap"),
        ("REPLACE INTO events VALUES ('a', 2, '', 'ended', '{}')", "without a gap"),
    ],
)
def test_events_only_grow(database, statement, refusal):
    before = database.execute("SELECT * FROM events").fetchall()
    with pytest.raises(sqlite3.IntegrityError, match=refusal):
        database.execute(statement)
    assert database.execute("SELECT * FROM events").fetchall() == before


def test_a_deletion_must_be_whole(database):
    database.execute("INSERT INTO erasures VALUES ('a')")
    database.execute("DELETE FROM events WHERE session_id = 'a' AND seq = 3")
    with pytest.raises(sqlite3.IntegrityError, match="as a whole"):
        database.execute("DELETE FROM erasures")
    with pytest.raises(sqlite3.IntegrityError, match="whole sessions only"):
        database.execute("DELETE FROM events WHERE session_id = 'b'")
    database.execute("DELETE FROM events WHERE session_id = 'a'")
    database.execute("DELETE FROM erasures")
    assert database.execute("SELECT DISTINCT session_id FROM events").fetchall() == [("b",)]
