"""Phrases by what they need: exactly those all of whose needs are met, in order."""

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.coding.needed import MOST, Needed

keys = st.frozensets(st.sampled_from("abcdefgh"), max_size=3)
filled = st.frozensets(st.sampled_from("abcdefgh"), min_size=1, max_size=3)
rows = st.lists(st.lists(filled, max_size=MOST), max_size=12)


@given(rows, keys)
def test_all_needs_must_be_met(needs, held):
    wanted = [
        place for place, sets in enumerate(needs) if all(not held.isdisjoint(each) for each in sets)
    ]
    assert list(Needed(needs).places(held)) == wanted


@given(st.lists(filled, min_size=MOST + 1, max_size=MOST + 3), keys)
def test_needs_beyond_the_first_few_only_widen(needs, held):
    if all(not held.isdisjoint(each) for each in needs):
        assert list(Needed([needs]).places(held)) == [0]


def test_nothing_to_look_for():
    assert list(Needed([]).places(frozenset("a"))) == []
