"""Lines of a text of any length, one at a time, none longer than a bound."""

from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, TextIO

from alliance_sim.authoring.files import UTF8_BOM, WIDE_BOMS
from alliance_sim.authoring.problems import FileProblems, Problem

MOST_LINE = 1_000_000
"""Bytes (of a stream that is text already: characters) of one line."""

_WIDE = "the text is UTF-16, or no text at all; save it as UTF-8"


class Line(NamedTuple):
    """A line without its end. `number` is from 1."""

    number: int
    text: str


def bounded_lines(stream: TextIO | BinaryIO, name: str) -> Iterator[Line]:
    """The lines of a stream of UTF-8, without a byte order mark. `name` is for messages.

    Raises FileProblems at a line that is longer than `MOST_LINE`, is not UTF-8, or has a NUL.
    """
    binary = getattr(stream, "buffer", stream)
    number = 0
    while piece := binary.readline(MOST_LINE + 1):
        number += 1
        data = piece.encode("utf-8", "surrogatepass") if isinstance(piece, str) else piece
        if number == 1:
            if data.startswith(WIDE_BOMS):
                raise FileProblems([Problem(name, 1, 1, _WIDE)])
            data = data.removeprefix(UTF8_BOM)
        if len(piece) > MOST_LINE:
            limit = f"{MOST_LINE / 1_000_000:g} MB"
            message = f"the line is longer than {limit}; break it up, or check that it is text"
            raise FileProblems([Problem(name, number, 1, message)])
        yield Line(number, _decoded(data.rstrip(b"\r\n"), number, name))


def _decoded(data: bytes, number: int, name: str) -> str:
    if b"\0" in data:
        col = len(data[: data.index(b"\0")].decode("utf-8", "replace")) + 1
        raise FileProblems([Problem(name, number, col, f"a NUL character; {_WIDE}")])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        col = len(data[: error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the text as UTF-8"
        raise FileProblems([Problem(name, number, col, message)]) from None
