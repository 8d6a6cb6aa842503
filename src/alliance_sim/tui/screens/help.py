"""Help for the screen that is open: what it is for, its keys, and what its signs mean."""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import ClassVar

import yaml
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static


@cache
def _texts() -> dict[str, list[dict[str, str | list[str]]]]:
    text = files("alliance_sim.tui").joinpath("help.yaml").read_text("utf-8")
    loaded: dict[str, list[dict[str, str | list[str]]]] = yaml.safe_load(text)
    return loaded


class HelpScreen(ModalScreen[None]):
    """The sections of help.yaml for a screen, after the keys that work there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,enter,q", "dismiss", "Back", id="help.back"),
    ]

    def __init__(self, screen: Screen[object]) -> None:
        super().__init__()
        self._topic = type(screen).__name__
        self._keys = list(_keys(screen))

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog -large"):
            with VerticalScroll(classes="dialog-text"):
                for number, section in enumerate(_texts().get(self._topic, _texts()["other"])):
                    title = str(section["title"])
                    yield Static(
                        title, classes="heading" if number else "dialog-title", markup=False
                    )
                    for line in section["lines"]:
                        yield Static(line, classes="paragraph", markup=False)
                    if number == 0:
                        yield Static("Keys", classes="heading", markup=False)
                        yield Static(_table(self._keys), classes="paragraph", markup=False)
            yield Static("Esc goes back", classes="dialog-foot", markup=False)


def _keys(screen: Screen[object]) -> Iterable[tuple[str, str]]:
    """Keys as they are bound at this moment, a keymap of the user's included."""
    told: dict[str, list[str]] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        if binding.id and binding.description and active.enabled:
            told.setdefault(binding.description, []).append(screen.app.get_key_display(binding))
    # Function keys, which the footer has, before the others.
    for description, keys in sorted(told.items(), key=lambda each: not each[1][0].startswith("f")):
        yield " / ".join(dict.fromkeys(keys)), description


def _table(rows: Sequence[tuple[str, str]]) -> Content:
    width = max((len(key) for key, _ in rows), default=0) + 3
    lines = [Content.assemble((key.ljust(width), "bold $primary"), what) for key, what in rows]
    return Content("\n").join(lines)
