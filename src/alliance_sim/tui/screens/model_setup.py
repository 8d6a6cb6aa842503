"""Setting up a model: where it is asked, its key, and whether it answers."""

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Button, Footer, RadioSet, Static

from alliance_sim.errors import AllianceError
from alliance_sim.llm.probes import Finding
from alliance_sim.llm.settings import Settings
from alliance_sim.llm.setup import ModelSetup
from alliance_sim.tui.models import GivenUp
from alliance_sim.tui.typed import AllianceScreenMixin
from alliance_sim.tui.widgets.debrief_text import MUTED, Prose, in_lines, joined, plain
from alliance_sim.tui.widgets.setting import SettingField
from alliance_sim.tui.widgets.toggles import Choice, Tick

ABOUT = (
    "Nothing here is needed: the clients speak with their authored words. With a model, what you "
    "and the client say goes to the server that you name, and to no other."
)
SIGNS = {"works": "✓ works", "limit": "· limit", "fails": "✗ fails"}
"""What a finding means, told by a sign and a word."""

Changes = dict[str, str | None]


class ModelSetupScreen(AllianceScreenMixin, Screen[None]):
    """The settings of the model with their sources; a test that asks it two small questions."""

    DEFAULT_CSS = """
    ModelSetupScreen > #settings { height: 1fr; padding: 0 3; scrollbar-size-vertical: 1; }
    ModelSetupScreen RadioSet { border: none; background: $background; padding: 0; }
    ModelSetupScreen RadioSet:focus { border: none; background-tint: transparent; }
    ModelSetupScreen #about-models { color: $foreground-muted; max-width: 92; margin: 0 0 1 0; }
    ModelSetupScreen #server, ModelSetupScreen #file { height: auto; }
    ModelSetupScreen #keep-key { margin: 0 0 0 11; }
    ModelSetupScreen #model-buttons { height: auto; margin: 1 0 0 0; }
    ModelSetupScreen #model-buttons Button { margin: 0 2 0 0; }
    ModelSetupScreen #found { height: auto; max-height: 9; padding: 0 3; background: $panel; }
    ModelSetupScreen Prose { margin: 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f5", "test", "Test", id="models.test", priority=True),
        Binding("f6", "save", "Save", id="models.save", priority=True),
        Binding("escape", "back", "Back", id="models.back"),
    ]
    AUTO_FOCUS = "RadioSet"

    class Read(Message):
        """The settings have been read; `told`: what was done before, in a sentence; `key_kept`:
        the key that was typed is in the keyring now."""

        def __init__(self, settings: Settings, told: str = "", *, key_kept: bool = False) -> None:
            super().__init__()
            self.settings = settings
            self.told = told
            self.key_kept = key_kept

    class Failed(Message):
        """Something could not be done; `why` is a plain line."""

        def __init__(self, why: str) -> None:
            super().__init__()
            self.why = why

    class Loading(Message):
        """So much of a model file has been loaded, 0–1."""

        def __init__(self, share: float) -> None:
            super().__init__()
            self.share = share

    class Tested(Message):
        """The model was asked."""

        def __init__(self, findings: Sequence[Finding]) -> None:
            super().__init__()
            self.findings = findings

    def __init__(self, setup: ModelSetup) -> None:
        super().__init__()
        self._setup = setup
        self._busy = False
        self._left = False

    # ---- the screen ----------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        with VerticalScroll(id="settings", can_focus=False):
            yield Static("A model for the clients’ words", classes="page-title", markup=False)
            yield Static(ABOUT, id="about-models", markup=False)
            yield RadioSet(
                Choice("A server that speaks Chat Completions", value=True, name="server"),
                Choice("A model file (GGUF), served on this machine", name="file"),
                id="kind",
            )
            with Vertical(id="server"):
                yield SettingField("base_url", "Address", hint="https://host/v1")
                yield SettingField("model", "Model", hint="as the server calls it")
                yield SettingField("key", "Key", hidden=True, hint="not shown while you type")
                yield Tick("Keep the key in the system’s keyring", id="keep-key")
            with Vertical(id="file"):
                yield SettingField("gguf", "File", hint="/path/to/model.gguf")
            with Horizontal(id="model-buttons"):
                yield Button("Test   F5", id="test", compact=True)
                yield Button("Save   F6", id="save", variant="primary", compact=True)
                yield Button("Forget the kept key", id="forget", compact=True)
        with VerticalScroll(id="found", can_focus=False):
            yield Prose("Reading the settings…", classes="found")
        yield Footer()

    def on_mount(self) -> None:
        self._show_kind()
        self._read()

    def on_unmount(self) -> None:
        self._left = True

    @property
    def _from_file(self) -> bool:
        pressed = self.query_one("#kind", RadioSet).pressed_button
        return bool(pressed and pressed.name == "file")

    @on(RadioSet.Changed, "#kind")
    def _show_kind(self) -> None:
        self.query_one("#server").display = not self._from_file
        self.query_one("#file").display = self._from_file
        self.query_one("#forget").display = not self._from_file
        hidden = self.query_one("#server" if self._from_file else "#file")
        if self.focused and hidden in self.focused.ancestors:
            # Keys that came quickly had gone on already: on to the field that is there.
            self.query_one("#setting-gguf" if self._from_file else "#setting-base_url").focus()

    @on(Read)
    def show(self, message: Read) -> None:
        """The values as they are now, each with its source."""
        self._busy = False
        settings = message.settings
        for field in self.query(SettingField):
            shown = settings.key if field.setting == "key" else settings.found[field.setting]
            field.show(shown)
        if message.key_kept:
            self._field("key").clear()
        kind = "server" if settings.gguf is None else "file"
        for choice in self.query("#kind Choice").results(Choice):
            if choice.name == kind:
                choice.value = True
        self._say(message.told or ("" if settings.configured else "No model is set up yet."))

    @on(Failed)
    def failed(self, message: Failed) -> None:
        """What is wrong, in a line that stays."""
        self._busy = False
        self._say(message.why)

    @on(Loading)
    def show_loading(self, message: Loading) -> None:
        """How far a model file is."""
        if self._busy:
            self._say(f"Loading the model, {message.share:.0%}…")

    @on(Tested)
    def tested(self, message: Tested) -> None:
        """What was found, a line each, the same as `doctor` prints."""
        self._busy = False
        lines = []
        for found in message.findings:
            style = "bold" if found.kind == "fails" else MUTED
            lines.append(joined((SIGNS[found.kind], style), "  ", plain(found.text)))
            if found.problem is not None and found.problem.body:
                lines.append(joined(("  body  ", MUTED), plain(found.problem.body)))
        self.query_one(".found", Prose).say(in_lines(*lines))

    def _say(self, text: str) -> None:
        self.query_one(".found", Prose).say(text)

    # ---- what was chosen -----------------------------------------------------------------

    def _field(self, name: str) -> SettingField:
        return self.query_one(f"#field-{name}", SettingField)

    def _changes(self) -> Changes:
        """The settings as they stand in the fields; what belongs to the other kind is taken out."""
        if self._from_file:
            return {"gguf": self._field("gguf").value}
        model, url = self._field("model").value, self._field("base_url").value
        return {"base_url": url, "model": model, "gguf": None}

    def _to_save(self) -> Changes:
        return {name: value for name, value in self._changes().items() if self._may_change(name)}

    def _may_change(self, name: str) -> bool:
        return self._field(name).changeable

    def _nothing_named(self) -> bool:
        """A model file is wanted and none is named, which is told."""
        missing = self._from_file and not self._field("gguf").value
        if missing:
            self._say("Name a model file first.")
        return missing

    # ---- what can be done ----------------------------------------------------------------

    @work(thread=True, group="settings")
    def _read(self, told: str = "") -> None:
        """In a thread: the keyring may take its time."""
        try:
            self.post_message(self.Read(self._setup.settings(), told))
        except AllianceError as problem:
            self.post_message(self.Failed(str(problem)))

    @on(Button.Pressed, "#test")
    def action_test(self) -> None:
        """Ask the model as it stands in the fields; nothing is saved."""
        if self._busy or self._nothing_named():
            return
        self._busy = True
        self._say("Asking the model…")
        self._test(self._changes(), None if self._from_file else self._field("key").value)

    @work(thread=True, group="test")
    def _test(self, changes: Changes, key: str | None) -> None:
        try:
            found = asyncio.run(self._setup.test(changes, key, self._loaded))
        except AllianceError as problem:
            self.post_message(self.Failed(str(problem)))
        except GivenUp:
            return
        else:
            self.post_message(self.Tested(found))

    def _loaded(self, share: float) -> None:
        if self._left:
            raise GivenUp
        self.post_message(self.Loading(share))

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Write what can be changed to the configuration file, the key to the keyring if asked."""
        if self._nothing_named():
            return
        key = None if self._from_file else self._field("key").value
        keep = self.query_one("#keep-key", Tick).value
        self._save(self._to_save(), key if keep else None, unkept=bool(key) and not keep)

    @work(thread=True, group="settings")
    def _save(self, changes: Changes, key: str | None, *, unkept: bool) -> None:
        told = f"Saved in {self._setup.config}."
        if unkept:
            told += " The key was not kept: tick the keyring, or set OPENAI_API_KEY."
        try:
            self._setup.save(changes)
            if key:
                self._setup.save_key(key)
                told += " The key is in the system’s keyring, for this address only."
            settings = self._setup.settings()
            if changes.get("gguf") and settings.gguf is None:
                nearer = settings.found["base_url"].source
                told += f" But {nearer} names a server, which counts before it."
            self.post_message(self.Read(settings, told, key_kept=bool(key)))
        except AllianceError as problem:
            self.post_message(self.Failed(str(problem)))

    @on(Button.Pressed, "#forget")
    @work(thread=True, group="settings")
    def forget(self) -> None:
        """Take the key of the present address out of the keyring."""
        try:
            gone = self._setup.forget_key()
            told = "The key is gone." if gone else "The keyring had no key for this address."
            self.post_message(self.Read(self._setup.settings(), told))
        except AllianceError as problem:
            self.post_message(self.Failed(str(problem)))

    def action_back(self) -> None:
        """To where one came from."""
        self.dismiss()
