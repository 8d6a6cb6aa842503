"""Where the two have come apart, by the client's words."""

import pytest

from alliance_sim.scoring.rupture import Strain, minimal, strain


@pytest.mark.parametrize(
    "text",
    [
        "You're not listening to me.",
        "You don't understand anything I say.",
        "You sounded just like my father when you said that.",
    ],
)
def test_complaints_to_the_trainee_are_plain(text):
    assert strain(text) is Strain.PLAIN


@pytest.mark.parametrize(
    "text",
    [
        "Okay. It was very useful.",
        "You're the expert, I'll do whatever you think.",
        "Forget it. It doesn't matter.",
        "[She folds her arms.] Sure.",
    ],
)
def test_withdrawal_is_possible(text):
    assert strain(text) is Strain.POSSIBLE


@pytest.mark.parametrize(
    "text",
    [
        "My sister called on Sunday and we talked about the garden for an hour.",
        "He never listens to me when the match is on.",
        "I started the new job and I like the people there.",
    ],
)
def test_stories_are_none(text):
    assert strain(text) is Strain.NONE


def test_a_word_or_two_is_minimal():
    assert minimal("Mm. Yeah.")
    assert minimal("[shrugs]")
    assert not minimal("Yeah, he left on Monday.")
