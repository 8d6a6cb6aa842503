"""Dimensions of a conversation: shares of replies, whatever its length."""

import pytest

from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Empathy, Main
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.dimensions import dimensions
from alliance_sim.scoring.exchange import exchanges

LOST = "I lost my job in March and I can't tell my wife."


def reply(*codes, **empathy):
    spans = tuple(CodedSpan(code=code, p=p, words="") for code, p in codes)
    return CodedReply(main=Main.OTHER, codes=spans, empathy=Empathy(**empathy))


def hour(*said, coded=()):
    """Replies to the same client turn, with codes given, or as the coder reads them."""
    lines = [line for text in said for line in ((Speaker.CLIENT, LOST), (Speaker.THERAPIST, text))]
    utterances = tuple(
        Utterance(turn=turn, speaker=speaker, text=text)
        for turn, (speaker, text) in enumerate(lines)
    )
    known = {2 * place + 1: code for place, code in enumerate(coded)}
    return exchanges(Transcript(transcript_id="t", utterances=utterances), known)


def of_codes(*coded):
    return dimensions(hour(*["You said."] * len(coded), coded=coded))


WARM = reply((Code.VALIDATE, 0.6), emotional_reaction=2)
ASKING = reply((Code.QUESTION_OPEN, 0.9), exploration=1)
ADVISING = reply((Code.ADVICE, 0.8))


def test_each_dimension_is_a_mean_over_the_replies():
    found = of_codes(WARM, ASKING, ADVISING)
    assert found["validating"] == pytest.approx((0.6 + 1) / 3 / 3)
    assert found["elaborating"] == pytest.approx(0.3)
    assert found["advising"] == pytest.approx(0.8 / 3)
    assert found["passing_over"] == pytest.approx(1 / 3)
    assert found["exploring"] == pytest.approx(0.5 / 3)


def test_length_earns_nothing():
    assert of_codes(*[WARM, ADVISING] * 20) == pytest.approx(of_codes(WARM, ADVISING))


def test_making_sense_of_a_feeling_validates_it_more_than_the_code_alone():
    named = reply((Code.VALIDATE, 0.9))
    understood = reply((Code.VALIDATE, 0.9), interpretation=2)
    assert of_codes(understood)["validating"] > of_codes(named)["validating"]


def test_minimising_counts_even_where_the_feeling_is_named():
    reacting = reply((Code.MINIMISE, 0.7), emotional_reaction=1)
    assert of_codes(reacting)["passing_over"] == pytest.approx(0.7)


def test_a_tale_of_ones_own_counts_by_its_words_however_the_reply_goes_on():
    aside = "I lost my job two years ago. What have you told her so far, and what does she ask?"
    tale = (
        "I lost my job two years ago. I stayed in bed for a month, and my husband left me over it."
    )
    asking = "What have you told her so far, and what does she ask?"
    shares = [dimensions(hour(text))["self_oriented"] for text in (asking, aside, tale)]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert shares[2] > shares[1] > 0


def test_without_replies_nothing_is_known():
    assert set(dimensions(()).values()) == {None}
