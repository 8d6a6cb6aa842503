"""How the scorer reads single sentences: what asks, what tells, what says back, what is put to the
trainee; and captions without punctuation.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.transcript import Opportunity, Speaker, Transcript, Utterance
from alliance_sim.scoring.asking import Asks, aim, asks
from alliance_sim.scoring.captions import pieces
from alliance_sim.scoring.directed import captioned, held_against, put_to_trainee
from alliance_sim.scoring.rules import score
from alliance_sim.scoring.sentence import Kind, read

CLIENT = "They moved me to nights. Nobody asked, and I lie awake till the school bus comes."


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("You lie there waiting for somebody to ask.", Kind.REFLECT),
        ("Awake with the school bus, and not one word beforehand.", Kind.REFLECT),
        ("A little too quiet everywhere, so that nothing has to be said.", Kind.REFLECT),
        ("Half of your nights belong to a list you never saw.", Kind.REFLECT),
        ("You should talk to your manager.", Kind.ADVICE),
        ("You could always apply somewhere else.", Kind.ADVICE),
        ("Medication can help with sleep.", Kind.INFORM),
        ("There are several treatments for it.", Kind.INFORM),
        ("I'd rather go slowly.", Kind.OWN),
        ("No wonder you're worn out.", Kind.VALIDATE),
        ("What is it like, lying there?", Kind.EXPLORE),
        ("How many hours do you sleep?", Kind.QUESTION),
        ("Do you drink coffee?", Kind.QUESTION),
        ("At least you have a job.", Kind.DISMISS),
        ("The judge made you come, on top of the nights.", Kind.REFLECT),
    ],
)
def test_kind_of_a_sentence(sentence, kind):
    assert read(sentence, CLIENT)[0].kind is kind


@pytest.mark.parametrize(
    ("question", "particular", "after"),
    [
        ("What was that like for you?", False, Asks.OPEN),
        ("What was it like on the stairs?", True, Asks.EXPERIENCE),
        ("When did it start?", True, Asks.FACT),
        ("What happened?", True, Asks.OPEN),
    ],
)
def test_what_a_question_is_after(question, particular, after):
    assert asks(question)
    assert aim(question, particular) is after


def test_a_statement_that_begins_with_what_is_no_question():
    assert not asks("What you wanted was for somebody to ask.")


def test_captions_are_cut_where_a_sentence_begins():
    said = "okay so it sounds like the nights are wearing you down what have you tried so far"
    assert captioned(said)
    assert pieces(said)[-1] == "what have you tried so far"
    assert " ".join(pieces(said)) == said


@given(st.text(max_size=200))
def test_pieces_lose_no_words(text):
    assert " ".join(" ".join(pieces(text)).split()) == " ".join(text.split())


@pytest.mark.parametrize(
    "said",
    [
        "Would you mind keeping this key for me?",
        "I've got two seats for Saturday.",
        "My landlord needs someone to vouch for me.",
        "Lend me a tenner till Friday.",
    ],
)
def test_put_to_the_trainee(said):
    assert put_to_trainee(said)


@pytest.mark.parametrize("said", ["Can you explain that again?", "We went to the park.", "Okay."])
def test_not_put_to_the_trainee(said):
    assert not put_to_trainee(said)


@pytest.mark.parametrize(
    "said",
    ["You cut me off.", "Is this going anywhere?", "Don't give me that face.", "That was cruel."],
)
def test_held_against_the_trainee(said):
    assert held_against(said)


def test_not_held_against_the_trainee():
    assert not held_against("We went to the park and fed the ducks.")


@pytest.mark.parametrize(
    ("client", "reply"),
    [
        ("I'm fine, thanks, how are you?", "Good. Shall we begin?"),
        ("[She stands in the door.] I'm scared of this, I didn't sleep.", "Come in, have a seat."),
    ],
)
def test_arriving_is_no_affect_turn(rubrics, talk, client, reply):
    card = score(talk(client, reply), [rubrics["empathy"]])
    assert card.utterances[0].rubrics["empathy"] is None


def test_exploring_between_reflections_costs_less_than_the_plain_mean(rubrics, talk):
    deep, plain = "No say in any of it; no wonder you lie awake.", "How many hours do you sleep?"
    empathy = rubrics["empathy"]
    mean_only = empathy.model_copy(update={"points": {**empathy.points, "better_half": 0.0}})
    lines = [CLIENT, deep, "I keep it to myself, and I hate them for it.", plain]
    weighed, mean = (
        score(talk(*lines), [rubric]).rubrics[0].score for rubric in (empathy, mean_only)
    )
    assert weighed > mean


def test_length_of_a_session_earns_nothing(rubrics, talk):
    replies = ["You lie there, and nobody asked you.", "How many hours do you sleep?"]
    once = [line for reply in replies for line in (CLIENT, reply)]
    short = score(talk(*once), [rubrics["empathy"]]).rubrics[0].score
    other = [f"{n} {line}" if n % 2 == 0 else line for n, line in enumerate(once * 3)]
    assert score(talk(*other), [rubrics["empathy"]]).rubrics[0].score <= short + 0.01


@pytest.mark.parametrize("rubric_id", ["boundaries", "i_statements"])
@pytest.mark.parametrize("reply", ["The rain has stopped.", "Tell me about the dog.", "Who else?"])
def test_a_moment_that_the_scenario_marks_always_has_a_level(rubrics, rubric_id, reply):
    marked = Opportunity(rubric=rubric_id, source="event:shelf")
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text="The shelf.", opportunities=(marked,)),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    )
    card = score(Transcript(transcript_id="t", utterances=said), [rubrics[rubric_id]])
    assert card.utterances[0].rubrics[rubric_id] is not None
