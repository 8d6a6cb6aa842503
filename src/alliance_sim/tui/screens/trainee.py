"""One trainee of a programme: progress, strengths, what to practise next. Read only."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import Footer, Static

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.trainee_report import TraineeReport, trainee_report
from alliance_sim.store.report_selection import Selection
from alliance_sim.tui.typed import AllianceScreenMixin


class TraineeScreen(AllianceScreenMixin, Screen[bool]):
    """The report of a trainee, with her overall drawn; dismissed with whether to list sessions."""

    DEFAULT_CSS = """
    TraineeScreen #trainee-title { padding: 0 2; height: 1; background: $panel; }
    TraineeScreen VerticalScroll { padding: 0 2; scrollbar-size-vertical: 1; }
    TraineeScreen .caption { color: $foreground-muted; margin: 1 0 0 0; }
    TraineeScreen #trainee-text { height: auto; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "sessions", "List sessions", id="trainee.sessions"),
        Binding("e", "report", "Report to a file", id="trainee.report"),
        Binding("escape", "back", "Back", id="trainee.back"),
    ]
    AUTO_FOCUS = "VerticalScroll"

    class Made(Message):
        """The report is there."""

        def __init__(self, report: TraineeReport, text: str) -> None:
            super().__init__()
            self.report = report
            self.text = text

    class Told(Message):
        """Something to tell."""

        def __init__(self, text: str, severity: SeverityLevel = "error") -> None:
            super().__init__()
            self.text = text
            self.severity = severity

    def __init__(self, trainee: str) -> None:
        super().__init__()
        self.trainee = trainee

    def compose(self) -> ComposeResult:
        yield Static(f"Trainee · {printable(self.trainee)}", id="trainee-title", markup=False)
        with VerticalScroll():
            yield Static("Reading the sessions…", id="trainee-text", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        self._make()

    @work(thread=True, exclusive=True, group="trainee")
    def _make(self) -> None:
        # jinja2 and numpy only when used
        from alliance_sim.reporting.trainee_text import trainee_text  # noqa: PLC0415

        app, chosen = self.alliance, Selection(trainee=self.trainee)
        try:
            rules = load_rules().trainee
            report = trainee_report(app.store, app.library, chosen, app.clock.now(), rules)
            text = trainee_text(report)
        except AllianceError as problem:
            self.post_message(self.Told(str(problem)))
            return
        self.post_message(self.Made(report, text))

    @on(Made)
    async def made(self, message: Made) -> None:
        """Draw the overall, and put the rest in lines beneath it."""
        # numpy only when used
        from alliance_sim.tui.widgets.report_plots import ProgressPlot  # noqa: PLC0415

        scroll, text = self.query_one(VerticalScroll), self.query_one("#trainee-text", Static)
        text.update(message.text.rstrip())
        if message.report.overall.observed > 1:
            caption = "Overall by session: ● score, ◇ changed by an instructor, line: recent mean"
            plot = ProgressPlot(message.report.overall)
            await scroll.mount(Static(caption, classes="caption", markup=False), plot, before=0)

    @on(Told)
    def told(self, message: Told) -> None:
        """A notification; what cannot be read is told in place of the report, too."""
        if message.severity == "error":
            self.query_one("#trainee-text", Static).update(printable(message.text))
        self.alliance.notify_plain(message.text, severity=message.severity)

    def action_sessions(self) -> None:
        """Back to the list, with her sessions alone."""
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)

    @work(thread=True, exclusive=True, group="report")
    def action_report(self) -> None:
        """Write her report as a page."""
        from alliance_sim.tui.report_files import write_trainee  # noqa: PLC0415 - as above

        try:
            path = write_trainee(self.alliance, self.trainee)
        except (AllianceError, OSError) as problem:
            self.post_message(self.Told(str(problem)))
            return
        self.post_message(self.Told(f"Saved as {path}", "information"))
