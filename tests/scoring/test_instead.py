"""What could have been said: the author's words first, else the client's own turned round."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.transcript import Opportunity, Speaker, Transcript, Utterance
from alliance_sim.scoring.clause import MOST, said_back, turned
from alliance_sim.scoring.feelings import main_feeling, opposite
from alliance_sim.scoring.rules import score


@pytest.mark.parametrize(
    ("clause", "back"),
    [
        ("I was late for my shift", "you were late for your shift"),
        ("I'm not the man they want me to be", "you're not the man they want you to be"),
        ("My sister stopped calling me", "your sister stopped calling you"),
        ("She looked right through me", "she looked right through you"),
        ("I've lost the key that was mine", "you've lost the key that was yours"),
    ],
)
def test_turned(clause, back):
    assert turned(clause) == back


@pytest.mark.parametrize(
    ("said", "back"),
    [
        ("Well, my sister stopped calling me after the funeral.",
         "your sister stopped calling you after the funeral"),
        ("I don't know. I mean, I sit in the car before I can go in.",
         "you sit in the car before you can go in"),
        ("[looks away] Nobody asked me, and it was on the wall.", None),
        ("Do you have kids?", None),
        ("You never listen to me.", None),
        ("Yes.", None),
        ("", None),
    ],
)  # fmt: skip
def test_said_back(said, back):
    assert said_back(said) == back


@given(st.text(max_size=200))
def test_said_back_takes_any_text(text):
    clause = said_back(text)
    assert clause is None or 1 <= len(clause.split()) <= MOST


def test_feelings():
    assert main_feeling("I'm scared of the letter.") == "anxious"
    assert main_feeling("I'm supposed to be happy.") is None
    assert main_feeling("The bus was late.") is None
    assert opposite("You must be so happy!", "I got the promotion and I feel sick.")
    assert not opposite("You must be so happy!", "I'm happy, I slept through.")
    assert not opposite("You're relieved, and sad too.", "He's gone and I feel sad.")


def session(*weak, suggestions=()):
    said = []
    for client, reply in weak:
        opportunity = Opportunity(rubric="empathy", source="words", instead=tuple(suggestions))
        said.append(
            Utterance(
                turn=len(said), speaker=Speaker.CLIENT, text=client, opportunities=(opportunity,)
            )
        )
        said.append(Utterance(turn=len(said), speaker=Speaker.THERAPIST, text=reply))
    return Transcript(transcript_id="t", utterances=tuple(said))


def test_the_authors_words_that_fit_best_come_first_and_none_twice(rubrics):
    suggestions = ("The rota hangs over you.", "Your sister's silence hurts.")
    weak = [
        ("My sister has gone quiet since March.", "Okay. And work?"),
        ("My sister, again, not a word.", "I understand."),
    ]
    card = score(session(*weak, suggestions=suggestions), [rubrics["empathy"]])
    given = {suggestion.turn: suggestion.reply for suggestion in card.rubrics[0].instead}
    first = card.rubrics[0].instead[0]
    assert first.reply == "Your sister's silence hurts."
    assert set(given.values()) == set(suggestions)


def test_without_an_author_the_clients_own_words_are_used(rubrics, talk):
    card = score(
        talk("I'm so scared. I sit in the car before I can go in.", "At least you have a car."),
        [rubrics["empathy"]],
    )
    instead = card.rubrics[0].instead[0]
    assert "you sit in the car before you can go in" in instead.reply.lower()
    assert "anxious" in instead.reply
    assert "{" not in instead.reply
    assert instead.said == "At least you have a car."
    assert instead.why


def test_no_suggestion_comes_twice_while_others_are_left(rubrics, talk):
    lines = [line for n in range(3) for line in (f"It hurts. {n}.", "At least it's dry.")]
    replies = [i.reply for i in score(talk(*lines), [rubrics["empathy"]]).rubrics[0].instead]
    assert len(replies) == len(set(replies)) == 3


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("Can I text you at night?", "contact"),
        ("I brought you a present.", "gift"),
        ("Could you give me a lift home?", "drive"),
        ("Do you have kids?", "my own life"),
    ],
)
def test_boundary_suggestions_fit_the_request(rubrics, talk, asked, word):
    card = score(talk(asked, "Sure, why not, here you go."), [rubrics["boundaries"]])
    templates = " ".join(
        phrase for key, phrases in rubrics["boundaries"].phrases.items() for phrase in phrases
        if key.startswith("bait_")
    )  # fmt: skip
    instead = card.rubrics[0].instead[0]
    assert instead.reply in templates
    assert word in templates


def test_suggestions_are_good_by_the_rubric_itself(rubrics, talk):
    asked = {
        "bait_contact": "Can I have your number?",
        "bait_social": "Let's grab a coffee with you and me.",
        "bait_gift": "I brought you a present.",
        "bait_lift": "Could you give me a lift home?",
        "bait_personal": "Do you have kids?",
        "bait_time": "Can we have ten more minutes?",
        "bait_touch": "Can I have a hug?",
        "bait_money": "Could you lend me some money?",
    }
    for key, bait in asked.items():
        for phrase in rubrics["boundaries"].phrases[key]:
            card = score(talk(bait, phrase), [rubrics["boundaries"]])
            assert card.utterances[0].rubrics["boundaries"] >= 2.8, (key, phrase)


def test_nothing_general_is_held_against_a_statement_of_limits(rubrics, talk):
    limits = (
        "Before we start: what you tell me stays between us, with three exceptions. If you or "
        "somebody else is in serious danger, if a child is being harmed, or if a court orders it."
    )
    told = "I'm so scared. I sit in the car before I can go in."
    assert not score(talk(told, limits), [rubrics["empathy"]]).rubrics[0].instead
    assert score(talk(told, "At least you have a car."), [rubrics["empathy"]]).rubrics[0].instead
