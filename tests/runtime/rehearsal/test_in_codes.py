"""Rehearsal in moves: the client's numbers under many ways of practising."""

from alliance_sim.client.dynamics import load_dynamics, profile
from alliance_sim.domain.scenario import StartState
from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.in_codes import hold_hours
from alliance_sim.runtime.rehearsal.outcome import in_codes
from alliance_sim.runtime.rehearsal.policies import load_policies


def outcome(kind, policy, sessions=120, turns=20, seed=1):
    client = profile(StartState(type=kind), load_dynamics())
    chosen = load_policies().policies[policy]
    return in_codes(hold_hours(client, chosen, sessions=sessions, turns=turns, seed=seed))


def test_the_design_table_of_wary():
    """Drop-out .08 / .35 / 1.00, painful by all at turn 15; 120 sessions scatter a little."""
    assert abs(outcome("wary", "skilled").dropout.value - 0.08) < 0.02
    assert abs(outcome("wary", "mixed").dropout.value - 0.35) < 0.06
    assert outcome("wary", "poor").dropout.value > 0.97
    painful = outcome("wary", "skilled").gates[Gate.PAINFUL]
    assert painful.share > 0.97
    assert 14 <= painful.turn <= 16


def test_the_same_seed_gives_the_same_hours():
    assert outcome("trauma", "mixed") == outcome("trauma", "mixed")
    assert outcome("trauma", "mixed") != outcome("trauma", "mixed", seed=2)


def test_intervals_hold_their_mean():
    found = outcome("mandated", "mixed").dropout
    assert found.low <= found.value <= found.high
    assert found.count == 120


def test_who_hardly_speaks_learns_nothing_painful():
    assert outcome("wary", "silent").gates[Gate.PAINFUL].share == 0


def test_a_mandated_client_who_is_lost_counts_as_left():
    assert outcome("mandated", "poor").left > 0.9
