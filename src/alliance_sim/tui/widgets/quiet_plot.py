"""What all drawings share: quiet axes, and no key or mouse. Importing this brings numpy, so import
it where it is used."""

from textual.app import ComposeResult
from textual.containers import Grid
from textual.strip import Strip
from textual_hires_canvas import Canvas
from textual_plot import PlotWidget
from textual_plot.plot_widget import Legend

MOST_TICKS = 12
"""Along the lower edge."""


class StyledCanvas(Canvas):
    """A canvas whose every line has a style: without one, drawing fails where NO_COLOR is set."""

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        return strip if strip.cell_length else Strip.blank(self.size.width, self.rich_style)


class QuietPlot(PlotWidget):
    """A drawing to look at; `draw` puts in what there is to see."""

    DEFAULT_CSS = """
    QuietPlot {
        & > .plot--axis { color: $foreground-disabled; }
        & > .plot--tick { color: $foreground-muted; text-style: none; }
        & > .plot--label { color: $foreground-muted; text-style: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self.can_focus = False

    def compose(self) -> ComposeResult:
        with Grid():
            for part in ("margin-top", "margin-left", "plot", "margin-bottom"):
                yield StyledCanvas(1, 1, id=part)
        yield Legend(id="legend")

    def on_mount(self) -> None:
        # After the base class's own handler, which sets limits and clears the drawing.
        self.call_later(self._set_up)

    def notify_style_update(self) -> None:
        """Draw again in the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._set_up()

    def _set_up(self) -> None:
        self.margin_top = 0
        self.margin_left = 5
        self.margin_bottom = 2
        self.clear()
        self.draw()

    def draw(self) -> None:
        """Set limits and ticks, and draw."""
        raise NotImplementedError

    def style_of(self, part: str) -> str:
        """The style of a component class in the theme."""
        return str(self.get_component_rich_style(part))


def ticks(first: int, last: int) -> list[float]:
    """Whole numbers from `first` to `last`, few enough to be told apart."""
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if last / s <= MOST_TICKS), 200)
    return [float(number) for number in range(first, last + 1, step)]
