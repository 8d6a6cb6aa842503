"""The sessions in the store: to look back at, to go on with, to delete."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Input, Static

from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import Ending
from alliance_sim.domain.names import called
from alliance_sim.domain.tenths import tenths
from alliance_sim.errors import AllianceError
from alliance_sim.programme.privacy_files import delete_session
from alliance_sim.runtime.results import debrief_of
from alliance_sim.store.summary import SessionSummary
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.comparison import go_home
from alliance_sim.tui.screens.override import OverrideScreen
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.quiet_table import QuietTable
from alliance_sim.tui.wording import grade_word

ENDED = {
    None: "open",
    Ending.TIME: "time was up",
    Ending.PLANNED_CLOSE: "you closed it",
    Ending.WALK_OUT: "client left",
    Ending.SAFETY_HANDOVER: "handed over",
    Ending.STOPPED: "you stopped",
}
COLUMNS = {"When": 12, "Client": 22, "Turns": 5, "How it ended": 13, "Overall": 14}
"""Titles and cells; with their padding they fit into 80."""

NEWEST = 1000
"""Sessions listed; older ones are in the list of the programme, which reads page by page."""

Row = tuple[str, ...]


class SessionsTable(QuietTable):
    """The rows; what Enter does is in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select_cursor", "Open", id="history.open"),
        Binding("home", "scroll_top", "Newest", show=False, id="history.newest"),
        Binding("end", "scroll_bottom", "Oldest", show=False, id="history.oldest"),
    ]


class HistoryScreen(AllianceScreenMixin, Screen[None]):
    """A row a session, newest first. Enter opens the debrief, or goes on with an open session."""

    DEFAULT_CSS = """
    HistoryScreen > Vertical { padding: 0 1; height: 1fr; }
    HistoryScreen #history-title { text-style: bold; padding: 0 1; margin: 1 0 1 0; }
    HistoryScreen Input {
        border: none;
        height: 1;
        padding: 0 1;
        margin: 0 0 1 0;
        background: $panel;
    }
    HistoryScreen Input:focus { border: none; background: $panel; background-tint: $accent 15%; }
    HistoryScreen #history-none { color: $foreground-muted; padding: 0 1; display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="history.filter"),
        Binding("d", "delete", "Delete", id="history.delete"),
        Binding("o", "override", "Change a score", id="history.override", show=False),
        Binding("p", "programme", "Programme", id="history.programme", show=False),
        Binding("h", "home", "Home", id="history.home"),
        Binding("escape", "back", "Back", id="history.back"),
    ]
    AUTO_FOCUS = "SessionsTable"

    class Read(Message):
        """The sessions, and the clients' names by scenario."""

        def __init__(self, sessions: Sequence[SessionSummary], names: Mapping[str, str]) -> None:
            super().__init__()
            self.sessions = sessions
            self.names = names

    class Failed(Message):
        """The store could not be read."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self) -> None:
        super().__init__()
        self._sessions: Sequence[SessionSummary] = ()
        self._names: Mapping[str, str] = {}

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("Your sessions", id="history-title", markup=False)
            yield Input(placeholder="Filter: a client, open, good, a month…", id="history-filter")
            yield SessionsTable(id="history-table", cursor_type="row")
            yield Static("", id="history-none", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        for title, width in COLUMNS.items():
            self._table.add_column(title, width=width)

    def on_screen_resume(self) -> None:
        """Read again: a session may have ended, or been held, meanwhile."""
        self._read()

    @property
    def _table(self) -> SessionsTable:
        return self.query_one(SessionsTable)

    # ---- reading -------------------------------------------------------------------------

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        try:
            who = self.alliance.start.trainee
            sessions = self.alliance.store.sessions(trainee=who, limit=NEWEST)
        except AllianceError as problem:
            self.post_message(self.Failed(str(problem)))
            return
        names = {name: self._client(name) for name in {session.scenario for session in sessions}}
        self.post_message(self.Read(sessions, names))

    def _client(self, scenario: str) -> str:
        """The client's name; the scenario's id where its file is gone or broken."""
        try:
            return called(self.alliance.library.scenario(scenario).client.name)
        except AllianceError:
            return scenario

    @on(Read)
    def sessions_read(self, message: Read) -> None:
        """Show what was read."""
        self._sessions, self._names = message.sessions, message.names
        self._draw()

    @on(Failed)
    def reading_failed(self, message: Failed) -> None:
        """Say why there is nothing to see."""
        self.alliance.notify_plain(message.why)

    @on(Input.Changed, "#history-filter")
    def _draw(self) -> None:
        words = self.query_one(Input).value.casefold().split()
        table = self._table
        chosen = self._chosen()
        table.clear()
        for session in self._sessions:
            row = _row(session, self._names)
            text = f"{' '.join(row)} {session.id} {session.opened_at:%B}".casefold()
            if all(word in text for word in words):
                table.add_row(*(Text(cell) for cell in row), key=session.id)
        if chosen and chosen in table.rows:
            table.move_cursor(row=table.get_row_index(chosen))
        none = self.query_one("#history-none", Static)
        none.display = not table.row_count
        none.update(
            "No session has all these words."
            if words
            else "No sessions yet. Esc, and choose a client."
        )

    def _chosen(self) -> str | None:
        table = self._table
        if not table.row_count:
            return None
        return table.coordinate_to_cell_key(table.cursor_coordinate).row_key.value

    # ---- keys ----------------------------------------------------------------------------

    @on(DataTable.RowSelected)
    def action_open(self) -> None:
        """The debrief of an ended session; an open one goes on."""
        chosen = self._chosen()
        if chosen:
            self.alliance.resume(chosen)

    @on(Input.Submitted)
    def to_the_table(self) -> None:
        """From the filter to what it found."""
        self._table.focus()

    def action_filter(self) -> None:
        self.query_one(Input).focus()

    def action_back(self) -> None:
        """First out of the filter, then out of the screen."""
        filter_box = self.query_one(Input)
        if filter_box.has_focus or filter_box.value:
            filter_box.value = ""
            self._table.focus()
            return
        self.dismiss()

    def action_programme(self) -> None:
        """For coordinators: all sessions of the store."""
        self.alliance.show_programme()

    def action_home(self) -> None:
        """Back to the clients."""
        go_home(self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """A guest looks back and goes on; scores and the record are others' to change."""
        return not (self.alliance.guest and action in {"override", "delete", "programme"})

    def action_override(self) -> None:
        """An instructor's score in place of the scorer's, in a session that has ended."""
        app, chosen = self.alliance, self._chosen()
        session = next((found for found in self._sessions if found.id == chosen), None)
        if session is None or session.ending is None:
            app.notify_plain("Only the scores of a session that has ended can be changed.")
            return
        try:
            debrief = debrief_of(app.store, session.id, app.library, app.clock)
            titles = {rubric.id: rubric.title for rubric in app.library.rubrics()}
        except AllianceError as problem:
            app.notify_plain(str(problem))
            return
        if debrief.scorecard is None:
            app.notify_plain(debrief.why_unscored or "This session has no scores.")
            return
        OverrideScreen.ask(app, session.id, debrief.scorecard, titles, self._read)

    def action_delete(self) -> None:
        """Ask, and erase the session for good."""
        chosen = self._chosen()
        session = next((found for found in self._sessions if found.id == chosen), None)
        if session is None:
            return
        when, client, *_ = _row(session, self._names)
        lines = [f"{client}, {when}.", "Its words, events and scores are erased for good."]
        ask = AskScreen(
            "Delete this session?",
            lines,
            [("keep", "Keep it"), ("delete", "Delete for good")],
            first="keep",
        )
        self.app.push_screen(ask, lambda answer: self._delete(session.id, answer))

    def _delete(self, session_id: str, answer: str | None) -> None:
        if answer != "delete":
            return
        try:
            files = delete_session(self.alliance.store, session_id, self.alliance.data_folder)
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
        else:
            self.alliance.notify_plain("Deleted.", severity="information")
            for left in files.left:
                self.alliance.notify_plain(f"A file is left that cannot be deleted: {left}")
        self._read()


def _row(session: SessionSummary, names: Mapping[str, str]) -> Row:
    at = session.opened_at.astimezone()
    client = printable(names.get(session.scenario, session.scenario), lines=False)
    marks = [f"turn {session.branch_turn} again"] if session.branch_turn is not None else []
    marks += ["exam"] if session.exam else []
    overall = session.overall
    return (
        f"{at.day} {at:%b %H:%M}",
        " · ".join([client, *marks]),
        str(session.turns or "–"),
        ENDED[session.ending],
        "–" if overall is None else f"{tenths(overall)} {grade_word(overall)}",
    )
