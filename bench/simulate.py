"""Simulated sessions: 1,500 a client type and policy, 20 turns, two different moves a turn.

    python bench/simulate.py [--sessions N] [--turns N] [--seed N]

Prints drop-out (walk-outs and compliance-only as 1, the others by their estimate), and the median
turn at which skilled play opens the gate "painful", beside the design's table.
"""

import argparse
import random
import statistics

from alliance_sim.client.dynamics import Profile, load_dynamics, profile
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
        rng = random.Random(args.seed)
        games = {
            policy: [play(client, policy, args.turns, rng) for _ in range(args.sessions)]
            for policy in POLICIES
        }
        left = [statistics.fmean(share for share, _ in games[policy]) for policy in POLICIES]
        turns = [turn for _, turn in games["skilled"] if turn is not None]
        share = len(turns) / args.sessions
        median = statistics.median(turns) if turns else None
        wanted = f"   design {TABLE[kind]}" if kind in TABLE else ""
        print(f"{kind:<15} {left[0]:.2f} / {left[1]:.2f} / {left[2]:.2f}", end="            ")
        print(f"{share:.2f} at {median}{wanted}")


if __name__ == "__main__":
    main()
