"""Pauses before another try."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.llm.retrying import LONGEST_BACKOFF, asked_pause, pause_before

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("fault", list(Fault))
def test_only_faults_that_may_pass_are_tried_again(fault):
    passing = fault in (Fault.UNREACHABLE, Fault.BUSY, Fault.SERVER)
    assert (pause_before(1, ModelProblem("", fault), 0.5, 20.0) is not None) is passing


def test_what_is_final_is_not_tried_again():
    assert pause_before(1, ModelProblem("", Fault.BUSY, final=True), 0.5, 20.0) is None


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_to_a_limit(attempt, chance):
    pause = pause_before(attempt, ModelProblem("", Fault.SERVER), chance, 20.0)
    assert pause is not None
    assert 0.25 <= pause <= LONGEST_BACKOFF


def test_callers_that_failed_together_come_back_apart():
    problem = ModelProblem("", Fault.BUSY)
    assert len({pause_before(2, problem, chance / 10, 20.0) for chance in range(10)}) == 10


@given(st.floats(0, 20), st.floats(0, 1))
def test_nobody_comes_back_before_the_server_wants(asked, chance):
    pause = pause_before(1, ModelProblem("", Fault.BUSY, retry_after=asked), chance, 20.0)
    assert pause is not None
    assert asked <= pause <= asked + 0.25


def test_too_long_a_pause_is_not_waited_for():
    assert pause_before(1, ModelProblem("", Fault.BUSY, retry_after=20.1), 0, 20.0) is None


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        (None, None, None),
        ("3", None, 3.0),
        ("0.5", None, 0.5),
        ("-3", None, 0.0),
        ("nan", None, None),
        ("inf", None, float("inf")),
        ("soon", None, None),
        ("Mon, 02 Mar 2026 09:00:30 GMT", None, 30.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", None, 0.0),
        ("Mon, 02 Mar 2026 09:00:30 GMT", "Mon, 02 Mar 2026 09:00:20 GMT", 10.0),
        ("Mon, 02 Mar 2026 09:00:30 GMT", "yesterday", 30.0),
    ],
)
def test_what_a_server_asks_for(header, date, seconds):
    assert asked_pause(header, date, NOW) == seconds


@given(st.text())
def test_any_header_is_survived(header):
    pause = asked_pause(header, header, NOW)
    assert pause is None or pause >= 0
