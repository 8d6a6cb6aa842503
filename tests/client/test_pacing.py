"""Who has the floor: the classification of what is sent while the client speaks."""

import pytest

from alliance_sim.client.pacing import Reason, Standing, classify
from alliance_sim.coding.coder import code
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.transcript import Floor

WORDS = clauses(
    "So I told her the boiler was fine, and she said it was cold, and I said put a sweater on. "
    "[pause] And that was the last thing, really, that was the last thing I said to her."
)


def standing(shown: int, *, elapsed: float = 0.0, finished: bool = False) -> Standing:
    return Standing(clauses=WORDS, shown=shown, finished=finished, elapsed=elapsed)


def sent(text: str, where: Standing, **more) -> Floor | None:
    options = {"wpm": 160, "same_topic": False} | more
    return classify(where, code(text), text, **options)


def test_a_reply_after_the_end_is_no_interruption():
    assert sent("What happened then?", standing(len(WORDS), finished=True)) is None


@pytest.mark.parametrize("text", ["Mm-hm.", "Go on.", "mhm", "Right."])
def test_a_backchannel_leaves_the_floor_with_the_client(text):
    assert sent(text, standing(1)) is Floor.BACKCHANNEL


def test_anything_else_before_the_end_takes_the_floor():
    assert sent("Right, but have you tried calling her since?", standing(2)) is Floor.TAKING


def test_coming_in_on_the_last_two_words_is_a_transition():
    short = clauses("I said it was fine, and then I left the house. So there.")
    where = Standing(clauses=short, shown=len(short) - 1, finished=False)
    assert where.left <= 2
    assert sent("You left it there.", where) is Floor.TRANSITION


def test_the_end_of_an_authored_line_is_a_place_to_come_in():
    lines = (*clauses("Yeah."), *clauses("The thing with the boiler is it never was the boiler."))
    where = Standing(clauses=lines, shown=1, finished=False)
    assert where.left > 2
    assert sent("It was never about the boiler at all, was it?", where) is Floor.TRANSITION


def test_a_short_clarification_on_the_same_topic_is_rapport():
    assert sent("The boiler, you mean?", standing(2), same_topic=True) is Floor.RAPPORT
    long = "The boiler, you mean, or something else about that house?"
    assert sent(long, standing(2), same_topic=True) is Floor.TAKING


def test_a_reason_counts_only_when_it_is_announced():
    asks = "I'm going to pause you there: are you having thoughts of killing yourself?"
    assert sent(asks, standing(2), reason=Reason.RISK) is Floor.JUSTIFIED
    assert sent(asks, standing(2)) is Floor.TAKING
    assert sent("So what about your job?", standing(2), reason=Reason.RISK) is Floor.TAKING


def test_words_heard_and_left_add_up_and_pauses_are_seen():
    total = sum(clause.words for clause in WORDS)
    for shown in range(len(WORDS) + 1):
        where = standing(shown)
        assert where.heard + where.left == total
    flagged = next(i for i, clause in enumerate(WORDS) if clause.flagged)
    assert standing(flagged + 1).in_flagged_pause
    assert not standing(flagged).in_flagged_pause


def test_time_left_counts_down_with_the_clause_being_spoken():
    full = standing(len(WORDS)).seconds_left(160)
    assert full > 0
    assert standing(len(WORDS), elapsed=full).seconds_left(160) == pytest.approx(0)


def test_silence_after_the_last_word_is_no_time_of_the_clients():
    last = Standing(clauses=WORDS, shown=len(WORDS), finished=False, elapsed=0.0)
    words = WORDS[-1].words * 60 / 160
    assert last.seconds_left(160) == pytest.approx(words)
    done = clauses("I said it was fine, and that was that. [long pause]")
    assert Standing(clauses=done, shown=len(done), finished=False).seconds_left(160) == 0
