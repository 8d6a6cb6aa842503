"""Trying again for a while, at moments that no two programs share."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

FIRST_WAIT = 0.01
"""Seconds: the longest first pause; each next one may be twice as long."""

LONGEST_WAIT = 0.5
"""Seconds: the longest pause of all."""


def again(
    call: Callable[P, T],
    when: Callable[[BaseException], bool],
    patience: float,
    *words: P.args,
    **named: P.kwargs,
) -> T:
    """Call until it succeeds, fails otherwise than `when` says, or `patience` seconds are over.

    Raises what the last call raised.
    """
    from tenacity import (  # noqa: PLC0415 - only where there is a server
        Retrying,
        retry_if_exception,
        stop_after_delay,
        wait_random_exponential,
    )

    trying = Retrying(
        retry=retry_if_exception(when),
        stop=stop_after_delay(patience),
        wait=wait_random_exponential(multiplier=FIRST_WAIT, max=LONGEST_WAIT),
        reraise=True,
    )
    return trying(call, *words, **named)
