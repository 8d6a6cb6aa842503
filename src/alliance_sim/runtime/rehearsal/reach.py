"""Which gates even long skilled work does not open: what stands behind them nobody will hear."""

from alliance_sim.client.dynamics import profile_of
from alliance_sim.domain.scenario import Scenario, StartState
from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.in_codes import hold_hours
from alliance_sim.runtime.rehearsal.policies import load_policies

TURNS = 40
"""A long session, in trainee turns."""
HOURS = 120
LEAST = 0.02
"""Share of hours in which a gate must open to be within reach."""


def closed_gates(scenario: Scenario) -> frozenset[Gate]:
    """The gates of the scenario's disclosures that fewer than `LEAST` of skilled hours open."""
    policy = load_policies().policies["skilled"]
    hours = hold_hours(profile_of(scenario), policy, sessions=HOURS, turns=TURNS, seed=1)
    asked = {told.gate for told in scenario.disclosures}
    return frozenset(
        gate for gate in asked if sum(gate in hour.opened for hour in hours) < LEAST * HOURS
    )


def causes(scenario: Scenario, closed: frozenset[Gate]) -> list[tuple[str, ...]]:
    """The overrides of the client's start without any one of which a closed gate would open.

    Each as its place in the file; none where it takes several of them, or the type itself.
    """
    start = scenario.state
    own = start.model_fields_set - {"type", "moves"}
    without: dict[tuple[str, ...], StartState] = {
        ("state", name): start.model_copy(update={name: None}) for name in sorted(own)
    }
    for move in start.moves:
        rest = {name: row for name, row in start.moves.items() if name != move}
        without["state", "moves", move] = start.model_copy(update={"moves": rest})
    return [
        place
        for place, state in without.items()
        if closed_gates(scenario.model_copy(update={"state": state})) < closed
    ]
