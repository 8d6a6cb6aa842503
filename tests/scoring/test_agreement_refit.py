"""Fitting levels to ratings: kept only where it helps on conversations held out."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.rubric import calibrated
from alliance_sim.scoring.agreement.refit import ENOUGH, refit


def rated(change, count=120, noise=0.2, seed=1):
    """Levels, and what a rater makes of them."""
    chance = random.Random(seed)
    ours = [round(chance.uniform(0, 4), 2) for _ in range(count)]
    theirs = [min(4.0, max(0.0, change(level) + chance.gauss(0, noise))) for level in ours]
    return ours, theirs, [f"t{place % 12}" for place in range(count)]


@pytest.mark.parametrize(
    "change", [lambda level: level - 0.8, lambda level: 1 + 0.5 * level, lambda level: level**2 / 4]
)
def test_a_way_in_which_the_program_is_off_is_found(change):
    found = refit(*rated(change))
    assert found.better
    assert found.error_after < found.error_before
    for level in range(5):
        assert found.knots[level] == pytest.approx(min(4, max(0, change(level))), abs=0.35)


def test_ratings_that_agree_change_nothing():
    assert not refit(*rated(lambda level: level)).better


def test_ratings_by_chance_that_happen_to_be_few_change_nothing():
    ours, _, groups = rated(lambda level: level, count=ENOUGH)
    chance = random.Random(3)
    noisy = [min(4.0, max(0.0, level + chance.gauss(0, 0.4))) for level in ours]
    assert not refit(ours, noisy, groups).better


def test_too_few_ratings_or_conversations_are_not_tried():
    ours, theirs, groups = rated(lambda level: level - 1)
    assert refit(ours[: ENOUGH - 1], theirs[: ENOUGH - 1], groups[: ENOUGH - 1]) is None
    assert refit(ours, theirs, ["a", "b"] * 60) is None


@given(st.integers(0, 10_000))
def test_the_order_of_levels_never_turns(seed):
    chance = random.Random(seed)
    ours = [chance.uniform(0, 4) for _ in range(60)]
    theirs = [float(chance.randint(0, 4)) for _ in range(60)]
    knots = refit(ours, theirs, [str(i % 8) for i in range(60)]).knots
    assert list(knots) == sorted(knots)
    assert all(0 <= knot <= 4 for knot in knots)
    moved = [calibrated(level / 10, knots) for level in range(41)]
    assert moved == sorted(moved)


def test_no_knots_leave_a_level_as_it_is():
    assert calibrated(2.3, None) == 2.3
    assert calibrated(4.0, (0, 1, 2, 3, 3.5)) == 3.5
    assert calibrated(1.5, (0, 1, 3, 3, 4)) == 2.0
