"""How often an endpoint is tried again, and when it is given up."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from alliance_sim.llm.port import Fault, ModelProblem

T = TypeVar("T")

PAUSES = (1.0, 5.0, 20.0)
"""Seconds before each further try of a session, drawn from half of it to the whole. A request has
been tried several times before, with pauses of its own."""

LONGEST_PAUSE = 120.0
"""Seconds: a server that asks for a longer pause is waited for no longer than this."""

IN_VAIN = 5
"""Sessions that fail in a row, at least, before the endpoint is taken for lost."""

PASSING = frozenset({Fault.UNREACHABLE, Fault.TIMEOUT, Fault.BUSY, Fault.SERVER, Fault.REPLY})


def of_all(problem: ModelProblem) -> bool:
    """Whether every other session would fail as well: a wrong key, no such model, no credit."""
    return problem.final or problem.fault in (Fault.KEY, Fault.MODEL)


async def patiently(
    ask: Callable[[], Awaitable[T]],
    pause: Callable[[float], Awaitable[None]],
    chance: Callable[[], float],
) -> T:
    """What `ask` gives, tried again after faults that may pass. Raises the last ModelProblem.

    `pause` waits so many seconds; `chance` is a random number in 0–1, so that workers that failed
    together do not come back together.
    """
    for longest in PAUSES:
        try:
            return await ask()
        except ModelProblem as problem:
            if of_all(problem) or problem.fault not in PASSING:
                raise
            asked = min(problem.retry_after or 0.0, LONGEST_PAUSE)
        await pause(max(asked, longest * (0.5 + 0.5 * chance())))
    return await ask()


class Trials:
    """How the endpoint has done lately."""

    def __init__(self, under_way: int) -> None:
        self._patience = max(IN_VAIN, under_way)
        self._in_vain = 0

    def succeeded(self) -> None:
        self._in_vain = 0

    def failed(self, problem: ModelProblem) -> bool:
        """Count a session that failed; whether the endpoint is lost."""
        if problem.fault in PASSING:
            self._in_vain += 1
        return self._in_vain >= self._patience
