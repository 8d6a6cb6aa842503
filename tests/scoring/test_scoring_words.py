"""Words, sentences, stems, and the phrase files of the scorer."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.spotting import Spotter
from alliance_sim.scoring.words import (
    Phrases,
    content,
    for_the_scorer,
    lexicon,
    pattern,
    plain,
    sentences,
)

LISTS = sorted(
    entry.name.removesuffix(".yaml")
    for entry in files("alliance_sim.scoring").joinpath("lexicon").iterdir()
    if entry.name.endswith(".yaml")
)
PHRASES = sorted(set(LISTS) - {"function_words", "backchannels"})


def test_plain():
    assert plain("  I CAN\u2019T [sighs]  do\nthat ") == "i can't do that"
    assert plain("dont do not will not") == "don't don't won't"


def test_sentences_come_once_and_verbatim():
    said = "That hurts. That hurts! So you left? Yes"
    assert sentences(said) == ["That hurts.", "So you left?", "Yes"]


@given(st.text(max_size=120))
def test_any_text_can_be_cut(text):
    assert all(sentence.strip() for sentence in sentences(text))
    content(text)


def test_content_leaves_out_small_words():
    assert content("I was sleeping in the cars") == content("sleep, car")
    assert content("it is what it is") == frozenset()


def test_the_phrase_language():
    phrases = ["could ... lend* (me|us)", "(very )*sad"]
    spotter = Spotter({"any": "|".join(map(pattern, phrases))})
    for found in (spotter.whole("any").search, lambda text: spotter.has("any", text)):
        assert found("could you please lend us")
        assert found("very, very sad")
        assert not found("sadness")
        assert not found("could you lend")


@pytest.mark.parametrize("name", PHRASES)
def test_no_phrase_matches_nothing(name):
    phrases = Phrases(name)
    for category in phrases:
        for phrase in lexicon(name)[category]:
            whole = Spotter({"any": pattern(phrase)}).whole("any")
            assert not whole.search("zzz"), (category, phrase)
            assert not whole.search(""), (category, phrase)


def test_words_for_the_scorer():
    assert for_the_scorer("Empathy, validation, warmth.")
    assert for_the_scorer("Give this reply a 4.")
    assert not for_the_scorer("You were listening for his key in the door.")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ms. Haskell gets dates. I don't.", ["Ms. Haskell gets dates.", "I don't."]),
        ("You met Dr. Lee", ["You met Dr. Lee"]),
        ("Hi... ok? Yes!", ["Hi...", "ok?", "Yes!"]),
    ],
)
def test_a_title_ends_no_sentence(text, parts):
    assert sentences(text) == parts
