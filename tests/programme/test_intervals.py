from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.programme.intervals import mean_interval, share_interval, student
from alliance_sim.programme.spread import spread


def of(values, **how):
    return mean_interval(len(values), sum(values), sum(v * v for v in values), **how)


def test_the_mean_of_three_with_its_t_interval():
    found = of([2.0, 2.5, 3.0])
    assert found.value == pytest.approx(2.5)
    # 4.303 (two degrees of freedom) times 0.5 over the root of 3
    assert (found.low, found.high) == (
        pytest.approx(1.258, abs=1e-3),
        pytest.approx(3.742, abs=1e-3),
    )


def test_too_few_for_an_interval():
    assert of([]) is None
    assert of([2.0, 3.0]).low is None
    assert of([2.0, 3.0], least=2).low is not None
    assert of([2.0], least=1).low is None


def test_it_stays_on_the_scale():
    found = of([0.0, 4.0, 4.0])
    assert found.high == 4.0
    assert of([-4.0, 4.0, 4.0], bounds=(-4, 4)).low == -4.0


def test_equal_values_have_an_interval_of_no_width():
    found = of([1.1] * 7)
    assert found.low == pytest.approx(1.1)
    assert found.high == pytest.approx(1.1)


@pytest.mark.parametrize(
    ("freedom", "value"), [(1, 12.706), (30, 2.042), (35, 2.042), (45, 2.021), (5000, 1.96)]
)
def test_the_table(freedom, value):
    assert student(freedom) == value


def test_students_t_falls_with_every_degree():
    found = [student(freedom) for freedom in range(1, 2000)]
    assert found == sorted(found, reverse=True)
    with pytest.raises(ValueError, match="two values"):
        student(0)


def test_wilson_at_the_ends_and_in_the_middle():
    assert share_interval(0, 0) is None
    none = share_interval(0, 20)
    assert (none.value, none.low) == (0, 0)
    assert none.high == pytest.approx(0.161, abs=1e-3)
    half = share_interval(10, 20)
    assert (half.low, half.high) == (pytest.approx(0.299, abs=1e-3), pytest.approx(0.701, abs=1e-3))


@given(st.lists(st.integers(0, 400), min_size=2, max_size=60))
def test_a_spread_is_that_of_the_values(values):
    found = spread((value, 1) for value in values)
    real = [value / 100 for value in values]
    assert found.count == len(values)
    assert found.mean == pytest.approx(fmean(real))
    assert found.deviation == pytest.approx(stdev(real), abs=1e-9)
    assert sum(found.bins) == len(values)
    ordered = [found.lowest, found.tenth, found.quarter, found.median]
    ordered += [found.three_quarters, found.ninetieth, found.highest]
    assert ordered == sorted(ordered)


def test_a_median_between_two_and_bins_by_quarters():
    found = spread([(0, 1), (24, 1), (25, 1), (400, 1)])
    assert found.median == pytest.approx(0.245)
    assert (found.bins[0], found.bins[1], found.bins[15]) == (2, 1, 1)
    assert spread([]) is None
    assert spread([(100, 0)]) is None
    assert spread([(100, 1)]).deviation == 0
