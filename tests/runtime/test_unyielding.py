import asyncio

import pytest

from alliance_sim.runtime.unyielding import MOST_STEPS, Unyielding


async def three_steps(name, said):
    for step in range(3):
        said.append(f"{name}{step}")
        await asyncio.sleep(0)
    return name


async def whole(work):
    return await Unyielding(work)


async def test_each_is_carried_on_to_its_end_before_the_next_begins():
    said = []
    results = await asyncio.gather(*(whole(three_steps(name, said)) for name in "ab"))
    assert said == ["a0", "a1", "a2", "b0", "b1", "b2"]
    assert results == ["a", "b"]


async def test_without_it_they_take_turns():
    said = []
    await asyncio.gather(*(three_steps(name, said) for name in "ab"))
    assert said == ["a0", "b0", "a1", "b1", "a2", "b2"]


async def test_it_waits_where_there_is_something_to_wait_for():
    said = []
    ready = asyncio.Event()

    async def waits():
        await ready.wait()
        said.append("waited")

    async def makes_ready():
        said.append("ready")
        ready.set()

    await asyncio.gather(whole(waits()), whole(makes_ready()))
    assert said == ["ready", "waited"]


async def test_a_failure_comes_out_and_a_failure_that_is_awaited_goes_in():
    async def fails():
        try:
            async with asyncio.timeout(0):
                await asyncio.Event().wait()
        except TimeoutError:
            raise LookupError("too late") from None

    with pytest.raises(LookupError, match="too late"):
        await whole(fails())


async def test_it_can_be_cancelled():
    ended = []

    async def endless():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    task = asyncio.create_task(whole(endless()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended == [True]


async def test_work_that_only_gives_way_until_another_is_done_does_not_hang():
    done = []

    async def polls():
        steps = 0
        while not done:
            steps += 1
            await asyncio.sleep(0)
        return steps

    async def does():
        done.append(True)

    steps, _ = await asyncio.gather(whole(polls()), whole(does()))
    assert steps <= 2 * MOST_STEPS
