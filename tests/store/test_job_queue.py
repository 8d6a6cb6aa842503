"""The queue of a store on a server: made once, filled together with the batch."""

import pytest
from sqlalchemy import text
from tests.llm.misbehaving import loopback

from alliance_sim.errors import StoreProblem
from alliance_sim.store import job_queue
from alliance_sim.store.repository import Store

__all__ = ["loopback"]

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def owned(postgres_url):
    with Store.open(postgres_url) as opened:
        yield opened


@pytest.fixture
def guest(postgres_cluster, postgres_database, owned):
    """The same store, for a login that may read and write what is there, and make nothing."""
    grants = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO guest"
    owned.transact(
        lambda c: [c.execute(text(each)) for each in ("CREATE ROLE guest LOGIN", grants)]
    )
    with Store.open(postgres_cluster.url(postgres_database, user="guest")) as opened:
        yield opened
    owned.transact(lambda c: c.execute(text("DROP OWNED BY guest")))
    owned.transact(lambda c: c.execute(text("DROP ROLE guest")))


def jobs(store):
    with store.reading() as connection:
        query = text("SELECT queue_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, args) for name, args in connection.execute(query)]


def test_a_store_in_a_file_has_no_queue(tmp_path):
    with Store.open(tmp_path / "s.db") as store:
        assert not job_queue.prepare(store)


def test_jobs_come_and_go_with_the_transaction(owned, monkeypatch):
    monkeypatch.setattr(job_queue, "AT_ONCE", 2)
    assert job_queue.prepare(owned)

    def fails(connection):
        job_queue.add(connection, "b-1", "judge", ["s0"])
        raise StoreProblem("no")

    with pytest.raises(StoreProblem):
        owned.transact(fails)
    assert jobs(owned) == []
    owned.transact(lambda c: job_queue.add(c, "b-1", "judge", ["s1", "s2", "s3"]))
    owned.transact(lambda c: job_queue.add(c, "b-2", "offline", ["s1"]))
    assert jobs(owned) == [
        ("alliance-sim-judge", {"batch": "b-1", "session": "s1"}),
        ("alliance-sim-judge", {"batch": "b-1", "session": "s2"}),
        ("alliance-sim-judge", {"batch": "b-1", "session": "s3"}),
        ("alliance-sim-offline", {"batch": "b-2", "session": "s1"}),
    ]
    owned.transact(lambda c: job_queue.drop(c, "b-1"))
    with owned.reading() as connection:
        assert not job_queue.has_jobs(connection, "b-1")
        assert job_queue.has_jobs(connection, "b-2")


def test_a_login_that_may_make_no_tables_is_told(guest):
    with pytest.raises(StoreProblem, match="may not"):
        job_queue.prepare(guest)


def test_a_login_that_may_not_use_the_queue_is_told(owned, guest):
    job_queue.prepare(owned)
    with pytest.raises(StoreProblem, match="may not"):
        guest.transact(lambda c: job_queue.add(c, "b-1", "judge", ["s1"]))
