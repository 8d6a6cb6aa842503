"""A table whose rows are fetched a page at a time, and sorted by whoever fetches them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.binding import Binding, BindingType
from textual.coordinate import Coordinate
from textual.message import Message
from textual.widgets import DataTable

from alliance_sim.domain.clean import printable
from alliance_sim.tui.widgets.quiet_table import QuietTable

PAGE = 200
"""Rows that are fetched together."""

NEAR = 40
"""Rows from the end at which the next page is asked for."""


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    key: str
    title: str
    width: int
    order: str | None = None
    """What rows are sorted by where it is chosen; None: it cannot be."""


@dataclass(frozen=True)
class Line:
    """A row: what it stands for, and its cells."""

    key: str
    cells: tuple[str, ...]


class PagedTable(QuietTable):
    """Asks for rows with `Wanted`; `show` puts them in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="programme.open"),
        Binding("s", "sort", "Sort", id="programme.sort"),
        Binding("r", "reverse", "Turn round", id="programme.reverse"),
        Binding("home", "scroll_top", "First", show=False, id="programme.first"),
        Binding("end", "scroll_bottom", "Last", show=False, id="programme.last"),
    ]

    class Wanted(Message):
        """Rows from `offset` on are wanted, in the table's order."""

        def __init__(self, table: "PagedTable", offset: int) -> None:
            super().__init__()
            self.table = table
            self.offset = offset

    def __init__(
        self, columns: Sequence[Column], *, order: str, falling: bool = False, name: str
    ) -> None:
        super().__init__(cursor_type="row", id=name)
        self._layout = columns
        self.order, self.falling = order, falling
        self.total = 0
        self._asked = 0
        """Rows that are there or have been asked for."""

    def on_mount(self) -> None:
        for column in self._layout:
            self.add_column(self._title(column), width=column.width, key=column.key)

    def _title(self, column: Column) -> Text:
        mark = ""
        if column.order == self.order:
            mark = " ▾" if self.falling else " ▴"
        return Text(f"{column.title}{mark}")

    def show(self, lines: Sequence[Line], *, offset: int, total: int) -> None:
        """Put in the rows from `offset` on; from 0 they take the place of all."""
        if offset == 0:
            self.clear()
        self.total = total
        for line in lines:
            if line.key not in self.rows:
                cells = (Text(printable(cell, lines=False)) for cell in line.cells)
                self.add_row(*cells, key=line.key)
        self._asked = max(offset + len(lines), self.row_count)

    @property
    def chosen(self) -> str | None:
        """The key of the row that the cursor is on; None where there are no rows."""
        if not self.row_count:
            return None
        return self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value

    def watch_cursor_coordinate(
        self, old_coordinate: Coordinate, new_coordinate: Coordinate
    ) -> None:
        """Ask for more before the end comes into sight."""
        super().watch_cursor_coordinate(old_coordinate, new_coordinate)
        there = self.row_count
        if there and self.cursor_row >= there - NEAR and self._asked == there < self.total:
            self._asked = there + PAGE
            self.post_message(self.Wanted(self, there))

    @on(DataTable.HeaderSelected)
    def header_chosen(self, event: DataTable.HeaderSelected) -> None:
        """Sort by the column; the other way round where it is sorted by it."""
        column = next(each for each in self._layout if each.key == event.column_key.value)
        if column.order:
            self._sort_by(column.order, not self.falling if column.order == self.order else False)

    def action_sort(self) -> None:
        """Sort by the next column."""
        orders = [column.order for column in self._layout if column.order]
        after = orders[(orders.index(self.order) + 1) % len(orders)]
        self._sort_by(after, falling=self.falling)

    def action_reverse(self) -> None:
        self._sort_by(self.order, falling=not self.falling)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A table of one order cannot be sorted by another."""
        orders = [column.order for column in self._layout if column.order]
        return action not in {"sort", "reverse"} or len(orders) > 1

    def _sort_by(self, order: str, falling: bool) -> None:
        self.order, self.falling = order, falling
        for column in self._layout:
            self.columns[
                next(k for k in self.columns if k.value == column.key)
            ].label = self._title(column)
        self._clear_caches()
        self.refresh()
        self.move_cursor(row=0)
        self.post_message(self.Wanted(self, 0))
