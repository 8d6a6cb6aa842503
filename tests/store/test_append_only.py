"""What the database itself refuses, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from store_events import START, opened, sent

from alliance_sim.store.audit import note
from alliance_sim.store.engine import WRITES, connect
from alliance_sim.store.place import locate


@pytest.fixture
def database(store, address):
    """The bare database; each statement is a transaction of its own."""
    store.append("a", [opened(), sent(1), sent(2)], at=START)
    store.append("b", [opened()], at=START)
    store.transact(lambda c: note(c, at=START, who="i-1", action="export", subject="all"))
    store.close()
    engine = connect(locate(address), patience=5)

    def execute(*statements):
        with engine.connect() as connection, connection.execution_options(**{WRITES: True}).begin():
            for statement in statements:
                found = connection.execute(text(statement))
            return found.all() if found.returns_rows else None

    yield execute
    engine.dispose()


ALL = "SELECT session_id, seq, at, type, payload FROM events ORDER BY session_id, seq"


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
        ("INSERT INTO events VALUES ('a', 0, '', 'ended', '{}')", "without a gap"),
        (
            "INSERT INTO events VALUES ('a', 4, '', 'ended', '{}'), ('a', 6, '', 'ended', '{}')",
            "without a gap",
        ),
        (
            "INSERT INTO events VALUES ('a', 4, '', 'ended', '{}'), ('c', 2, '', 'ended', '{}')",
            "without a gap",
        ),
        ("INSERT INTO events VALUES ('a', 2, '', 'ended', '{}')", "without a gap|duplicate key"),
        ("UPDATE audit SET who = 'i-2'", "audit log is never changed"),
        ("DELETE FROM audit", "audit log only grows"),
    ],
)
def test_events_only_grow(database, statement, refusal):
    before = database(ALL)
    with pytest.raises(IntegrityError, match=refusal):
        database(statement)
    assert database(ALL) == before


def test_no_row_takes_the_place_of_another(database, either_address):
    replacing = (
        "INSERT INTO events VALUES ('a', 2, '', 'ended', '{}') "
        "ON CONFLICT (session_id, seq) DO UPDATE SET payload = '{}'"
        if either_address.startswith("postgresql")
        else "REPLACE INTO events VALUES ('a', 2, '', 'ended', '{}')"
    )
    with pytest.raises(IntegrityError, match=r"without a gap|never changed"):
        database(replacing)


def test_several_events_of_several_sessions_follow_on_in_one_statement(database):
    database(
        "INSERT INTO events VALUES ('a', 4, '', 'x', '{}'), ('a', 5, '', 'x', '{}'), "
        "('c', 1, '', 'x', '{}'), ('b', 2, '', 'x', '{}'), ('c', 2, '', 'x', '{}')"
    )
    assert [tuple(row)[:2] for row in database(ALL)] == [
        *(("a", number) for number in range(1, 6)), ("b", 1), ("b", 2), ("c", 1), ("c", 2),
    ]  # fmt: skip


def test_a_deletion_must_be_whole(database):
    erase = "INSERT INTO erasures VALUES ('a')"
    with pytest.raises(IntegrityError, match="as a whole"):
        database(
            erase,
            "DELETE FROM events WHERE session_id = 'a' AND seq = 3",
            "DELETE FROM erasures",
        )
    with pytest.raises(IntegrityError, match="whole sessions only"):
        database(erase, "DELETE FROM events WHERE session_id = 'b'")
    database(erase, "DELETE FROM events WHERE session_id = 'a'", "DELETE FROM erasures")
    assert [tuple(row) for row in database("SELECT DISTINCT session_id FROM events")] == [("b",)]


def test_the_door_for_a_session_is_not_moved_to_another(database):
    before = database(ALL)
    with pytest.raises(IntegrityError, match="as a whole"):
        database(
            "INSERT INTO erasures VALUES ('a')",
            "DELETE FROM events WHERE session_id = 'a' AND seq = 3",
            "UPDATE erasures SET session_id = 'c'",
            "DELETE FROM erasures",
        )
    assert database(ALL) == before


@pytest.mark.parametrize("either_address", ["postgresql"], indirect=True)
class TestOnServersOnly:
    @pytest.mark.parametrize(
        ("statement", "refusal"),
        [
            ("TRUNCATE events", "whole sessions only"),
            ("TRUNCATE erasures", "as a whole"),
            ("TRUNCATE audit", "audit log only grows"),
        ],
    )
    def test_tables_are_not_emptied(self, database, statement, refusal):
        with pytest.raises(IntegrityError, match=refusal):
            database(statement)

    def test_a_table_of_the_same_name_misleads_nobody(self, database):
        with pytest.raises(IntegrityError, match="whole sessions only"):
            database(
                "CREATE TEMP TABLE erasures (session_id text)",
                "INSERT INTO erasures VALUES ('a')",
                "DELETE FROM events WHERE session_id = 'a' AND seq = 3",
            )
