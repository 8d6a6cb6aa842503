"""The page for supervision: whole, self-contained, and safe whatever the words are."""

import os
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.domain.events import Branch, Ending, Reflected, SelfRated
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.transcript import Pace
from alliance_sim.reporting.page import render_page, write_page
from alliance_sim.runtime.debrief import make_debrief
from alliance_sim.runtime.results import debrief_of
from parsed_page import ParsedPage
from stories import AT, HOUR, NASTY, RUBRICS, Turn, library_in, story

UNOBSERVED = "The session was untimed, so the client could not be interrupted."


@pytest.fixture
def debrief(store, clock, tmp_path):
    def make(events, **changes):
        store.append("s1", events, at=AT)
        return debrief_of(store, "s1", library_in(tmp_path / "pack", **changes), clock)

    return make


@pytest.fixture(scope="module")
def small_client(tmp_path_factory) -> Scenario:
    return library_in(tmp_path_factory.mktemp("pack")).scenario("small")


def page(debrief) -> ParsedPage:
    return ParsedPage(render_page(debrief, titles=RUBRICS))


def test_the_page_holds_every_word_that_was_said_and_heard(debrief):
    made = debrief(story(*HOUR))
    text = page(made).text
    for turn in HOUR:
        assert turn.said in text
    assert "[She sits down.] They moved my desk again." in text
    assert "5 words were not said" in text
    assert "nobody looks up" not in text


def test_title_date_pseudonym_scores_and_moments(debrief):
    text = page(debrief([*story(*HOUR), SelfRated(ratings={"empathy": 3})])).text
    assert "2 March 2026" in text
    assert "heron-12" in text
    assert re.search(r"Empathy 2\.6 fair 3", text)
    assert "not observed : Nothing tested the frame" in text
    assert "Your best moment turn 1" in text
    assert "The moment to work on turn 3" in text
    assert "Instead, perhaps: Half an hour of bracing" in text
    assert "She never opened the letter." in text
    assert "Say less, and ask what it was like." in text


def test_the_reflection_is_on_it(debrief):
    text = page(debrief([*story(*HOUR), Reflected(answers={"noticed": "I hurried.\nTwice."})])).text
    assert "What did you notice in yourself during this hour? I hurried. Twice." in text


def test_how_the_words_arrived_is_nowhere_on_it(debrief):
    told = story(*HOUR, pace=Pace.UNTIMED, wpm=37.0)
    scored = told[-1].scorecard
    unseen = scored.rubrics[1].model_copy(
        update={"score": None, "grade": None, "why_null": UNOBSERVED}
    )
    rubrics = (scored.rubrics[0], unseen, scored.rubrics[2])
    told[-1] = told[-1].model_copy(
        update={"scorecard": scored.model_copy(update={"rubrics": rubrics})}
    )
    html = render_page(debrief(told), titles=RUBRICS).casefold()
    for word in ("untimed", "37.0", "wpm", "words a minute", "pace", "stream"):
        assert word not in re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    assert "interruptions" in html


def test_nothing_runs_and_nothing_is_loaded(debrief):
    made = debrief(story(*HOUR))
    found = page(made)
    tags = {tag for tag, _ in found.elements}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "form", "a"})
    attributes = {name for _, given in found.elements for name in given}
    assert attributes.isdisjoint({"src", "href", "srcset", "action"})
    assert not any(name.startswith("on") for name in attributes)
    html = render_page(made)
    assert "http" not in html.replace("http-equiv", "")
    assert "url(" not in html
    assert "@import" not in html


@given(words=st.text(max_size=80))
@settings(max_examples=40, deadline=None)
def test_no_words_make_elements(small_client, words):
    events = story(Turn(f"{words} <b>x</b>", f"{words}<u>&\"'"), plan=words)
    found = page(make_debrief("s1", events, small_client, events[-1].scorecard))
    assert {tag for tag, _ in found.elements}.isdisjoint({"b", "u", "script"})


def test_injected_words_stay_words(debrief):
    turn = Turn(f"{NASTY} says the client.", NASTY, instead=NASTY, levels={"empathy": 1.0})
    told = [*story(turn, plan=NASTY, trainee=NASTY), Reflected(answers={"noticed": NASTY})]
    html = render_page(debrief(told, title="<b>x</b> {{ 1 }}"), titles={"empathy": NASTY})
    assert "<script" not in html
    assert "\x1b" not in html
    assert "49" not in ParsedPage(html).text
    assert "[bold]no[/bold] {{ 7 * 7 }} red" in ParsedPage(html).text


def test_the_course_is_drawn_with_its_signs(debrief):
    found = page(debrief(story(*HOUR)))
    lines = [given for tag, given in found.elements if tag == "polyline"]
    assert [given["class"].split()[1] for given in lines] == ["engagement", "trust", "safety"]
    assert all(len(given["points"].split()) == len(HOUR) + 1 for given in lines)
    signs = [given["class"] for tag, given in found.elements if tag == "text"]
    assert [s for s in signs if s.startswith("sign")] == [
        "sign rupture",
        "sign repair",
        "sign disclosure",
    ]


def test_an_unscored_session_says_why_and_has_no_scores(debrief):
    found = page(debrief(story(HOUR[0], ending=Ending.STOPPED)))
    assert "you stopped the session, which costs nothing" in found.text
    assert "table" not in {tag for tag, _ in found.elements}
    assert HOUR[0].said in found.text


def test_a_session_in_which_nothing_was_said(debrief):
    text = page(debrief(story(scored=False))).text
    assert "You said nothing. Not scored: nothing was said." in text


def test_a_turn_tried_again_says_so(debrief):
    branch = Branch(session_id="s0", turn=3)
    assert "turn 3 tried again" in page(debrief(story(*HOUR, branch=branch))).text


class TestWriting:
    def test_the_file_is_its_owners_only_and_in_a_new_folder(self, debrief, tmp_path: Path):
        path = tmp_path / "new" / "deep" / "page.html"
        assert write_page(debrief(story(*HOUR)), path) == path
        assert path.read_text("utf-8").startswith("<!DOCTYPE html>")
        assert list(path.parent.iterdir()) == [path]
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600

    def test_nothing_is_left_of_one_that_could_not_be_put_in_place(
        self, debrief, tmp_path: Path, monkeypatch
    ):
        def full(*_):
            raise OSError(28, "No space left on device")

        path = tmp_path / "page.html"
        path.write_text("the page before")
        monkeypatch.setattr("os.replace", full)
        with pytest.raises(OSError, match="No space"):
            write_page(debrief(story(*HOUR)), path)
        assert [each.name for each in tmp_path.iterdir() if each.suffix == ".html"] == [path.name]
        assert not list(tmp_path.glob(".page*"))
        assert path.read_text("utf-8") == "the page before"

    def test_any_letters_are_written(self, debrief, tmp_path: Path):
        made = debrief(story(Turn("Hello.", "One \N{GRINNING FACE} two.")))
        assert "😀" in write_page(made, tmp_path / "p.html").read_text("utf-8")

    def test_a_place_that_cannot_be_written_is_the_callers_to_tell(self, debrief, tmp_path: Path):
        (tmp_path / "file").write_text("x")
        with pytest.raises(OSError, match="file"):
            write_page(debrief(story(*HOUR)), tmp_path / "file" / "page.html")
