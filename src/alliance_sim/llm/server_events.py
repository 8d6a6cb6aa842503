"""A stream of server-sent events, as its bytes come."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator

__all__ = ["server_events"]


async def server_events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[str, None]:
    """The data of each event; other fields and comments are passed over, as is a torn last event.

    Lines may end in LF, CR LF or CR (WHATWG HTML, *Server-sent events*). Takes time in proportion
    to the bytes, however they are cut. Raises UnicodeDecodeError for data that is no UTF-8.
    """
    reading = _Reading()
    async for chunk in chunks:
        for event in reading.events(chunk):
            yield event
    for event in reading.last():
        yield event


class _Reading:
    """What has come of a stream and is not yet a whole line, or a whole event."""

    def __init__(self) -> None:
        self._torn: list[bytes] = []
        self._data: list[bytes] = []

    def events(self, chunk: bytes) -> Iterator[str]:
        """The events that end in a chunk."""
        for line in self._lines(chunk):
            name, _, value = line.partition(b":")
            if name == b"data":
                self._data.append(value.removeprefix(b" "))
            elif not line and self._data:
                yield b"\n".join(self._data).decode("utf-8")
                self._data.clear()

    def last(self) -> Iterator[str]:
        """The event that ends with the stream: one behind which stands a CR."""
        ended = bool(self._torn) and self._torn[-1].endswith(b"\r")
        return self.events(b"\n" if ended else b"")

    def _lines(self, chunk: bytes) -> list[bytes]:
        """The lines that end in a chunk, without their ends."""
        self._torn.append(chunk)
        if b"\n" not in chunk and b"\r" not in chunk:
            return []
        lines = b"".join(self._torn).splitlines(keepends=True)
        # After a CR at the end of a chunk an LF may still come, which belongs to it.
        self._torn = [] if lines[-1].endswith(b"\n") else [lines.pop()]
        return [line.rstrip(b"\r\n") for line in lines]
