"""Simulated sessions: 1,500 a client type and policy, 20 turns, two different moves a turn.

    python bench/simulate.py [--sessions N] [--turns N] [--seed N]

Prints drop-out (walk-outs and compliance-only as 1, the others by their estimate), and the median
turn at which skilled play opens the gate "painful", beside the design's table; then the same of the
shipped clients, beside what their files expect. `alliance-sim scenario rehearse` plays further
policies, and sessions in words.
"""

import argparse

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.client.dynamics import Profile, load_dynamics, profile, profile_of
from alliance_sim.domain.scenario import StartState
from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.in_codes import hold_hours
from alliance_sim.runtime.rehearsal.outcome import InCodes, in_codes
from alliance_sim.runtime.rehearsal.policies import load_policies

POLICIES = ("skilled", "mixed", "poor")
TABLE = {
    "wary": (0.08, 0.35, 1.00, 1.00, 15),
    "mandated": (0.13, 0.50, 1.00, 1.00, 15),
    "trauma": (0.09, 0.45, 1.00, 0.64, 19),
}


def outcomes(client: Profile, sessions: int, turns: int, seed: int) -> dict[str, InCodes]:
    """Play the three policies of the design's table."""
    policies = load_policies().policies
    return {
        name: in_codes(
            hold_hours(client, policies[name], sessions=sessions, turns=turns, seed=seed)
        )
        for name in POLICIES
    }


def _row(found: dict[str, InCodes]) -> str:
    left = " / ".join(f"{found[policy].dropout.value:.2f}" for policy in POLICIES)
    painful = found["skilled"].gates[Gate.PAINFUL]
    return f"{left}            {painful.share:.2f} at {painful.turn}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=1500)
    options.add_argument("--turns", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    dynamics = load_dynamics()
    played = (args.sessions, args.turns, args.seed)
    print("type            drop-out skilled/mixed/poor   painful opened, median turn")
    for kind in dynamics.types:
        client = profile(StartState(type=kind), dynamics)
        wanted = f"   design {TABLE[kind]}" if kind in TABLE else ""
        print(f"{kind:<15} {_row(outcomes(client, *played))}{wanted}")
    for scenario in Library([shipped_root()]).scenarios():
        found = outcomes(profile_of(scenario), *played)
        expected = [getattr(scenario.expectations, policy).dropout for policy in POLICIES]
        print(f"client {scenario.id:<8} {_row(found)}   expected {expected}")


if __name__ == "__main__":
    main()
