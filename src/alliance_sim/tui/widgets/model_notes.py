"""What went wrong with the model that words a client: a plain sentence, and the way back."""

from textual.widgets import Static

from alliance_sim.domain.clean import printable
from alliance_sim.runtime.wording import Wording

AGAIN = "F5 asks the model again."


class ModelNotes(Static):
    """A line above the status; hidden while there is nothing to tell."""

    DEFAULT_CSS = """
    ModelNotes {
        display: none;
        height: auto;
        margin: 0 1;
        padding: 0 2;
        color: $foreground-muted;
        background: $panel;
        border-left: outer $warning;
        &.-shown { display: block; }
    }
    """

    def __init__(self, client: str) -> None:
        super().__init__(markup=False)
        self._client = client
        self._resting = False

    def tell(self, wording: Wording) -> None:
        """Show what has happened since the last call, if anything has."""
        sentences = wording.take_notices()
        self._resting = wording.resting
        if sentences:
            self._show(f"{sentences[-1]} {AGAIN if self._resting else ''}".strip())

    def went_on(self) -> None:
        """The trainee has gone on: what was told has been read."""
        if self._resting:
            self._show(f"{self._client} speaks with the authored words. {AGAIN}")
        else:
            self._show("")

    def asked_again(self, model: str) -> None:
        """The model is asked from the next turn on."""
        self._resting = False
        self._show(f"{model} is asked again from the next turn on.")

    def _show(self, text: str) -> None:
        self.update(printable(text, lines=False))
        self.set_class(bool(text), "-shown")
