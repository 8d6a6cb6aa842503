"""A table that looks like the page around it."""

from rich.text import Text
from textual.widgets import DataTable


class QuietTable(DataTable[Text]):
    """Only the row of the cursor stands out, with the focus and without."""

    DEFAULT_CSS = """
    QuietTable {
        height: 1fr;
        background: $background;
        scrollbar-size-vertical: 1;
        &:focus { background-tint: $background 0%; }
        & > .datatable--header {
            background: $background;
            color: $foreground-muted;
            text-style: none;
        }
        & > .datatable--cursor { background: $block-cursor-background; }
    }
    """
