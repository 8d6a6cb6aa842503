"""The line above the conversation: who, how far, and in timed modes the clock."""

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from alliance_sim.domain.names import called
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.session import LiveSession
from alliance_sim.tui.wording import counted, minutes


class SessionHeader(Horizontal):
    """Name on the left; turns, clock and pace on the right."""

    DEFAULT_CSS = """
    SessionHeader {
        height: 1;
        padding: 0 2;
        background: $panel;
        #who { width: 1fr; text-style: bold; text-overflow: ellipsis; text-wrap: nowrap; }
        #where { width: auto; color: $text-muted; }
    }
    """

    def __init__(self, session: LiveSession) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        client = self._session.scenario.client
        exam = " · exam" if self._session.opened.exam else ""
        again = " · trying again" if self._session.opened.branch else ""
        model = " · model" if self._session.opened.voice == "model" else ""
        yield Static(f"{called(client.name)}{model}{exam}{again}", id="who", markup=False)
        yield Static(self.where(), id="where", markup=False)

    def refresh_text(self) -> None:
        """Draw it as it is now."""
        self.query_one("#where", Static).update(self.where())

    def where(self) -> str:
        """Turns left, the clock and the pace, in one line."""
        session = self._session
        parts = [counted(session.turns_left, "turn") + " left"]
        if session.opened.pace is not Pace.UNTIMED:
            limit = session.opened.max_seconds
            of = f" of {minutes(limit)}" if limit else ""
            parts.append(f"{minutes(session.seconds())}{of}")
        parts.append(pace_words(session.opened.pace, session.opened.wpm))
        return "  ·  ".join(parts)


def pace_words(pace: Pace, wpm: float) -> str:
    """A pace in a word or two."""
    match pace:
        case Pace.STREAM:
            return f"{wpm:.0f} words a minute"
        case Pace.PACED:
            return "clause by clause"
        case Pace.UNTIMED:
            return "untimed"
