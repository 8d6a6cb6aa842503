"""Where reports draw what: nothing unobserved, nothing outside, bands only with intervals."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.programme.cohort_figures import AtNumber, Change, Passes
from alliance_sim.programme.intervals import Interval
from alliance_sim.programme.progress import progress
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.spread import spread
from alliance_sim.reporting.cohort_charts import WIDTH, boxes, changes, growth, parts
from alliance_sim.reporting.progress_chart import progress_chart
from alliance_sim.store.trainee_rows import ScoreRow, SessionRow

AT = datetime(2026, 3, 2, tzinfo=UTC)
SCORES = st.lists(st.none() | st.floats(0, 4).map(lambda value: round(value, 2)), max_size=90)


def of(values, changed=()):
    rows = [
        SessionRow(
            f"s{n}", AT, "small", "time", False, None, {}, {"e": ScoreRow(v, n in changed, None)}
        )
        for n, v in enumerate(values)
    ]
    return progress(rows, [], load_rules().trainee)[1] if rows else None


def drawn(values, **how):
    return progress_chart(of(values, **how), width=300, height=150)


@given(SCORES)
def test_everything_lies_within_the_drawing(values):
    found = of(values)
    chart = progress_chart(found, width=300, height=150) if found else None
    if chart is None:
        assert all(value is None for value in values)
        return
    assert len(chart.scores) == sum(value is not None for value in values)
    assert len(chart.unobserved) == sum(value is None for value in values)
    places = [(mark.x, mark.y) for mark in chart.scores]
    for outline in (*chart.bands, chart.line):
        places += [tuple(map(float, pair.split(","))) for pair in outline.split()]
    for x, y in places:
        assert chart.left <= x <= chart.right
        assert 0 <= y <= chart.bottom
    assert len(chart.numbers) <= 12


def test_no_band_below_three_and_a_narrow_one_of_a_single_interval():
    assert drawn([2.0, 3.0]).bands == ()
    (only,) = drawn([2.0, 3.0, 2.5]).bands
    assert len(only.split()) == 4
    (band,) = drawn([2.0, 3.0, 2.5, None, 2.6]).bands
    assert len(band.split()) == 4


def test_0_is_drawn_at_the_bottom_and_what_was_not_observed_is_not():
    chart = drawn([0.0, None, 4.0])
    assert [mark.y for mark in chart.scores] == [chart.bottom, chart.levels[4][1]]
    assert [mark.told for mark in chart.scores] == ["session 1: 0.0", "session 3: 4.0"]


def test_changed_where_the_scorer_had_observed_nothing():
    chart = drawn([2.0], changed=(0,))
    assert chart.scores == ()
    assert chart.changed[0].before is None


def test_boxes_on_one_axis():
    chart = boxes([("a", spread([(0, 3), (400, 1)])), ("b", spread([(200, 1)]))], 2.5)
    first, second = chart.rows
    assert first.quarter == chart.left
    assert first.high <= chart.right
    assert second.low == second.median == second.high == (chart.left + chart.right) / 2
    assert max(height for _, _, height in first.bars) == 15
    assert chart.left < chart.mark < chart.right
    assert boxes([], 2.5) is None


def test_growth_from_two_numbers_on():
    numbers = [AtNumber(n, 9, Interval(2.0 + n / 10, 1.5, 2.9)) for n in (1, 2, 3)]
    chart = growth(numbers, 2.5)
    assert [point.mean for point in chart.points] == sorted(
        (point.mean for point in chart.points), reverse=True
    )
    assert all(point.high < point.mean < point.low for point in chart.points)
    assert growth(numbers[:1], 2.5) is None


@pytest.mark.parametrize(("low", "high", "reach"), [(-0.1, 0.3, "+0.5"), (-2.2, 0.1, "+2.5")])
def test_the_axis_of_changes_is_round_and_even(low, high, reach):
    middle = (low + high) / 2
    chart = changes([("a", Change("a", 9, Interval(middle, low, high), 3))])
    assert chart.levels[-1][0] == reach
    assert chart.levels[0][0] == reach.replace("+", "-")
    (point,) = chart.points
    assert chart.left <= point.low < point.mean < point.high <= chart.right
    assert changes([]) is None


def test_parts_fill_the_bar_and_none_is_empty():
    found = parts(Passes(10, 7, 3, 0, Interval(0.7)))
    assert [(part.kind, part.share) for part in found] == [("passed", 0.7), ("below", 0.3)]
    assert sum(part.width for part in found) == pytest.approx(WIDTH)
