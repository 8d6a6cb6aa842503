"""Words that fit anyone move a client once; words about this client move them every time."""

import pytest

from alliance_sim.client.hollow import KIND_MOVES, hollow, unmoved_by
from alliance_sim.client.memory import Memory
from alliance_sim.domain.events import TraineeSent


def after(*said):
    """The memory in which replies were sent, the last of them just now."""
    memory = Memory()
    for turn, text in enumerate(said):
        memory = memory.fold(TraineeSent(turn=2 * turn + 1, text=text))
    return memory


@pytest.mark.parametrize(
    "text",
    [
        "I hear you. That must be really tough.",
        "Thanks for sharing this with me today.",
        "Your feelings are completely valid.",
        "That sounds overwhelming, and I appreciate your honesty.",
    ],
)
def test_phrases_that_fit_anyone_are_hollow(text):
    assert hollow(text)


@pytest.mark.parametrize(
    "text",
    [
        "You sat in the truck until her light went out.",
        "That sounds lonely.",
        "No wonder you keep the phone face up.",
        "Three of them left, and you're counting.",
    ],
)
def test_words_about_this_client_are_not(text):
    assert not hollow(text)


def test_silence_is_no_phrase():
    assert not hollow("...")


def test_the_first_kind_word_is_taken_kindly():
    assert unmoved_by("I hear you.", after("Hello, come in.", "I hear you.")) == frozenset()


def test_the_second_moves_nobody():
    memory = after("I hear you.", "That must be so hard.")
    assert unmoved_by("That must be so hard.", memory) == KIND_MOVES


def test_the_same_words_again_move_nobody():
    said = "You miss the dog more than the house."
    assert unmoved_by(said, after(said, "What was he called?", said)) == KIND_MOVES


def test_particular_words_after_a_phrase_count():
    memory = after("I hear you.", "You miss the dog more than the house.")
    assert unmoved_by("You miss the dog more than the house.", memory) == frozenset()
