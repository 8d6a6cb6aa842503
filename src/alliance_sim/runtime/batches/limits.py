"""Bounds on what a model is asked, and a backend that keeps to them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from alliance_sim.llm.port import Backend, Delta, Finished, Reply, Request


@dataclass(frozen=True)
class Bounds:
    """Of one endpoint, for all workers together. None: no bound."""

    under_way: int | None = None
    """Requests at a time; at least 1."""
    a_minute: float | None = None
    """Requests begun; above 0."""

    @property
    def interval(self) -> float:
        """Seconds from one request to the next; 0 without a bound."""
        return 60.0 / self.a_minute if self.a_minute else 0.0


class Limits(Protocol):
    """Whoever is asked for leave before each request."""

    def request(self, endpoint: str) -> AbstractAsyncContextManager[None]:
        """Waits until the endpoint may be asked, and holds a place until the answer is there."""
        ...

    async def close(self) -> None:
        """Give back every place."""
        ...


class OwnLimits:
    """Bounds within one process."""

    def __init__(
        self,
        bounds: Bounds,
        clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`clock` gives seconds that never go backwards."""
        self._bounds = bounds
        self._clock = clock
        self._sleep = sleep
        self._room: dict[str, asyncio.Semaphore] = {}
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def request(self, endpoint: str) -> AsyncIterator[None]:
        if self._bounds.under_way is None:
            await self._in_turn(endpoint)
            yield
            return
        room = self._room.setdefault(endpoint, asyncio.Semaphore(self._bounds.under_way))
        async with room:
            await self._in_turn(endpoint)
            yield

    async def close(self) -> None:
        return

    async def _in_turn(self, endpoint: str) -> None:
        if not self._bounds.interval:
            return
        now = self._clock()
        at = max(now, self._free_at.get(endpoint, now))
        self._free_at[endpoint] = at + self._bounds.interval
        if at > now:
            await self._sleep(at - now)


class LimitedBackend:
    """A backend that asks for leave before each request."""

    def __init__(self, backend: Backend, endpoint: str, limits: Limits) -> None:
        """`endpoint` names what the bounds are of, the same in every worker that asks it."""
        self._backend = backend
        self._endpoint = endpoint
        self._limits = limits

    @property
    def model(self) -> str:
        return self._backend.model

    def count(self, text: str) -> int:
        return self._backend.count(text)

    async def stream(self, request: Request) -> AsyncIterator[Delta | Finished]:
        async with self._limits.request(self._endpoint):
            async for item in self._backend.stream(request):
                yield item

    async def complete(self, request: Request) -> Reply:
        async with self._limits.request(self._endpoint):
            return await self._backend.complete(request)

    async def close(self) -> None:
        await self._backend.close()
