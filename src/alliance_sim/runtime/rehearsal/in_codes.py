"""A rehearsal at the level of codes: moves are drawn and the client's state goes on by them.

Quick enough for thousands of sessions; it shows what the numbers of a client lead to, and nothing
of its words.
"""

import random
from dataclasses import dataclass

from alliance_sim.client.dynamics import Profile
from alliance_sim.client.state import gate_opens, step
from alliance_sim.domain.state import ClientState, Gate, Phase
from alliance_sim.runtime.rehearsal.policies import Policy

NEAR_THE_TOP = 5.0
"""How near the top of the window arousal must be for a trainee who grounds to do so."""


@dataclass(frozen=True)
class Hour:
    """One session, in figures."""

    dropout: float
    """1 for a walk-out or a client gone compliance-only; else the estimate at the end, 0–1."""
    left: bool
    opened: dict[Gate, int]
    """The turn, from 1, at which a gate first stood open."""
    ruptures: int
    repairs: int
    engagement: float
    """At the end, 0–100."""


def hold_hours(
    profile: Profile, policy: Policy, *, sessions: int, turns: int, seed: int
) -> list[Hour]:
    """Play `sessions` hours of `turns` trainee turns."""
    # Not for secrets: a rehearsal must give the same figures on every machine.
    rng = random.Random(seed)  # noqa: S311
    return [_hold(profile, policy, turns, rng) for _ in range(sessions)]


def _hold(profile: Profile, policy: Policy, turns: int, rng: random.Random) -> Hour:
    state = profile.start
    opened: dict[Gate, int] = {}
    for turn in range(1, turns + 1):
        moves = _draw(state, policy, profile, rng)
        state = step(state, moves & profile.moves.keys(), profile, roll=rng.random()).state
        for gate in Gate:
            if gate not in opened and gate_opens(gate, state, profile):
                opened[gate] = turn
        if state.phase in {Phase.LEFT, Phase.COMPLIANT}:
            return _hour(state, opened, left=True)
    return _hour(state, opened, left=False)


def _hour(state: ClientState, opened: dict[Gate, int], *, left: bool) -> Hour:
    return Hour(
        dropout=1.0 if left else state.dropout_estimate,
        left=left,
        opened=opened,
        ruptures=state.ruptures,
        repairs=state.repairs,
        engagement=state.engagement,
    )


def _draw(state: ClientState, policy: Policy, profile: Profile, rng: random.Random) -> set[str]:
    """Two different moves by weight; in a rupture each is a repair step with the policy's chance.

    Nobody makes a move again that counts only once.
    """
    repairs = sorted(profile.dynamics.rupture.repair_moves)
    weights = {move: weight for move, weight in policy.moves.items() if move not in state.once}
    moves: list[str] = []
    while len(moves) < 2:
        if state.rupture and rng.random() < policy.repairs:
            move = rng.choice(repairs)
        else:
            move = rng.choices(list(weights), list(weights.values()))[0]
        if move not in moves:
            moves.append(move)
    if policy.grounds and state.arousal > profile.window[1] - NEAR_THE_TOP:
        moves[1] = "ground"
    return set(moves)
