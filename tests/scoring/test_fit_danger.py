"""Fitting the reading of danger: the same material gives the same bytes."""

import pytest

pytest.importorskip("sklearn", reason="the extra fit is not installed")

from alliance_sim.scoring.client_danger import NONE, READING, read_by
from alliance_sim.scoring.fit.danger import CORPUS, FEWEST, Turn, fitted, steeper, taught
from alliance_sim.scoring.sentence_acts import packed

TURNS = [
    *(Turn("suicide", f"The tablets are in the drawer, {n} of them.", CORPUS, "a") for n in "abc"),
    *(Turn(NONE, f"We had soup with the cousins, {n} of them.", CORPUS, "b") for n in "abc"),
    *(Turn("others", f"He knows where she parks, row {n}.", CORPUS, "c") for n in "abc"),
    Turn("safety", "Tablets, a whole drawer.", "pairs", "safety_taught"),
    Turn("safety", "I have counted the pills.", "pairs", "safety_blind"),
]


def test_the_same_turns_give_the_same_bytes():
    first, again = (packed({READING: fitted(taught(TURNS))[0]}) for _ in range(2))
    assert first == again


def test_pairs_to_measure_by_are_not_fitted_on():
    assert not any(turn.batch.endswith("_blind") for turn in taught(TURNS))


def test_a_turn_of_no_stated_kind_is_taken_for_the_likeliest():
    assert [t.kind for t in taught(TURNS) if t.batch == "safety_taught"] == ["suicide"]


def test_what_was_fitted_is_read_and_steepness_makes_it_surer():
    model, _ = fitted(TURNS[:-2] * FEWEST)
    found = read_by(model, "There are tablets in my drawer.")
    assert max(found.kinds, key=found.kinds.__getitem__) == "suicide"
    assert read_by(steeper(model, 3.0), "There are tablets in my drawer.").sign > found.sign
