"""The client's inner state: seven variables of 0–100, and what follows from them.

Source: the state table of the project's design (directions from Swift & Greenberg 2012, Eubanks
2018, Beutler 2018); the numbers themselves live in `client/dynamics.yaml`.
"""

import math
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

VARIABLES = ("trust", "task", "goal", "safety", "arousal", "shame", "reactance")
"""The order of the seven numbers in every row of the dynamics file."""


class Gate(StrEnum):
    """What a client may disclose, from what anyone may hear to the core."""

    FACTS = "facts"
    FEELINGS = "feelings"
    PAINFUL = "painful"
    CORE_SECRET = "core_secret"


class Openness(StrEnum):
    GUARDED = "guarded"
    OPENING = "opening"
    OPEN = "open"


class Phase(StrEnum):
    """Whether the client is still in the work."""

    ENGAGED = "engaged"
    WARNED = "warned"
    """Has said that this is not working; leaves with a set chance on later turns."""
    COMPLIANT = "compliant"
    """Mandated and lost: stays in the chair, gives the minimum."""
    LEFT = "left"


class ClientState(BaseModel):
    """A snapshot after a trainee turn. Immutable; `client.state.step` makes the next one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trust: float = Field(ge=0, le=100)
    task: float = Field(ge=0, le=100)
    goal: float = Field(ge=0, le=100)
    safety: float = Field(ge=0, le=100)
    arousal: float = Field(ge=0, le=100)
    shame: float = Field(ge=0, le=100)
    reactance: float = Field(ge=0, le=100)
    turn: int = 0
    """Trainee turns taken so far."""
    rupture: bool = False
    """A rupture stands unrepaired."""
    ruptures: int = 0
    repairs: int = 0
    repair_step: str | None = None
    """The first repair move of a pair that is still open, or None."""
    repair_turn: int = 0
    """The turn of `repair_step`."""
    history: tuple[tuple[float, float], ...] = ()
    """(trust, safety) of the turns since the comparison for ruptures last restarted, oldest first;
    at most two."""
    closed_in_a_row: int = 0
    once: frozenset[str] = frozenset()
    """Moves that count only once and have been made (orient, limits_stated)."""
    phase: Phase = Phase.ENGAGED

    @property
    def engagement(self) -> float:
        """Engagement: .35 trust + .2 task + .2 goal + .25 safety, less 8 in a rupture."""
        base = 0.35 * self.trust + 0.2 * self.task + 0.2 * self.goal + 0.25 * self.safety
        return base - (8 if self.rupture else 0)

    @property
    def dropout_estimate(self) -> float:
        """Chance of not completing treatment if sessions went on like this, .02–.95.

        Anchored at the 19.7 % of Swift & Greenberg 2012 for E = 50.
        """
        return min(0.95, max(0.02, 0.20 * math.exp((50 - self.engagement) / 20)))
