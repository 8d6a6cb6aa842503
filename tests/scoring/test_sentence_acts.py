"""Learned readings of sentences: the signals, the weights' file, and what a reply is read as."""

from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.lanes import weighed
from alliance_sim.scoring.sentence_acts import (
    FINE,
    LISTS,
    Model,
    ending,
    packed,
    read,
    shares,
    unpacked,
)
from alliance_sim.scoring.sentence_signals import signals, tokens
from alliance_sim.scoring.words import phrases_of


def test_endings_are_parted_and_marks_are_one():
    assert tokens("i'll keep it; you can't") == ["i", "'ll", "keep", "it", ",", "you", "can't"]


def test_a_question_is_seen_apart_from_a_statement():
    lists = phrases_of()
    asked = set(weighed(signals("You need a lift?", lists)))
    told = set(weighed(signals("You need a lift.", lists)))
    assert not asked & told


@given(st.text(max_size=200))
def test_any_text_has_signals_once_each(text):
    numbers = [*chain(*signals(text, phrases_of()).values())]
    assert len(numbers) == len(set(numbers))


def test_weights_survive_the_file():
    model = Model(("a", "b"), (0.5, -0.25), 0.125, {7: (-128, 127), 2**22 - 1: (1, 0)})
    again = unpacked(packed({"x": model, "y": model}))
    assert again == {"x": model, "y": model}


@pytest.mark.parametrize("name", LISTS)
def test_shares_sum_to_one(name):
    found = shares(name, "I could not say, what do you think?")
    assert sum(found.values()) == pytest.approx(1)
    assert FINE in found


@pytest.mark.parametrize(
    ("model", "reply", "act"),
    [
        ("boundaries", "Sure, swing by my place on Sunday and I'll cook.", "grant"),
        ("boundaries", "That is highly inappropriate and against our policy.", "harsh"),
        ("boundaries", "My husband left me and I cried for a year.", "share"),
        ("i_statements", "You never do anything I suggest.", "blame"),
        ("i_statements", "I feel that you're hiding behind your job.", "disguised"),
        ("i_statements", "I was only trying to help you.", "defensive"),
    ],
)
def test_what_is_not_in_order(model, reply, act):
    reading = read(model, reply)
    assert reading.wrong > 0.5
    assert reading.act == act
    assert reading.sentence in reply
    assert sum(reading.acts.values()) == pytest.approx(reading.wrong)


@pytest.mark.parametrize(
    ("model", "reply"),
    [
        ("boundaries", "I don't meet outside. What would you have liked to talk about there?"),
        ("i_statements", "I lost the thread, and I'd like to hear it again."),
    ],
)
def test_what_is_in_order(model, reply):
    assert read(model, reply).wrong < 0.3


def test_silence_is_in_order():
    reading = read("boundaries", "[nods]")
    assert (reading.wrong, reading.sentence, reading.act) == (0.0, "", FINE)


def test_only_the_end_of_a_turn_is_read():
    assert ending("One. Two. Three. Four. Five.") == "Two. Three. Four. Five."
