"""Many pieces of work: bounded, in order, without piling up, and ended by the first failure."""

import asyncio

import pytest

from alliance_sim.runtime.batch import in_order


class Work:
    """Counts what is under way; each piece ends when it is let go."""

    def __init__(self) -> None:
        self.under_way = self.most = self.cancelled = 0
        self.gates: dict[int, asyncio.Event] = {}

    async def __call__(self, item: int) -> int:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        self.gates[item] = asyncio.Event()
        try:
            await self.gates[item].wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.under_way -= 1
        return item * 10


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def taking(number, taken):
    for item in range(number):
        taken.append(item)
        yield item


async def test_results_come_in_order_however_the_work_ends():
    work = Work()
    results = in_order(range(3), work, 3)
    first = asyncio.ensure_future(anext(results))
    await settle()
    work.gates[2].set()
    work.gates[1].set()
    await settle()
    assert not first.done()
    work.gates[0].set()
    assert [await first, *[result async for result in results]] == [0, 10, 20]


async def test_no_more_is_under_way_or_taken_than_the_bound_says():
    work, taken = Work(), []
    results = in_order(taking(1000, taken), work, 4, ahead=6)
    first = asyncio.ensure_future(anext(results))
    await settle()
    for item in (1, 2, 3, 4, 5, 6):
        work.gates[item].set()
        await settle()
    assert work.most == 4
    assert len(taken) == 10
    work.gates[0].set()
    assert await first == 0
    await results.aclose()
    assert work.under_way == 0


async def test_the_first_failure_ends_the_rest():
    async def work(item):
        if item == 1:
            raise ValueError("one")
        await asyncio.sleep(0 if item == 0 else 3600)

    results = in_order(range(100), work, 5)
    assert await anext(results) is None
    with pytest.raises(ValueError, match="one"):
        await anext(results)


async def test_closing_cancels_what_is_under_way():
    work = Work()
    results = in_order(range(10), work, 3)
    first = asyncio.ensure_future(anext(results))
    await settle()
    work.gates[0].set()
    await first
    await results.aclose()
    assert work.under_way == 0
    assert work.cancelled >= 2


async def test_nothing_in_nothing_out():
    assert [result async for result in in_order([], Work(), 2)] == []


async def test_a_bound_below_one_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        await anext(in_order([1], Work(), 0))
