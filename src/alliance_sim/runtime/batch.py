"""Many pieces of work with a bound on how many are under way, their results in order.

Memory holds the pieces under way and the results that wait for an earlier one, and no more.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 3
"""Results may wait for a slow earlier one: so many times the bound."""


async def in_order(
    items: Iterable[T],
    work: Callable[[T], Awaitable[R]],
    limit: int,
    *,
    ahead: int | None = None,
) -> AsyncIterator[R]:
    """The results of `work`, in the order of the items; at most `limit` under way at a time.

    Items are taken as there is room for them: at most `limit + ahead` have been taken and not yet
    given back. The first failure cancels the rest and is raised; so does closing the iterator.
    """
    if limit < 1:
        raise ValueError("at least one piece of work must be under way")
    room = asyncio.Semaphore(limit)
    most = limit + (AHEAD * limit if ahead is None else ahead)
    waiting: deque[asyncio.Task[R]] = deque()

    async def one(item: T) -> R:
        async with room:
            return await work(item)

    source = iter(items)
    try:
        while True:
            while len(waiting) < most:
                try:
                    item = next(source)
                except StopIteration:
                    break
                waiting.append(asyncio.create_task(one(item)))
            if not waiting:
                return
            result = await waiting[0]
            waiting.popleft()
            yield result
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
