"""Rows as a workbook (XLSX): a sheet a rubric, one that lists them, one that explains the columns.

Rows go to disk as they come; no sheet is held in memory. A sheet holds so many rows and no more
(Excel, *Specifications and limits*): a rubric that has more goes on in a second one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from alliance_sim.reporting.tables.cells import harmless
from alliance_sim.reporting.tables.columns import Column, Kind, Row

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
"""Of a sheet, its header among them."""
LONGEST = 32_767
"""Characters of a cell."""
LONGEST_NAME = 31
"""Characters of a sheet's name."""
FORBIDDEN = frozenset("[]:*?/\\'")
"""Characters that no sheet's name may have, or not at its ends."""
RESERVED = ("history",)
"""Names that Excel keeps for itself."""

WIDTHS = {Kind.TEXT: 18, Kind.NUMBER: 9, Kind.WHOLE: 9, Kind.FLAG: 9, Kind.TIME: 19}
"""Of a column, in digits."""

OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


@dataclass
class _Sheet:
    name: str
    rubric: str
    page: "Worksheet"
    rows: int = 0


@dataclass
class _Book:
    book: "Workbook"
    columns: Sequence[Column]
    most: int
    sheets: list[_Sheet] = field(default_factory=list)
    current: dict[str, _Sheet] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bold = self.book.add_format({"bold": True, "bottom": 1})
        time = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        number = self.book.add_format({"num_format": "0.00"})
        self.formats = {Kind.TIME: time, Kind.NUMBER: number}
        self.names = {"index", "columns"}

    def add(self, row: Row) -> None:
        """Write a row on its rubric's sheet."""
        rubric = str(row["rubric"])
        sheet = self.current.get(rubric)
        if sheet is None or sheet.rows + 1 >= self.most:
            sheet = self.current[rubric] = self._new(rubric)
        sheet.rows += 1
        for number, column in enumerate(self.columns):
            value = row[column.name]
            if value is not None:
                self._write(sheet, number, column.kind, value)

    def _write(self, sheet: _Sheet, number: int, kind: Kind, value: Any) -> None:
        page, line = sheet.page, sheet.rows
        match kind:
            case Kind.TEXT:
                page.write_string(line, number, _fitting(harmless(str(value))))
            case Kind.TIME:
                # Excel knows no time zones; the columns' sheet says that these are UTC.
                when = datetime.fromisoformat(value).replace(tzinfo=None)
                page.write_datetime(line, number, when, self.formats[Kind.TIME])
            case Kind.FLAG:
                page.write_boolean(line, number, value)
            case _:
                page.write_number(line, number, value, self.formats.get(kind))

    def _new(self, rubric: str) -> _Sheet:
        name = self._free_name(rubric)
        page = self.book.add_worksheet(name)
        self._head(page, [column.name for column in self.columns])
        for number, column in enumerate(self.columns):
            page.set_column(number, number, WIDTHS[column.kind])
        sheet = _Sheet(name, rubric, page)
        self.sheets.append(sheet)
        return sheet

    def _free_name(self, rubric: str) -> str:
        base = "".join("_" if c in FORBIDDEN else c for c in rubric) or "rubric"
        base = f"{base}_" if base.casefold() in RESERVED else base
        number, ending = 1, ""
        while (name := base[: LONGEST_NAME - len(ending)] + ending).casefold() in self.names:
            number += 1
            ending = f" ({number})"
        self.names.add(name.casefold())
        return name

    def _head(self, page: "Worksheet", titles: Sequence[str]) -> None:
        page.freeze_panes(1, 0)
        for number, title in enumerate(titles):
            page.write_string(0, number, title, self.bold)

    def finish(self, index: "Worksheet", legend: "Worksheet") -> None:
        """Set the filters, which need to know where the rows end, and fill the other two sheets."""
        for sheet in self.sheets:
            sheet.page.autofilter(0, 0, sheet.rows, len(self.columns) - 1)
        self._table(
            index,
            ("sheet", "rubric", "rows"),
            ((sheet.name, harmless(sheet.rubric), sheet.rows) for sheet in self.sheets),
        )
        self._table(
            legend,
            ("column", "holds", "meaning"),
            ((column.name, _holds(column), column.about) for column in self.columns),
        )

    def _table(
        self, page: "Worksheet", titles: Sequence[str], rows: Iterable[Sequence[str | int]]
    ) -> None:
        self._head(page, titles)
        page.set_column(0, 1, 24)
        page.set_column(2, 2, 100)
        for line, row in enumerate(rows, 1):
            for number, value in enumerate(row):
                write: Callable[..., object] = page.write_number
                if isinstance(value, str):
                    write = page.write_string
                write(line, number, value)


def write_xlsx(
    rows: Iterable[Row], columns: Sequence[Column], out: BinaryIO, *, most: int = MOST_ROWS
) -> None:
    """Write rows; at most `most` lines a sheet. Raises OSError where the disk is full."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only of use here
    from xlsxwriter.exceptions import XlsxFileError  # noqa: PLC0415 - as above

    book = Workbook(out, OPTIONS)
    index, legend = book.add_worksheet("index"), book.add_worksheet("columns")
    made = _Book(book, columns, most)
    for row in rows:
        made.add(row)
    made.finish(index, legend)
    try:
        book.close()
    except XlsxFileError as problem:
        cause = problem.args[0] if problem.args else problem
        raise cause if isinstance(cause, OSError) else OSError(str(cause)) from problem


def _fitting(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _holds(column: Column) -> str:
    return f"{column.kind}, UTC" if column.kind is Kind.TIME else str(column.kind)
