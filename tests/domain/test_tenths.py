"""One decimal, never up to a threshold that is not reached."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.tenths import THRESHOLDS, tenths


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (2.48, "2.4"),
        (2.5, "2.5"),
        (2.97, "2.9"),
        (3.0, "3.0"),
        (2.27, "2.3"),
        (0.0, "0.0"),
        (4.0, "4.0"),
    ],
)
def test_scores_as_they_are_shown(score, shown):
    assert tenths(score) == shown


@given(st.floats(min_value=0, max_value=4))
def test_what_is_shown_stands_on_the_same_side_of_each_threshold(score):
    for threshold in THRESHOLDS:
        assert (float(tenths(score)) >= threshold) == (score >= threshold)
    assert abs(float(tenths(score)) - score) <= 0.1
