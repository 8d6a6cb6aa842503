"""The debrief: what worked, what did not, what it did to the client, and what next."""

from dataclasses import replace
from importlib import import_module
from io import StringIO
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static, TabbedContent, TabPane

from alliance_sim.domain.clean import printable
from alliance_sim.domain.rubric import Rubric
from alliance_sim.errors import AllianceError
from alliance_sim.programme.written import keep_in_mind
from alliance_sim.reporting import narrative
from alliance_sim.runtime.debrief import Debrief
from alliance_sim.runtime.reflection import questions
from alliance_sim.runtime.results import debrief_of, rate, reflect, rubrics_in_play
from alliance_sim.tui.screens.appeal import AppealScreen
from alliance_sim.tui.screens.comparison import go_home
from alliance_sim.tui.screens.override import OverrideScreen
from alliance_sim.tui.screens.rating import RatingScreen
from alliance_sim.tui.to_rate import rubrics_to_rate
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.debrief_course import CoursePane
from alliance_sim.tui.widgets.debrief_reflection import ReflectionPane
from alliance_sim.tui.widgets.debrief_summary import SummaryPane
from alliance_sim.tui.widgets.debrief_transcript import ClientViewPane, TranscriptPane
from alliance_sim.tui.widgets.debrief_turns import TurnsPane

TABS = {
    "summary": "Summary",
    "turns": "Turn by turn",
    "course": "Course",
    "client": "Client's view",
    "reflection": "Reflection",
    "transcript": "Transcript",
}
"""The parts of a debrief, in order; the number of a part is its key."""


class DebriefScreen(AllianceScreenMixin, Screen[None]):
    """The debrief of one stored session. The trainee's own rating comes before any score."""

    DEFAULT_CSS = """
    DebriefScreen {
        background: $background;
    }
    DebriefScreen #debrief-title {
        padding: 0 2;
        height: 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    DebriefScreen #debrief-wait { padding: 1 2; color: $text-muted; }
    DebriefScreen TabbedContent { height: 1fr; }
    DebriefScreen TabPane { height: 1fr; padding: 0 1; }
    DebriefScreen ContentSwitcher { height: 1fr; }
    DebriefScreen VerticalScroll { scrollbar-size-vertical: 1; }
    DebriefScreen Underline > .underline--bar { color: $accent; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab('summary')", "Summary", id="debrief.summary", show=False),
        Binding("2", "tab('turns')", "Turns", id="debrief.turns", show=False),
        Binding("3", "tab('course')", "Course", id="debrief.course", show=False),
        Binding("4", "tab('client')", "Client's view", id="debrief.client", show=False),
        Binding("5", "tab('reflection')", "Reflection", id="debrief.reflection", show=False),
        Binding("6", "tab('transcript')", "Transcript", id="debrief.transcript", show=False),
        Binding("n", "weak(1)", "Next", id="debrief.next"),
        Binding("p", "weak(-1)", "Previous", id="debrief.previous"),
        Binding("t", "retry", "Try again", id="debrief.retry"),
        Binding("c", "compare", "Compare", id="debrief.compare"),
        Binding("s", "save", "Save", id="debrief.save"),
        Binding("a", "appeal", "Contest a score", id="debrief.appeal", show=False),
        Binding("o", "override", "Change a score", id="debrief.override", show=False),
        Binding("h", "home", "Home", id="debrief.home"),
        Binding("escape", "back", "Back", id="debrief.back"),
        Binding("j", "scroll_detail(3)", "Scroll down", id="debrief.down", show=False),
        Binding("k", "scroll_detail(-3)", "Scroll up", id="debrief.up", show=False),
    ]

    class Loaded(Message):
        """The debrief has been made; `usage`: what a model took, in a line."""

        def __init__(self, debrief: Debrief, rubrics: list[Rubric], usage: str | None) -> None:
            super().__init__()
            self.debrief = debrief
            self.rubrics = rubrics
            self.usage = usage

    class Unrated(Message):
        """The trainee is to rate these first."""

        def __init__(self, rubrics: list[Rubric]) -> None:
            super().__init__()
            self.rubrics = rubrics

    class Failed(Message):
        """It could not be made; `why` is a plain line."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    def __init__(self, session_id: str) -> None:
        super().__init__()
        self.session_id = session_id
        self.debrief: Debrief | None = None
        self._titles: dict[str, str] = {}
        self._usage: str | None = None
        self._warned = False
        self._reflection: ReflectionPane | None = None

    def compose(self) -> ComposeResult:
        yield Static("Debrief", id="debrief-title", markup=False)
        yield Static("Reading the session…", id="debrief-wait")
        yield Footer()

    def on_mount(self) -> None:
        self._load()

    # ---- loading -------------------------------------------------------------------------

    @work(thread=True, exclusive=True)
    def _load(self, *, asked: bool = False) -> None:
        """Make the debrief. Until the trainee was asked for her own rating, no score is stored:
        what is stored shows elsewhere, too."""
        app = self.alliance
        try:
            to_rate = [] if asked else rubrics_to_rate(app.store, self.session_id, app.library)
            if to_rate:
                self.post_message(self.Unrated(to_rate))
                return
            debrief = debrief_of(app.store, self.session_id, app.library, app.clock)
            rubrics = rubrics_in_play(app.library, debrief.scenario)
            usage = self._usage_of_model()
        except (AllianceError, ValueError) as problem:
            self.post_message(self.Failed(str(problem)))
            return
        if debrief.opened.exam and debrief.ending is None:
            self.post_message(self.Failed("This exam has not ended: there is no debrief yet."))
            return
        self.post_message(self.Loaded(debrief, rubrics, usage))
        # Brings numpy: loaded while the trainee reads, so that the tab opens at once.
        import_module("alliance_sim.tui.widgets.trajectory_plot")

    def _usage_of_model(self) -> str | None:
        models, store = self.alliance.models, self.alliance.store
        if models is None:
            return None
        return models.usage([stored.event for stored in store.events(self.session_id)])

    @on(Failed)
    def _failed(self, message: Failed) -> None:
        self.query_one("#debrief-wait", Static).update(printable(message.why))
        self.alliance.notify_plain(message.why)

    @on(Unrated)
    def _ask_rating(self, message: Unrated) -> None:
        self.app.push_screen(RatingScreen(message.rubrics), self._rated)

    def _rated(self, ratings: dict[str, int] | None) -> None:
        try:
            rate(self.alliance.store, self.session_id, ratings or {}, self.alliance.clock)
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
        self._load(asked=True)

    @on(Loaded)
    def _loaded(self, message: Loaded) -> None:
        self._usage = message.usage
        self._titles = {
            rubric.id: printable(rubric.title, lines=False) for rubric in message.rubrics
        }
        self._show(message.debrief)

    def _show(self, debrief: Debrief) -> None:
        self.debrief = debrief
        self.query_one("#debrief-title", Static).update(self._title(debrief))
        self.query_one("#debrief-wait").remove()
        panes = [TabPane(title, id=f"tab-{key}") for key, title in TABS.items()]
        tabs = TabbedContent(initial="tab-summary" if debrief.scorecard else "tab-transcript")
        for pane in panes:
            tabs.compose_add_child(pane)
        self.mount(tabs, before=self.query_one(Footer))
        self.refresh_bindings()

    def _title(self, debrief: Debrief) -> str:
        name = printable(narrative.name_of(debrief), lines=False)
        at = debrief.opened_at
        date = f" · {at.day} {at:%B %Y}" if at else ""
        again = " · tried again" if debrief.opened.branch else ""
        return f"Debrief · {name}{date}{again}"

    # ---- tabs ----------------------------------------------------------------------------

    @on(TabbedContent.TabActivated)
    async def _tab_activated(self, event: TabbedContent.TabActivated) -> None:
        """Fill a tab the first time it is looked at."""
        pane = event.pane
        self._keep_reflection()
        if not pane.children and pane.id and self.debrief:
            content = self._content(pane.id.removeprefix("tab-"), self.debrief)
            # Waited for, so that what follows finds it whole.
            await pane.mount(content)
        self.refresh_bindings()
        self._focus_content()

    def _content(self, key: str, debrief: Debrief) -> Widget:
        if key == "turns":
            return TurnsPane(debrief, self._titles)
        if key == "course":
            return CoursePane(debrief)
        if key == "client":
            return ClientViewPane(debrief)
        if key == "reflection":
            self._reflection = ReflectionPane(questions(), debrief.reflections)
            return self._reflection
        if key == "transcript":
            return TranscriptPane(debrief)
        return SummaryPane(debrief, self._titles, self._usage)

    def _focus_content(self) -> None:
        pane = self._active_pane()
        if isinstance(pane, TurnsPane):
            pane.focus_turns()
        elif pane is not None and not isinstance(pane, ReflectionPane):
            pane.focus()

    def _active_pane(self) -> Widget | None:
        for tabs in self.query(TabbedContent):
            pane = tabs.active_pane
            if pane and pane.children and pane.children[0].is_mounted:
                return pane.children[0]
        return None

    def _turns(self) -> TurnsPane | None:
        pane = self._active_pane()
        return pane if isinstance(pane, TurnsPane) else None

    def action_tab(self, key: str) -> None:
        # What keeps the focus in a tab that is left would bring that tab back.
        self.set_focus(None)
        for tabs in self.query(TabbedContent):
            tabs.active = f"tab-{key}"

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Keys that do nothing here are not in the footer."""
        if action in {"weak", "retry", "scroll_detail"}:
            exam = self.debrief is not None and self.debrief.opened.exam
            return self._turns() is not None and not (action == "retry" and exam)
        if action == "compare":
            return self.debrief is not None and self.debrief.opened.branch is not None
        if action == "save":
            return self.debrief is not None
        if action == "appeal":
            return bool(self.debrief and self.debrief.scorecard and self.debrief.ending)
        if action == "override":
            debrief, guest = self.debrief, self.alliance.guest
            return bool(debrief and debrief.scorecard and debrief.ending and not guest)
        return True

    # ---- keys ----------------------------------------------------------------------------

    def action_weak(self, direction: int) -> None:
        turns = self._turns()
        if turns and not turns.go_to_weak(direction):
            where = "after" if direction > 0 else "before"
            self.notify(f"No turn to look at again {where} this one.", timeout=2, markup=False)

    def action_scroll_detail(self, lines: int) -> None:
        turns = self._turns()
        if turns:
            turns.scroll_detail(lines)

    def action_retry(self) -> None:
        """Try the turn that is looked at again."""
        turns = self._turns()
        if turns and turns.review:
            self.alliance.retry(self.session_id, turns.review.turn)

    def action_compare(self) -> None:
        """Both tries side by side."""
        branch = self.debrief.opened.branch if self.debrief else None
        if branch:
            self.alliance.show_comparison(branch.session_id, self.session_id)

    def action_save(self) -> None:
        """Write transcript and debrief as one page, and say where it is; a browser is sent it."""
        if self.debrief is None:
            return
        # jinja2 only when used
        from alliance_sim.reporting.page import render_page, write_page  # noqa: PLC0415

        self._keep_reflection()
        name = f"{self.session_id}.html"
        if self.app.is_web:
            page = StringIO(render_page(self.debrief, titles=self._titles))
            self.app.deliver_text(page, save_filename=name, encoding="utf-8", mime_type="text/html")
            return
        for folder in (self.alliance.data_folder / "debriefs", Path.cwd()):
            try:
                written = write_page(self.debrief, folder / name, titles=self._titles)
            except OSError as problem:
                self.alliance.notify_plain(f"{folder}: {problem.strerror or problem}")
                continue
            self._remember(written)
            self.alliance.notify_plain(f"Saved as {written}", severity="information")
            return

    def _remember(self, page: Path) -> None:
        """So that the page goes when the trainee's data goes, wherever it is."""
        opened = self.debrief.opened if self.debrief else None
        if opened and opened.trainee:
            app = self.alliance
            keep_in_mind(app.store, page, person=opened.trainee, kind="page", clock=app.clock)

    def action_appeal(self) -> None:
        """The trainee contests a score."""
        card = self.debrief.scorecard if self.debrief else None
        if card:
            AppealScreen.ask(self.alliance, self.session_id, card, self._titles, self._again)

    def action_override(self) -> None:
        """An instructor's score in place of the scorer's."""
        card = self.debrief.scorecard if self.debrief else None
        if card:
            OverrideScreen.ask(self.alliance, self.session_id, card, self._titles, self._again)

    def _again(self) -> None:
        self._keep_reflection()
        self.alliance.show_debrief(self.session_id, replace=True)

    def action_home(self) -> None:
        """Back to the clients."""
        if self._may_leave():
            go_home(self)

    def action_back(self) -> None:
        if self._may_leave():
            self.dismiss()

    def on_unmount(self) -> None:
        """The program is left from here: what was written is kept all the same."""
        self._keep_reflection()

    # ---- reflection ----------------------------------------------------------------------

    @on(ReflectionPane.Written)
    def _written(self) -> None:
        if self._keep_reflection():
            self.alliance.notify_plain("Kept with this session.", severity="information")

    def _may_leave(self) -> bool:
        """Words that cannot be kept stay on the screen, once."""
        if self._keep_reflection() or self._warned:
            return True
        self._warned = True
        self.alliance.notify_plain("Your reflection is not kept yet. Leave again to lose it.")
        return False

    def _keep_reflection(self) -> bool:
        """Store what was written, before it goes out of sight; False where that failed."""
        pane = self._reflection
        return pane is None or not pane.unkept or self._store_reflection(pane)

    def _store_reflection(self, pane: ReflectionPane) -> bool:
        answers = pane.answers
        try:
            reflect(self.alliance.store, self.session_id, answers, self.alliance.clock)
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
            return False
        pane.now_kept(answers)
        if self.debrief:
            self.debrief = replace(self.debrief, reflections=answers)
        return True
