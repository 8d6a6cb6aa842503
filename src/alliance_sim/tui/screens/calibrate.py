"""Rating moments one by one: the conversation, the rubric's anchors, and nothing of the scorer."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker, Utterance
from alliance_sim.errors import AllianceError
from alliance_sim.runtime.calibrating import Moment, Round
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.debrief_rating import WORDS
from alliance_sim.tui.widgets.debrief_text import MUTED, heard, joined, plain


class CalibrateScreen(AllianceScreenMixin, Screen[None]):
    """A number rates and goes on; b goes back. Every rating is stored at once."""

    DEFAULT_CSS = """
    CalibrateScreen { background: $background; }
    CalibrateScreen #calibrate-title {
        padding: 0 2;
        height: 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
    }
    CalibrateScreen #calibrate-said { height: 1fr; padding: 1 2; scrollbar-size-vertical: 1; }
    CalibrateScreen #calibrate-said Static { margin: 0 0 1 0; max-width: 96; }
    CalibrateScreen .rated { border-left: wide $accent; padding: 0 0 0 1; }
    CalibrateScreen #calibrate-anchors {
        height: auto;
        max-height: 50%;
        padding: 0 2;
        border-top: solid $panel;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    CalibrateScreen #calibrate-note { border: none; height: 1; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(str(level), f"rate({level})", WORDS[level], id=f"calibrate.{level}", show=False)
            for level in range(5)
        ),
        Binding("n", "rate(-1)", "No opportunity", id="calibrate.none"),
        Binding("s", "skip", "Pass over", id="calibrate.skip"),
        Binding("b", "back", "Back", id="calibrate.back"),
        Binding("e", "note", "Note", id="calibrate.note"),
        Binding("escape", "leave", "Leave", id="calibrate.leave"),
    ]
    AUTO_FOCUS = "#calibrate-said"

    def __init__(self, going: Round, rubrics: Mapping[str, Rubric]) -> None:
        super().__init__()
        self._going = going
        self._rubrics = rubrics

    def compose(self) -> ComposeResult:
        yield Static("", id="calibrate-title", markup=False)
        yield VerticalScroll(id="calibrate-said")
        yield Static("", id="calibrate-anchors", markup=False)
        yield Input(placeholder="A note with the next rating", id="calibrate-note", compact=True)
        yield Footer()

    async def on_mount(self) -> None:
        await self._show()

    async def _show(self) -> None:
        """The next moment, or that there is none left."""
        moment = self._going.current
        said = self.query_one("#calibrate-said", VerticalScroll)
        await said.remove_children()
        title, anchors = self.query_one("#calibrate-title", Static), self._anchors
        self.query_one("#calibrate-note", Input).value = ""
        said.focus()
        self.refresh_bindings()
        if moment is None:
            left = len(self._going.moments) - self._going.done
            title.update(f"{self._going.done} rated")
            anchors.display = False
            ended = "All are rated." if not left else f"{left} passed over; they are asked again."
            await said.mount(Static(f"{ended} Thank you. Esc leaves.", markup=False))
            return
        rubric = self._rubrics[moment.rubric]
        what = "the session as a whole" if moment.turn is None else "the marked reply"
        place = f"{self._going.done + 1} of {len(self._going.moments)}"
        title.update(plain(f"{place} · {rubric.title}: {what}, 0 to 4 or n?"))
        anchors.display = True
        anchors.update(_anchors(rubric))
        await said.mount(*_conversation(moment))
        if moment.turn is None:
            said.scroll_home(animate=False)
        else:
            said.scroll_end(animate=False)

    @property
    def _anchors(self) -> Static:
        return self.query_one("#calibrate-anchors", Static)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Once all is rated there is only the way back and out."""
        if action in {"rate", "skip", "note"}:
            return self._going.current is not None
        return True

    async def action_rate(self, level: int) -> None:
        """Store it and go on; −1 stands for no opportunity."""
        note = self.query_one("#calibrate-note", Input).value.strip()
        try:
            self._going.rate(None if level < 0 else level, note)
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
            return
        await self._show()

    async def action_skip(self) -> None:
        self._going.skip()
        await self._show()

    async def action_back(self) -> None:
        """Take up the last moment again; its rating stands until another is given."""
        if self._going.back():
            await self._show()
        else:
            self.notify("This is the first one.", timeout=2, markup=False)

    def action_note(self) -> None:
        self.query_one("#calibrate-note", Input).focus()

    @on(Input.Submitted)
    def _noted(self) -> None:
        """Back to the numbers; the note goes with the next one."""
        self.query_one("#calibrate-said").focus()

    def action_leave(self) -> None:
        """Out of the note first, then out of the screen."""
        note = self.query_one("#calibrate-note", Input)
        if note.has_focus:
            self.query_one("#calibrate-said").focus()
            return
        self.dismiss()


def _conversation(moment: Moment) -> list[Static]:
    made = []
    for place, said in enumerate(moment.shown):
        last = place == len(moment.shown) - 1
        marked = "rated" if last and moment.turn is not None else None
        made.append(Static(_spoken(said), markup=False, classes=marked))
    return made


def _spoken(said: Utterance) -> Content:
    if said.speaker is Speaker.THERAPIST:
        return joined(("Therapist  ", MUTED), plain(said.text, "bold"))
    return joined(("Client     ", MUTED), heard(said.text))


def _anchors(rubric: Rubric) -> Content:
    """The levels in words, each on a line of its own."""
    levels = rubric.anchors.model_dump(by_alias=True)
    lines = [joined((f"{level}  ", "bold $accent"), plain(text)) for level, text in levels.items()]
    return Content("\n").join(lines)
