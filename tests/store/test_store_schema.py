import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from store_events import minute, moved

from alliance_sim.domain.events import Ended, Ending, TraineeSent
from alliance_sim.errors import StoreProblem
from alliance_sim.store import migrations
from alliance_sim.store.migrations import VERSION_TABLE, VERSIONS
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import metadata

OLDEST = Path(__file__).parent / "data" / "schema_0001.sql"


def script(path, sql):
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)


def shape(path):
    """Tables, triggers and indexes as SQLite has them, apart from blanks."""
    with closing(sqlite3.connect(path)) as database:
        rows = database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name")
        return [(kind, name, " ".join((sql or "").split())) for kind, name, sql in rows]


class TestFromTheOldest:
    @pytest.fixture
    def old(self, tmp_path):
        script(tmp_path / "old.db", OLDEST.read_text(encoding="utf-8"))
        return tmp_path / "old.db"

    def test_every_word_is_still_there(self, old):
        with Store.open(old) as store:
            events = store.events("20261122-0815-k3f9")
            assert [stored.seq for stored in events] == [1, 2, 3, 4, 5, 6]
            assert events[1].event.clauses[2].text == "I didn't choose this."
            assert events[4].event == TraineeSent(
                turn=1, text='It sounds like none of this was your choice — "again".'
            )
            assert events[5].event == Ended(ending=Ending.PLANNED_CLOSE, dropout_estimate=0.31)

    def test_its_sessions_are_listed_and_go_on(self, old):
        with Store.open(old) as store:
            newest, oldest = store.sessions()
            assert (oldest.id, oldest.trainee, oldest.turns) == ("20261122-0815-k3f9", "t-31", 0)
            assert (newest.branch_session, newest.branch_turn) == (oldest.id, 1)
            store.append(newest.id, [moved(2)], at=minute(9999))
            assert store.sessions()[0].turns == 2

    def test_it_becomes_what_a_new_store_is(self, old, path):
        Store.open(old).close()
        Store.open(path).close()
        assert shape(old) == shape(path)

    def test_an_upgrade_that_fails_leaves_the_store_as_it_was(self, old):
        script(old, "CREATE TABLE sessions (in_the_way TEXT);")
        before = shape(old)
        with pytest.raises(StoreProblem, match="sessions already exists"):
            Store.open(old)
        assert shape(old) == before


def test_the_schema_is_the_one_the_program_uses(path):
    Store.open(path).close()
    engine = create_engine(f"sqlite:///{path}")
    found = inspect(engine)
    assert {*found.get_table_names()} == {*metadata.tables, VERSION_TABLE}
    for name, table in metadata.tables.items():
        columns = {
            column["name"]: (str(column["type"]), column["nullable"], column["primary_key"] > 0)
            for column in found.get_columns(name)
        }
        assert columns == {
            column.name: (str(column.type), column.nullable, column.primary_key)
            for column in table.columns
        }
        assert {index["name"] for index in found.get_indexes(name)} == {
            index.name for index in table.indexes
        }
    engine.dispose()


def test_the_versions_are_those_of_the_files():
    script_directory = ScriptDirectory(str(Path(migrations.__file__).parent))
    history = [revision.revision for revision in script_directory.walk_revisions()]
    assert tuple(reversed(history)) == VERSIONS


def test_a_newer_store_is_left_alone(path):
    Store.open(path).close()
    script(path, "UPDATE alliance_schema SET version_num = '0999'")
    with pytest.raises(StoreProblem, match=r"newer version of the program \(schema 0999"):
        Store.open(path)


def test_another_programs_database_is_left_alone(path):
    path.parent.mkdir()
    script(path, "CREATE TABLE bookmarks (address TEXT)")
    before = shape(path)
    with pytest.raises(StoreProblem, match="belongs to another program"):
        Store.open(path)
    assert shape(path) == before


def test_alembic_is_loaded_only_to_upgrade(path):
    program = (
        "import sys; from alliance_sim.store.repository import Store; "
        "Store.open(sys.argv[1]).close(); print('alembic' in sys.modules)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
        )
        for _ in range(2)
    ]
    assert [run.stdout.strip() for run in runs] == ["True", "False"]
    assert [run.stderr for run in runs] == ["", ""]
