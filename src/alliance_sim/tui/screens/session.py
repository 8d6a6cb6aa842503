"""The session: the client's words as they arrive, and the trainee's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from alliance_sim.coding.coder import code
from alliance_sim.domain.codes import Code
from alliance_sim.domain.events import Ending
from alliance_sim.domain.names import called
from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import AllianceError
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.hints import hint_for
from alliance_sim.runtime.session import LiveSession
from alliance_sim.tui.copying import copy_told
from alliance_sim.tui.delivery import Delivery
from alliance_sim.tui.models import ModelVoice
from alliance_sim.tui.presenter import Script
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.grounding import GroundingScreen, PauseScreen
from alliance_sim.tui.screens.safety import ask_of_safety
from alliance_sim.tui.screens.transcript import TranscriptScreen
from alliance_sim.tui.session_status import status_line
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.alliance import AlliancePanel
from alliance_sim.tui.widgets.composer import Composer
from alliance_sim.tui.widgets.conversation import Conversation
from alliance_sim.tui.widgets.model_notes import ModelNotes
from alliance_sim.tui.widgets.session_header import SessionHeader

WIDE = 100
"""Columns from which the panel has room beside the conversation."""


@dataclass(frozen=True)
class Pending:
    """A reply that can still be taken back."""

    text: str
    due: float
    think_seconds: float | None


def _key(key: str, action: str, label: str, *, show: bool = True) -> Binding:
    # Before the composer, which binds function keys of its own.
    return Binding(key, action, label, id=f"session.{action}", show=show, priority=True)


class SessionScreen(AllianceScreenMixin, Screen[None]):
    """Asks the engine, shows what it answers, and keeps the time."""

    BINDINGS: ClassVar[list[BindingType]] = [
        _key("f2", "panel", "Panel"),
        _key("f3", "hint", "Hint"),
        _key("f4", "pause", "Pause"),
        _key("f6", "skip", "Skip"),
        _key("f7", "grounding", "Ground"),
        _key("f8", "transcript", "Words"),
        _key("f9", "stop", "Stop"),
        _key("f10", "end_hour", "End"),
        _key("f5", "ask_model", "Ask the model again", show=False),
        Binding("ctrl+l", "copy_last", "Copy the last words", id="session.copy_last", show=False),
        Binding("escape", "take_back", "Take back", id="session.take_back", show=False),
        Binding("enter", "go_on", "Go on", id="session.go_on", show=False),
        _key("pageup", "read_back", "Read back", show=False),
        _key("pagedown", "read_on", "Read on", show=False),
    ]

    class WordsCame(Message):
        """The model has come to something: words, or an end of them."""

    def __init__(self, session: LiveSession, clock: Clock, voice: ModelVoice | None = None) -> None:
        """voice: the model that words the client; it is let go with the screen."""
        super().__init__()
        self.session = session
        self.voice = voice
        self.delivery = Delivery(session, clock)
        self.script = Script()
        self.pending: Pending | None = None
        self._client = called(session.scenario.client.name)
        self._clock = clock
        self._timer: Timer | None = None
        self._away = False
        self._panel_asked: bool | None = None
        self._trouble = False
        self._leaving = False

    # ---- the screen ----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        yield SessionHeader(self.session)
        with Horizontal(id="room"):
            yield Conversation(self._client)
            yield AlliancePanel(self.session.client.profile.window)
        yield Static(id="hint", markup=False)
        yield ModelNotes(self._client)
        yield Static(id="status", markup=False)
        yield Composer(placeholder=f"Say something to {self._client}…")
        yield Footer(show_command_palette=False, compact=True)

    def on_mount(self) -> None:
        self.query_one(Composer).nudges = self.session.opened.pace is Pace.PACED
        self.query_one(Composer).focus()
        if self.session.opened.pace is not Pace.UNTIMED:
            self.set_interval(1.0, self.query_one(SessionHeader).refresh_text)
        if self.voice:
            self.set_interval(1.0, self._tell_waiting)
            self.voice.bell.listen(lambda: self.post_message(self.WordsCame()))
        self._engine(self.session.unpause)
        if self.session.standing.safety_asked:
            self._ask_safety()
        else:
            self._engine(self.delivery.start)
        self._draw()

    def on_unmount(self) -> None:
        self._leaving = True
        if self.pending:
            self._commit()
        if self.voice:
            self.voice.let_go()

    def on_screen_suspend(self) -> None:
        self._away = True
        self._arm()

    def on_screen_resume(self) -> None:
        self._away = False
        if self.is_mounted:
            self._arm()

    def on_resize(self) -> None:
        self._show_panel()

    # ---- time ----------------------------------------------------------------------------

    def tick(self) -> None:
        """Do what is due by the clock: commit a reply, or bring the client's next words."""
        if self.pending and self._clock.monotonic() >= self.pending.due:
            self._commit()
        elif self._engine(self.delivery.tick):
            self._draw()
        self._arm()

    def _arm(self) -> None:
        """Hold the client or let them go on, and set the timer for what is due next."""
        if self.pending or self._away or self._trouble:
            self.delivery.hold()
        else:
            self.delivery.go_on()
        waits = [wait for wait in (self.delivery.wait, self._undo_left()) if wait is not None]
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(max(0.01, min(waits)), self.tick) if waits else None

    def _undo_left(self) -> float | None:
        if self.pending is None:
            return None
        return max(0.0, self.pending.due - self._clock.monotonic())

    def _engine(self, call: Callable[[], object]) -> object:
        """Ask the engine; a problem is told once and everything stands still until Enter."""
        try:
            answer = call()
        except AllianceError as problem:
            self._trouble = True
            self.alliance.notify_plain(str(problem))
            self._show_status()
            return None
        return answer

    # ---- a model's words -----------------------------------------------------------------

    @on(WordsCame)
    def words_came(self) -> None:
        """Store what the model has worded, and show what was waited for."""
        if self.voice is None or self._trouble:
            return
        self._engine(self.voice.wording.pump)
        self._engine(self.delivery.words_came)
        self._draw()

    def _tell_waiting(self) -> None:
        if self.delivery.awaits_words:
            self._show_status()

    def action_ask_model(self) -> None:
        """Have the model word the client again, after it was left alone."""
        if self.voice and self.voice.wording.resting:
            self.voice.wording.try_again()
            self.query_one(ModelNotes).asked_again(self.voice.wording.model)

    # ---- drawing -------------------------------------------------------------------------

    def _draw(self) -> None:
        """Show what has happened since it was last drawn."""
        events = self.session.events
        self.query_one(Conversation).show_turns(self.script.catch_up(events))
        self.query_one(SessionHeader).refresh_text()
        self.query_one(AlliancePanel).show_state(
            self.session.client.start, self.session.state, events
        )
        if self.voice:
            self.query_one(ModelNotes).tell(self.voice.wording)
        composer = self.query_one(Composer)
        if composer.disabled != self._is_closing():
            composer.disabled = self._is_closing()
            composer.placeholder = ""
        self._show_status()
        self._show_panel()
        self._arm()

    def _is_closing(self) -> bool:
        planned = self.session.standing.memory.planned
        return bool(self.session.ended or (planned and planned.ending))

    def _show_status(self) -> None:
        status = self.query_one("#status", Static)
        status.update(
            status_line(
                self.session,
                self.delivery,
                pending=self.pending is not None,
                trouble=self._trouble,
                closing=self._is_closing(),
            )
        )
        self.query_one(Composer).sending = self.pending is not None
        status.set_class(self.pending is not None, "-pending")
        status.set_class(self.session.ended is not None, "-ended")

    def _show_panel(self) -> None:
        if not self.is_mounted:
            return
        usual = self.size.width >= WIDE and self.alliance.preferences.panel
        asked = usual if self._panel_asked is None else self._panel_asked
        panel = self.query_one(AlliancePanel)
        panel.set_class(asked and not self.session.opened.exam, "-shown")

    # ---- the trainee's words -------------------------------------------------------------

    @on(Composer.Submitted)
    def submitted(self, event: Composer.Submitted) -> None:
        """Send, or send at once what was being sent."""
        if self.pending:
            self._commit()
            return
        finished = self.delivery.finished_at
        now = self._clock.monotonic()
        undo = 0.0 if self._only_listens(event.text) else self.alliance.preferences.undo_seconds
        self.pending = Pending(event.text, now + undo, None if finished is None else now - finished)
        self.query_one(Composer).load_text("")
        if undo:
            self._show_status()
            self._arm()
        else:
            self._commit()

    @on(Composer.Nudged)
    def nudged(self) -> None:
        """Enter with nothing written."""
        self.action_go_on()

    def action_go_on(self) -> None:
        """Whatever Enter leads on to here: sending now, the next words, the debrief."""
        if self._trouble:
            self._trouble = False
        elif self.pending:
            self._commit()
            return
        elif self.session.ended:
            self.alliance.show_debrief(self.session.id, replace=True)
            return
        elif self.delivery.awaits_reader:
            self._engine(self.delivery.reveal)
        elif self.session.client_is_speaking and self._is_closing():
            self._engine(self.delivery.all_at_once)
        self._draw()

    @on(Composer.TakenBack)
    def action_take_back(self) -> None:
        """The words go back into the composer and the client goes on."""
        if self.pending:
            self.query_one(Composer).put_back(self.pending.text)
            self.pending = None
            self._show_status()
            self._arm()

    def _only_listens(self, text: str) -> bool:
        """A bare "mm-hm" while the client speaks needs no way back: nothing is lost by it."""
        if not self.session.client_is_speaking:
            return False
        return code(text, "").asserted() == {Code.BACKCHANNEL}

    def _commit(self) -> None:
        """The reply leaves for good."""
        pending, self.pending = self.pending, None
        if pending is None:
            return
        try:
            sent = self.session.send(pending.text, think_seconds=pending.think_seconds)
        except AllianceError as problem:
            self.alliance.notify_plain(str(problem))
            if not self._leaving:
                self.query_one(Composer).put_back(pending.text)
                self._draw()
            return
        if self._leaving:
            return
        self.query_one("#hint").remove_class("-shown")
        self.query_one(ModelNotes).went_on()
        if sent.safety:
            self._draw()
            self._ask_safety()
        elif not sent.goes_on:
            self._engine(self.delivery.start)
        self._draw()

    # ---- outside the role ----------------------------------------------------------------

    def _ask_safety(self) -> None:
        def answered(about_me: bool | None) -> None:
            self._engine(lambda: self.session.answer_safety(about_me))

        def go_on() -> None:
            self._engine(self.delivery.start)
            self._draw()

        ask_of_safety(self.alliance, answered, go_on)

    def action_pause(self) -> None:
        """Everything stands still."""
        self._step_out("pause", PauseScreen())

    def action_grounding(self) -> None:
        """A moment for the trainee."""
        self._step_out("grounding", GroundingScreen(self.alliance.notices.grounding))

    def _step_out(self, why: str, screen: Screen[None]) -> None:
        self.action_take_back()
        self._engine(lambda: self.session.pause(why))

        def back(_: None) -> None:
            self._engine(self.session.unpause)
            self._draw()

        self.app.push_screen(screen, back)

    def action_skip(self) -> None:
        """Let the client's turn pass without an answer."""
        if self._is_closing() or self.session.standing.safety_asked:
            return
        self.action_take_back()
        self._engine(self.session.skip)
        self._engine(self.delivery.start)
        self._draw()

    def action_end_hour(self) -> None:
        """Close the hour; the client has last words."""
        if self._is_closing():
            return
        self._commit()
        if self.session.standing.safety_asked or self._is_closing():
            return
        self._engine(self.session.close)
        self._engine(self.delivery.start)
        self._draw()

    def action_stop(self) -> None:
        """Ask whether to stop, or only to leave for now."""
        if self.session.ended:
            return
        self.action_take_back()
        lines = (
            "Leaving keeps the session open; you can go on with it from the list of clients.",
            "Stopping ends it here. It costs nothing, and a stopped session is not scored.",
        )
        choices = (("on", "Go on"), ("leave", "Leave for now"), ("stop", "Stop"))
        self.app.push_screen(
            AskScreen("Leave the session?", lines, choices, first="on"), self._stop_answered
        )

    def _stop_answered(self, answer: str | None) -> None:
        if answer == "stop":
            self._engine(lambda: self.session.close(Ending.STOPPED))
        if answer in {"stop", "leave"}:
            self.alliance.go_home()

    # ---- beside the conversation ---------------------------------------------------------

    def action_panel(self) -> None:
        """Show or hide the alliance."""
        shown = self.query_one(AlliancePanel).has_class("-shown")
        self._panel_asked = not shown
        self._show_panel()

    def action_hint(self) -> None:
        """A thought for this moment; again hides it."""
        hint = self.query_one("#hint", Static)
        if hint.has_class("-shown"):
            hint.remove_class("-shown")
        elif not self.session.opened.exam and not self._is_closing():
            thought = hint_for(self.session)
            self._engine(lambda: self.session.note_hint(thought))
            hint.update(thought)
            hint.add_class("-shown")

    def action_transcript(self) -> None:
        """The whole conversation."""
        self.app.push_screen(TranscriptScreen(self.script.text(self._client)))

    def action_copy_last(self) -> None:
        """Copy what the client said last."""
        if turn := self.script.last_client:
            copy_told(self.app, turn.plain(), f"{self._client}’s last words")

    def action_copy_all(self) -> None:
        """Copy the whole conversation."""
        copy_told(self.app, self.script.text(self._client), "The transcript")

    def action_read_back(self) -> None:
        """A page up in the conversation, from wherever the cursor is."""
        self.query_one(Conversation).scroll_page_up(animate=False)

    def action_read_on(self) -> None:
        """A page down again."""
        self.query_one(Conversation).scroll_page_down(animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In an exam there is no panel and no hint."""
        if action in {"panel", "hint"} and self.session.opened.exam:
            return False
        if action == "ask_model":
            return bool(self.voice and self.voice.wording.resting)
        return super().check_action(action, parameters)

    def palette_entries(self) -> Iterable[SystemCommand]:
        """Everything that can be done here, for the command palette."""
        if not self.session.opened.exam:
            yield SystemCommand("Hint", "A thought for this moment", self.action_hint)
            yield SystemCommand("Panel", "Show or hide the alliance", self.action_panel)
        if self.check_action("ask_model", ()):
            yield SystemCommand("Ask the model", "It was left alone", self.action_ask_model)
        yield SystemCommand("Pause", "The clock stands still", self.action_pause)
        yield SystemCommand("Skip", "Let this turn pass without an answer", self.action_skip)
        yield SystemCommand("Grounding", "A moment for yourself", self.action_grounding)
        yield SystemCommand("Transcript", "The whole conversation", self.action_transcript)
        yield SystemCommand("Copy last", "Copy the client's last words", self.action_copy_last)
        yield SystemCommand("Copy all", "Copy the conversation", self.action_copy_all)
        yield SystemCommand("Stop or leave", "Not scored, or to be resumed", self.action_stop)
        yield SystemCommand("End the hour", "The client has last words", self.action_end_hour)
