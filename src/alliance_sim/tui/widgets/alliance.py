"""The alliance as it moves: bars with words beside them, and how it went so far."""

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from alliance_sim.domain.events import Event, StateMoved
from alliance_sim.domain.state import ClientState

BAR = 27
"""Cells of a bar."""

_STEPS = "▁▂▃▄▅▆▇█"
_MUCH, _SOME = 2.0, 0.4
"""Changes of a variable in one turn that are told as plain and as slight."""


class AlliancePanel(VerticalScroll, can_focus=False):
    """Engagement, trust and safety as bars without numbers; arousal against its window."""

    DEFAULT_CSS = """
    AlliancePanel {
        width: 34;
        padding: 1 2;
        border-left: vkey $border-blurred;
        background: $background;
        scrollbar-size-vertical: 1;
        display: none;
        &.-shown { display: block; }
        Static { height: auto; margin: 0 0 1 0; }
        .title { text-style: bold; }
        #rupture { color: $text-warning; display: none; }
        #rupture.-stands { display: block; }
        .about { color: $text-muted; }
    }
    """

    def __init__(self, window: tuple[float, float]) -> None:
        super().__init__()
        self._window = window

    def compose(self) -> ComposeResult:
        yield Static("The alliance", classes="title", markup=False)
        yield Static(id="bars", markup=False)
        yield Static(id="arousal", markup=False)
        yield Static(id="course", markup=False)
        yield Static(
            "! A rupture stands between you. Name it, ask about it, own your part.",
            id="rupture",
            markup=False,
        )
        yield Static(
            "How the simulated client stands with you. It is no score.",
            classes="about",
            markup=False,
        )

    def show_state(self, start: ClientState, state: ClientState, events: Sequence[Event]) -> None:
        """Draw the client as they are now, with the change of the last turn in words."""
        moved = [event for event in events if isinstance(event, StateMoved)]
        states = [start, *(event.state for event in moved)]
        before = states[-2] if len(states) > 1 else start
        rows = (
            ("Engagement", state.engagement, state.engagement - before.engagement),
            ("Trust", state.trust, state.trust - before.trust),
            ("Safety", state.safety, state.safety - before.safety),
        )
        told = bool(moved)
        bars = [bar(name, value, change if told else None) for name, value, change in rows]
        self.query_one("#bars", Static).update(Content("\n\n").join(bars))
        self.query_one("#arousal", Static).update(
            Content.assemble(
                "Arousal\n", (inside(state.arousal, self._window), "$foreground-muted")
            )
        )
        course = sparkline([each.engagement for each in states])
        self.query_one("#course", Static).update(
            Content.assemble("Engagement so far\n", (course, "$primary"))
        )
        self.query_one("#rupture", Static).set_class(state.rupture, "-stands")


def bar(name: str, value: float, change: float | None) -> Content:
    """A name, a word for the last change, and a bar of 0–100 under it."""
    full = round(max(0.0, min(100.0, value)) / 100 * BAR)
    words = trend(change) if change is not None else ""
    gap = " " * max(1, BAR - len(name) - len(words))
    return Content.assemble(
        name,
        gap,
        (words, "$foreground-muted"),
        "\n",
        ("━" * full, "$primary"),
        ("─" * (BAR - full), "$foreground-disabled"),
    )


def trend(change: float) -> str:
    """A change of one turn in words."""
    if abs(change) < _SOME:
        return "as it was"
    word = "warmer" if change > 0 else "cooler"
    return word if abs(change) >= _MUCH else f"a little {word}"


def inside(arousal: float, window: tuple[float, float]) -> str:
    """Where arousal is against the window of tolerance."""
    if arousal > window[1]:
        return "above the window: slow down"
    if arousal < window[0]:
        return "below the window: flat, far away"
    return "inside the window"


def sparkline(values: Sequence[float], width: int = BAR) -> str:
    """The last `width` values of 0–100 as little columns."""
    shown = values[-width:]
    return "".join(_STEPS[min(7, int(max(0.0, value) / 100 * 8))] for value in shown)
