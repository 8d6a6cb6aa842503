"""The tables on a server, and how they come about."""

import pytest
from sqlalchemy import inspect, text
from store_events import START, minute, opened, sent

from alliance_sim.errors import StoreProblem
from alliance_sim.store import schema
from alliance_sim.store.engine import connect
from alliance_sim.store.migrations import VERSION_TABLE, VERSIONS
from alliance_sim.store.place import locate
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import metadata
from alliance_sim.store.transactions import alone


@pytest.fixture
def engine(postgres_url):
    made = connect(locate(postgres_url), patience=5)
    yield made
    made.dispose()


@pytest.fixture
def empty(empty_postgres_url):
    made = connect(locate(empty_postgres_url), patience=5)
    yield made
    made.dispose()


def family(kind):
    """Text is text, however long it may be."""
    name = str(kind).partition("(")[0].partition(" ")[0]
    return {"VARCHAR": "TEXT", "FLOAT": "DOUBLE"}.get(name, name)


def test_the_schema_is_the_one_the_program_uses(engine):
    found = inspect(engine)
    assert {*found.get_table_names()} == {*metadata.tables, VERSION_TABLE}
    for name, table in metadata.tables.items():
        key = found.get_pk_constraint(name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key]
        columns = {
            column["name"]: (family(column["type"]), column["nullable"])
            for column in found.get_columns(name)
        }
        assert columns == {
            column.name: (family(column.type), column.nullable) for column in table.columns
        }
        assert {index["name"] for index in found.get_indexes(name)} == {
            index.name for index in table.indexes
        }


def test_it_comes_about_version_by_version_as_well(empty, engine):
    for version in VERSIONS:
        with alone(empty) as connection:
            schema.upgrade(connection, version)
    assert shape(empty) == shape(engine)


COLUMNS = """
    SELECT table_name, column_name, data_type, collation_name, is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
    ORDER BY table_name, ordinal_position
"""
INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
TRIGGERS = """
    SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1
"""


def shape(engine):
    """Columns, indexes and triggers as the server has them."""
    with engine.connect() as connection:
        return [connection.execute(text(each)).all() for each in (COLUMNS, INDEXES, TRIGGERS)]


def test_sessions_of_an_older_program_are_listed_after_the_upgrade(empty, empty_postgres_url):
    with alone(empty) as connection:
        schema.upgrade(connection, "0001")
        row = {"at": START.isoformat(), "payload": opened(trainee="t-31").model_dump_json()}
        add = "INSERT INTO events VALUES ('a', 1, :at, 'session_opened', :payload)"
        connection.execute(text(add), row)
    with Store.open(empty_postgres_url) as store:
        assert [(row.id, row.trainee) for row in store.sessions()] == [("a", "t-31")]
        assert store.events("a")[0].event == opened(trainee="t-31")
        store.append("a", [sent(1)], at=minute(1))


def test_text_is_as_long_as_it_is_and_sorted_by_code_point(store):
    names = ["B", "a", "a-b", "aB", "a_b", "ab", "b" * 300, "ä", "ß", "Z"]
    for name in names:
        store.append(name, [opened("s" * 5000)], at=START)
    assert [row.id for row in reversed(store.sessions())] == sorted(names)
    assert store.resolve("bbb") == "b" * 300
    assert store.resolve("B") == "B"


def test_tables_of_others_beside_it_stay_as_they_are(empty):
    with alone(empty) as connection:
        connection.execute(text("CREATE TABLE jobs (name varchar(128) NOT NULL)"))
        schema.upgrade(connection)
        (column,) = inspect(connection).get_columns("jobs")
    assert str(column["type"]) == "VARCHAR(128)"


def test_a_newer_store_is_left_alone(postgres_url, postgres_cluster, postgres_database):
    newer = "UPDATE alliance_schema SET version_num = '0999'"
    postgres_cluster.execute(newer, postgres_database)
    with pytest.raises(StoreProblem, match=r"newer version of the program \(schema 0999"):
        Store.open(postgres_url)


def test_another_programs_database_is_left_alone(empty, empty_postgres_url):
    with alone(empty) as connection:
        connection.execute(text("CREATE TABLE bookmarks (address text)"))
    with pytest.raises(StoreProblem, match="belongs to another program"):
        Store.open(empty_postgres_url)
    assert inspect(empty).get_table_names() == ["bookmarks"]


def test_an_upgrade_that_fails_leaves_the_database_as_it_was(empty, empty_postgres_url):
    with alone(empty) as connection:
        schema.upgrade(connection, "0001")
        connection.execute(text("CREATE TABLE scores (in_the_way text)"))
    before = shape(empty)
    with pytest.raises(StoreProblem, match='"scores" already exists'):
        Store.open(empty_postgres_url)
    assert shape(empty) == before
