"""Garbage is looked for seldom inside a block, and as before after it."""

import gc

import pytest

from alliance_sim.runtime.collecting import COLLECTED_AFTER, seldom_collected


@pytest.fixture
def usual():
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield (700, 10, 10)
    gc.set_threshold(*before)


def test_it_is_as_before_after_the_block(usual):
    with seldom_collected():
        assert gc.get_threshold() == (COLLECTED_AFTER, 10, 10)
    assert gc.get_threshold() == usual


def test_it_is_as_before_after_a_failure(usual):
    with pytest.raises(ValueError, match="no"), seldom_collected():
        raise ValueError("no")
    assert gc.get_threshold() == usual


def test_a_block_inside_another_changes_nothing(usual):
    with seldom_collected():
        with seldom_collected():
            pass
        assert gc.get_threshold()[0] == COLLECTED_AFTER
    assert gc.get_threshold() == usual


@pytest.mark.parametrize("often", [0, COLLECTED_AFTER * 2])
def test_who_looks_for_it_yet_more_seldom_or_never_goes_on_so(usual, often):
    gc.set_threshold(often, 10, 10)
    with seldom_collected():
        assert gc.get_threshold()[0] == often
    assert gc.get_threshold()[0] == often
