"""The learned reading of danger in a client's turn."""

from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.scoring import client_danger
from alliance_sim.scoring.client_danger import NONE, WEIGHTS, reading
from alliance_sim.scoring.risk import Risk


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text):
    found = reading(text)
    assert 0 <= found.sign <= 1
    assert not found.kinds or sum(found.kinds.values()) == pytest.approx(1)


def test_every_kind_is_one_of_the_scorer():
    assert set(reading("We had soup.").kinds) == {kind.value for kind in Risk}
    assert NONE not in reading("We had soup.").kinds


@pytest.mark.parametrize(
    ("veiled", "ordinary"),
    [
        ("I've counted the tablets in my drawer again.", "I've counted the chairs in my room."),
        ("I gave my watch to my brother, he'll be around.", "My brother gave me a lift to work."),
        ("He locks the door and takes my phone.", "He opens the door and I take my coat."),
    ],
)
def test_veiled_danger_stands_out(veiled, ordinary):
    assert reading(veiled).sign > reading(ordinary).sign


def test_a_long_turn_is_as_grave_as_its_gravest_part():
    grave = "I've counted the tablets in my drawer again, there's enough."
    soup = "We had soup and then the cousins came over for cards and talked of football. " * 6
    assert reading(f"{soup}{grave}").sign > reading(soup).sign


def test_thresholds_are_shares():
    kept = client_danger.settings()
    assert 0 < kept.ordinary < kept.sign < 1
    assert 0 < kept.other_kind < 1


def test_the_weights_are_small_and_hold_no_words():
    raw = (files("alliance_sim.scoring") / WEIGHTS).read_bytes()
    assert len(raw) < 400_000
    header, _, body = raw.partition(b"\n")
    assert b"rows" in header
    assert b"tablets" not in body
