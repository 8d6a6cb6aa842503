"""A store moves between a file and a server, and back, and nothing is lost."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from store_events import START, ended, minute, opened, records, sent

from alliance_sim.domain.rating import Rating
from alliance_sim.errors import StoreProblem
from alliance_sim.store import copying
from alliance_sim.store.audit import entries, note
from alliance_sim.store.copying import TABLES, copy_store, count_rows, digest
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import metadata, people, sessions

ODD = "naïve — «ok» \U0001f9d1\u200d\U0001f3eb '; DROP TABLE events; -- %s :x"


def fill(store):
    store.append("a", [opened(trainee="t-1"), sent(1, ODD), ended()], at=START)
    store.append("b", [opened(seed=2**62), sent(1)], at=minute(1))
    rating = Rating(
        rater="r",
        transcript_id="a",
        turn=None,
        rubric="empathy",
        rubric_version="1",
        level=3,
        note=ODD,
        at=minute(2),
        digest="d",
    )
    store.keep_ratings([rating])

    def more(connection):
        values = {"id": "t-1", "role": "trainee", "consent_research": True, "created_at": "2026"}
        connection.execute(insert(people).values(**values))
        for number in range(3):
            note(connection, at=minute(number), who="c", action="export", subject=str(number))

    store.transact(more)


def contents(store):
    with store.reading() as connection:
        return {table.name: digest(connection, table) for table in TABLES}


@pytest.fixture
def server(postgres_url):
    with Store.open(postgres_url) as opened_store:
        yield opened_store


@pytest.fixture
def files(tmp_path):
    with Store.open(tmp_path / "one.db") as one, Store.open(tmp_path / "two.db") as two:
        yield one, two


def test_every_table_is_copied_but_the_marks_of_deletions_under_way():
    assert {table.name for table in TABLES} == set(metadata.tables) - {"erasures"}


def test_to_a_server_and_back(files, server):
    there, back = files
    fill(there)
    counts = copy_store(there, server)
    assert (counts["events"], counts["audit"], counts["people"], counts["ratings"]) == (5, 3, 1, 1)
    copy_store(server, back)
    assert contents(there) == contents(server) == contents(back)
    assert back.events("a") == there.events("a")
    assert back.sessions() == there.sessions()


def test_the_copy_goes_on(files, server):
    fill(files[0])
    copy_store(files[0], server)
    server.append("b", [ended()], at=minute(9))
    server.transact(lambda c: note(c, at=minute(9), who="c", action="copy", subject="s"))
    with server.reading() as connection:
        assert [entry.seq for entry in entries(connection)] == [4, 3, 2, 1]
    with pytest.raises(StoreProblem):
        server.transact(lambda c: c.exec_driver_sql("UPDATE events SET payload = '{}'"))


def test_into_a_store_that_holds_something_nothing_goes(files):
    source, target = files
    fill(source)
    target.append("own", [opened()], at=START)
    before = contents(target)
    with pytest.raises(StoreProblem, match=r"not empty \(1 events, 1 sessions\)"):
        copy_store(source, target)
    assert contents(target) == before


def test_a_copy_that_fails_half_way_leaves_an_empty_store(files, monkeypatch):
    source, target = files
    fill(source)
    made = copying.digest
    spoilt = sessions

    def other(connection, table):
        return made(connection, table) + (str(id(connection)) if table is spoilt else "")

    monkeypatch.setattr(copying, "digest", other)
    with pytest.raises(StoreProblem, match="sessions: what was copied is not"):
        copy_store(source, target)
    with target.reading() as connection:
        assert set(count_rows(connection).values()) == {0}


def test_it_tells_how_far_it_is(files):
    fill(files[0])
    told = []
    counts = copy_store(*files, told.append)
    assert told[-1] == sum(counts.values())
    assert told == sorted(told)


@given(st.lists(records, min_size=1, max_size=2))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_events_arrive_as_they_were(postgres_cluster, tmp_path_factory, found):
    name = postgres_cluster.create("migrated")
    folder = tmp_path_factory.mktemp("any")
    with (
        Store.open(folder / "a.db") as source,
        Store.open(postgres_cluster.url(name)) as server,
        Store.open(folder / "b.db") as back,
    ):
        for number, events in enumerate(found):
            source.append(str(number), events, at=minute(number))
        copy_store(source, server)
        copy_store(server, back)
        assert contents(source) == contents(server) == contents(back)
    postgres_cluster.drop(name)
