"""The clients that ship: their depth, and that their own expectations hold."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.scenario import EventKind, Reaction, RuptureStyle
from alliance_sim.domain.state import Gate
from alliance_sim.runtime.rehearsal.rehearse import Settings, rehearse

CLIENTS = Library([shipped_root()]).scenario_ids()


@pytest.fixture(params=CLIENTS)
def scenario(request, library):
    return library.scenario(request.param)


def test_topics_are_deep(scenario):
    assert len(scenario.topics) >= 14
    for topic in scenario.topics:
        for lines in (topic.lines.guarded, topic.lines.opening, topic.lines.open):
            assert len(lines) >= 3, topic.id


def test_disclosures_stand_behind_all_four_gates(scenario):
    assert len(scenario.disclosures) >= 6
    assert {told.gate for told in scenario.disclosures} == set(Gate)


def test_events_test_what_a_beginner_must_meet(scenario):
    kinds = {event.kind for event in scenario.events}
    assert len(scenario.events) >= 8
    assert {EventKind.RISK_CUE, EventKind.SUBSTANCE_CUE} & kinds
    assert kinds >= set(EventKind) - {EventKind.RISK_CUE, EventKind.SUBSTANCE_CUE}
    assert {event.style for event in scenario.events if event.style} == set(RuptureStyle)


def test_every_reaction_and_ending_has_words(scenario):
    assert set(scenario.reactions) == set(Reaction)
    endings = scenario.endings
    for lines in (endings.time, endings.planned_close, endings.walk_out, endings.safety_handover):
        assert len(lines) >= 2


def test_no_line_stands_twice_in_a_file(scenario):
    lines = [line for topic in scenario.topics for _, pool in topic.lines for line in pool]
    lines += [line for pool in scenario.reactions.values() for line in pool]
    lines += [line for told in scenario.disclosures for line in (*told.lines, *told.follow_up)]
    folded = [" ".join(line.lower().split()) for line in lines]
    assert len(folded) == len(set(folded))


def test_practice_leads_where_the_file_says_it_does(scenario):
    settings = Settings(hours=150, sessions=0, seed=3, policies=("skilled", "mixed", "poor"))
    (found,) = rehearse([scenario], lambda _: (), settings, workers=1)
    assert [verdict.expected for verdict in found.verdicts if not verdict.holds] == []
