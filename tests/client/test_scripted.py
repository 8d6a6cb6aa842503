"""The authored voice: lines by openness, follow-ups, none twice, and nothing before its time."""

import random

import pytest

from alliance_sim.client.directive import Directive, Piece, Pool
from alliance_sim.client.scripted import word
from alliance_sim.domain.events import Act
from alliance_sim.domain.scenario import Reaction
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import Openness


@pytest.fixture
def wary(library):
    return library.scenario("wary")


def say(scenario, *pieces, openness=Openness.GUARDED, used=(), disclosed=(), question="", seed=1):
    return word(
        scenario,
        Directive(act=Act.ANSWER, openness=openness, pieces=pieces),
        used=used,
        disclosed=disclosed,
        shame=0.0,
        answering=(question,),
        rng=random.Random(seed),
    )


def drain(scenario, piece, turns, **more):
    """Keys of the lines spoken over that many turns on one piece."""
    used = ()
    for _ in range(turns):
        used += say(scenario, piece, used=used, **more).lines
    return used


def test_a_guarded_client_never_uses_the_lines_of_an_open_one(wary):
    for topic in wary.topics:
        keys = drain(wary, Piece(pool=Pool.TOPIC, name=topic.id), 30)
        assert not any(key.split("/")[-2] in {"open", "opening"} for key in keys)


def test_an_open_client_falls_back_on_what_is_less_open(wary):
    topic = wary.topics[0]
    piece = Piece(pool=Pool.TOPIC, name=topic.id)
    count = sum(len(getattr(topic.lines, level)) for level in Openness)
    keys = drain(wary, piece, count, openness=Openness.OPEN)
    assert {key.split("/")[1] for key in keys} == {topic.id}
    assert len(set(keys)) == count


def test_follow_ups_come_only_once_it_is_out(wary):
    told = wary.disclosures[0]
    piece = Piece(pool=Pool.TOPIC, name=told.topics[0])
    before = drain(wary, piece, 25, openness=Openness.OPEN)
    after = drain(wary, piece, 25, openness=Openness.OPEN, disclosed=(told.id,))
    assert not any(key.startswith("follow/") for key in before)
    assert sum(key.startswith(f"follow/{told.id}/") for key in after) == len(told.follow_up)


def test_when_a_topic_is_spent_a_question_hears_so(wary):
    topic = wary.topics[0]
    piece = Piece(pool=Pool.TOPIC, name=topic.id)
    keys = drain(wary, piece, len(topic.lines.guarded) + 1, question="And what else?")
    assert keys[-1].startswith(f"reaction/{Reaction.EXHAUSTED}/")


def test_something_can_always_be_said_and_a_line_comes_again_only_after_all_others(wary):
    piece = Piece(pool=Pool.RUPTURE, name="standing")
    fresh = sum(
        len(lines)
        for lines in (
            wary.rupture.standing,
            wary.reactions[Reaction.SILENCE],
            wary.reactions[Reaction.UNCLEAR],
        )
    )
    keys = drain(wary, piece, fresh + 5)
    assert len(set(keys[:fresh])) == fresh
    assert set(keys[fresh:]) <= set(keys[:fresh])


def test_a_spent_lead_in_is_left_out(wary):
    lines = wary.reactions[Reaction.REFLECTION]
    used = tuple(f"reaction/{Reaction.REFLECTION}/{i}" for i in range(len(lines)))
    lead = Piece(pool=Pool.REACTION, name=Reaction.REFLECTION, lead=True)
    said = say(wary, lead, Piece(pool=Pool.TOPIC, name=wary.topics[0].id), used=used)
    assert len(said.lines) == 1


def test_a_lead_in_is_no_point_at_which_the_client_is_done(wary):
    lead = Piece(pool=Pool.REACTION, name=Reaction.REFLECTION, lead=True)
    topic = Piece(pool=Pool.TOPIC, name=wary.topics[0].id)
    said = say(wary, lead, topic)
    assert [clause.complete for clause in said.clauses].count(True) == 1
    assert said.clauses[-1].complete
    alone = say(wary, lead)
    assert any(clause.complete for clause in alone.clauses)


def test_a_guarded_client_without_words_for_a_feeling_says_so(wary):
    lines = wary.topics[0].lines.model_copy(update={"guarded": ("Two pumps.", "The blue valve.")})
    topic = wary.topics[0].model_copy(update={"lines": lines})
    scenario = wary.model_copy(update={"topics": (topic, *wary.topics[1:])})
    piece = Piece(pool=Pool.TOPIC, name=topic.id)
    said = say(scenario, piece, question="And how does that make you feel?")
    assert said.lines[0].startswith(f"reaction/{Reaction.UNCLEAR}/")
    assert say(scenario, piece, question="And how many?").lines[0].startswith("topic/")
    warm = say(scenario, piece, question="How does that feel?", openness=Openness.OPENING)
    assert warm.lines[0].startswith("topic/")


def test_talk_to_a_machine_is_answered_by_what_it_says(wary):
    piece = Piece(pool=Pool.REACTION, name=Reaction.MACHINE)
    said = say(wary, piece, question="Are you an AI?")
    assert "AI" in " ".join(clause.text for clause in said.clauses)


def test_the_words_are_those_of_the_lines_in_order(wary):
    said = say(wary, Piece(pool=Pool.ARRIVAL), Piece(pool=Pool.OPENING))
    assert said.lines == ("arrival/0", "opening/0")
    assert said.clauses == (*clauses(wary.arrival.line), *clauses(wary.opening.text))
    assert said.topic == wary.opening.topic


def test_shame_closes_a_topic_to_its_guarded_lines(wary):
    topic = wary.topics[0].model_copy(update={"shame_above": 40.0})
    ashamed = wary.model_copy(update={"topics": (topic, *wary.topics[1:])})
    directive = Directive(
        act=Act.ANSWER, openness=Openness.OPEN, pieces=(Piece(pool=Pool.TOPIC, name=topic.id),)
    )
    for shame, level in ((41.0, "guarded"), (40.0, "open")):
        said = word(
            ashamed,
            directive,
            used=(),
            disclosed=(),
            shame=shame,
            answering=("",),
            rng=random.Random(1),
        )
        assert said.lines[0].split("/")[2] == level


def test_of_lines_that_answer_alike_the_one_that_goes_on_from_the_last_words_comes(wary):
    lines = ["The tower is lit at night.", "He eats a plum a night.", "I count basins."]
    topic = wary.topics[0].model_copy(
        update={"lines": wary.topics[0].lines.model_copy(update={"guarded": tuple(lines)})}
    )
    scenario = wary.model_copy(update={"topics": (topic, *wary.topics[1:])})
    piece = Piece(pool=Pool.TOPIC, name=topic.id)
    directive = Directive(act=Act.ANSWER, openness=Openness.GUARDED, pieces=(piece,))
    for seed in range(5):
        said = word(
            scenario,
            directive,
            used=(),
            disclosed=(),
            shame=0.0,
            answering=("", "Teddy had a plum."),
            rng=random.Random(seed),
        )
        assert said.lines == (f"topic/{topic.id}/guarded/1",)
