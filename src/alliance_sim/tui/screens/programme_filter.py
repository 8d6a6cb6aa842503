"""Which sessions the programme's screen shows: of a cohort, an assignment, a client, a trainee."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Input, Label, Select, Static

from alliance_sim.domain.clean import printable
from alliance_sim.store.report_selection import Selection

Choices = Sequence[tuple[str, str]]
"""What is shown, and the id that it stands for."""


@dataclass(frozen=True)
class Offered:
    """What there is to choose from."""

    cohorts: Choices = ()
    assignments: Choices = ()
    clients: Choices = ()


class FilterScreen(ModalScreen[Selection | None]):
    """Dismissed with the selection; with None when left."""

    DEFAULT_CSS = """
    FilterScreen Input, FilterScreen Select { margin: 0; }
    FilterScreen Input { background: $panel; }
    FilterScreen Label { margin: 1 0 0 0; color: $foreground-muted; }
    FilterScreen.-short Label { margin: 0; }
    """
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Back", id="filter.back"),
        Binding("f5", "keep", "Show these", id="filter.keep"),
    ]

    def __init__(self, offered: Offered, chosen: Selection) -> None:
        super().__init__()
        self._offered = offered
        self._chosen = chosen

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog"):
            yield Static("Show only", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-text", can_focus=False):
                yield Label("Cohort")
                yield self._select("cohort", self._offered.cohorts, self._chosen.cohort)
                yield Label("Assignment")
                yield self._select("assignment", self._offered.assignments, self._chosen.assignment)
                yield Label("Client")
                yield self._select("client", self._offered.clients, self._chosen.scenario)
                yield Label("Trainee: the beginning of a pseudonym")
                yield Input(self._chosen.trainee_begins or "", id="filter-trainee", compact=True)
            with Horizontal(classes="dialog-buttons"):
                yield Button("Show these", id="filter-keep", variant="primary")
                yield Button("Show all", id="filter-all")

    def _select(self, name: str, choices: Choices, chosen: str | None) -> Select[str]:
        shown = [(printable(title, lines=False), value) for title, value in choices]
        known = {value for _, value in shown}
        value = chosen if chosen in known else Select.NULL
        return Select(shown, value=value, prompt="any", id=f"filter-{name}", compact=True)

    @on(Button.Pressed, "#filter-keep")
    @on(Input.Submitted, "#filter-trainee")
    def action_keep(self) -> None:
        """Hand the selection back."""
        begins = self.query_one("#filter-trainee", Input).value.strip()
        self.dismiss(
            replace(
                self._chosen,
                cohort=self._value("cohort"),
                assignment=self._value("assignment"),
                scenario=self._value("client"),
                trainee_begins=begins or None,
            )
        )

    def _value(self, name: str) -> str | None:
        value = self.query_one(f"#filter-{name}", Select).value
        return None if value is Select.NULL else str(value)

    @on(Button.Pressed, "#filter-all")
    def everything(self) -> None:
        """No filter."""
        self.dismiss(Selection())

    def action_leave(self) -> None:
        self.dismiss(None)
