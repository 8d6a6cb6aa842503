"""What a reply says back, against what the client told."""

import pytest

from alliance_sim.scoring.recall import Recall

TOLD = "My brother Danny rang. He wants to sell the flat. Our aunt Rose hasn't been asked."


def heard(*turns):
    recall = Recall()
    for turn in turns:
        recall.hear(turn)
    return recall


@pytest.mark.parametrize(
    ("told", "reply"),
    [
        (TOLD, "Your sister Danny wants to sell."),
        (TOLD, "So Rose wants to sell the flat."),
        ("My brother got the house.", "Your sister got the house, then."),
        ("Mark is fine. It's Lily, she stays in her room.", "Mark stays in his room."),
        ("We've been married nine years.", "Married six years, and now this."),
    ],
)
def test_a_wrong_fact_is_found(told, reply):
    recall = heard(told)
    assert recall.check(reply) == reply
    assert (recall.right, recall.wrong) == (0, 1)


@pytest.mark.parametrize(
    ("told", "reply"),
    [
        (TOLD, "Danny wants to sell the flat."),
        (TOLD, "Your brother has it half sold."),
        ("Mark is fine. It's Lily, she stays in her room.", "Lily is in her room."),
        ("We've been married nine years.", "Nine years married, and now this."),
    ],
)
def test_a_right_fact_is_counted(told, reply):
    recall = heard(told)
    assert recall.check(reply) is None
    assert (recall.right, recall.wrong) == (1, 0)


@pytest.mark.parametrize(
    "reply",
    ["What was that like?", "Your mother might see it differently.", "That was a long night.", ""],
)
def test_what_cannot_be_checked_is_left_alone(reply):
    recall = heard(TOLD)
    assert recall.check(reply) is None
    assert (recall.right, recall.wrong) == (0, 0)


def test_facts_are_kept_over_turns():
    recall = heard(TOLD, "The weather was awful.", "I couldn't sleep.")
    assert recall.check("Your sister Danny again?") is not None
