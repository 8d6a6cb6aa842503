"""What the reading of danger looks at: words, concepts, and concepts near one another."""

from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.coding.hashing import bucket
from alliance_sim.scoring.client_signals import REACH, SPAN, client_signals, spans
from alliance_sim.scoring.lanes import weighed
from alliance_sim.scoring.words import lexicon


def numbers(text):
    return set(weighed(client_signals(text)))


@given(st.text(max_size=300))
def test_any_text_has_signals_once_each(text):
    found = [*chain(*client_signals(text).values())]
    assert len(found) == len(set(found))


def test_a_concept_is_seen_in_any_of_its_words():
    tablets = bucket("cg:medicine")
    assert tablets in numbers("I counted the tablets.")
    assert tablets in numbers("I counted the pill.")
    assert tablets not in numbers("I counted the geese.")


def test_concepts_count_together_only_where_they_are_near():
    together = bucket("cg:medicine storing")
    assert together in numbers("The pills are in the drawer.")
    assert together in numbers("In the drawer, there are pills.")
    far = " ".join(["geese"] * REACH)
    assert together not in numbers(f"The pills {far} drawer.")


def test_a_short_turn_is_one_part():
    assert spans("One. Two.") == ["One. Two."]
    assert spans("") == [""]


@given(st.lists(st.integers(1, SPAN + 20), min_size=1, max_size=8))
def test_a_long_turn_is_read_in_parts_that_leave_nothing_out(lengths):
    said = [" ".join([f"w{i}"] * words) + "." for i, words in enumerate(lengths)]
    text = " ".join(said)
    parts = spans(text)
    assert " ".join(parts) == text
    for part in parts:
        assert len(part.split()) <= SPAN or part in said


def test_every_concept_has_words_of_its_own():
    concepts = lexicon("concepts")
    assert all(line.split() for words in concepts.values() for line in words)
    assert len({tuple(words) for words in concepts.values()}) == len(concepts)
