"""The same turn tried twice: what was said, what the client answered, what became of the hour."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Static

from alliance_sim.domain.names import called
from alliance_sim.errors import AllianceError
from alliance_sim.reporting import narrative
from alliance_sim.runtime.compare import NOT_OBSERVED, Comparison, Row, compare
from alliance_sim.runtime.debrief import Debrief, TurnReview, effect_words
from alliance_sim.runtime.results import debrief_of, rubrics_in_play
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.debrief_text import (
    MUTED,
    Heading,
    Prose,
    heard,
    in_lines,
    joined,
    plain,
    quoted,
)

TRIES = ("The first time", "This time")
NAME, VALUE = 27, 18
"""Cells of the columns of the table of outcomes."""


class ComparisonScreen(AllianceScreenMixin, Screen[None]):
    """Both tries side by side; one above the other where the screen is narrow."""

    DEFAULT_CSS = """
    ComparisonScreen > #comparison-title { padding: 0 2; height: 1; background: $panel; }
    ComparisonScreen > VerticalScroll { padding: 0 1; scrollbar-size-vertical: 1; }
    ComparisonScreen #tries { height: auto; }
    ComparisonScreen .try { height: auto; width: 1fr; padding: 0 1 0 0; }
    ComparisonScreen.-narrow #tries { layout: vertical; }
    ComparisonScreen.-narrow .try { width: 100%; }
    """
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as in Screen
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "open(0)", "First debrief", id="comparison.before"),
        Binding("2", "open(1)", "This debrief", id="comparison.after"),
        Binding("h", "home", "Home", id="comparison.home"),
        Binding("escape", "dismiss", "Back", id="comparison.back"),
    ]

    class Loaded(Message):
        """Both debriefs have been made and compared."""

        def __init__(
            self,
            found: Comparison,
            debriefs: tuple[Debrief, Debrief],
            titles: Mapping[str, str],
        ) -> None:
            super().__init__()
            self.found = found
            self.debriefs = debriefs
            self.titles = titles

    class Failed(Message):
        """They cannot be compared; `why` is a plain line."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, before_id: str, after_id: str) -> None:
        super().__init__()
        self._ids = (before_id, after_id)

    def compose(self) -> ComposeResult:
        yield Static("The same turn twice", id="comparison-title", markup=False)
        yield VerticalScroll(Prose("Reading both sessions…", classes="apart muted"))
        yield Footer()

    def on_mount(self) -> None:
        self._load()

    @work(thread=True, exclusive=True)
    def _load(self) -> None:
        app = self.alliance
        try:
            before, after = (debrief_of(app.store, i, app.library, app.clock) for i in self._ids)
            found = compare(before, after)
            rubrics = rubrics_in_play(app.library, after.scenario)
        except (AllianceError, ValueError) as problem:
            self.post_message(self.Failed(str(problem)))
            return
        titles = {rubric.id.replace("_", " "): rubric.title for rubric in rubrics}
        self.post_message(self.Loaded(found, (before, after), titles))

    @on(Failed)
    def cannot_compare(self, message: Failed) -> None:
        """Say why."""
        self._fill(Prose(message.why, classes="apart"))

    @on(Loaded)
    def show(self, message: Loaded) -> None:
        """Both tries, and the outcomes."""
        name = called(message.debriefs[1].scenario.client.name)
        found = message.found
        tries = [_try(found, at, name, message.debriefs[at]) for at in (0, 1)]
        outcomes = _outcomes(found.rows, message.titles)
        self.query_one("#comparison-title", Static).update(
            f"The same turn twice · {name} · turn {found.turn}"
        )
        self._fill(Horizontal(*tries, id="tries"), Heading("What became of the hour"), outcomes)

    def _fill(self, *widgets: Static | Horizontal) -> None:
        body = self.query_one(VerticalScroll)
        body.remove_children()
        body.mount(*widgets)
        body.focus()

    def action_open(self, which: int) -> None:
        """The debrief of one of the two."""
        self.alliance.show_debrief(self._ids[which])

    def action_home(self) -> None:
        """Back to the clients."""
        go_home(self)


def go_home(screen: Screen[None]) -> None:
    """Leave every screen above the clients."""
    from alliance_sim.tui.screens.home import HomeScreen  # noqa: PLC0415 - not needed to open

    app = screen.app
    while not isinstance(app.screen, HomeScreen) and len(app.screen_stack) > 2:
        app.pop_screen()


def _try(found: Comparison, at: int, name: str, debrief: Debrief) -> Vertical:
    said, answered = found.said[at], found.answered[at]
    review = next((review for review in debrief.reviews if review.turn >= found.turn), None)
    return Vertical(
        Heading(TRIES[at]),
        Prose(joined(("You: ", MUTED), quoted(said, "bold")) if said else "You said nothing more."),
        Prose(
            joined((f"{name}: ", MUTED), heard(answered)) if answered else f"{name} said no more.",
            classes="apart",
        ),
        Prose(_effect(review, name) if review else "", classes="apart muted"),
        classes="try",
    )


def _effect(review: TurnReview, name: str) -> str:
    """What the reply did there and then: the ends of two hours may lie far apart."""
    return " ".join(
        [narrative.moved_sentence(review, name), " · ".join(effect_words(review.deltas))]
    )


def _outcomes(rows: tuple[Row, ...], titles: Mapping[str, str]) -> Prose:
    head = f"{'':<{NAME}}{TRIES[0]:<{VALUE}}{TRIES[1]}"
    unseen = [row for row in rows if row.before == row.after == NOT_OBSERVED]
    lines = [_outcome(row, titles.get(row.name, row.name)) for row in rows if row not in unseen]
    if unseen:
        names = ", ".join(titles.get(row.name, row.name) for row in unseen)
        lines.append(joined(("Not observed either time: ", MUTED), plain(names, MUTED)))
    return Prose(in_lines(joined((head, MUTED)), *lines))


def _outcome(row: Row, title: str) -> Content:
    changed = row.before != row.after
    name = plain(f"{title[:1].upper()}{title[1:]}"[: NAME - 1])
    pad = " " * (NAME - len(name.plain))
    after = (row.after, "bold" if changed else MUTED)
    return joined(name, pad, f"{row.before:<{VALUE}}", after, "  ←" if changed else "")
