"""The numbers of the client's state, as data: `dynamics.yaml`, and a scenario's overrides."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from alliance_sim.domain.scenario import Scenario, StartState
from alliance_sim.domain.state import VARIABLES, ClientState, Gate

Row = tuple[float, float, float, float, float, float, float]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClientType(_Part):
    start: Row
    window: tuple[float, float]
    gain: float = 1.0
    loss: float = 1.0
    leaves: bool = True


class Update(_Part):
    saturation: float
    largest_rise: float
    largest_fall: float
    reactance_floor: float
    settling: float


class RuptureRule(_Part):
    trust_fall: float
    safety_fall: float
    reactance: float
    arousal_over: float
    repair_moves: frozenset[str]
    repair_within: int


class OpennessRule(_Part):
    opening: float
    open: float


class LeavingRule(_Part):
    from_turn: int
    trust: float
    engagement: float
    chance: float
    at_once: frozenset[str]


class Dynamics(_Part):
    """The dynamics file as a whole."""

    types: dict[str, ClientType]
    moves: dict[str, Row]
    moves_of_codes: dict[str, str]
    once: frozenset[str]
    in_rupture_only: frozenset[str]
    closed_run_from: int
    update: Update
    rupture: RuptureRule
    gates: dict[Gate, float]
    openness: OpennessRule
    leaving: LeavingRule


class Profile(_Part):
    """One client's numbers: the dynamics with the type's row and the scenario's overrides."""

    dynamics: Dynamics
    start: ClientState
    window: tuple[float, float]
    gain: float
    loss: float
    leaves: bool
    moves: dict[str, Row] = Field(default_factory=dict)

    @property
    def middle(self) -> float:
        """The middle of the window of tolerance."""
        return sum(self.window) / 2


@cache
def load_dynamics() -> Dynamics:
    """The dynamics that ship with the program."""
    text = files("alliance_sim.client").joinpath("dynamics.yaml").read_text(encoding="utf-8")
    return Dynamics.model_validate(yaml.safe_load(text))


def profile_of(scenario: Scenario, dynamics: Dynamics | None = None) -> Profile:
    """The numbers that a scenario's client lives by. Raises KeyError for an unknown type."""
    return profile(scenario.state, dynamics or load_dynamics())


def profile(start: StartState, dynamics: Dynamics) -> Profile:
    """A type's row with overrides applied. Raises KeyError for an unknown type."""
    kind = dynamics.types[start.type]
    values = dict(zip(VARIABLES, kind.start, strict=True))
    values |= {name: value for name in VARIABLES if (value := getattr(start, name)) is not None}
    unknown = set(start.moves) - set(dynamics.moves)
    if unknown:
        raise KeyError(sorted(unknown)[0])
    return Profile(
        dynamics=dynamics,
        start=ClientState(**values),
        window=start.window or kind.window,
        gain=kind.gain if start.gain is None else start.gain,
        loss=kind.loss if start.loss is None else start.loss,
        leaves=kind.leaves if start.leaves is None else start.leaves,
        moves=dynamics.moves | start.moves,
    )
