"""Turns out of the ordinary: words to a machine, danger, a repair, the last minutes."""

import pytest

from alliance_sim.client.memory import Memory
from alliance_sim.client.state import is_closed
from alliance_sim.client.turn import Heard, SimulatedClient
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main, Mark
from alliance_sim.domain.events import Act
from alliance_sim.domain.scenario import Reaction
from alliance_sim.domain.state import Phase


def coded(*codes: Code, marks=()) -> CodedReply:
    spans = tuple(CodedSpan(code=code, p=0.9, words="") for code in codes)
    return CodedReply(main=Main.OTHER, codes=spans, marks=frozenset(marks))


@pytest.fixture
def wary(library):
    return SimulatedClient(library.scenario("wary"), 3)


def memory(**more) -> Memory:
    return Memory(**({"opened": True, "turns": 4, "topic": "work"} | more))


def answer(client, text, reply, remembered, state=None):
    heard = Heard(text=text, coded=reply, floor=None, turn=9)
    return client.answer(heard, remembered, state or client.start)[1]


def pools(said):
    return [line.rsplit("/", 1)[0] for line in said.lines]


MACHINE = coded(marks=(Mark.NONSENSE, Mark.MACHINE))
MASHED = coded(marks=(Mark.NONSENSE,))


def test_words_to_a_machine_and_words_of_nobody_are_met_differently(wary):
    assert pools(answer(wary, "Be my calculator.", MACHINE, memory())) == ["reaction/machine"]
    assert pools(answer(wary, "asdf", MASHED, memory())) == ["reaction/nonsense"]


def test_no_line_about_machines_answers_words_of_nobody(library):
    for scenario in (library.scenario(name) for name in ("wary", "trauma", "mandated")):
        lines = " ".join(scenario.reactions[Reaction.NONSENSE])
        assert not {"robot", "AI", "script", "instructions"} & set(lines.replace("?", " ").split())


def test_a_client_without_lines_for_a_machine_is_puzzled(library):
    scenario = library.scenario("wary")
    kept = {kind: lines for kind, lines in scenario.reactions.items() if kind != Reaction.MACHINE}
    client = SimulatedClient(scenario.model_copy(update={"reactions": kept}), 3)
    assert pools(answer(client, "Be my calculator.", MACHINE, memory())) == ["reaction/nonsense"]


@pytest.mark.parametrize("reply", [MACHINE, MASHED])
def test_first_words_that_nobody_understands_do_not_bring_the_opening(wary, reply):
    first = answer(wary, "asdf", reply, Memory(turns=1))
    assert first.act is Act.DEFLECT
    assert pools(answer(wary, "asdf", reply, Memory(turns=2))) == ["opening"]


def test_what_was_explained_is_answered_where_the_question_is_about_just_that(wary):
    text = "What you say stays here, with three exceptions. Is there anything you'd ask about that?"
    reply = coded(Code.LIMITS_STATED, Code.ORIENT, Code.QUESTION_OPEN)
    assert pools(answer(wary, text, reply, memory(topic="room"))) == ["reaction/limits"]


def test_what_one_owns_is_answered_before_any_subject_that_its_question_brushes(library):
    client = SimulatedClient(library.scenario("trauma"), 3)
    text = "I noticed you went quiet. I may have gone too fast. Where did I lose you?"
    reply = coded(Code.OWN_PART, Code.IMMEDIACY, Code.QUESTION_OPEN)
    assert pools(answer(client, text, reply, memory(topic="body"))) == ["reaction/own_part"]
    reply = coded(Code.OWN_PART, Code.QUESTION_OPEN)
    text = "I may have gone too fast there. How do you sleep these days?"
    assert answer(client, text, reply, memory(topic="body")).topic == "sleep"


def test_an_offer_of_ground_is_answered_as_one(library):
    client = SimulatedClient(library.scenario("trauma"), 3)
    reply = coded(Code.GROUND, Code.QUESTION_CLOSED)
    text = "Shall we put both feet on the floor for a minute?"
    assert pools(answer(client, text, reply, memory(topic="goals"))) == ["reaction/grounding"]


def test_an_apology_for_what_just_hurt_is_answered_before_anything_new(library):
    client = SimulatedClient(library.scenario("trauma"), 3)
    sorry, pressed = coded(marks=(Mark.APOLOGY,)), coded(Code.PRESS_DETAIL)
    text = "I'm sorry. That was too much."
    for turns in range(6, 20):
        after_hurt = memory(turns=turns, coded=(pressed, sorry))
        assert pools(answer(client, text, sorry, after_hurt)) == ["reaction/own_part"]
    of_a_death = memory(coded=(coded(Code.QUESTION_OPEN), sorry))
    assert "reaction/own_part" not in pools(answer(client, "I'm so sorry.", sorry, of_a_death))


def test_no_quip_answers_words_of_the_trainees_own_danger(wary):
    reply = coded(Code.SELF_DISCLOSURE, marks=(Mark.OWN_RISK,))
    said = answer(wary, "I want to kill myself.", reply, memory())
    assert pools(said) == ["reaction/unclear"]
    asked = coded(Code.RISK_QUESTION, marks=(Mark.OWN_RISK,))
    text = "You said, I want to kill myself. Is that how it is now?"
    assert pools(answer(wary, text, asked, memory())) != ["reaction/unclear"]


def test_how_something_proposed_sits_with_the_client_is_what_is_answered(wary):
    text = "I'd talk it over with my supervisor, so neither of us is alone. How does that sit?"
    reply = coded(Code.SEEK_COLLABORATION, Code.QUESTION_OPEN)
    assert pools(answer(wary, text, reply, memory())) == ["reaction/collaboration"]


@pytest.mark.parametrize(
    "text",
    [
        "What would you like to take from today?",
        "Before we stop: what will you take home with you?",
        "What stood out for you?",
        "How was today for you?",
    ],
)
def test_what_the_hour_leaves_behind_has_an_answer_of_its_own(wary, text):
    said = answer(wary, text, coded(Code.QUESTION_OPEN), memory())
    assert pools(said) == ["reaction/takeaway"]


def test_taking_something_is_not_yet_taking_it_from_the_hour(wary):
    said = answer(wary, "What do you take at night?", coded(Code.QUESTION_OPEN), memory())
    assert "reaction/takeaway" not in pools(said)


HURT = {"rupture": True, "ruptures": 1}


@pytest.mark.parametrize(
    ("text", "marks", "heard"),
    [
        ("What did I get wrong?", (), True),
        ("How much sleep do you get?", (), False),
        ("How does that make you feel?", (Mark.STOCK,), False),
    ],
)
def test_only_a_question_about_the_two_begins_a_repair_that_is_heard(wary, text, marks, heard):
    state = wary.start.model_copy(update=HURT)
    said = answer(wary, text, coded(Code.QUESTION_OPEN, marks=marks), memory(), state)
    assert (pools(said) == ["rupture/repair_begun"]) is heard


def test_a_client_who_only_complies_still_answers_a_question_about_danger(library):
    client = SimulatedClient(library.scenario("mandated"), 3)
    lost = client.start.model_copy(update={"phase": Phase.COMPLIANT})
    warned = memory(used=("ending/warning/0",))
    asked = coded(Code.RISK_QUESTION, Code.QUESTION_CLOSED)
    said = answer(client, "Are you thinking of killing yourself?", asked, warned, lost)
    assert pools(said) == ["reaction/risk_asked"]
    said = answer(client, "How is work?", coded(Code.QUESTION_OPEN), warned, lost)
    assert pools(said) == ["ending/compliant"]


def test_nothing_new_happens_while_danger_is_on_the_table(library):
    client = SimulatedClient(library.scenario("trauma"), 3)
    about_risk = coded(Code.RISK_QUESTION, Code.QUESTION_CLOSED)
    for turns in range(6, 30):
        late = memory(turns=turns, topic="safety", coded=(about_risk,))
        text = "Thank you for telling me straight."
        assert answer(client, text, coded(Code.AFFIRM), late).event is None


def test_questions_about_danger_make_no_run_of_closed_questions():
    assert is_closed(coded(Code.QUESTION_CLOSED))
    assert not is_closed(coded(Code.QUESTION_CLOSED, Code.RISK_QUESTION))


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("It begins at the weekend, even then. Is that right?", "work"),
        ("Something weighs on you. Is it your mother?", "mother"),
    ],
)
def test_a_question_whether_one_has_understood_is_about_what_was_said(wary, text, topic):
    said = answer(wary, text, coded(Code.QUESTION_CLOSED), memory())
    assert said.topic == topic
