"""How often an endpoint is tried again, how long it is waited for, and when it is given up."""

import pytest

from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.batches.patience import IN_VAIN, PAUSES, Trials, of_all, patiently


def problem(fault, **changes):
    return ModelProblem("no", fault, **changes)


class Endpoint:
    def __init__(self, *outcomes):
        self.outcomes = list(outcomes)
        self.pauses = []

    async def ask(self):
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def pause(self, seconds):
        self.pauses.append(seconds)

    async def asked(self, chance=1.0):
        return await patiently(self.ask, self.pause, lambda: chance)


async def test_a_fault_that_passes_is_tried_again_after_growing_pauses():
    server = Endpoint(*[problem(Fault.SERVER)] * len(PAUSES), "done")
    assert await server.asked() == "done"
    assert server.pauses == list(PAUSES)
    assert server.pauses == sorted(server.pauses)


async def test_chance_spreads_the_tries_of_workers_that_failed_together():
    server = Endpoint(problem(Fault.BUSY), "done")
    await server.asked(chance=0.0)
    assert server.pauses == [PAUSES[0] / 2]


async def test_after_the_last_try_the_fault_stands():
    server = Endpoint(*[problem(Fault.TIMEOUT)] * (len(PAUSES) + 1), "too late")
    with pytest.raises(ModelProblem):
        await server.asked()
    assert server.outcomes == ["too late"]


@pytest.mark.parametrize("fault", [Fault.KEY, Fault.MODEL, Fault.REQUEST, Fault.CONTEXT])
async def test_what_does_not_pass_is_not_tried_again(fault):
    server = Endpoint(problem(fault), "too late")
    with pytest.raises(ModelProblem):
        await server.asked()
    assert server.pauses == []


async def test_a_pause_that_the_server_asks_for_is_kept_within_bounds():
    server = Endpoint(
        problem(Fault.BUSY, retry_after=7.0), problem(Fault.BUSY, retry_after=9e9), "done"
    )
    assert await server.asked() == "done"
    assert server.pauses == [7.0, 120.0]


def test_a_wrong_key_is_everybodys_problem_and_a_slow_answer_is_not():
    assert of_all(problem(Fault.KEY))
    assert of_all(problem(Fault.MODEL))
    assert of_all(problem(Fault.BUSY, final=True))
    assert not of_all(problem(Fault.TIMEOUT))
    assert not of_all(problem(Fault.CONTEXT))


def test_an_endpoint_is_lost_after_as_many_failures_in_a_row_as_are_under_way():
    trials = Trials(2)
    assert [trials.failed(problem(Fault.SERVER)) for _ in range(IN_VAIN)] == [False] * (
        IN_VAIN - 1
    ) + [True]
    trials.succeeded()
    assert not trials.failed(problem(Fault.SERVER))
    wide = Trials(9)
    assert [wide.failed(problem(Fault.SERVER)) for _ in range(9)].index(True) == 8


def test_sessions_that_no_model_could_judge_say_nothing_of_the_endpoint():
    trials = Trials(1)
    assert not any(trials.failed(problem(Fault.CONTEXT)) for _ in range(50))
