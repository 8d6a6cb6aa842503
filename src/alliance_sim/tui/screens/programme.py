"""A coordinator's view: sessions, trainees, figures and appeals of a whole programme."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import DataTable, Footer, Static, TabbedContent, TabPane

from alliance_sim.domain.clean import printable
from alliance_sim.domain.names import called
from alliance_sim.errors import AllianceError
from alliance_sim.programme.cohort_report import CohortReport, cohort_report
from alliance_sim.programme.rules import load_rules
from alliance_sim.runtime.appealing import Decision, case, of_session
from alliance_sim.store.report_selection import Selection
from alliance_sim.tui import programme_lines as lines
from alliance_sim.tui.programme_reading import Asked, offered, page_of
from alliance_sim.tui.screens.answer import AnswerScreen
from alliance_sim.tui.screens.comparison import go_home
from alliance_sim.tui.screens.programme_filter import FilterScreen, Offered
from alliance_sim.tui.screens.review import ReviewScreen
from alliance_sim.tui.screens.trainee import TraineeScreen
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.paged_table import Line, PagedTable

if TYPE_CHECKING:
    from alliance_sim.tui.app import AllianceApp

TABS = {
    "sessions": "Sessions",
    "trainees": "Trainees",
    "figures": "Figures",
    "appeals": "Appeals",
}
"""The parts of the screen, in order; the number of a part is its key."""


class ProgrammeScreen(AllianceScreenMixin, Screen[None]):
    """Everything is read away from the screen, a page at a time."""

    DEFAULT_CSS = """
    ProgrammeScreen #programme-title {
        padding: 0 2;
        height: 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    ProgrammeScreen TabbedContent { height: 1fr; }
    ProgrammeScreen ContentSwitcher { height: 1fr; }
    ProgrammeScreen TabPane { height: 1fr; padding: 0 1; }
    ProgrammeScreen .status { height: 1; padding: 0 1; color: $foreground-muted; }
    ProgrammeScreen #figures-scroll { padding: 0 1; scrollbar-size-vertical: 1; }
    ProgrammeScreen .caption { color: $foreground-muted; margin: 1 0 0 0; }
    ProgrammeScreen #figures-text { height: auto; }
    ProgrammeScreen Underline > .underline--bar { color: $accent; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(number), f"tab('{key}')", title, id=f"programme.{key}", show=False)
            for number, (key, title) in enumerate(TABS.items(), 1)
        ),
        Binding("f", "filter", "Filter", id="programme.filter"),
        Binding("a", "all", "Show all", id="programme.all", show=False),
        Binding("e", "report", "Report", id="programme.report"),
        Binding("x", "export", "Export", id="programme.export"),
        Binding("h", "home", "Home", id="programme.home"),
        Binding("escape", "back", "Back", id="programme.back"),
    ]
    AUTO_FOCUS = "#sessions-table"

    class Read(Message):
        """Rows of a table; `ticket` and `asked` tell whether they are still wanted."""

        def __init__(
            self, name: str, ticket: int, asked: Asked, rows: Sequence[Line], total: int
        ) -> None:
            super().__init__()
            self.name = name
            self.ticket = ticket
            self.order, self.falling, self.offset = asked
            self.rows = rows
            self.total = total

    class Figured(Message):
        """The figures of the selection."""

        def __init__(self, ticket: int, report: CohortReport, text: str) -> None:
            super().__init__()
            self.ticket = ticket
            self.report = report
            self.text = text

    class Told(Message):
        """Something to tell; in place of `part` where that could not be read."""

        def __init__(self, text: str, severity: SeverityLevel = "error", part: str = "") -> None:
            super().__init__()
            self.text = text
            self.severity = severity
            self.part = part

    class OfferedNow(Message):
        """What the filter offers."""

        def __init__(self, offered: Offered) -> None:
            super().__init__()
            self.offered = offered

    def __init__(self) -> None:
        super().__init__()
        self.selection = Selection()
        self._ticket = 0
        """Counts the selections; what was read for an earlier one is not shown."""
        self._filled: set[str] = set()
        """Parts that show this selection, or are being read for it."""

    def compose(self) -> ComposeResult:
        yield Static("Programme", id="programme-title", markup=False)
        with TabbedContent(initial="tab-sessions"):
            for key, table in (
                (
                    "sessions",
                    PagedTable(
                        lines.SESSIONS, order="opened_at", falling=True, name="sessions-table"
                    ),
                ),
                ("trainees", PagedTable(lines.TRAINEES, order="trainee", name="trainees-table")),
            ):
                with TabPane(TABS[key], id=f"tab-{key}"):
                    yield table
                    yield Static("Reading…", id=f"{key}-status", classes="status", markup=False)
            with TabPane(TABS["figures"], id="tab-figures"), VerticalScroll(id="figures-scroll"):
                yield Static("Counting…", id="figures-text", markup=False)
            with TabPane(TABS["appeals"], id="tab-appeals"):
                yield PagedTable(lines.APPEALS, order="at", name="appeals-table")
                yield Static("Reading…", id="appeals-status", classes="status", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._show_selection()

    # ---- what is shown -------------------------------------------------------------------

    @property
    def part(self) -> str:
        """The tab that is open."""
        return self.query_one(TabbedContent).active.removeprefix("tab-")

    def _show_selection(self) -> None:
        self._ticket += 1
        self._filled.clear()
        self.query_one("#programme-title", Static).update(f"Programme · {self._chosen_words()}")
        self._fill(self.part)

    def _chosen_words(self) -> str:
        chosen = self.selection
        parts = [
            f"cohort {chosen.cohort}" if chosen.cohort else "",
            f"assignment {chosen.assignment}" if chosen.assignment else "",
            f"client {self._client(chosen.scenario)}" if chosen.scenario else "",
            f"trainee {chosen.trainee_begins}…" if chosen.trainee_begins else "",
        ]
        told = " · ".join(part for part in parts if part)
        return printable(told or "all sessions", lines=False)

    def _client(self, scenario: str) -> str:
        """The client's name; the scenario's id where its file is gone or broken."""
        try:
            return called(self.alliance.library.scenario(scenario).client.name)
        except AllianceError:
            return scenario

    def _rubric(self, rubric: str) -> str:
        try:
            return self.alliance.library.rubric(rubric).title
        except AllianceError:
            return rubric

    def _fill(self, part: str) -> None:
        """Read a part the first time it is looked at with this selection."""
        if part in self._filled:
            return
        self._filled.add(part)
        if part == "figures":
            self._figure(self._ticket, self.selection)
        else:
            self._ask_rows(self.query_one(f"#{part}-table", PagedTable), 0)

    @on(TabbedContent.TabActivated)
    def tab_opened(self, event: TabbedContent.TabActivated) -> None:
        """Read what it shows, and let the keys go there."""
        part = (event.pane.id or "").removeprefix("tab-")
        self._fill(part)
        place = "#figures-scroll" if part == "figures" else f"#{part}-table"
        self.query_one(place).focus()

    # ---- tables --------------------------------------------------------------------------

    @on(PagedTable.Wanted)
    def _rows_wanted(self, message: PagedTable.Wanted) -> None:
        self._ask_rows(message.table, message.offset)

    def _ask_rows(self, table: PagedTable, offset: int) -> None:
        part = (table.id or "").removesuffix("-table")
        self._read(part, self._ticket, self.selection, (table.order, table.falling, offset))

    @work(thread=True, group="rows")
    def _read(self, part: str, ticket: int, chosen: Selection, asked: Asked) -> None:
        try:
            with self.alliance.store.reading() as connection:
                rows, total = page_of(
                    connection, part, chosen, asked, client=self._client, rubric=self._rubric
                )
        except AllianceError as problem:
            self.post_message(self.Told(str(problem), part=part))
            return
        self.post_message(self.Read(part, ticket, asked, rows, total))

    @on(Read)
    def rows_read(self, message: Read) -> None:
        """Show rows of the present selection, in the present order."""
        table = self.query_one(f"#{message.name}-table", PagedTable)
        wanted = (table.order, table.falling) == (message.order, message.falling)
        if message.ticket != self._ticket or not wanted:
            return
        table.show(message.rows, offset=message.offset, total=message.total)
        status = self.query_one(f"#{message.name}-status", Static)
        narrowed = self.selection != Selection()
        status.update(_status(message.name, table.row_count, message.total, narrowed=narrowed))

    # ---- figures -------------------------------------------------------------------------

    @work(thread=True, group="figures")
    def _figure(self, ticket: int, chosen: Selection) -> None:
        # jinja2 only when used
        from alliance_sim.reporting.cohort_text import cohort_text  # noqa: PLC0415

        app = self.alliance
        try:
            rules = load_rules().cohort
            report = cohort_report(app.store, app.library, chosen, app.clock.now(), rules)
        except AllianceError as problem:
            self.post_message(self.Told(str(problem), part="figures"))
            return
        self.post_message(self.Figured(ticket, report, cohort_text(report)))

    @on(Figured)
    async def figured(self, message: Figured) -> None:
        """Two drawings, and all figures in lines beneath them."""
        if message.ticket != self._ticket:
            return
        # numpy only when used
        from alliance_sim.tui.widgets.report_plots import (  # noqa: PLC0415
            GrowthPlot,
            SpreadPlot,
        )

        scroll = self.query_one("#figures-scroll", VerticalScroll)
        await scroll.query(".drawn").remove()
        text = self.query_one("#figures-text", Static)
        text.update(message.text.rstrip())
        report, drawn = message.report, []
        if len(report.growth.by_number) > 1:
            caption = "Mean overall by the number of the session, with its interval"
            drawn += [_caption(caption), GrowthPlot(report.growth.by_number)]
        if report.overall:
            drawn += [_caption("Sessions by overall score"), SpreadPlot(report.overall)]
        for widget in drawn:
            widget.add_class("drawn")
        if drawn:
            await scroll.mount(*drawn, before=text)

    # ---- keys ----------------------------------------------------------------------------

    def action_tab(self, key: str) -> None:
        # What keeps the focus in a tab that is left would bring that tab back.
        self.set_focus(None)
        self.query_one(TabbedContent).active = f"tab-{key}"

    @on(DataTable.RowSelected)
    def opened(self, event: DataTable.RowSelected) -> None:
        """A session's debrief, a trainee's report, an appeal with its evidence."""
        table, key = event.data_table.id, event.row_key.value
        if key is None:
            return
        if table == "sessions-table":
            self.app.push_screen(ReviewScreen(key))
        elif table == "trainees-table":
            self.app.push_screen(TraineeScreen(key), lambda listed: self._list_of(key, listed))
        else:
            self._open_appeal(*lines.appeal_key(key))

    def _list_of(self, trainee: str, listed: bool | None) -> None:
        if listed:
            self.action_tab("sessions")
            self._narrow(Selection(trainee_begins=trainee))

    def _open_appeal(self, session_id: str, seq: int) -> None:
        app = self.alliance
        try:
            made = next(each for each in of_session(app.store, session_id) if each.seq == seq)
            found = case(app.store, made, app.library)
        except (AllianceError, StopIteration) as problem:
            app.notify_plain(str(problem) or "That appeal is gone.")
            return
        title = f"{self._rubric(made.rubric)} · {self._client(found.scenario)}"
        screen = AnswerScreen(found, printable(title, lines=False), app.start.user)
        self.app.push_screen(screen, self._answered)

    def _answered(self, decision: Decision | None) -> None:
        if decision:
            self.alliance.notify_plain("The trainee will read it.", severity="information")
            self._show_selection()

    @work(thread=True, exclusive=True, group="offered")
    def action_filter(self) -> None:
        """Ask what to show."""
        app = self.alliance
        try:
            with app.store.reading() as connection:
                found = offered(connection, app.library.scenario_ids(), self._client)
        except AllianceError as problem:
            self.post_message(self.Told(str(problem)))
            return
        self.post_message(self.OfferedNow(found))

    @on(OfferedNow)
    def ask_filter(self, message: OfferedNow) -> None:
        """With what there is to choose from."""
        self.app.push_screen(FilterScreen(message.offered, self.selection), self._narrow)

    def _narrow(self, chosen: Selection | None) -> None:
        if chosen is not None and chosen != self.selection:
            self.selection = chosen
            self._show_selection()

    def action_all(self) -> None:
        """Show every session again."""
        self._narrow(Selection())

    @work(thread=True, exclusive=True, group="report")
    def action_report(self) -> None:
        """Write the cohort report of what is selected as a page."""
        from alliance_sim.tui.report_files import write_cohort  # noqa: PLC0415 - as above

        self._write_file("the report", write_cohort)

    @work(thread=True, exclusive=True, group="report")
    def action_export(self) -> None:
        """Write the scores of what is selected as a table."""
        from alliance_sim.tui.report_files import write_scores  # noqa: PLC0415 - as above

        self._write_file("the scores", write_scores)

    def _write_file(self, what: str, write: Callable[["AllianceApp", Selection], Path]) -> None:
        self.post_message(self.Told(f"Writing {what}…", "information"))
        try:
            path = write(self.alliance, self.selection)
        except (AllianceError, OSError) as problem:
            self.post_message(self.Told(str(problem)))
            return
        self.post_message(self.Told(f"Saved as {path}", "information"))

    @on(Told)
    def tell(self, message: Told) -> None:
        """A notification, and in the place of what could not be read."""
        if message.part:
            place = "#figures-text" if message.part == "figures" else f"#{message.part}-status"
            self.query_one(place, Static).update(printable(message.text))
        self.alliance.notify_plain(message.text, severity=message.severity)

    def action_home(self) -> None:
        """Back to the clients."""
        go_home(self)

    def action_back(self) -> None:
        """First out of the filter, then out of the screen."""
        if self.selection != Selection():
            self.action_all()
            return
        self.dismiss()


def _caption(text: str) -> Static:
    return Static(text, classes="caption", markup=False)


def _status(name: str, shown: int, total: int, *, narrowed: bool) -> str:
    if not total and name == "appeals":
        return "No appeal waits."
    if not total:
        return "None fits." if narrowed else f"No {name} yet."
    if shown < total:
        return f"{shown:,} of {total:,} {name}; more come as you go down"
    return f"{total:,} {name if total > 1 else name.removesuffix('s')}"
