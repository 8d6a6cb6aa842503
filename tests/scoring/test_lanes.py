"""Tables side by side: each column's sum is what its own table alone gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.lanes import Lanes, weighed

BUCKETS = st.integers(0, 40)


def tables(width):
    row = st.tuples(*[st.integers(-128, 127)] * width)
    return st.dictionaries(BUCKETS, row, max_size=30)


@given(tables(1), tables(3), st.frozensets(BUCKETS), st.frozensets(BUCKETS))
def test_columns_do_not_run_into_one_another(one, three, whole, half):
    found = {1.0: whole, 0.5: half - whole}
    expected = [
        sum(
            worth * table[number][column]
            for number, worth in weighed(found).items()
            if number in table
        )
        for table, width in ((one, 1), (three, 3))
        for column in range(width)
    ]
    assert Lanes([one, three], [1, 3]).sums(found) == pytest.approx(expected)


def test_without_signals_there_is_nothing_to_add():
    assert Lanes([{3: (5, -5)}], [2]).sums({}) == [0.0, 0.0]
