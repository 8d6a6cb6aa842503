"""Work that is carried on as far as it can be, before other tasks get their turn.

Answers of a busy server come many at a time. Asyncio gives each task a step in turn, so all of them
would be dealt with at the end of the same long stretch, and until then the server has nothing to
do. Dealt with one after the other, the next request goes out while the other answers still wait.
"""

from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

MOST_STEPS = 1000
"""Times in a row that work may give way unheard; more would be work that waits for other tasks."""


class Unyielding(Awaitable[T], Generic[T]):
    """Awaits a coroutine, and goes on at once where that merely gives way (`asyncio.sleep(0)`).

    It does give way where it waits for something: data, a lock, a time.
    """

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work

    def __await__(self) -> Generator[Any, Any, T]:
        step: Callable[[Any], Any] = self._work.send
        given: Any = None
        steps = 0
        while True:
            try:
                awaited = step(given)
            except StopIteration as done:
                result: T = done.value
                return result
            step, given, steps = self._work.send, None, steps + 1
            if awaited is None and steps % MOST_STEPS:
                continue
            try:
                given = yield awaited
            except BaseException as problem:
                step, given = self._work.throw, problem
