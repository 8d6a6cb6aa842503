"""The learned reading of a reply: bounded, blind to length, and only one part of a level."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.reply_sums import observed
from alliance_sim.scoring.rules import score
from alliance_sim.scoring.sentence import read
from alliance_sim.scoring.understanding import sounding

CLIENT = "My brother sold Dad's boat without asking, and I found out from the harbour master."
PARTICULAR = "You heard it from a man in an office, and your own brother hadn't said a word."


def sounds(reply, client=CLIENT):
    return sounding(read(reply, client))


@given(st.text(max_size=200))
def test_any_text_sounds_between_the_bounds(text):
    assert -1 <= sounds(text) <= 1


@pytest.mark.parametrize(
    "worse",
    [
        "You could always buy another one, there are plenty on the market this spring.",
        "I'm sure he meant well, and boats are a lot of work to keep up.",
        "That's perfectly normal in families after a loss, it takes time.",
        "How long was it, and what did he get for it?",
        "My cousin did the same with our caravan, I could tell you stories.",
    ],
)
def test_what_is_particular_sounds_better_than_what_passes_by(worse):
    assert sounds(PARTICULAR) > sounds(worse)


def test_a_signal_counts_once_however_often_it_stands():
    once = read(PARTICULAR, CLIENT)
    assert observed(once * 3) == observed(once)


def test_a_longer_reply_shares_the_same_weight_among_more_signals():
    short, long = (observed(read(text, CLIENT)) for text in (PARTICULAR, f"{PARTICULAR} {CLIENT}"))
    shared = short.keys() & long.keys()
    assert all(long[number] <= short[number] for number in shared)
    assert len(long) > len(short)


def test_without_its_share_the_rules_alone_set_the_level(rubrics, talk):
    empathy = rubrics["empathy"]

    def level(**points):
        rubric = empathy.model_copy(update={"points": {**empathy.points, **points}})
        return score(talk(CLIENT, PARTICULAR), [rubric]).utterances[0].rubrics["empathy"]

    alone = level(learned_share=0.0)
    assert alone == level(learned_share=0.0, learned_middle=0.0, learned_reach=0.0)
    assert level(learned_share=0.5, learned_reach=0.0) == pytest.approx((alone + 2.0) / 2)


def test_what_fits_anyone_stays_low_whatever_it_sounds_like(rubrics, talk):
    empathy = rubrics["empathy"]
    points = {**empathy.points, "learned_middle": 4.0, "learned_reach": 0.0}
    rubric = empathy.model_copy(update={"points": points})
    card = score(talk(CLIENT, "That makes total sense, and your emotions are natural."), [rubric])
    assert card.utterances[0].rubrics["empathy"] <= empathy.points["fits_anyone"]


def test_captions_are_left_to_the_rules(rubrics, talk):
    empathy = rubrics["empathy"]
    told = (
        "my brother sold the boat and nobody asked me and i found out from the harbour master " * 5
    )
    reply = "so you heard it from a stranger and your own brother had not said a word to you"
    without = empathy.model_copy(update={"points": {**empathy.points, "learned_share": 0.0}})
    levels = {
        score(talk(told, reply), [rubric]).utterances[0].rubrics["empathy"]
        for rubric in (empathy, without)
    }
    assert len(levels) == 1


@pytest.mark.parametrize(
    "told", ["...", "Dunno. Just stuff.", "You're about twelve. What's it to you?"]
)
def test_hardly_a_word_or_a_complaint_gives_a_level_that_no_session_counts(rubrics, talk, told):
    card = score(
        talk(told, "Not easy to put into words, or not with me yet."), [rubrics["empathy"]]
    )
    assert card.utterances[0].rubrics["empathy"] is not None
    assert card.rubrics[0].score is None
