"""The list at a glance says what the store says, or leaves it to the store."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from store_events import ended, minute, moved, opened, scored

from alliance_sim.store.glance import glance
from alliance_sim.store.repository import Store


@pytest.fixture
def filled(store, address):
    for number in range(7):
        name = f"s{number}"
        store.append(name, [opened("wary" if number % 2 else "mandated")], at=minute(number))
        if number > 3:
            store.append(name, [moved(number), ended(), scored(number / 2)], at=minute(number))
    return address


@pytest.mark.parametrize("scenario", [None, "wary", "nobody", "'; DROP TABLE sessions"])
@pytest.mark.parametrize("limit", [1, 3, 7, 50])
def test_it_says_what_the_store_says(store, filled, limit, scenario):
    lines, count = glance(filled, limit=limit, scenario=scenario)
    rows = store.sessions(limit=limit, scenario=scenario)
    assert count == store.count(scenario=scenario)
    assert [(line.id, line.scenario, line.turns, line.ending, line.overall) for line in lines] == [
        (row.id, row.scenario, row.turns, row.ending, row.overall) for row in rows
    ]


def test_a_store_that_is_open_elsewhere_is_seen_as_it_is_now(store, filled):
    store.append("new", [opened()], at=minute(99))
    lines, count = glance(filled, limit=1, scenario=None)
    assert ([line.id for line in lines], count) == (["new"], 8)


class TestLeftToTheStore:
    def seen(self, address):
        return glance(str(address), limit=5, scenario=None)

    def test_no_store_yet_and_none_is_made(self, path):
        assert self.seen(path) is None
        assert not path.exists()

    @pytest.mark.parametrize("version", ["0001", "0999"])
    def test_another_schema(self, path, version):
        Store.open(path).close()
        assert self.seen(path) == ([], 0)
        with closing(sqlite3.connect(path)) as database:
            database.execute("UPDATE alliance_schema SET version_num = ?", (version,))
            database.commit()
        assert self.seen(path) is None

    @pytest.mark.skipif(os.name != "posix", reason="rights are those of a POSIX system")
    def test_a_file_that_others_may_read(self, path):
        Store.open(path).close()
        path.chmod(0o644)
        assert self.seen(path) is None

    def test_what_is_no_store(self, tmp_path):
        (tmp_path / "notes.txt").write_text("Not a database. " * 99)
        (tmp_path / "notes.txt").chmod(0o600)
        for address in (tmp_path, tmp_path / "notes.txt", "", "a\0b", "mysql://x/y"):
            assert self.seen(address) is None

    @pytest.mark.parametrize(
        "address", ["postgresql://ann@127.0.0.1:1/x", "postgresql://x?colour=red", "postgres://[/x"]
    )
    def test_a_server_that_cannot_be_reached(self, address):
        assert self.seen(address) is None

    def test_an_empty_database(self, empty_postgres_url):
        assert self.seen(empty_postgres_url) is None


def test_it_loads_nothing_that_takes_long(filled):
    program = (
        "import sys; from alliance_sim.store.glance import glance; "
        "assert glance(sys.argv[1], limit=5, scenario=None)[1] == 7; "
        "print({'sqlalchemy', 'pydantic', 'alembic'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, filled], capture_output=True, text=True, check=True
    )
    assert run.stdout == "set()\n"
