"""Radio and check buttons that tell on from off by their sign, and not by colour alone."""

from textual.content import Content
from textual.widgets import Checkbox, RadioButton

_ON, _TICKED, _OFF = "●", "✓", " "


class Choice(RadioButton):
    """One of several; `name` says what it stands for."""

    def __init__(self, label: str, *, value: bool = False, name: str | None = None) -> None:
        self.BUTTON_INNER = _ON if value else _OFF
        super().__init__(Content(label), value, name=name)

    def watch_value(self) -> None:
        self.BUTTON_INNER = _ON if self.value else _OFF
        super().watch_value()


class Tick(Checkbox):
    """Yes or no."""

    def __init__(self, label: str, *, value: bool = False, id: str | None = None) -> None:  # noqa: A002
        self.BUTTON_INNER = _TICKED if value else _OFF
        super().__init__(Content(label), value, id=id)

    def watch_value(self) -> None:
        self.BUTTON_INNER = _TICKED if self.value else _OFF
        super().watch_value()
