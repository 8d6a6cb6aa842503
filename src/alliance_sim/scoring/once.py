"""What is worked out about a reply, or a session, once, and kept with it for every rubric."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Subject = TypeVar("Subject")
Made = TypeVar("Made")


def once(function: Callable[[Subject], Made]) -> Callable[[Subject], Made]:
    """The function with its answer kept on its only argument, for as long as that lives.

    The argument must not change. One that nothing can be kept on is worked out each time.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(subject: Subject) -> Made:
        known: dict[str, Made] | None = getattr(subject, "__dict__", None)
        if known is None:
            return function(subject)
        if name not in known:
            known[name] = function(subject)
        return known[name]

    return kept
