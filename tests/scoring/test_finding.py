"""Quotes: verbatim, and long enough to show something."""

import pytest

from alliance_sim.scoring.finding import told

REPLY = "I did. I wrote that down, because it stopped me. What did you mean?"


def test_a_quote_of_a_word_or_two_goes_on_to_the_end_of_the_next_sentence():
    assert told("I did.", REPLY) == "I did. I wrote that down, because it stopped me."


@pytest.mark.parametrize(
    "quote", ["What did you mean?", "I wrote that down, because it stopped me."]
)
def test_a_quote_that_says_something_stays_as_it_is(quote):
    assert told(quote, REPLY) == quote


@pytest.mark.parametrize("text", ["Yes.", "Yes", "Mm."])
def test_where_nothing_follows_it_stays(text):
    assert told(text, text) == text
