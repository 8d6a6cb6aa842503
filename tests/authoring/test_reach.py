"""What nothing in a scenario leads to is told, and what is within reach is not."""

import pytest

from alliance_sim.authoring.reach import reach_warnings
from factories import minimal_scenario_dict


def found(**changes):
    both = {"rubrics": ["empathy", "boundaries"]}
    data = minimal_scenario_dict(**both | changes)
    return {(finding.rule, finding.loc) for finding in reach_warnings(data)}


def topics(**changes):
    work = minimal_scenario_dict()["topics"][0]
    return [work, work | {"id": "home", "cues": [], "leads_to": []} | changes]


def test_the_smallest_scenario_is_all_within_reach():
    assert found() == set()


def test_a_topic_that_nothing_leads_to():
    assert ("unreachable-topic", ("topics", 1)) in found(topics=topics())


@pytest.mark.parametrize("way", [{"cues": ["garden"]}, {"subject": "family"}, {"hidden": True}])
def test_a_topic_with_a_way_to_it(way):
    assert not {rule for rule, _ in found(topics=topics(**way))} & {"unreachable-topic"}


def test_a_topic_that_another_leads_to():
    both = topics()
    both[0] = both[0] | {"leads_to": ["home"]}
    assert found(topics=both) == set()


def test_an_event_between_trusts_that_do_not_meet():
    event = minimal_scenario_dict()["events"][0] | {"when": {"trust_below": 30, "trust_above": 40}}
    assert ("unreachable-event", ("events", 0, "when")) in found(events=[event])


def test_a_rubric_that_no_event_shows():
    assert ("silent-rubric", ("rubrics", 1)) in found(rubrics=["boundaries", "safety"])
    assert found(rubrics=["boundaries", "pacing"]) == set()


def test_an_event_for_rubrics_that_are_not_in_play():
    event = minimal_scenario_dict()["events"][0] | {"opportunities": ["safety"]}
    assert ("silent-rubric", ("events", 0, "opportunities")) in found(events=[event])


def test_two_topics_with_one_cue():
    both = topics(cues=["The  Office"])
    both[0] = both[0] | {"cues": ["the office"]}
    assert ("colliding-cues", ("topics", 1, "cues", 0)) in found(topics=both)
