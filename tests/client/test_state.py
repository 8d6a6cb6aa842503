"""The reducer: the numbered rules of the state, and what must hold for any play."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.client.dynamics import load_dynamics, profile
from alliance_sim.client.state import (
    gate_opens,
    is_closed,
    moves_of,
    open_gates,
    openness,
    step,
)
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main
from alliance_sim.domain.scenario import StartState
from alliance_sim.domain.state import VARIABLES, ClientState, Gate, Openness, Phase

DYNAMICS = load_dynamics()
WARY = profile(StartState(type="wary"), DYNAMICS)
TRAUMA = profile(StartState(type="trauma"), DYNAMICS)
MANDATED = profile(StartState(type="mandated"), DYNAMICS)
MOVES = sorted(DYNAMICS.moves)


def reply(*codes: Code, p: float = 0.9) -> CodedReply:
    spans = tuple(CodedSpan(code=code, p=p, words="") for code in codes)
    return CodedReply(main=Main.OTHER, codes=spans)


def state_of(**values: float) -> ClientState:
    return WARY.start.model_copy(update=values)


@given(
    kind=st.sampled_from(sorted(DYNAMICS.types)),
    play=st.lists(
        st.tuples(st.sets(st.sampled_from(MOVES), max_size=4), st.floats(0, 0.999)), max_size=30
    ),
)
def test_any_play_keeps_every_variable_in_range_and_is_reproducible(kind, play):
    client = profile(StartState(type=kind), DYNAMICS)
    first = second = client.start
    for moves, roll in play:
        first = step(first, moves, client, roll=roll).state
        second = step(second, sorted(moves, reverse=True), client, roll=roll).state
        assert all(0 <= getattr(first, name) <= 100 for name in VARIABLES)
        assert 0.02 <= first.dropout_estimate <= 0.95
    assert first == second
    assert first.turn == len(play)


@given(st.sets(st.sampled_from(MOVES), max_size=6), st.floats(0, 0.999))
def test_one_turn_never_moves_the_alliance_further_than_its_bounds(moves, roll):
    taken = step(WARY.start, moves, WARY, roll=roll)
    assert taken.deltas["trust"] <= 6
    assert taken.deltas["safety"] <= 6
    assert min(taken.deltas[name] for name in ("trust", "task", "goal", "safety")) >= -15


def test_rises_saturate_and_losses_are_multiplied_by_type():
    low = step(state_of(trust=10), {"reflect_complex"}, WARY, roll=0).deltas["trust"]
    high = step(state_of(trust=90), {"reflect_complex"}, WARY, roll=0).deltas["trust"]
    assert low == pytest.approx(3 * (1 - 10 / 130))
    assert high == pytest.approx(3 * (1 - 90 / 130))
    assert step(WARY.start, {"advice"}, WARY, roll=0).deltas["trust"] == pytest.approx(-2)
    assert step(TRAUMA.start, {"advice"}, TRAUMA, roll=0).deltas["trust"] == pytest.approx(-2.8)


def test_arousal_is_not_lowered_below_the_middle_of_the_window_and_settles_towards_it():
    calm = step(state_of(arousal=52), {"ground"}, WARY, roll=0).state.arousal
    assert calm == pytest.approx(50)
    assert step(state_of(arousal=30), set(), WARY, roll=0).state.arousal == pytest.approx(33)


def test_orientation_counts_once_and_own_part_only_in_a_rupture():
    first = step(WARY.start, {"orient"}, WARY, roll=0)
    second = step(first.state, {"orient"}, WARY, roll=0)
    assert first.deltas["task"] > 0
    assert second.moves == ()
    assert step(WARY.start, {"own_part"}, WARY, roll=0).moves == ()
    assert step(state_of(rupture=True), {"own_part"}, WARY, roll=0).moves == ("own_part",)


def test_blame_opens_a_rupture_and_two_different_repairs_close_it():
    state = step(WARY.start, {"blame"}, WARY, roll=0.9).state
    taken = step(state, {"blame"}, WARY, roll=0.9)
    assert taken.opened
    assert taken.state.rupture
    begun = step(taken.state, {"validate"}, WARY, roll=0.9)
    same = step(begun.state, {"validate"}, WARY, roll=0.9)
    assert not begun.repaired
    assert not same.repaired
    healed = step(same.state, {"own_part"}, WARY, roll=0.9)
    assert healed.repaired
    assert healed.state.repairs == 1
    assert healed.state.trust > same.state.trust


def test_a_repair_that_comes_too_late_does_not_pair_with_the_first_step():
    state = state_of(rupture=True, ruptures=1, turn=5)
    state = step(state, {"validate"}, WARY, roll=0.9).state
    for _ in range(3):
        state = step(state, set(), WARY, roll=0.9).state
    assert not step(state, {"own_part"}, WARY, roll=0.9).repaired


def test_gates_ask_for_trust_safety_a_window_and_no_rupture():
    ready = state_of(trust=61, safety=62)
    assert open_gates(ready, WARY) == (Gate.FACTS, Gate.FEELINGS, Gate.PAINFUL)
    assert not gate_opens(Gate.PAINFUL, state_of(trust=61, safety=59), WARY)
    assert not gate_opens(Gate.FACTS, state_of(trust=61, safety=62, arousal=71), WARY)
    assert not gate_opens(Gate.FACTS, state_of(trust=61, safety=62, rupture=True), WARY)


def test_a_lost_client_warns_first_then_leaves_by_the_roll_and_a_mandated_one_complies():
    lost = state_of(trust=5, turn=8)
    warned = step(lost, set(), WARY, roll=0.0)
    assert warned.state.phase is Phase.WARNED
    assert step(warned.state, set(), WARY, roll=0.41).state.phase is Phase.WARNED
    assert step(warned.state, set(), WARY, roll=0.39).state.phase is Phase.LEFT
    kept = MANDATED.start.model_copy(update={"trust": 5.0, "turn": 9, "phase": Phase.WARNED})
    assert step(kept, set(), MANDATED, roll=0.1).state.phase is Phase.COMPLIANT
    early = state_of(trust=5, turn=3)
    assert step(early, set(), WARY, roll=0.0).state.phase is Phase.ENGAGED


def test_breaking_a_boundary_makes_a_lost_client_leave_at_once():
    lost = state_of(trust=5, turn=8)
    assert step(lost, {"boundary_break"}, WARY, roll=0.9).state.phase is Phase.LEFT


def test_the_third_closed_question_in_a_row_is_a_run():
    closed = reply(Code.QUESTION_CLOSED)
    assert is_closed(closed)
    assert "closed_run" not in moves_of(closed, WARY, took_floor=False, closed_before=1)
    assert "closed_run" in moves_of(closed, WARY, took_floor=False, closed_before=2)
    mixed = reply(Code.QUESTION_CLOSED, Code.QUESTION_OPEN)
    assert "closed_run" not in moves_of(mixed, WARY, took_floor=False, closed_before=5)


def test_codes_become_moves_only_when_asserted_and_floor_taking_is_one():
    assert moves_of(reply(Code.ADVICE, p=0.49), WARY, took_floor=False, closed_before=0) == set()
    moves = moves_of(reply(Code.REFLECTION_COMPLEX), WARY, took_floor=True, closed_before=0)
    assert moves == {"reflect_complex", "cutoff"}
    idle = reply(Code.INFORMATION, Code.BACKCHANNEL, Code.SELF_DISCLOSURE)
    assert moves_of(idle, WARY, took_floor=False, closed_before=0) == set()


def test_every_move_is_reached_by_a_code_or_by_the_floor():
    names = DYNAMICS.moves_of_codes
    reached = {names.get(code, str(code)) for code in Code} | {"cutoff", "closed_run"}
    assert set(DYNAMICS.moves) <= reached


def test_openness_follows_trust_and_safety_and_closes_in_a_rupture():
    assert openness(WARY.start, WARY) is Openness.GUARDED
    assert openness(state_of(trust=50, safety=50), WARY) is Openness.OPENING
    assert openness(state_of(trust=65, safety=60), WARY) is Openness.OPEN
    assert openness(state_of(trust=65, safety=60, rupture=True), WARY) is Openness.GUARDED
    assert openness(state_of(trust=65, safety=60, arousal=71), WARY) is Openness.GUARDED


def test_overrides_of_a_scenario_replace_single_values():
    start = StartState(type="wary", trust=12, window=(40, 60), moves={"advice": (0,) * 7})
    client = profile(start, DYNAMICS)
    assert client.start.trust == 12
    assert client.start.safety == WARY.start.safety
    assert client.window == (40, 60)
    assert step(client.start, {"advice"}, client, roll=0).deltas["trust"] == 0


def test_engagement_at_fifty_means_one_in_five():
    even = state_of(trust=50, task=50, goal=50, safety=100 / 3)
    middle = even.model_copy(update={"safety": 50.0})
    assert middle.engagement == pytest.approx(50)
    assert middle.dropout_estimate == pytest.approx(0.2)


def test_fractions_add_up_alike_in_any_order():
    row = dict.fromkeys(("advice", "affirm", "validate"), (0.1, 0, 0, 0, 0, 0, 0))
    row["advice"] = (0.2, 0, 0, 0, 0, 0, 0)
    row["affirm"] = (0.3, 0, 0, 0, 0, 0, 0)
    client = profile(StartState(type="wary", moves=row), DYNAMICS)
    orders = (["advice", "affirm", "validate"], ["validate", "affirm", "advice"])
    made = {step(client.start, order, client, roll=0.0).state.trust for order in orders}
    assert len(made) == 1
