"""One setting of the model: its name, a field, and where its value comes from."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label, Static

from alliance_sim.domain.clean import printable
from alliance_sim.llm.settings import DEFAULT, Shown


class SettingField(Vertical):
    """A field. What a nearer place than the configuration file says is shown, and not changed."""

    DEFAULT_CSS = """
    SettingField {
        height: auto;
        margin: 1 0 0 0;
        Horizontal { height: 1; }
        Label { width: 12; }
        Input { width: 1fr; max-width: 70; }
        .from { color: $foreground-muted; margin: 0 0 0 12; height: auto; }
    }
    """

    def __init__(self, setting: str, label: str, *, hidden: bool = False, hint: str = "") -> None:
        """hidden: what is typed is never shown."""
        super().__init__(id=f"field-{setting}")
        self.setting = setting
        self._label = label
        self._hidden = hidden
        self._hint = hint

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Label(self._label)
            yield Input(
                password=self._hidden,
                placeholder=self._hint,
                compact=True,
                id=f"setting-{self.setting}",
            )
        yield Static("", classes="from", markup=False)

    @property
    def value(self) -> str | None:
        """What stands in the field; None where nothing does."""
        return self.query_one(Input).value.strip() or None

    @property
    def changeable(self) -> bool:
        """Whether what is saved here would count."""
        return not self.query_one(Input).disabled

    def clear(self) -> None:
        """Empty the field."""
        self.query_one(Input).value = ""

    def show(self, shown: Shown) -> None:
        """Fill in the value, unless it is hidden, and say where it comes from."""
        field = self.query_one(Input)
        field.disabled = shown.fixed and not self._hidden
        if not self._hidden:
            field.value = printable(shown.value or "", lines=False)
        self.query_one(".from", Static).update(printable(self._told(shown), lines=False))

    def _told(self, shown: Shown) -> str:
        if shown.value is None:
            return "not set"
        if shown.source == DEFAULT:
            return "the default"
        told = f"{shown.value}, from {shown.source}" if self._hidden else f"from {shown.source}"
        nearer = shown.fixed and not self._hidden
        return f"{told}; it wins over what is saved here" if nearer else told
