"""A judge in several processes judges as one does, and tells what becomes of its processes."""

import json
import multiprocessing

import pytest
from tests.cli.test_score_judge import asked_of
from tests.llm.misbehaving import expired_key, loopback, says, serve
from tests.runtime.test_judged import SAID, hours
from tests.scoring.judging_fakes import answer, verdict

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.judge_pool import JudgePool, processes_for
from alliance_sim.runtime.judged import judged
from alliance_sim.scoring.judge import Judging

__all__ = ["loopback"]


def well(exchange):
    request = asked_of(exchange.seen.body)
    says(json.dumps(answer(request, verdict(3, (1, SAID)))))(exchange)


@pytest.fixture
def server(loopback):
    told, http = serve()
    told.script(well)
    yield told
    told.stopped.set()
    http.shutdown()
    http.server_close()


def pool(library, url):
    rubrics = [library.rubric("empathy")]
    return JudgePool(rubrics, Endpoint(url, "served-model", retries=0), Judging(), 2)


async def test_two_processes_judge_in_order(library, server):
    async with pool(library, server.url) as asked:
        found = [outcome async for outcome in judged(hours(6), asked, 4)]
    assert [each.transcript.transcript_id for each in found] == [f"hour {n}" for n in range(6)]
    assert {each.card.rubric("empathy").score for each in found} == {3.0}
    assert len(server.requests) == 6
    assert not multiprocessing.active_children()


async def test_a_problem_comes_back_as_one(library, server):
    server.script(expired_key)
    async with pool(library, server.url) as asked:
        with pytest.raises(ModelProblem) as problem:
            await asked.card(hours(1)[0])
    assert problem.value.fault is Fault.KEY
    assert problem.value.status == 401


async def test_a_process_that_is_ended_is_a_problem_and_no_wait(library, server):
    async with pool(library, server.url) as asked:
        await asked.card(hours(1)[0])
        for process in multiprocessing.active_children():
            process.kill()
            process.join()
        with pytest.raises(ModelProblem, match="ended unexpectedly"):
            await asked.card(hours(1)[0])


def test_how_many_processes_a_limit_is_worth():
    assert processes_for(8, 2) == 1
    assert processes_for(64, 2) == 2
    assert processes_for(64, 16) == 4
