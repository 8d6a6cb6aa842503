"""Tables that people export from somewhere: any usual encoding, separator and line end.

Nothing is read ahead but the line at hand, so a table may be as long as it likes.
"""

import codecs
import csv
from collections.abc import Callable, Generator, Iterable, Iterator
from io import TextIOWrapper
from itertools import chain
from typing import BinaryIO, NamedTuple

from alliance_sim.authoring.problems import FileProblems, Problem, quoted
from alliance_sim.errors import UsageProblem

SEPARATORS = (",", ";", "\t")
MOST_LINE = 100_000
"""Characters of one line."""

UTF8 = "utf-8-sig"
"""With or without a byte order mark."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""With what XLSX and XLS files begin."""

_MANY = 0.4
"""Share of NULs among every other byte from which on they are halves of letters."""

_HEAD = 4096
"""Bytes by which an encoding without a mark is told."""

_SAVE = "save the file as UTF-8 (in Excel: CSV UTF-8)"
_OLDER = f"{_SAVE}, or say what it is, as in --encoding windows-1252"


class Record(NamedTuple):
    """A row of a table."""

    line: int
    """Of its first line, from 1."""
    cells: list[str]


def records(
    file: BinaryIO, path: str, known: Callable[[str], bool], encoding: str | None = None
) -> Generator[Record, None, None]:
    """The rows of a table, its header first; empty rows are left out.

    The encoding is as given, else told by a byte order mark, else by NULs (UTF-16), else UTF-8:
    one byte a letter could be one of many encodings, and a wrong guess would garble names. The
    separator is that by which the header has most titles that are `known`; a first line `sep=;`
    says it outright. Raises FileProblems, naming `path`, at a line that cannot be read, and
    UsageProblem for an encoding that there is not.
    To be closed before the file is.
    """
    chosen = _encoding(file, path, encoding)
    text = TextIOWrapper(file, chosen, errors="strict", newline="")
    try:
        yield from _records(_lines(text, path), path, known)
    except UnicodeError as problem:
        raise FileProblems([_undecodable(file, path, chosen, problem)]) from None
    finally:
        text.detach()


def _records(lines: Iterator[str], path: str, known: Callable[[str], bool]) -> Iterator[Record]:
    before, first, separator = _opening(lines, known)
    if first is None:
        return
    reader = csv.reader(chain([first], lines), delimiter=separator, strict=True)
    line = before + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Record(line, cells)
            line = before + reader.line_num + 1
    except csv.Error as problem:
        raise FileProblems([Problem(path, line, 1, _unreadable(problem))]) from None


def _opening(lines: Iterator[str], known: Callable[[str], bool]) -> tuple[int, str | None, str]:
    """How many lines stand before the header, its first line, and the separator."""
    said = None
    for before, line in enumerate(lines):
        if before == 0 and line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == 5:
            said = line[4]
        elif line.strip('\t,;" \r\n'):
            return before, line, said or _separator(line, known)
    return 0, None, ","


def _separator(line: str, known: Callable[[str], bool]) -> str:
    def fit(separator: str) -> tuple[int, int]:
        cells = next(csv.reader([line], delimiter=separator), [])
        return sum(known(cell) for cell in cells), len(cells)

    return max(SEPARATORS, key=fit)


def _lines(text: TextIOWrapper, path: str) -> Iterator[str]:
    number = 0
    while line := text.readline(MOST_LINE + 1):
        number += 1
        if len(line) > MOST_LINE:
            message = f"the line is longer than {MOST_LINE:,} characters; check that it is a table"
            raise FileProblems([Problem(path, number, 1, message)])
        yield line


def _unreadable(problem: csv.Error) -> str:
    if "field larger" in str(problem):
        return "a cell has no end; a quotation mark is not closed"
    return "a quotation mark is not closed, or stands inside a cell; double those inside"


# ---- encodings -------------------------------------------------------------------------------


def _encoding(file: BinaryIO, path: str, given: str | None) -> str:
    head = file.read(_HEAD)
    file.seek(0)
    if given is not None:
        return _named(given)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise FileProblems([Problem(path, 1, 1, f"the file is UTF-32; {_SAVE}")])
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(_WORKBOOKS):
        message = "this is a workbook, not text; save the sheet as CSV UTF-8"
        raise FileProblems([Problem(path, 1, 1, message)])
    return _wide(head) or UTF8


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: in a table most letters of one half or the other are NULs."""
    pairs = max(1, len(head) // 2)
    for half, name in ((head[0::2], "utf-16-be"), (head[1::2], "utf-16-le")):
        if half.count(0) > pairs * _MANY:
            return name
    return None


def _named(given: str) -> str:
    try:
        codecs.lookup(given)
        "".encode(given)  # raises LookupError where it is no encoding of text
    except (LookupError, ValueError):
        right = "say utf-8, utf-16, windows-1252, latin-1, or another that Python knows"
        raise UsageProblem(
            f"--encoding {quoted(given)}: there is no such encoding; {right}"
        ) from None
    return UTF8 if codecs.lookup(given).name == "utf-8" else given


def _undecodable(file: BinaryIO, path: str, encoding: str, problem: UnicodeError) -> Problem:
    if encoding != UTF8:
        return Problem(path, 1, 1, f"the file is not whole as {encoding}; {_SAVE}")
    file.seek(0)
    for number, line in enumerate(_raw_lines(file), 1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as here:
            byte = line[here.start]
            col = len(line[: here.start].decode("utf-8", "replace")) + 1
            return Problem(path, number, col, f"byte 0x{byte:02x} is not UTF-8; {_OLDER}")
    return Problem(path, 1, 1, f"the file is not UTF-8 ({problem}); {_OLDER}")


def _raw_lines(file: BinaryIO) -> Iterable[bytes]:
    return iter(lambda: file.readline(MOST_LINE * 4), b"")
