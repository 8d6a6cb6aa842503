"""Dimensions of a conversation: shares of replies, whatever its length."""

import pytest

from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Empathy, Main
from alliance_sim.scoring.dimensions import dimensions


def reply(*codes, **empathy):
    spans = tuple(CodedSpan(code=code, p=p, words="") for code, p in codes)
    return CodedReply(main=Main.OTHER, codes=spans, empathy=Empathy(**empathy))


WARM = reply((Code.VALIDATE, 0.6), emotional_reaction=2)
ASKING = reply((Code.QUESTION_OPEN, 0.9), exploration=1)
ADVISING = reply((Code.ADVICE, 0.8), (Code.SELF_FOCUS, 0.4))


def test_each_dimension_is_a_mean_over_the_replies():
    found = dimensions([WARM, ASKING, ADVISING])
    assert found["validating"] == pytest.approx((0.6 + 1) / 3 / 3)
    assert found["elaborating"] == pytest.approx(0.3)
    assert found["advising"] == pytest.approx(0.8 / 3)
    assert found["self_oriented"] == pytest.approx(0.4 / 3)
    assert found["passing_over"] == pytest.approx(1 / 3)
    assert found["exploring"] == pytest.approx(0.5 / 3)


def test_length_earns_nothing():
    assert dimensions([WARM, ADVISING] * 20) == pytest.approx(dimensions([WARM, ADVISING]))


def test_making_sense_of_a_feeling_validates_it_more_than_the_code_alone():
    named = reply((Code.VALIDATE, 0.9))
    understood = reply((Code.VALIDATE, 0.9), interpretation=2)
    assert dimensions([understood])["validating"] > dimensions([named])["validating"]


def test_minimising_counts_even_where_the_feeling_is_named():
    reacting = reply((Code.MINIMISE, 0.7), emotional_reaction=1)
    assert dimensions([reacting])["passing_over"] == pytest.approx(0.7)


def test_without_replies_nothing_is_known():
    assert set(dimensions([]).values()) == {None}
