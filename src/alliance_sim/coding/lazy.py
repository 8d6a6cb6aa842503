"""A part of a reading that is worked out when it is first looked at."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Owner = TypeVar("Owner")
Part = TypeVar("Part")


class lazy(Generic[Owner, Part]):  # noqa: N801 - used as a decorator
    """As `functools.cached_property`, without the lock that Python 3.11 takes each time: what is
    worked out twice by two threads is the same.
    """

    def __init__(self, function: Callable[[Owner], Part]) -> None:
        self.function = function
        self.name = function.__name__
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> "lazy[Owner, Part]": ...
    @overload
    def __get__(self, owner: Owner, kind: type) -> Part: ...
    def __get__(self, owner: Any, kind: type) -> Any:
        if owner is None:
            return self
        part = owner.__dict__[self.name] = self.function(owner)
        return part
