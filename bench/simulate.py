"""Simulated sessions: 1,500 a client type and policy, 20 turns, two different moves a turn.

    python bench/simulate.py [--sessions N] [--turns N] [--seed N]

Prints drop-out (walk-outs and compliance-only as 1, the others by their estimate), and the median
turn at which skilled play opens the gate "painful", beside the design's table; then the same of the
shipped clients, beside what their files expect.
"""

import argparse
import random
import statistics
from dataclasses import dataclass

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.client.dynamics import Profile, load_dynamics, profile, profile_of
from alliance_sim.client.state import gate_opens, step
from alliance_sim.domain.scenario import StartState
from alliance_sim.domain.state import ClientState, Gate, Phase

POLICIES = {
    "skilled": (
        {
            "reflect_complex": 20,
            "open_question": 20,
            "reflect_simple": 14,
            "validate": 12,
            "autonomy": 8,
            "agree_goal": 7,
            "affirm": 6,
            "ask_then_tell": 4,
            "orient": 4,
            "limits_stated": 4,
            "closed_run": 1,
        },
        0.8,
    ),
    "mixed": (
        {
            "closed_run": 17,
            "open_question": 16,
            "advice": 15,
            "reflect_simple": 14,
            "reflect_complex": 5,
            "validate": 5,
            "affirm": 5,
            "persuade": 5,
            "agree_goal": 4,
            "ask_then_tell": 4,
            "autonomy": 3,
            "minimise": 3,
            "cutoff": 3,
            "self_focus": 1,
        },
        0.3,
    ),
    "poor": (
        {
            "closed_run": 22,
            "advice": 22,
            "persuade": 16,
            "minimise": 12,
            "open_question": 8,
            "cutoff": 8,
            "reflect_simple": 4,
            "press_detail": 4,
            "blame": 3,
            "self_focus": 1,
        },
        0.0,
    ),
}
TABLE = {
    "wary": (0.08, 0.35, 1.00, 1.00, 15),
    "mandated": (0.13, 0.50, 1.00, 1.00, 15),
    "trauma": (0.09, 0.45, 1.00, 0.64, 19),
}


def draw(state: ClientState, policy: str, client: Profile, rng: random.Random) -> set[str]:
    """Two different moves by weight; in a rupture each is a repair step with the policy's chance.

    Nobody makes a move again that counts only once.
    """
    weights, repairing = POLICIES[policy]
    repairs = sorted(client.dynamics.rupture.repair_moves)
    moves: list[str] = []
    while len(moves) < 2:
        if state.rupture and rng.random() < repairing:
            move = rng.choice(repairs)
        else:
            move = rng.choices(list(weights), list(weights.values()))[0]
        if move not in moves and move not in state.once:
            moves.append(move)
    if policy == "skilled" and state.arousal > client.window[1] - 5:
        moves[1] = "ground"
    return set(moves)


def play(client: Profile, policy: str, turns: int, rng: random.Random) -> tuple[float, int | None]:
    """One session: its drop-out (0–1), and the turn at which "painful" opened."""
    state = client.start
    opened = None
    for turn in range(1, turns + 1):
        state = step(state, draw(state, policy, client, rng), client, roll=rng.random()).state
        if opened is None and gate_opens(Gate.PAINFUL, state, client):
            opened = turn
        if state.phase in {Phase.LEFT, Phase.COMPLIANT}:
            return 1.0, opened
    return state.dropout_estimate, opened


@dataclass(frozen=True)
class Outcome:
    """What many sessions of one client came to."""

    dropout: dict[str, float]
    """Mean drop-out, 0–1, by policy."""
    opened: float
    """Share of skilled sessions that opened "painful"."""
    median: float | None
    """Median turn of that; None where none did."""

    def __str__(self) -> str:
        left = " / ".join(f"{self.dropout[policy]:.2f}" for policy in POLICIES)
        return f"{left}            {self.opened:.2f} at {self.median}"


def outcome(client: Profile, sessions: int, turns: int, seed: int) -> Outcome:
    """Play every policy."""
    rng = random.Random(seed)
    games = {
        policy: [play(client, policy, turns, rng) for _ in range(sessions)] for policy in POLICIES
    }
    opened = [turn for _, turn in games["skilled"] if turn is not None]
    return Outcome(
        dropout={policy: statistics.fmean(left for left, _ in games[policy]) for policy in games},
        opened=len(opened) / sessions,
        median=statistics.median(opened) if opened else None,
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sessions", type=int, default=1500)
    options.add_argument("--turns", type=int, default=20)
    options.add_argument("--seed", type=int, default=1)
    args = options.parse_args()
    dynamics = load_dynamics()
    print("type            drop-out skilled/mixed/poor   painful opened, median turn")
    for kind in dynamics.types:
        client = profile(StartState(type=kind), dynamics)
        wanted = f"   design {TABLE[kind]}" if kind in TABLE else ""
        print(f"{kind:<15} {outcome(client, args.sessions, args.turns, args.seed)}{wanted}")
    for scenario in Library([shipped_root()]).scenarios():
        found = outcome(profile_of(scenario), args.sessions, args.turns, args.seed)
        expected = [getattr(scenario.expectations, policy).dropout for policy in POLICIES]
        print(f"client {scenario.id:<8} {found}   expected {expected}")


if __name__ == "__main__":
    main()
