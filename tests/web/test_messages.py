"""What a browser may say."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.web.messages import (
    SMALLEST_SIDE,
    TALLEST,
    WIDEST,
    Focused,
    Ping,
    Resized,
    Typed,
    read_message,
    side,
)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (["stdin", "é\r"], Typed("é\r".encode())),
        (["resize", {"width": 80, "height": 24}], Resized(80, 24)),
        (["resize", {"width": 1e9, "height": -5, "x": 1}], Resized(WIDEST, SMALLEST_SIDE)),
        (["resize", {"width": None, "height": float("inf")}], Resized(2, 2)),
        (["ping", "123"], Ping("123")),
        (["ping", "9" * 1000], Ping("9" * 100)),
        (["focus"], Focused(True)),
        (["blur"], Focused(False)),
        (["resize", {"width": 80}], None),
        (["stdin", None], None),
        (["quit"], None),
        ({"stdin": "x"}, None),
        (5, None),
    ],
)
def test_what_is_said_is_read(told, read):
    assert read_message(json.dumps(told)) == read


@given(st.text())
def test_any_text_is_read_or_passed_over(text):
    read_message(text)


def test_deep_nests_are_passed_over():
    assert read_message("[" * 1_000_000) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(json_values)
def test_a_side_is_always_one(value):
    assert SMALLEST_SIDE <= side(value, TALLEST) <= TALLEST


@given(st.sampled_from(["stdin", "resize", "ping", "focus", "blur", "x"]), json_values)
def test_whatever_follows_a_name(name, value):
    read_message(json.dumps([name, value]))
