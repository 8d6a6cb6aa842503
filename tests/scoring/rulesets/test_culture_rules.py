"""Cultural humility: cues by dimension, harm, and what exploring adds."""

from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.culture import dimensions
from alliance_sim.scoring.rules import score

CUE = "At our mosque people don't talk about this, not in my family."


@pytest.fixture(scope="module")
def rubric():
    path = Path(__file__).resolve().parents[3] / "rubrics" / "cultural_humility.yaml"
    return Rubric.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture
def level(rubric, talk):
    def of(client, reply):
        return score(talk(client, reply), [rubric]).utterances[0].rubrics["cultural_humility"]

    return of


@pytest.mark.parametrize(
    ("text", "dimension"),
    [
        ("I prayed about it.", "faith"),
        ("English isn't my first language.", "language"),
        ("Since the visa came I don't sleep.", "migration"),
        ("I'm the only Black woman on the ward.", "race"),
        ("We're working class, we get on with it.", "class"),
        ("I'm a lesbian and they know.", "sexuality"),
        ("My pronouns are they and them.", "gender"),
        ("I use a wheelchair now.", "disability"),
        ("At my age you don't start again.", "age"),
        ("The eldest son pays for everyone.", "family"),
        ("Everyone knows everyone in my community.", "community"),
    ],
)
def test_dimensions(text, dimension):
    assert dimension in dimensions(text)


@pytest.mark.parametrize(
    "text",
    [
        "The bus was late again.",
        "I had soup and went to bed.",
        "He rang me on Monday.",
        "Oh my God, the noise of it.",
        "For God's sake, he was only late.",
        "Thank God it was the last bus.",
    ],
)
def test_no_cue(text):
    assert not dimensions(text)


def test_the_anchors_are_in_order(level):
    replies = [
        "In your culture people don't talk, do they.",
        "How did you sleep?",
        "At your mosque they don't talk about it.",
        "What does it mean to you, that your family doesn't talk about this?",
        (
            "I don't know your mosque, so tell me if I get it wrong. What does it mean to your "
            "family not to talk, and how can we work so that it fits with that?"
        ),
    ]
    levels = [level(CUE, reply) for reply in replies]
    assert levels == sorted(levels)
    assert len(set(levels)) == len(levels)
    assert levels[0] == 0
    assert levels[-1] > 3.3


def test_not_wanting_to_see_is_harm(level):
    assert level("I'm the only Black nurse here.", "I don't see colour, we're all human.") < 0.5


def test_the_clients_own_words_are_no_stereotype(level):
    assert level("You people don't get us.", "'You people': who do you see when you say it?") > 1


def test_a_slip_that_is_mended_is_credit(level):
    slip = "It's 'they', you said 'she'."
    assert level(slip, "I used the wrong word. They. What's it like to have to say so?") > 2.5
    assert level(slip, "Sorry, it's tricky for me, so you'll have to forgive me.") < 1.5


def test_identity_unprompted_is_not_counted(rubric, talk):
    card = score(talk("The bus was late.", "What does your faith say about that?"), [rubric])
    assert card.rubric("cultural_humility").score is None


def test_a_passing_word_that_is_passed_by_is_not_counted(rubric, talk):
    card = score(talk("I go to church on Sundays.", "How did you sleep?"), [rubric])
    assert card.rubric("cultural_humility").score is None
    assert card.utterances[0].rubrics["cultural_humility"] is not None


def test_what_only_a_reading_finds_counts_where_the_reply_takes_it_up(rubric, talk):
    told = "My mum thinks a stranger should not hear this, it stays with your own people."
    taken = "I don't know how that goes with your own people. What does it mean to tell me?"
    passed = "How did you sleep?"
    found = [
        score(talk(told, reply), [rubric]).rubric("cultural_humility") for reply in (taken, passed)
    ]
    assert found[0].score is not None
    assert found[1].score is None
