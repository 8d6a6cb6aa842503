"""The intake sheet, the trainee's own plan, and how the hour is to be held."""

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Button, Footer, Input, RadioSet, Static, TextArea

from alliance_sim.domain.clean import printable
from alliance_sim.domain.names import called
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import AllianceError
from alliance_sim.tui.assigned import asked_for, counts_as
from alliance_sim.tui.models import Voice, offer_of
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.margined import Bullet
from alliance_sim.tui.widgets.toggles import Choice, Tick
from alliance_sim.tui.wording import difficulty_words

SLOWEST, FASTEST = 16, 220
"""Words a minute: a tenth of the usual pace, and the fastest that anyone speaks."""

WIDE = 100
"""Columns from which the choices have room beside the sheet."""

PACES = {
    Pace.STREAM: "As spoken; sending early cuts in",
    Pace.PACED: "Clause by clause; Enter brings the next",
    Pace.UNTIMED: "Untimed; interruptions are not observed",
}


FAIR = "In an exam the scripted client is the fair one: every student meets the same."


class IntakeScreen(AllianceScreenMixin, Screen[None]):
    """What a therapist would know before the client comes in."""

    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - declared so by Textual
        (0, "-narrow"),
        (WIDE, "-wide"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "begin", "Begin", id="intake.begin", priority=True),
        Binding("f6", "models", "Set up a model", id="intake.models", priority=True),
        Binding("escape", "back", "Back", id="intake.back"),
    ]

    def __init__(self, scenario: Scenario) -> None:
        super().__init__()
        self.scenario = scenario

    # ---- the screen ----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="intake"):
            with VerticalScroll(id="sheet"):
                yield from self._sheet()
            with VerticalScroll(id="choices", can_focus=False):
                yield from self._choices()
        yield Footer()

    def _sheet(self) -> Iterable[Widget]:
        s = self.scenario
        c = s.client
        title = f"{called(c.name)}, {c.age}  ·  {_inline(s.title)}"
        yield Static(title, classes="page-title", markup=False)
        yield from _part("Before you choose", self._before_choosing())
        yield from _alternatives(self._equal_credit())
        about = f"{c.name}, {c.pronouns}"
        yield from _part("The client", [about, c.identity, c.presentation])
        yield from _part("Sent by", [c.referral_source])
        yield from _part("Earlier therapy", [c.prior_therapy])
        room = f"Session {s.setting.session_number}, phase of {s.setting.phase}. {s.setting.room}"
        yield from _part("The room", [room])
        yield from _part("What this hour is good for", s.learning_goals, bullets=True)
        yield from _part("What will be looked at", [" · ".join(self._rubrics())])

    def _before_choosing(self) -> list[str]:
        s = self.scenario
        notes = "; ".join(note.rstrip(".") for note in s.content_notes) or "nothing in particular"
        return [f"{difficulty_words(s.difficulty)}, {s.intensity} intensity.", f"Content: {notes}."]

    def _equal_credit(self) -> list[Scenario]:
        found = []
        for name in self.scenario.alternatives:
            try:
                found.append(self.alliance.library.scenario(name))
            except AllianceError:
                continue  # told where clients are listed
        return found

    def _rubrics(self) -> list[str]:
        library = self.alliance.library
        known = set(library.rubric_ids())
        titles = []
        for name in self.scenario.rubrics:
            try:
                titles += [library.rubric(name).title] if name in known else []
            except AllianceError:
                titles.append(name)
        return titles

    def _choices(self) -> Iterable[Widget]:
        start, kept = self.alliance.start, self.alliance.preferences
        yield Static("What do you want to try?", classes="heading", markup=False)
        yield TextArea(
            id="plan", placeholder="A sentence, for yourself. The debrief shows it again."
        )
        yield Static("How the client’s words arrive", classes="heading", markup=False)
        pace = start.pace or kept.pace
        yield RadioSet(
            *(Choice(label, value=pace == each, name=each.value) for each, label in PACES.items()),
            id="pace",
        )
        with Horizontal(id="speed"):
            yield Input(str(start.wpm or kept.wpm), type="integer", id="wpm", max_length=3)
            yield Static(
                f"words a minute, {SLOWEST}–{FASTEST}. Most people speak at about 160.",
                markup=False,
            )
        if self.alliance.models is not None:
            yield from self._voices()
        yield Static("And also", classes="heading", markup=False)
        yield Tick("Show the alliance beside the words", value=kept.panel, id="panel")
        yield Tick("Exam: no panel, hints or second try", value=start.exam, id="exam")
        yield from self._counting()
        name = called(self.scenario.client.name)
        yield Button(Content(f"Begin with {name}   F5"), id="begin", variant="primary")

    def _counting(self) -> Iterable[Widget]:
        """Where the hour would count for one assignment, whether it is to."""
        fits = self.alliance.assigned.fitting(self.scenario.id)
        if len(fits) == 1:
            yield Static("Assigned", classes="heading", markup=False)
            asked = _inline(asked_for(fits[0], self.alliance.clock.now()))
            yield Static(asked, classes="line", markup=False)
            yield Tick(counts_as(fits[0]), value=True, id="counts")

    @property
    def counts(self) -> bool:
        """Whether the hour is to count for what was assigned."""
        return all(tick.value for tick in self.query("#counts").results(Tick))

    def _voices(self) -> Iterable[Widget]:
        yield Static("Who words the client", classes="heading", markup=False)
        yield RadioSet(
            Choice("Its author: the same client for everyone", value=True, name="scripted"),
            Choice("A language model", name="model"),
            id="voice",
        )
        yield Static(id="about-voice", markup=False)

    def on_mount(self) -> None:
        self.query_one("#plan", TextArea).cursor_blink = False
        self._show_speed()
        wanted = self.alliance.start.voice or self.alliance.preferences.voice
        if self._show_offer() and wanted == "model":
            self._voice_choices[1].value = True

    def on_screen_resume(self) -> None:
        """A model may have been set up meanwhile."""
        self._show_offer()

    @property
    def _voice_choices(self) -> list[Choice]:
        return list(self.query("#voice Choice").results(Choice))

    def _show_offer(self) -> bool:
        """Name the model that can be chosen; whether there is one."""
        offer = offer_of(self.alliance.models)
        choices = self._voice_choices
        if not choices:
            return False
        scripted, model = choices
        model.disabled = offer.name is None
        model.label = Content(f"A model: {offer.name}" if offer.name else "A language model")
        if offer.name is None:
            scripted.value = True
        self._show_about_voice()
        return offer.name is not None

    @on(RadioSet.Changed, "#voice")
    @on(Tick.Changed, "#exam")
    def _show_about_voice(self) -> None:
        offer = offer_of(self.alliance.models)
        if self.voice == "scripted":
            about = offer.problem or ("" if offer.name else self._no_model())
        else:
            about = f"Asked {offer.where}; it is sent what you both say."
            about = f"{about} {FAIR}" if self.query_one("#exam", Tick).value else about
        for shown in self.query("#about-voice").results(Static):
            shown.update(_inline(about))
            shown.display = bool(about)

    def _no_model(self) -> str:
        how = " F6 sets one up." if self.alliance.may_set_up_models else ""
        return f"No model is set up.{how}"

    def on_resize(self) -> None:
        """Only what scrolls can have the focus: the sheet beside the choices, or all of it."""
        wide = self.size.width >= WIDE
        sheet, everything = self.query_one("#sheet"), self.query_one("#intake")
        reading = self.focused in {None, sheet, everything}
        sheet.can_focus, everything.can_focus = wide, not wide
        if reading:
            (sheet if wide else everything).focus(scroll_visible=False)

    # ---- what can be done ----------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """The pace that is chosen."""
        pressed = self.query_one("#pace", RadioSet).pressed_button
        return Pace(pressed.name) if pressed and pressed.name else Pace.STREAM

    @property
    def voice(self) -> Voice:
        """Who is chosen to word the client."""
        choices = self._voice_choices
        return "model" if choices and choices[1].value else "scripted"

    @on(RadioSet.Changed, "#pace")
    def _show_speed(self) -> None:
        self.query_one("#speed").display = self.pace is Pace.STREAM

    @on(Button.Pressed, ".alternative")
    def other_client(self, event: Button.Pressed) -> None:
        """Another client that earns the same credit, in place of this one."""
        self.app.pop_screen()
        self.alliance.show_intake(event.button.name or "")

    @on(Button.Pressed, "#begin")
    def action_begin(self) -> None:
        """To the session, as it was chosen; the choices are kept for next time."""
        wpm = self._wpm()
        if wpm is None:
            return
        panel = self.query_one("#panel", Tick).value
        self.alliance.remember(pace=self.pace.value, wpm=wpm, panel=panel)
        if offer_of(self.alliance.models).name:  # else there was nothing to choose
            self.alliance.remember(voice=self.voice)
        self.alliance.sittings.begin(
            self.scenario,
            pace=self.pace,
            wpm=float(wpm),
            plan=self.query_one("#plan", TextArea).text.strip(),
            exam=self.query_one("#exam", Tick).value,
            voice=self.voice,
            counts=self.counts,
        )

    def action_models(self) -> None:
        """To where a model is set up."""
        self.alliance.show_models()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002
        """Where no model can be set up, there is no key for it."""
        return action != "models" or self.alliance.may_set_up_models

    def _wpm(self) -> int | None:
        box = self.query_one("#wpm", Input)
        if self.pace is not Pace.STREAM:
            return self.alliance.preferences.wpm
        if box.value.isdecimal() and SLOWEST <= int(box.value) <= FASTEST:
            return int(box.value)
        self.alliance.notify_plain(f"Words a minute: a number from {SLOWEST} to {FASTEST}.")
        box.focus()
        return None

    def action_back(self) -> None:
        """To the clients."""
        self.app.pop_screen()


def _part(title: str, lines: Iterable[str], *, bullets: bool = False) -> Iterable[Widget]:
    """A heading and what stands under it."""
    yield Static(title, classes="heading", markup=False)
    for line in lines:
        yield Bullet(line) if bullets else Static(_inline(line), classes="line", markup=False)


def _alternatives(scenarios: list[Scenario]) -> Iterable[Widget]:
    if not scenarios:
        return
    yield Static("Rather not? These earn equal credit:", classes="line", markup=False)
    for each in scenarios:
        label = Content(f"→ {called(each.client.name)}: {_inline(each.title)}")
        yield Button(label, name=each.id, classes="alternative", compact=True)


def _inline(text: str) -> str:
    return printable(text, lines=False)
