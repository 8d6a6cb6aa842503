"""Work in one transaction: as if no other ran beside it, and done once whatever happens."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from random import Random
from threading import Event

import pytest
from sqlalchemy import insert, select, text, update
from store_events import START, minute, opened, sent

from alliance_sim.errors import StoreProblem
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import cohorts
from alliance_sim.store.transactions import FateUnknown

SERVER = pytest.mark.parametrize("either_address", ["postgresql"], indirect=True)


def begin_counting(connection):
    values = {"id": "c", "title": "", "retention_days": 0, "created_at": ""}
    connection.execute(insert(cohorts).values(**values))


def counted(connection):
    return connection.scalar(select(cohorts.c.retention_days))


def count(connection):
    """Read, then write by what was read."""
    connection.execute(update(cohorts).values(retention_days=counted(connection) + 1))


@pytest.mark.parametrize("stores", [1, 4])
def test_nobody_counts_from_what_another_is_about_to_change(address, stores):
    opened_ones = [Store.open(address, patience=30) for _ in range(stores)]
    opened_ones[0].transact(begin_counting)

    def many(number):
        for _ in range(20):
            opened_ones[number % stores].transact(count)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(many, range(4)))
    with opened_ones[0].reading() as connection:
        assert counted(connection) == 80
    for each in opened_ones:
        each.close()


def test_work_that_fails_leaves_nothing(store):
    def fail(connection):
        begin_counting(connection)
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        store.transact(fail)
    with store.reading() as connection:
        assert counted(connection) is None


def test_what_is_read_is_of_one_moment(store):
    store.transact(begin_counting)
    with store.reading() as connection:
        assert counted(connection) == 0
        store.transact(count)
        assert counted(connection) == 0
    with store.reading() as connection:
        assert counted(connection) == 1


def test_a_session_is_not_half_deleted_while_it_goes_on(address):
    with Store.open(address) as one, Store.open(address) as other:
        for round_ in range(10):
            name = f"s{round_}"
            one.append(name, [opened(), sent(1)], at=START)
            other.events(name)
            with ThreadPoolExecutor(2) as pool:
                added = pool.submit(other.append, name, [sent(2)], at=START)
                pool.submit(one.delete, name).result()
            assert one.events(name) == ()
            if added.exception():
                assert "no session" in str(added.exception())
        assert one.sessions() == []


@SERVER
class TestLostConnection:
    @pytest.fixture
    def ready(self, store):
        store.append("a", [opened()], at=START)
        store.transact(begin_counting)
        return store

    @staticmethod
    def hang_up_on(connection):
        """As when the server sends the client away."""
        pid = connection.scalar(text("SELECT pg_backend_pid()"))
        with connection.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    def test_before_the_commit_the_work_is_done_again(self, ready):
        tried = []

        def work(connection):
            count(connection)
            tried.append(True)
            if len(tried) == 1:
                self.hang_up_on(connection)
                connection.execute(text("SELECT 1"))

        ready.transact(work)
        assert len(tried) == 2
        with ready.reading() as connection:
            assert counted(connection) == 1

    @pytest.mark.parametrize("reached", [True, False])
    def test_a_commit_whose_answer_is_lost_is_looked_up(self, ready, monkeypatch, reached):
        """Whether it had reached the server or not, the work counts once."""
        dialect, commit = ready._engine.dialect, ready._engine.dialect.do_commit
        lost = []

        def lose_the_answer(connection):
            if lost:
                return commit(connection)
            lost.append(True)
            if reached:
                commit(connection)
            connection.dbapi_connection.close()
            return commit(connection)  # fails: the connection is closed

        def work(connection):
            count(connection)
            monkeypatch.setattr(dialect, "do_commit", lose_the_answer)

        ready.transact(work)
        assert lost
        with ready.reading() as connection:
            assert counted(connection) == 1

    def test_a_server_that_starts_again_is_waited_for(self, ready, postgres_cluster):
        postgres_cluster.stop()
        postgres_cluster.start()
        ready.append("a", [sent(1)], at=minute(1))
        assert [stored.seq for stored in ready.events("a")] == [1, 2]


@SERVER
class TestFateUnknown:
    @pytest.fixture
    def doubtful(self, address, postgres_cluster, monkeypatch):
        """A store whose append was committed by a server that was then gone for good."""
        with Store.open(address, patience=0.2) as store:
            store.append("a", [opened()], at=START)
            dialect, commit = store._engine.dialect, store._engine.dialect.do_commit

            def commit_and_be_gone(connection):
                monkeypatch.setattr(dialect, "do_commit", commit)
                commit(connection)
                postgres_cluster.stop()
                return commit(connection) or connection.execute("SELECT 1")

            with monkeypatch.context() as patch:
                patch.setattr(dialect, "do_commit", commit_and_be_gone)
                with pytest.raises(FateUnknown, match="look whether it was before") as caught:
                    store.append("a", [sent(1, "my words")], at=minute(1))
            assert "my words" not in str(caught.value)
            postgres_cluster.start()
            yield store

    def test_the_same_step_is_stored_once(self, doubtful):
        doubtful.append("a", [sent(1, "my words")], at=minute(2))
        doubtful.append("a", [sent(2, "more")], at=minute(3))
        assert [each.event.text for each in doubtful.events("a")[1:]] == ["my words", "more"]

    def test_another_step_is_not_put_behind_it_unseen(self, doubtful):
        with pytest.raises(StoreProblem, match=r"is stored; leave the session and resume it"):
            doubtful.append("a", [sent(1, "other words")], at=minute(2))
        assert [each.event.text for each in doubtful.events("a")[1:]] == ["my words"]
        doubtful.append("a", [sent(2, "other words")], at=minute(2))

    def test_a_session_goes_on_if_it_was_not_stored(self, address, monkeypatch):
        def unknown(*_words, **_named):
            raise FateUnknown("store")

        with Store.open(address) as store:
            store.append("a", [opened()], at=START)
            with monkeypatch.context() as patch:
                patch.setattr("alliance_sim.store.repository.transact", unknown)
                with pytest.raises(FateUnknown):
                    store.append("a", [sent(1)], at=minute(1))
            store.append("a", [sent(1, "other words")], at=minute(2))
            assert [each.event.text for each in store.events("a")[1:]] == ["other words"]


def test_what_is_refused_for_good_is_not_tried_again(store):
    tried = []

    def work(connection):
        tried.append(True)
        connection.execute(text("SELECT nothing FROM nowhere"))

    with pytest.raises(StoreProblem):
        store.transact(work)
    assert len(tried) == 1


@SERVER
def test_what_fails_is_told_by_the_program_alone(address):
    """The driver writes to stderr too, where nobody has told it not to."""
    program = """
import sys
from sqlalchemy import insert
from alliance_sim.errors import StoreProblem
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import erasures
with Store.open(sys.argv[1]) as store:
    try:
        store.transact(lambda c: c.execute(insert(erasures), [{"session_id": "a"}] * 5000))
    except StoreProblem:
        print("told")
"""
    run = subprocess.run(
        [sys.executable, "-c", program, address], capture_output=True, text=True, check=True
    )
    assert (run.stdout, run.stderr) == ("told\n", "")


@SERVER
@pytest.mark.slow
def test_whatever_connections_are_cut_each_step_is_stored_once(
    address, postgres_cluster, postgres_database
):
    random, over = Random(20261122), Event()

    def practise(name):
        """Steps until it is over, each tried until it is acknowledged; how many there were."""
        turn = 0
        with Store.open(address, patience=20) as store:
            store.append(name, [opened()], at=START)
            while not over.is_set():
                with suppress(StoreProblem):
                    store.append(name, [sent(turn + 1, f"{name} {turn + 1}")], at=START)
                    turn += 1
        return turn

    cut = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with ThreadPoolExecutor(2) as pool:
        practising = {name: pool.submit(practise, name) for name in "ab"}
        while not all(_begun(address, name) for name in practising):
            pass
        for _ in range(60):
            over.wait(random.random() / 20)
            postgres_cluster.execute(cut, postgres_database)
        over.set()
        steps = {name: done.result() for name, done in practising.items()}
    with Store.open(address) as store:
        for name, count in steps.items():
            texts = [stored.event.text for stored in store.events(name)[1:]]
            assert texts[:count] == [f"{name} {turn}" for turn in range(1, count + 1)]
            # The last one may be stored and not acknowledged.
            assert 0 < count <= len(texts) <= count + 1


def _begun(address, name):
    with Store.open(address) as store:
        return bool(store.events(name))
