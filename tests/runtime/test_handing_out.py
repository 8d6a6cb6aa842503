"""A worker on both engines, its judge replaced: what it gives back, and what it takes over."""

import asyncio

import pytest
from sqlalchemy import text
from tests.runtime.working_fixtures import (
    NOW,
    address_of,
    counts,
    enqueued,
    judged,
    order,
    worked,
)
from tests.stored_hours import hold, scorings

from alliance_sim.errors import StoreProblem
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.batches import patience, queues
from alliance_sim.runtime.batches.enqueueing import stop, take_up
from alliance_sim.runtime.batches.status import status
from alliance_sim.store import batches
from alliance_sim.store.repository import Store

pytestmark = pytest.mark.usefixtures("loopback", "quick")


async def test_a_session_that_fails_is_tried_again_then_told_and_taken_up_on_demand(
    either_store, library, judges
):
    hold(either_store, "s1")
    broken = ModelProblem("the server broke off", Fault.SERVER)
    judges.script = [broken, broken, broken]
    batch = enqueued(either_store, library, judged())
    tally = await worked(either_store)
    assert (tally.failed, tally.endpoint, len(judges.asked)) == (1, True, 3)
    with either_store.reading() as connection:
        told = status(connection, batch, NOW.now())
    assert told.failed == (("the server broke off", 1),)
    assert told.state == "finished"
    assert take_up(either_store, batch, who="ana", clock=NOW) == 1
    assert (await worked(either_store)).done == 1
    assert counts(either_store, batch) == {"done": 1}


async def test_a_wrong_key_ends_the_worker_and_fails_nothing(either_store, library, judges):
    names = [f"s{number}" for number in range(8)]
    hold(either_store, *names)
    judges.script = [ModelProblem("the key is wrong", Fault.KEY)] * 8
    batch = enqueued(either_store, library, judged())
    with pytest.raises(ModelProblem, match="the key is wrong"):
        await worked(either_store)
    assert counts(either_store, batch) == {"waiting": 8}
    judges.script = []
    assert (await worked(either_store)).done == 8
    assert all(len(scorings(either_store, name)) == 1 for name in names)


async def test_a_lost_endpoint_ends_the_worker_before_all_have_failed(
    either_store, library, judges
):
    hold(either_store, *(f"s{number:02}" for number in range(40)))
    judges.script = [ModelProblem("no connection", Fault.UNREACHABLE)] * 1000
    batch = enqueued(either_store, library, judged())
    with pytest.raises(ModelProblem, match="no connection"):
        await worked(either_store)
    found = counts(either_store, batch)
    assert found["failed"] >= patience.IN_VAIN
    assert found["waiting"] >= 25


async def test_told_to_stop_a_worker_finishes_what_is_under_way_and_gives_back_the_rest(
    either_store, library, judges
):
    hold(either_store, *(f"s{number}" for number in range(9)))
    batch = enqueued(either_store, library, judged())
    stopping = asyncio.Event()

    async def stop_now(_session):
        stopping.set()

    judges.before = stop_now
    tally = await worked(either_store, stopping)
    assert 1 <= tally.done < 9
    assert counts(either_store, batch) == {"done": tally.done, "waiting": 9 - tally.done}
    judges.before = None
    assert (await worked(either_store)).done == 9 - tally.done, "at once, not after a while"


async def test_what_does_not_end_in_time_is_given_back(either_store, library, judges):
    hold(either_store, "s1")
    batch = enqueued(either_store, library, judged())
    stopping = asyncio.Event()

    async def hang(_session):
        stopping.set()
        await asyncio.Event().wait()

    judges.before = hang
    assert (await worked(either_store, stopping, grace=0.1)).done == 0
    assert counts(either_store, batch) == {"waiting": 1}
    judges.before = None
    assert (await worked(either_store)).done == 1


async def test_a_stopped_batch_is_left_until_it_is_taken_up_again(either_store, library, judges):
    hold(either_store, "s1", "s2")
    batch = enqueued(either_store, library, judged())
    stop(either_store, batch.id, who="ana", clock=NOW)
    assert (await worked(either_store)).done == 0
    assert judges.asked == []
    assert take_up(either_store, batch, who="ana", clock=NOW) == 2
    assert (await worked(either_store)).done == 2


async def test_two_workers_at_once_score_each_session_once(either_store, library, judges):
    names = [f"s{number:02}" for number in range(30)]
    hold(either_store, *names)
    enqueued(either_store, library, judged())

    async def a_moment(_session):
        await asyncio.sleep(0)

    judges.before = a_moment
    with Store.open(address_of(either_store)) as other:
        one, two = await asyncio.gather(worked(either_store), worked(other))
    assert one.done + two.done == 30
    assert all(len(scorings(either_store, name)) == 1 for name in names)
    assert len(judges.asked) == 30


async def test_what_a_dead_worker_had_is_taken_over(either_store, library, judges, monkeypatch):
    hold(either_store, "s1", "s2")
    batch = enqueued(either_store, library, judged())
    for module in ("claiming", "jobs"):
        monkeypatch.setattr(f"alliance_sim.runtime.batches.{module}.QUIET", 0.2)
        monkeypatch.setattr(f"alliance_sim.runtime.batches.{module}.BEAT", 0.05)
    monkeypatch.setattr("alliance_sim.runtime.batches.jobs.RESCUE", 0.1)

    def dies(connection):
        if connection.dialect.name == "sqlite":
            now = NOW.now()
            batches.claim(connection, "dead", now=now, stale=now, scorers=("judge",), limit=1)
        else:
            worker = connection.scalar(text("SELECT procrastinate_register_worker_v1()"))
            connection.execute(
                text("SELECT procrastinate_fetch_job_v2(NULL, :worker)"), {"worker": worker}
            )

    either_store.transact(dies)
    assert (await worked(either_store)).done == 2
    assert counts(either_store, batch) == {"done": 2}


async def test_a_worker_that_was_taken_for_dead_goes_on(postgres_url, library, judges):
    with Store.open(postgres_url) as store:
        names = [f"s{number:02}" for number in range(20)]
        hold(store, *names)
        batch = enqueued(store, library, judged())

        async def struck_off(_session):
            judges.before = None
            gone = text("DELETE FROM procrastinate_workers")
            await asyncio.to_thread(store.transact, lambda c: c.execute(gone))

        judges.before = struck_off
        await worked(store)
        assert counts(store, batch) == {"done": 20}
        assert all(len(scorings(store, name)) == 1 for name in names)


async def test_jobs_that_are_lost_are_made_again_from_the_batch(postgres_url, library, judges):
    with Store.open(postgres_url) as store:
        hold(store, "s1", "s2")
        enqueued(store, library, judged())
        store.transact(lambda c: c.execute(text("DELETE FROM procrastinate_jobs")))
        assert (await worked(store)).done == 2


async def test_a_queue_that_is_not_there_yet_is_made(postgres_url, library, judges):
    with Store.open(postgres_url) as store:
        hold(store, "s1")
        enqueued(store, library, judged())
        tables_ = "procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs"
        store.transact(lambda c: c.execute(text(f"TRUNCATE {tables_}, request_pace")))
        assert (await worked(store)).done == 1
        with store.reading() as connection:
            left = connection.scalar(text("SELECT count(*) FROM procrastinate_jobs"))
    assert left == 0


async def test_without_a_model_batches_for_a_judge_are_left_to_others(either_store, library):
    hold(either_store, "s1")
    enqueued(either_store, library, judged())
    own = enqueued(either_store, library, order())
    assert (await worked(either_store, open_model=None)).done == 1
    assert counts(either_store, own) == {"done": 1}


def test_signs_of_life_come_often_enough():
    assert queues.BEAT * 3 < queues.QUIET <= 30


async def test_a_login_that_may_not_use_the_queue_is_told(
    postgres_cluster, postgres_database, postgres_url, library, judges
):
    with Store.open(postgres_url) as store:
        hold(store, "s1")
        batch = enqueued(store, library, judged())
        grant = "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest"
        revoke = "REVOKE ALL ON procrastinate_workers, procrastinate_jobs FROM guest"
        for each in ("CREATE ROLE guest LOGIN", grant, revoke):
            store.transact(lambda c, each=each: c.execute(text(each)))
        with (
            Store.open(postgres_cluster.url(postgres_database, user="guest")) as guest,
            pytest.raises(StoreProblem, match="may not"),
        ):
            await worked(guest)
        assert counts(store, batch) == {"waiting": 1}
        for each in ("DROP OWNED BY guest", "DROP ROLE guest"):
            store.transact(lambda c, each=each: c.execute(text(each)))


async def test_a_batch_of_its_own_is_worked_off_and_no_longer(either_store, library, judges):
    hold(either_store, *(f"s{number:02}" for number in range(12)))
    others = [f"s{number:02}" for number in range(10)]
    before = enqueued(either_store, library, judged(*others))
    mine = enqueued(either_store, library, judged("s10", "s11", first=True))
    tally = await worked(either_store, batch=mine.id)
    assert counts(either_store, mine) == {"done": 2}
    assert {session for _, session, _ in judges.asked[:2]} == {"s10", "s11"}
    assert counts(either_store, before).get("waiting", 0) == 12 - tally.done
