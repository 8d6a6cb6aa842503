"""Which sessions the programme's screen shows: of a cohort, an assignment, a client, a trainee."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widgets import Button, Input, Label, Select, Static

from alliance_sim.domain.clean import printable
from alliance_sim.store.report_selection import Selection
from alliance_sim.tui.screens.form import FormScreen

Choices = Sequence[tuple[str, str]]
"""What is shown, and the id that it stands for."""


@dataclass(frozen=True)
class Offered:
    """What there is to choose from."""

    cohorts: Choices = ()
    assignments: Choices = ()
    clients: Choices = ()


class FilterScreen(FormScreen[Selection]):
    """Dismissed with the selection."""

    WIDTH = ""
    DEFAULT_CSS = "FilterScreen #problem { display: none; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "keep", "Show these", id="filter.keep"),
    ]

    def __init__(self, offered: Offered, chosen: Selection) -> None:
        super().__init__()
        self._offered = offered
        self._chosen = chosen

    def fields(self) -> ComposeResult:
        yield Static("Show only", classes="dialog-title", markup=False)
        with VerticalScroll(classes="dialog-text", can_focus=False):
            yield Label("Cohort")
            yield _select("cohort", self._offered.cohorts, self._chosen.cohort)
            yield Label("Assignment")
            yield _select("assignment", self._offered.assignments, self._chosen.assignment)
            yield Label("Client")
            yield _select("client", self._offered.clients, self._chosen.scenario)
            yield Label("Trainee: the beginning of a pseudonym")
            begins = self._chosen.trainee_begins or ""
            yield Input(begins, id="trainee", classes="-last", compact=True)

    def buttons(self) -> ComposeResult:
        yield Button("Show these", id="keep", variant="primary")
        yield Button("Show all", id="all")

    def kept(self) -> Selection:
        return replace(
            self._chosen,
            cohort=self._value("cohort"),
            assignment=self._value("assignment"),
            scenario=self._value("client"),
            trainee_begins=self.line("trainee").strip() or None,
        )

    def _value(self, name: str) -> str | None:
        value = self.query_one(f"#{name}", Select).value
        return None if value is Select.NULL else str(value)

    @on(Button.Pressed, "#all")
    def everything(self) -> None:
        """No filter."""
        self.dismiss(Selection())


def _select(name: str, choices: Choices, chosen: str | None) -> Select[str]:
    shown = [(printable(title, lines=False), value) for title, value in choices]
    known = {value for _, value in shown}
    value = chosen if chosen in known else Select.NULL
    return Select(shown, value=value, prompt="any", id=name, compact=True)
