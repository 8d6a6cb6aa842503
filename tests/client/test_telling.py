"""What is told, when, and how the client comes to it."""

import pytest

from alliance_sim.client.memory import Memory
from alliance_sim.client.telling import EARLIEST, UNASKED_AFTER, to_tell
from alliance_sim.client.turn import Heard, SimulatedClient
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main
from alliance_sim.domain.events import Act, ClauseShown, ClientPlanned
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness


@pytest.fixture
def wary(library):
    return SimulatedClient(library.scenario("wary"), 3)


@pytest.fixture
def trusting(wary):
    values = {"trust": 50.0, "safety": 50.0, "arousal": wary.profile.middle}
    return wary.start.model_copy(update=values)


def telling(client, memory, state, *codes, asked=None):
    return to_tell(client.scenario, memory, state, client.profile, frozenset(codes), asked)


def answer(client, text, memory, state, *codes):
    spans = tuple(CodedSpan(code=code, p=0.9, words="") for code in codes)
    reply = CodedReply(main=Main.REFLECTION, codes=spans, marks=frozenset())
    heard = Heard(text=text, coded=reply, floor=None, turn=9)
    return client.answer(heard, memory, state)[1]


def test_the_first_question_on_a_subject_gets_something_ordinary(wary, trusting):
    first = Memory(opened=True, turns=4, topic="reason")
    assert telling(wary, first, trusting, Code.QUESTION_OPEN, asked="jo") is None
    used = ("topic/jo/opening/0",)
    early = Memory(opened=True, turns=EARLIEST - 1, topic="jo", used=used)
    assert telling(wary, early, trusting, Code.QUESTION_OPEN, asked="jo") is None
    again = Memory(opened=True, turns=EARLIEST, topic="jo", used=used)
    found = telling(wary, again, trusting, Code.QUESTION_OPEN, asked="jo")
    assert found is not None
    assert "jo" in found.told.topics
    assert not found.outright


def test_a_closed_question_gets_its_answer_only(wary, trusting):
    memory = Memory(opened=True, turns=5, topic="jo", used=("topic/jo/opening/0",))
    assert telling(wary, memory, trusting, Code.QUESTION_CLOSED, asked="jo") is None


def test_nothing_is_told_soon_after_a_hurt(wary, trusting):
    spans = (CodedSpan(code=Code.ADVICE, p=0.9, words=""),)
    advised = CodedReply(main=Main.INPUT, codes=spans)
    asked = CodedReply(main=Main.QUESTION, codes=())
    for replies, told in (((advised, asked, asked, asked), True), ((advised, asked), False)):
        memory = Memory(
            opened=True, turns=6, topic="jo", used=("topic/jo/opening/0",), coded=replies
        )
        assert bool(telling(wary, memory, trusting, Code.QUESTION_OPEN, asked="jo")) is told


def test_what_is_brought_up_unasked_has_words_that_lead_to_it(wary, trusting):
    memory = Memory(opened=True, turns=UNASKED_AFTER, topic="work", disclosure_turn=-9)
    said = answer(wary, "You hold a lot.", memory, trusting, Code.REFLECTION_COMPLEX)
    assert said.act is Act.DISCLOSE
    assert [line.split("/")[0] for line in said.lines] == ["brought_up", "disclosure"]
    bare = tuple(told.model_copy(update={"brought_up": ()}) for told in wary.scenario.disclosures)
    silent = SimulatedClient(wary.scenario.model_copy(update={"disclosures": bare}), 3)
    said = answer(silent, "You hold a lot.", memory, trusting, Code.REFLECTION_COMPLEX)
    assert said.disclosure is None


def test_what_lies_nearest_is_brought_up_first(wary, trusting):
    near = next(t for t in wary.scenario.topics if "jo" in t.leads_to and t.id != "jo")
    memory = Memory(opened=True, turns=9, topic=near.id, disclosed=("label_word", "mother_moved"))
    found = telling(wary, memory, trusting, Code.VALIDATE)
    assert found is not None
    assert not set(found.told.topics).isdisjoint(near.leads_to)


def told_memory(told: str, topic: str) -> Memory:
    planned = ClientPlanned(
        turn=8,
        act=Act.DISCLOSE,
        openness=Openness.GUARDED,
        topic=topic,
        disclosure=told,
        lines=(f"disclosure/{told}/0",),
        clauses=clauses("It was a big piece."),
    )
    memory = Memory(opened=True, turns=6, topic=topic, disclosed=(told,), disclosure_turn=6)
    return memory.fold(planned)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("He never asked about the nights.", Code.REFLECTION_SIMPLE),
        ("That sounds frightening, to be filed like that.", Code.VALIDATE),
        ("What was that like?", Code.QUESTION_OPEN),
    ],
)
def test_a_reply_to_what_was_told_hears_more_of_it(wary, text, code):
    memory = told_memory("label_word", "label_one")
    memory = memory.fold(ClauseShown(turn=8, index=0))
    said = answer(wary, text, memory, wary.start, code)
    assert said.lines[-1].startswith("follow/label_word/")
    elsewhere = answer(wary, "How do you sleep?", memory, wary.start, Code.QUESTION_OPEN)
    assert not elsewhere.lines[-1].startswith("follow/")
