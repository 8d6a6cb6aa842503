"""The clients to practise with, and how the last hour with each went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input, OptionList, Static
from textual.widgets.option_list import Option

from alliance_sim.domain.clean import printable
from alliance_sim.domain.names import called
from alliance_sim.domain.tenths import tenths
from alliance_sim.errors import AllianceError
from alliance_sim.tui.assigned import marks, waits
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.wording import day, difficulty_words, grade_word

if TYPE_CHECKING:
    from alliance_sim.domain.scenario import Scenario
    from alliance_sim.programme.standing import Standing
    from alliance_sim.store.summary import SessionSummary


@dataclass(frozen=True)
class Card:
    """A client in the list."""

    scenario: Scenario
    last: str
    """How the last hour went, in a few words."""
    asked: str = ""
    """What of the trainee's assignments is with this client; empty where nothing is."""

    def fits(self, words: str) -> bool:
        """Whether each word that was typed is somewhere in what the card says of the client."""
        s = self.scenario
        said = [
            s.id,
            s.title,
            s.summary,
            s.client.name,
            s.intensity,
            difficulty_words(s.difficulty),
        ]
        about = [*s.content_notes, *s.learning_goals, self.last, self.asked]
        text = " ".join([*said, *about]).casefold()
        return all(word in text for word in words.casefold().split())

    def drawn(self, *, marked: bool = False) -> Content:
        """Name and last result, the summary, and what to know before choosing.

        `marked` is the one that Enter opens; it says so, besides its colour.
        """
        s = self.scenario
        notes = "; ".join(_inline(note).rstrip(".") for note in s.content_notes) or "none"
        quiet = "$foreground-muted"
        return Content.assemble(
            (f"{called(s.client.name)}, {s.client.age}", "bold"),
            ("  ·  ", quiet),
            _inline(s.title),
            ("  ·  ", quiet),
            (self.last, "$primary"),
            (f"  ·  {_inline(self.asked)}" if self.asked else "", "$secondary"),
            ("   ◂ Enter" if marked else "", "bold $primary"),
            f"\n{_inline(s.summary)}\n",
            (f"{difficulty_words(s.difficulty)}  ·  {s.intensity} intensity  ·  {notes}", quiet),
        )


class HomeScreen(AllianceScreenMixin, Screen[None]):
    """Paints at once; the clients come in as their files are read."""

    AUTO_FOCUS = "#clients"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "resume", "Resume", id="home.resume"),
        Binding("h", "history", "History", id="home.history"),
        Binding("m", "models", "Model", id="home.models"),
        Binding("p", "programme", "Programme", id="home.programme", show=False),
        Binding("slash", "search", "Search", key_display="/", id="home.search"),
        Binding("ctrl+q", "app.quit", "Quit", id="home.quit", priority=True),
        Binding("escape", "clear", "Clear", show=False, id="home.clear"),
    ]

    class Read(Message):
        """The clients' files have been read."""

        def __init__(self, scenarios: Sequence[Scenario], problems: Sequence[str]) -> None:
            super().__init__()
            self.scenarios = scenarios
            self.problems = problems

    def __init__(self) -> None:
        super().__init__()
        self._scenarios: dict[str, Scenario] = {}
        self._sessions: list[SessionSummary] = []
        self._asked: list[Standing] = []
        self._cards: dict[str, Card] = {}
        self._marked: str | None = None
        self._reading = True

    # ---- the screen ----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with Vertical(id="home"):
            yield Static("Who would you like to sit with?", classes="page-title", markup=False)
            yield Static(id="open-session", markup=False)
            yield Input(
                placeholder="Search by any word: a name, a theme, moderate, new…", id="find"
            )
            yield OptionList(id="clients", markup=False)
            yield Static("Reading the clients…", id="told", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self.call_after_refresh(self.read_clients)

    def on_screen_resume(self) -> None:
        self.call_after_refresh(self._look_up_results)

    @work(thread=True, exclusive=True, group="clients")
    def read_clients(self) -> None:
        """Read the files away from the screen; one that cannot be used does not hide the others."""
        library = self.alliance.library
        scenarios: list[Scenario] = []
        problems: list[str] = []
        for name in library.scenario_ids():
            try:
                scenarios.append(library.scenario(name))
            except AllianceError as problem:
                problems.append(str(problem))
        self.post_message(self.Read(scenarios, problems))

    @on(Read)
    def clients_read(self, message: Read) -> None:
        """Show whom there is to choose from, and what is wrong with files."""
        self._reading = False
        ordered = sorted(message.scenarios, key=lambda s: (s.difficulty, s.id))
        self._scenarios = {scenario.id: scenario for scenario in ordered}
        for problem in message.problems:
            first, *more = problem.splitlines()
            self.alliance.notify_plain(first + (f" (and {len(more)} more)" if more else ""))
        self._draw()

    def _look_up_results(self) -> None:
        if not self.alliance.open_store():
            return
        try:
            # sqlalchemy only after the first paint
            from alliance_sim.store.latest import latest_sessions  # noqa: PLC0415

            with self.alliance.store.reading() as connection:
                self._sessions = latest_sessions(connection, self.alliance.start.trainee)
            self._asked = self.alliance.assigned.standings()
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
        self._draw()

    def _draw(self) -> None:
        clients = self.query_one("#clients", OptionList)
        chosen = clients.highlighted_option.id if clients.highlighted_option else None
        words = self.query_one("#find", Input).value
        now = self.alliance.clock.now()
        cards = [
            Card(each, self._last(each), marks(self._asked, each.id, now))
            for each in self._scenarios.values()
        ]
        shown = [card for card in cards if card.fits(words)]
        shown.sort(key=lambda card: not waits(self._asked, card.scenario.id))
        self._cards = {card.scenario.id: card for card in shown}
        self._marked = None
        clients.clear_options()
        for card in shown:
            # None is a rule between clients, drawn in the colour of the ground: a blank line.
            clients.add_options([Option(card.drawn(), id=card.scenario.id), None])
        ids = [card.scenario.id for card in shown]
        clients.highlighted = ids.index(chosen) if chosen in ids else 0 if ids else None
        self._tell(bool(shown))
        self._tell_open()

    def _tell(self, any_shown: bool) -> None:
        told = self.query_one("#told", Static)
        if self._reading:
            told.update("Reading the clients…")
        elif not any_shown:
            told.update("No client fits these words. Esc clears them.")
        told.display = self._reading or not any_shown

    def _tell_open(self) -> None:
        line = self.query_one("#open-session", Static)
        session = self.open_session
        line.display = session is not None
        if session:
            scenario = self._scenarios.get(session.scenario)
            name = called(scenario.client.name) if scenario else printable(session.scenario)
            when = day(session.opened_at, self.alliance.clock.now())
            line.update(f"An hour with {name} is still open, from {when}.  r goes on with it.")

    def _last(self, scenario: Scenario) -> str:
        """The last hour with a client that has ended, in a few words."""
        of_client = [each for each in self._sessions if each.scenario == scenario.id]
        ended = next((each for each in of_client if each.ending), None)
        if ended is None:
            return "new" if not of_client else "begun"
        when = day(ended.opened_at, self.alliance.clock.now())
        if ended.overall is None:
            return f"last {when}, not scored"
        return f"last {when}: {tenths(ended.overall)} of 4, {grade_word(ended.overall)}"

    # ---- what can be done ----------------------------------------------------------------

    @property
    def open_session(self) -> SessionSummary | None:
        """The latest session that has not ended."""
        return next((each for each in self._sessions if each.ending is None), None)

    @on(Input.Changed, "#find")
    def looked_for(self) -> None:
        """Narrow the list."""
        self._draw()

    @on(Input.Submitted, "#find")
    def found(self) -> None:
        """From the search to what it found."""
        self.query_one("#clients").focus()

    @on(OptionList.OptionHighlighted, "#clients")
    def marked(self, event: OptionList.OptionHighlighted) -> None:
        """Mark the client that Enter opens."""
        clients = self.query_one("#clients", OptionList)
        for name, on_it in ((self._marked, False), (event.option_id, True)):
            if name in self._cards:
                clients.replace_option_prompt(name, self._cards[name].drawn(marked=on_it))
        self._marked = event.option_id

    @on(OptionList.OptionSelected, "#clients")
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """To the intake sheet."""
        if event.option_id:
            self.alliance.show_intake(event.option_id)

    def action_search(self) -> None:
        """To the search box."""
        self.query_one("#find").focus()

    def action_clear(self) -> None:
        """Show all clients again."""
        self.query_one("#find", Input).value = ""
        self.query_one("#clients").focus()

    def action_models(self) -> None:
        """To where a language model is set up."""
        self.alliance.show_models()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """No key for a model that cannot be set up, nor for a guest to see others' sessions."""
        if action == "programme":
            return not self.alliance.guest
        return action != "models" or self.alliance.may_set_up_models

    def action_history(self) -> None:
        """The sessions held so far."""
        self.alliance.show_history()

    def action_programme(self) -> None:
        """For coordinators: all sessions of the store."""
        self.alliance.show_programme()

    def action_resume(self) -> None:
        """Go on with the latest open session."""
        if session := self.open_session:
            self.alliance.resume(session.id)
        else:
            self.notify("No session is open.", markup=False)


def _inline(text: str) -> str:
    return printable(text, lines=False)
