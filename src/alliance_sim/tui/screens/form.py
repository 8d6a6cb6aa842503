"""A form over the screen: F5 keeps what is filled in, Esc leaves it."""

from abc import abstractmethod
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Static

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError
from alliance_sim.tui.typed import AllianceScreenMixin

Kept = TypeVar("Kept")


class FormScreen(AllianceScreenMixin, ModalScreen[Kept | None], Generic[Kept]):
    """Dismissed with what `kept` gives; with None when left.

    Enter in a line of the class `-last` keeps the form, too.
    """

    DEFAULT_CSS = """
    FormScreen Input, FormScreen Select { margin: 0; }
    FormScreen Input { background: $panel; }
    FormScreen Label { margin: 1 0 0 0; color: $foreground-muted; }
    FormScreen #problem { color: $error; height: auto; }
    FormScreen.-short Label { margin: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (32, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Back", id="form.back")]
    WIDTH: ClassVar[str] = "-large"
    """A class of dialogues in the style sheet."""
    KEYS: ClassVar[str] = ""
    """What is said of the keys."""

    def compose(self) -> ComposeResult:
        with Vertical(classes=f"dialog {self.WIDTH}"):
            yield from self.fields()
            yield Static("", id="problem", markup=False)
            if self.KEYS:
                yield Static(self.KEYS, classes="dialog-foot", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield from self.buttons()

    @abstractmethod
    def fields(self) -> ComposeResult:
        """The title, and all that is asked."""

    @abstractmethod
    def buttons(self) -> ComposeResult:
        """`keep` first."""

    @abstractmethod
    def kept(self) -> Kept:
        """Do what the form is for. Raises AllianceError with what is told in the form."""

    @on(Button.Pressed, "#keep")
    @on(Input.Submitted, ".-last")
    def action_keep(self) -> None:
        """Close the form, or say what is wrong: then what was written stays."""
        try:
            kept = self.kept()
        except AllianceError as problem:
            self.query_one("#problem", Static).update(printable(str(problem)))
            return
        self.dismiss(kept)

    @on(Button.Pressed, "#leave")
    def action_leave(self) -> None:
        self.dismiss(None)

    def line(self, name: str) -> str:
        """What stands in the line of that id."""
        return self.query_one(f"#{name}", Input).value
