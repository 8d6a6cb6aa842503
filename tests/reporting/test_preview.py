"""The preview lays out every line, says what unlocks it, and tells what a save has changed."""

import pytest

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.reporting.preview import changes, preview, render_page, text

LIBRARY = Library([shipped_root()])
IDS = LIBRARY.scenario_ids()


@pytest.mark.parametrize("name", IDS)
def test_every_line_is_there(name):
    scenario = LIBRARY.scenario(name)
    laid_out = preview(scenario)
    lines = {line for section in laid_out.sections for part in section.parts for line in part.lines}
    for topic in scenario.topics:
        assert {*topic.lines.guarded, *topic.lines.opening, *topic.lines.open} <= lines
    for told in scenario.disclosures:
        assert {*told.lines, *told.follow_up, *told.brought_up} <= lines
    for event in scenario.events:
        responses = event.responses
        assert {event.line, *responses.met, *responses.missed, *responses.hurt} <= lines


def test_no_line_of_the_text_is_wider_than_a_terminal():
    for line in text(preview(LIBRARY.scenario("trauma"))):
        assert len(line) <= 88


def test_what_unlocks_a_disclosure_is_said():
    shown = "\n".join(text(preview(LIBRARY.scenario("wary"))))
    assert "[told: trust and safety from 45, arousal 30–70, no rupture" in shown


def test_the_page_escapes_what_an_author_writes():
    scenario = LIBRARY.scenario("wary")
    wild = scenario.model_copy(update={"title": "<b>Dee</b> \x1b[31m"})
    page = render_page(preview(wild))
    assert "&lt;b&gt;Dee" in page
    assert "\x1b" not in page


def test_changes_are_told_by_their_place():
    scenario = LIBRARY.scenario("wary")
    topic = scenario.topics[0]
    lines = topic.lines.model_copy(update={"guarded": ("New words.", *topic.lines.guarded[1:])})
    topics = (topic.model_copy(update={"lines": lines}), *scenario.topics[1:])
    after = scenario.model_copy(update={"topics": topics})
    found = list(changes(preview(scenario), preview(after)))
    place = "topic Why she came, guarded: from the start"
    assert found == [f"- {place}: {topic.lines.guarded[0]}", f"+ {place}: New words."]
    assert list(changes(preview(scenario), preview(scenario))) == []
