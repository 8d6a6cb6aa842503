"""How a session is held, as the command line or the screen chooses it. Plain values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from alliance_sim.domain.events import SessionOpened
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.transcript import Pace
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

Beside = Callable[["Connection"], object] | None
"""What else is done in a transaction of the store; None: nothing."""

DEFAULT_TURNS = 40
SESSION_SECONDS = 50 * 60.0
"""The therapeutic hour; counts only while words arrive at a pace."""


@dataclass(frozen=True)
class Options:
    """How a session is held."""

    seed: int
    pace: Pace = Pace.UNTIMED
    wpm: float = 160.0
    trainee: str | None = None
    exam: bool = False
    max_turns: int = DEFAULT_TURNS
    plan: str = ""
    voice: Literal["scripted", "model"] = "scripted"
    """Who words the client."""
    note: Callable[["Connection", str], object] | None = None
    """What is noted of the session, by its id, in the transaction that opens it. Where that fails,
    no session is opened."""

    def also(self, session_id: str) -> Beside:
        """`note` for a session; None where nothing is noted."""
        note = self.note
        return None if note is None else lambda connection: note(connection, session_id)

    def opening(self, scenario: Scenario, login: str | None = None) -> SessionOpened:
        """The first record of a session with that client.

        `login`: the trainee whose login to the store it is. Raises UsageProblem for another one.
        """
        if login is not None and self.trainee not in {None, login}:
            raise UsageProblem(f"this login is {login}'s, and not {self.trainee}'s")
        return SessionOpened(
            scenario=scenario.id,
            scenario_version=scenario.version,
            seed=self.seed,
            pace=self.pace,
            wpm=self.wpm,
            voice=self.voice,
            trainee=self.trainee or login,
            exam=self.exam,
            max_turns=self.max_turns,
            max_seconds=None if self.pace is Pace.UNTIMED else SESSION_SECONDS,
            plan=self.plan,
        )
