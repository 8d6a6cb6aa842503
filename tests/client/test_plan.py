"""What the client does with a turn: events met and asked past, handing over, going on unasked."""

import pytest

from alliance_sim.client.memory import Memory
from alliance_sim.client.turn import Heard, SimulatedClient
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main, Mark
from alliance_sim.domain.events import Act, Ending
from alliance_sim.domain.scenario import EventKind, Reaction
from alliance_sim.domain.state import Phase


def coded(*codes: Code, marks=()) -> CodedReply:
    spans = tuple(CodedSpan(code=code, p=0.9, words="") for code in codes)
    return CodedReply(main=Main.OTHER, codes=spans, marks=frozenset(marks))


@pytest.fixture
def wary(library):
    return SimulatedClient(library.scenario("wary"), 3)


def event_of(client, kind):
    return next(event for event in client.scenario.events if event.kind is kind)


def memory(**more) -> Memory:
    return Memory(**({"opened": True, "turns": 4, "topic": "work"} | more))


def answer(client, text, reply, remembered, state=None):
    heard = Heard(text=text, coded=reply, floor=None, turn=9)
    return client.answer(heard, remembered, state or client.start)[1]


def test_an_event_is_met_and_then_the_other_question_of_the_reply_is_answered(wary):
    bait = next(event for event in wary.scenario.events if event.id == "could_i_text")
    reply = coded(Code.BOUNDARY_HOLD, Code.QUESTION_OPEN)
    text = "I don't text between sessions, so that this hour stays ours. How do you sleep?"
    said = answer(wary, text, reply, memory(pending=bait.id))
    assert said.act is Act.RESPOND
    assert said.lines[0].startswith(f"response/{bait.id}/met/")
    assert said.lines[1].startswith("topic/sleep/")
    assert said.topic == "sleep"


@pytest.mark.parametrize(
    "text",
    [
        "I don't text between sessions. What would it be like to text someone?",
        "I don't text between sessions. What would that mean to you?",
        "I don't text between sessions, even when somebody sleeps badly.",
    ],
)
def test_a_reply_that_stays_with_the_event_gets_its_response_alone(wary, text):
    reply = coded(Code.BOUNDARY_HOLD, *((Code.QUESTION_OPEN,) if "?" in text else ()))
    said = answer(wary, text, reply, memory(pending="could_i_text"))
    assert [line.rsplit("/", 1)[0] for line in said.lines] == ["response/could_i_text/met"]


def test_a_question_about_risk_is_no_other_matter_after_a_risk_cue(wary):
    cue = event_of(wary, EventKind.RISK_CUE)
    text = "Are you having thoughts of killing yourself?"
    reply = coded(Code.RISK_QUESTION, Code.QUESTION_CLOSED)
    said = answer(wary, text, reply, memory(pending=cue.id))
    assert len(said.lines) == 1
    assert said.lines[0].startswith(f"response/{cue.id}/met/")


HANDOVER = coded(marks={Mark.HANDOVER})
TEXT = "I'm going to call my supervisor, and we'll do it together."


def test_a_handover_ends_the_hour_when_the_client_has_just_raised_a_risk(wary):
    cue = event_of(wary, EventKind.RISK_CUE)
    said = answer(wary, TEXT, HANDOVER, memory(pending=cue.id))
    assert said.ending is Ending.SAFETY_HANDOVER


@pytest.mark.parametrize(("ago", "ends"), [(1, True), (3, True), (4, False)])
def test_a_handover_ends_the_hour_only_while_a_question_about_risk_is_recent(wary, ago, ends):
    asked = coded(Code.RISK_QUESTION)
    replies = (asked, *[coded(Code.QUESTION_OPEN)] * (ago - 1), HANDOVER)
    said = answer(wary, TEXT, HANDOVER, memory(coded=replies))
    assert (said.ending is Ending.SAFETY_HANDOVER) is ends


def test_a_handover_out_of_the_blue_ends_nothing(wary):
    assert answer(wary, TEXT, HANDOVER, memory(pending="could_i_text")).ending is None
    assert answer(wary, TEXT, HANDOVER, memory()).ending is None


def test_letting_the_first_turn_pass_brings_the_opening(wary):
    said = wary.go_on(Memory(), wary.start, 1)
    assert said.act is Act.OPEN
    assert said.lines == ("opening/0",)
    assert said.topic == wary.scenario.opening.topic


def test_letting_a_turn_pass_wins_nothing_back(wary, library):
    hurt = wary.start.model_copy(update={"rupture": True, "ruptures": 1})
    said = wary.go_on(memory(), hurt, 9)
    assert said.act is Act.WITHDRAW
    assert said.lines[0].startswith("rupture/standing/")
    mandated = SimulatedClient(library.scenario("mandated"), 3)
    lost = mandated.start.model_copy(update={"phase": Phase.COMPLIANT})
    said = mandated.go_on(memory(topic=None), lost, 9)
    assert said.act is Act.COMPLY
    assert said.lines[0].startswith("ending/compliant/")


def test_a_disclosure_is_told_on_the_topic_that_was_asked_about(library):
    client = SimulatedClient(library.scenario("wary"), 3)
    told = next(d for d in client.scenario.disclosures if len(d.topics) > 1 and not d.requires)
    trusting = client.start.model_copy(
        update={"trust": 95.0, "safety": 95.0, "arousal": client.profile.middle}
    )
    elsewhere = next(t.id for t in client.scenario.topics if t.id not in told.topics)
    for topic in told.topics:
        remembered = memory(topic=topic, disclosure_turn=-9)
        said = answer(client, "Mm. Stay with that.", coded(Code.VALIDATE), remembered, trusting)
        if said.disclosure:
            assert said.topic == topic
    remembered = memory(topic=elsewhere)
    said = answer(client, "Mm. Stay with that.", coded(Code.VALIDATE), remembered, trusting)
    assert said.disclosure != told.id


YES_OR_NEARLY = {Reaction.REFLECTION, Reaction.PERMISSION, Reaction.COLLABORATION}


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("You look at what's fine. What do you do after the shift?", False),
        ("You look at what's fine. Is that close?", True),
        ("You look at what's fine until it's fine again.", True),
    ],
)
def test_no_word_on_a_reflection_comes_before_the_answer_to_a_question(library, text, leads):
    led = set()
    for seed in range(12):
        client = SimulatedClient(library.scenario("wary"), seed)
        said = answer(client, text, coded(Code.REFLECTION_SIMPLE), memory(turns=2))
        led |= {line.split("/")[1] for line in said.lines if line.startswith("reaction/")}
    assert bool(led & YES_OR_NEARLY) is leads


def test_what_was_explained_names_no_topic_for_the_question_after_it(library):
    client = SimulatedClient(library.scenario("mandated"), 3)
    text = "I tell nobody unless a judge orders it, or a child is hurt. What would you add?"
    reply = coded(Code.LIMITS_STATED, Code.QUESTION_OPEN)
    assert answer(client, text, reply, memory(topic="records")).topic == "records"


HURT = {"rupture": True, "ruptures": 1}


def test_a_rupture_that_was_spoken_out_gets_its_own_answer(wary):
    spoken = event_of(wary, EventKind.RUPTURE)
    hurt = wary.start.model_copy(update=HURT)
    for code, part in ((Code.OWN_PART, "met"), (Code.QUESTION_CLOSED, "missed")):
        said = answer(wary, "Go on.", coded(code), memory(pending=spoken.id), hurt)
        assert said.lines[0].startswith(f"response/{spoken.id}/{part}/")


def test_a_repair_is_not_begun_twice_running_and_the_same_words_are_heard_as_such(wary):
    hurt = wary.start.model_copy(update=HURT)
    asked = coded(Code.QUESTION_OPEN)
    first = answer(wary, "What happened just now?", asked, memory(), hurt)
    assert first.lines[0].startswith("rupture/repair_begun/")
    after = memory(planned=first)
    assert (
        not answer(wary, "And before?", asked, after, hurt)
        .lines[0]
        .startswith("rupture/repair_begun/")
    )
    again = memory(planned=first, said=frozenset({"what happened just now"}))
    said = answer(wary, "What happened just now?", asked, again, hurt)
    assert said.lines[0].startswith("reaction/repeated/")


def test_when_there_is_nothing_left_to_say_to_the_same_question_little_is_said(wary):
    spent = tuple(
        f"reaction/repeated/{i}" for i in range(len(wary.scenario.reactions[Reaction.REPEATED]))
    )
    again = memory(said=frozenset({"how are you"}), used=spent)
    said = answer(wary, "How are you?", coded(Code.QUESTION_OPEN), again)
    assert said.lines[0].startswith("rupture/standing/")


def test_a_rupture_that_opens_on_something_unmistakable_is_about_that(wary):
    state = wary.start.model_copy(update={"history": ((60.0, 60.0), (60.0, 60.0))})
    said = answer(wary, "Have dinner with me.", coded(Code.BOUNDARY_BREAK), memory(), state)
    assert said.lines[0].startswith("reaction/boundary_break/")
    said = answer(wary, "You keep at it.", coded(Code.CONFRONT), memory(), state)
    assert said.act in {Act.CONFRONT, Act.WITHDRAW}
    assert not said.lines[0].startswith("reaction/")


def test_a_question_after_a_reflection_is_about_what_was_reflected(wary):
    codes = coded(Code.REFLECTION_SIMPLE, Code.QUESTION_OPEN)
    remembered = memory(topic="mother")
    said = answer(wary, "A coin each morning. What is that like for you?", codes, remembered)
    assert said.topic == "mother"
    text = "And your father died that year. What was that like for you?"
    assert answer(wary, text, codes, remembered).topic == "father"


def test_how_it_is_between_the_two_is_no_question_about_a_topic(wary):
    codes = coded(Code.IMMEDIACY, Code.QUESTION_OPEN)
    said = answer(wary, "What was that like, just now, to say it to me?", codes, memory())
    assert said.lines[0].startswith("reaction/immediacy/")


def test_after_a_question_about_danger_a_plan_is_not_the_future(wary):
    codes = coded(Code.RISK_QUESTION, Code.QUESTION_OPEN)
    said = answer(wary, "Have you made any plan?", codes, memory(topic="safety"))
    assert said.topic == "safety"


def test_nothing_new_happens_once_the_hour_is_being_brought_to_its_end(wary):
    late = memory(turns=39, event_turn=-9)
    codes = coded(Code.QUESTION_OPEN)
    assert answer(wary, "What would help?", codes, late).event is not None
    text = "We have a few minutes left. What would help?"
    assert answer(wary, text, codes, late).event is None
