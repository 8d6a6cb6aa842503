"""Replies line by line, from a pipe or a keyboard, with when each one came."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TextIO

PATIENCE = 0.5
"""Seconds after which waiting looks up: some systems hold Ctrl+C back until then."""


@dataclass(frozen=True)
class Line:
    """A line without its end; `text` is None at the end of the input."""

    text: str | None
    at: float
    """Monotonic seconds at which it came."""


class Lines(Protocol):
    """Where replies come from."""

    def read(self) -> Line:
        """The next line, waiting for it as long as it takes."""
        ...

    def wait(self, seconds: float) -> Line | None:
        """The next line if it comes within that time, else None. At the end of input: None."""
        ...

    def put_back(self, line: Line) -> None:
        """Have this line come next again."""
        ...


class StreamLines:
    """Lines of a text stream, read ahead by a thread so that waiting can end by the clock."""

    def __init__(self, stream: TextIO, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ended: Line | None = None
        self._back: list[Line] = []
        self._queue: queue.Queue[Line] = queue.Queue(maxsize=1000)
        threading.Thread(target=self._pump, args=(stream,), daemon=True).start()

    def _pump(self, stream: TextIO) -> None:
        try:
            for number, text in enumerate(stream):
                # Some programs write a byte order mark first.
                said = text.rstrip("\r\n") if number else text.rstrip("\r\n").lstrip("\ufeff")
                self._queue.put(Line(said, self._monotonic()))
        except (OSError, ValueError):
            pass  # a stream that breaks off ends there
        self._queue.put(Line(None, self._monotonic()))

    def read(self) -> Line:
        if self._back:
            return self._back.pop()
        while self._ended is None:
            try:
                return self._taken(self._queue.get(timeout=PATIENCE))
            except queue.Empty:
                continue
        return self._ended

    def wait(self, seconds: float) -> Line | None:
        if self._back:
            return self._back.pop()
        try:
            line = self._taken(self._queue.get(timeout=max(0.0, seconds)))
        except queue.Empty:
            return None
        return line

    def put_back(self, line: Line) -> None:
        self._back.append(line)

    def _taken(self, line: Line) -> Line:
        if line.text is None:
            self._ended = line
        return line
