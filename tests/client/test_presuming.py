"""A suggestion presumes nothing that the client has not said."""

import pytest
from tests.factories import minimal_scenario_dict

from alliance_sim.client.presuming import Presuming
from alliance_sim.domain.scenario import Scenario

TOPIC = "work"
GUARDED, AT_NIGHT = (f"topic/{TOPIC}/{openness}/0" for openness in ("guarded", "open"))
RACCOON = "That night with the raccoon, you woke somebody. Who could that be next time?"
PLAIN = "What is work like, these days?"


@pytest.fixture
def presuming() -> Presuming:
    scenario = minimal_scenario_dict()
    topic = scenario["topics"][0]
    topic["lines"] = {
        "guarded": ["Work is work. It's fine, they pay on Fridays."],
        "opening": ["My boss keeps a tin of buttons on the till, and counts them."],
        "open": ["One night I stood in the yard and woke my sister. I said it was a raccoon."],
    }
    return Presuming(Scenario.model_validate(scenario))


def test_what_was_not_said_is_not_spoken_of_as_known(presuming) -> None:
    replies = (RACCOON, PLAIN)
    assert presuming.fitting(replies, {GUARDED}) == (PLAIN,)
    assert presuming.fitting(replies, {GUARDED, AT_NIGHT}) == replies


def test_a_single_word_of_a_line_is_no_answer_to_it(presuming) -> None:
    by_chance = "I wonder who counts what you do there."
    two = "Buttons, and somebody counting each one."
    assert presuming.fitting((by_chance, two), ()) == (by_chance,)


def test_what_stands_on_the_intake_sheet_is_known() -> None:
    scenario = minimal_scenario_dict()
    scenario["client"]["presentation"] = "A coat with one brass toggle."
    scenario["topics"][0]["lines"]["open"] = ["The toggle is my father's."]
    presuming = Presuming(Scenario.model_validate(scenario))
    reply = "You turned the toggle just now."
    assert presuming.fitting((reply,), ()) == (reply,)


def test_once_all_is_told_every_suggestion_fits(library) -> None:
    for scenario in library.scenarios():
        presuming = Presuming(scenario)
        keys = {
            f"topic/{topic.id}/{openness}/{i}"
            for topic in scenario.topics
            for openness, lines in topic.lines
            for i in range(len(lines))
        } | {
            f"{kind}/{told.id}/{i}"
            for told in scenario.disclosures
            for kind, lines in (("disclosure", told.lines), ("follow", told.follow_up))
            for i in range(len(lines))
        }
        for topic in scenario.topics:
            assert presuming.fitting(topic.instead, keys) == tuple(topic.instead)
