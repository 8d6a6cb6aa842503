"""Rupture repair: the steps, what spoils them, and the session's score."""

from pathlib import Path

import pytest
import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.rules import score

COMPLAINT = "You're not listening to me. You just went on."
OWNED = "I did go on, and I missed you. It makes sense you'd be angry. What did I talk over?"


@pytest.fixture(scope="module")
def rubric():
    path = Path(__file__).resolve().parents[3] / "rubrics" / "rupture_repair.yaml"
    return Rubric.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@pytest.fixture
def level(rubric, talk):
    def of(*lines):
        return score(talk(*lines), [rubric]).utterances[-1].rubrics["rupture_repair"]

    return of


@pytest.fixture
def session(rubric, talk):
    def of(*lines):
        return score(talk(*lines), [rubric]).rubric("rupture_repair")

    return of


def test_the_anchors_are_in_order(level):
    replies = [
        "This is your pattern with everyone. You always attack.",
        "Anyway, let's get back to the worksheet.",
        "I'm so sorry, I feel terrible.",
        "You're right to say so. What was it like when I went on?",
        OWNED,
    ]
    levels = [level(COMPLAINT, reply) for reply in replies]
    assert levels == sorted(levels)
    assert len(set(levels)) == len(levels)
    assert levels[0] < 0.7
    assert levels[-1] > 3.2


def test_helping_words_are_defence(level):
    assert level(COMPLAINT, "I was only helping.") < 1.2
    assert level(COMPLAINT, "I was listening. I've been doing this for ten years.") < 1.2


def test_an_apology_for_feelings_is_none(level):
    sorry = level(COMPLAINT, "I'm sorry you feel that way.")
    assert sorry < level(COMPLAINT, "I'm sorry I went on.")


def test_a_polite_yes_is_not_taken_for_one(level):
    polite = "Fine. Whatever you say."
    assert level(polite, "Great, so let's start with the list.") < 1.2
    assert level(polite, "That 'fine' sounded like a door closing. What did I do?") > 2.5


def test_a_client_who_comes_back_adds_a_little(rubric, talk):
    cold = score(talk(COMPLAINT, OWNED, "Whatever."), [rubric])
    back = score(
        talk(COMPLAINT, OWNED, "When I told you about the house, I was still in the middle of it."),
        [rubric],
    )
    first = cold.utterances[0].rubrics["rupture_repair"]
    assert back.utterances[0].rubrics["rupture_repair"] >= first


def test_an_attack_is_not_undone_by_a_later_repair(session):
    repaired = session(COMPLAINT, OWNED, "Okay.")
    attacked = session(COMPLAINT, "You always do this, it's your pattern.", COMPLAINT, OWNED)
    assert attacked.score < repaired.score


def test_one_short_answer_is_no_rupture_and_a_run_is(session):
    once = session("We moved in May, all of us.", "How was it?", "Fine.", "And the house?")
    assert once.score is None
    run = session(
        "Fine.", "How was it?", "Okay.", "And the house?", "Fine.", "And the school?", "Mm.",
        "So how is the garden?",
    )  # fmt: skip
    assert run.score is not None
    assert run.score < 2


def test_nothing_came_between_them(session):
    assert "Nothing in this session" in session("My cat had kittens.", "How many?").why_null
