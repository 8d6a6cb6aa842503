"""A bound on what a server may send, kept while it is read."""

import httpx2

__all__ = ["BoundedBody", "TooLong", "bound"]

MOST_PACKED = 16
"""How much smaller packing makes a reply; nothing is asked for packed, some send it so."""


class TooLong(httpx2.TransportError):
    """A reply is longer than anything that was asked for."""


def bound(response: httpx2.Response, limit: int) -> None:
    """Let no more than `limit` bytes of a reply be read. Raises TooLong if it announces more."""
    if response.headers.get("content-encoding", "identity") != "identity":
        limit //= MOST_PACKED
    if isinstance(response.stream, httpx2.AsyncByteStream):
        response.stream = BoundedBody(response.stream, limit)
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise TooLong("the reply is too long")


class BoundedBody(httpx2.AsyncByteStream):
    """A body that raises TooLong when more than `limit` bytes of it have come."""

    def __init__(self, inner: httpx2.AsyncByteStream, limit: int) -> None:
        self._inner = inner
        self._limit = limit

    async def __aiter__(self):  # type: ignore[no-untyped-def]
        left = self._limit
        async for chunk in self._inner:
            left -= len(chunk)
            if left < 0:
                raise TooLong("the reply is too long")
            yield chunk

    async def aclose(self) -> None:
        await self._inner.aclose()
