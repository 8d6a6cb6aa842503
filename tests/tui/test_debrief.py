"""The debrief: first the trainee's own rating, then what worked, what did not, and what next."""

import pytest
from debriefing import LARGE, SIZES, SMALL, keep, look_back, press, settled, still, told, words
from textual.widgets import OptionList, TabbedContent, TextArea

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Branch, Ending, Reflected, Scored, SelfRated
from alliance_sim.errors import StoreProblem
from alliance_sim.store.written_files import files_about
from alliance_sim.tui.screens.comparison import ComparisonScreen
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.rating import RatingScreen
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.debrief_rating import RatingRow
from alliance_sim.tui.widgets.debrief_turns import TurnsPane
from stories import HOUR, NASTY, Turn, card, library_in, story


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


@pytest.fixture
def scorer(monkeypatch):
    """Gives the scores of the story for a session that has none stored."""
    monkeypatch.setattr("alliance_sim.runtime.results.score", lambda *_: card(HOUR))


def events_of(store, session_id="s1"):
    return [stored.event for stored in store.events(session_id)]


def fill_the_disk(store, monkeypatch):
    """From now on nothing can be stored."""

    def fails(*_, **__):
        raise StoreProblem("the disk is full")

    monkeypatch.setattr(store, "append", fails)


class TestRating:
    async def test_it_is_asked_before_any_score_is_shown(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            assert isinstance(app.screen, RatingScreen)
            asked = [row.rubric for row in app.screen.query(RatingRow)]
            assert asked == ["empathy", "interruptions"]
            assert "2.6" not in words(app)
            await press(app, pilot, "3", "right", "right", "f5")
            assert isinstance(app.screen, DebriefScreen)
            assert events_of(store)[-1] == SelfRated(ratings={"empathy": 3, "interruptions": 1})
            assert "you: 3, competent" in words(app)

    async def test_numbers_that_come_quickly_each_rate_a_line(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            await pilot.press("4", "2", "enter")
            await settled(app, pilot)
            assert events_of(store)[-1] == SelfRated(ratings={"empathy": 4, "interruptions": 2})
            assert isinstance(app.screen, DebriefScreen)

    async def test_what_a_line_is_about_is_told_while_it_has_the_focus(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            rows = list(app.screen.query(RatingRow))
            assert str(app.screen.query_one("#about-rubric").content) == rows[0].about
            await press(app, pilot, "down")
            assert str(app.screen.query_one("#about-rubric").content) == rows[1].about

    async def test_no_score_is_stored_before_it_was_answered(self, make_app, store, scorer):
        keep(store, "s1", story(*HOUR, scored=False), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            assert isinstance(app.screen, RatingScreen)
            assert not any(isinstance(event, Scored) for event in events_of(store))
            assert store.sessions()[0].overall is None
            await press(app, pilot, "3", "f5")
            kinds = [type(event) for event in events_of(store)]
            assert kinds[-2:] == [SelfRated, Scored]

    async def test_a_choice_can_be_taken_back(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "4", "up", "left", "backspace", "7", "f5")
            assert events_of(store)[-1] == SelfRated(ratings={})

    async def test_skipping_is_kept_and_not_asked_again(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "escape")
            assert events_of(store)[-1] == SelfRated(ratings={})
            await press(app, pilot, "escape")
            await look_back(app, pilot, "s1")
            assert isinstance(app.screen, DebriefScreen)

    async def test_a_session_that_is_open_is_not_rated(self, make_app, store, scorer):
        keep(store, "s1", story(*HOUR, ending=None), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            assert isinstance(app.screen, DebriefScreen)
            assert "The session with Ann has not ended yet." in words(app)

    @pytest.mark.parametrize("size", SIZES)
    async def test_picture(self, make_app, store, picture, size):
        keep(store, "s1", story(*HOUR), rated=False)
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await look_back(app, pilot, "s1", "3")
            await still(app, pilot)
            picture(app, f"rating_{size[0]}")


class TestSummary:
    async def test_scores_moments_what_was_told_and_the_plan(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            text = words(app)
            assert "You closed the hour with Ann. You spoke 4 times." in text
            assert "Overall 2.0 ━━━━━───── below fair" in text
            assert "Empathy 2.6 ━━━━━━──── fair you: 3, competent" in text
            assert "Not observed: Boundaries. Nothing tested the frame of the work." in text
            assert "Your best moment · turn 1" in text
            assert "“No say in any of it, and found out from a wall.”" in text
            assert "The moment to work on · turn 3" in text
            assert "Instead, perhaps: “Half an hour of bracing" in text
            assert "She never opened the letter." in text
            assert "Nothing was kept back." in text
            assert "Say less, and ask what it was like." in text

    async def test_a_client_who_left(self, make_app, store):
        keep(store, "s1", story(*HOUR[:2], ending=Ending.WALK_OUT))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            text = words(app)
            assert "Ann left before the hour was over." in text
            assert "would probably stop coming" in text or "might well stop coming" in text
            await press(app, pilot, "4")
            assert "I got up and went. Nobody was cross." in words(app)


class TestUnscored:
    async def test_it_says_why_and_shows_the_transcript(self, make_app, store):
        keep(store, "s1", story(HOUR[0], ending=Ending.STOPPED), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1")
            assert isinstance(app.screen, DebriefScreen)
            text = words(app)
            assert "Not scored: you stopped the session, which costs nothing." in text
            assert HOUR[0].said in text
            await press(app, pilot, "1")
            assert "Scores" not in words(app)
            assert "kept back" not in words(app)

    async def test_every_tab_opens_when_nothing_was_said(self, make_app, store):
        keep(store, "s1", story(scored=False), rated=False)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", *"123456", "2", "n", "p", "t")
            assert isinstance(app.screen, DebriefScreen)


class TestTurns:
    async def test_a_turn_with_codes_effect_interruption_and_instead(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await look_back(app, pilot, "s1", "2", "down")
            text = words(app)
            assert "Ann: I sit in the car until nine. [pause] Then I go in," in text
            assert "nobody looks up" not in text
            assert "You, turn 3: “You should tell them how you feel.”" in text
            assert "advice “You should”" in text
            assert "You took the floor while Ann was speaking. 5 words were never said." in text
            assert "It cost you something with Ann." in text
            assert "safety −6" in text
            assert "A rupture opened here." in text
            assert "Empathy 0.6 ━─" in text
            assert "“Half an hour of bracing yourself" in text
            assert "It says what it costs." in text

    async def test_next_and_previous_turn_to_look_at_again(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "2")
            turns = app.screen.query_one(TurnsPane)
            seen = []
            for key in ("n", "n", "p"):
                await press(app, pilot, key)
                seen.append(turns.review.turn)
            assert seen == [3, 7, 3]
            await press(app, pilot, "p")
            assert turns.review.turn == 3
            assert "No turn to look at again before this one." in told(app)

    async def test_trying_a_turn_again_opens_a_branch_there(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "2", "n", "t")
            assert isinstance(app.screen, SessionScreen)
            branch = app.screen.session.opened.branch
            assert branch == Branch(session_id="s1", turn=3)

    async def test_an_exam_cannot_be_tried_again(self, make_app, store):
        keep(store, "s1", story(*HOUR, exam=True))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "2", "t")
            assert isinstance(app.screen, DebriefScreen)
            assert app.screen.check_action("retry", ()) is False


class TestCourse:
    async def test_the_same_in_figures(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await look_back(app, pilot, "s1", "3")
            text = words(app)
            assert "turn engagement trust safety start 37 35 35 1 39 39 38" in text
            assert "✗ rupture" in text
            assert "✓ repair" in text
            assert "◆ told you something" in text

    async def test_it_is_drawn_without_colours_too(self, make_app, store, monkeypatch):
        monkeypatch.setenv("NO_COLOR", "1")
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "3")
            assert "✗" in app.export_screenshot()


class TestReflection:
    async def test_answers_are_kept_on_leaving(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "5")
            app.screen.query(TextArea).first().focus()
            await press(app, pilot, *"tsc", "escape")
            assert isinstance(app.screen, HomeScreen)
            assert events_of(store)[-1] == Reflected(answers={"noticed": "tsc"})

    async def test_the_button_keeps_them_and_says_so_once(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await look_back(app, pilot, "s1", "5")
            app.screen.query(TextArea).first().text = "I hurried."
            app.screen.query_one("#keep-reflection").press()
            await settled(app, pilot)
            await press(app, pilot, "escape")
            kept = [event for event in events_of(store) if isinstance(event, Reflected)]
            assert [event.answers for event in kept] == [{"noticed": "I hurried."}]
            assert "Kept with this session." in told(app)

    async def test_quitting_keeps_them(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "5")
            app.screen.query(TextArea).first().text = "I hurried."
            await pilot.press("ctrl+q")
            await pilot.pause()
        assert events_of(store)[-1] == Reflected(answers={"noticed": "I hurried."})

    async def test_leaving_in_spite_of_it_loses_them(self, make_app, store, monkeypatch):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "5")
            app.screen.query(TextArea).first().text = "I hurried."
            fill_the_disk(store, monkeypatch)
            await press(app, pilot, "escape", "escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_they_are_there_when_one_comes_back(self, make_app, store):
        keep(store, "s1", [*story(*HOUR), Reflected(answers={"supervision": "The desk."})])
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "5", "1", "escape")
            kept = [event for event in events_of(store) if isinstance(event, Reflected)]
            assert len(kept) == 1

    async def test_a_store_that_fails_is_told_and_the_words_stay(
        self, make_app, store, monkeypatch
    ):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "5")
            app.screen.query(TextArea).first().text = "I hurried."
            fill_the_disk(store, monkeypatch)
            await press(app, pilot, "1")
            assert "the disk is full" in told(app)
            await press(app, pilot, "escape")
            assert isinstance(app.screen, DebriefScreen)
            monkeypatch.undo()
            await press(app, pilot, "5", "1")
            assert events_of(store)[-1] == Reflected(answers={"noticed": "I hurried."})


class TestKeys:
    async def test_saving_says_where(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "s")
            path = app.data_folder / "debriefs" / "s1.html"
            assert HOUR[0].said in path.read_text("utf-8")
            assert f"Saved as {path}" in told(app)

    async def test_a_folder_that_cannot_be_written_gives_way_to_the_next(
        self, make_app, store, isolated
    ):
        keep(store, "s1", story(*HOUR, trainee="t-heron2"))
        app = make_app()
        (app.data_folder / "debriefs").write_text("in the way")
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "s")
            assert (isolated / "s1.html").is_file()
        # Deleting the trainee finds it there, too.
        with store.reading() as connection:
            (page,) = files_about(connection, ["t-heron2"])
        assert (page.path, page.kind) == (str(isolated / "s1.html"), "page")

    async def test_home_and_back(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        keep(store, "s2", story(*HOUR, branch=Branch(session_id="s1", turn=3)))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "escape")
            assert isinstance(app.screen, HomeScreen)
            await look_back(app, pilot, "s1")
            await look_back(app, pilot, "s2", "c")
            assert isinstance(app.screen, ComparisonScreen)
            await press(app, pilot, "h")
            assert isinstance(app.screen, HomeScreen)

    async def test_compare_is_for_branches_only(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "c")
            assert isinstance(app.screen, DebriefScreen)

    async def test_a_session_whose_client_is_gone_says_so(self, make_app, store):
        keep(store, "s1", story(*HOUR, scenario="gone"))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "2", "s", "c")
            assert "gone" in words(app)
            await press(app, pilot, "escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_an_exam_that_goes_on_shows_nothing(self, make_app, store, scorer):
        keep(store, "s1", story(*HOUR, ending=None, exam=True))
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await look_back(app, pilot, "s1", "1", "2", "s")
            assert "This exam has not ended" in words(app)
            assert HOUR[0].said not in words(app)
            assert not (app.data_folder / "debriefs").exists()

    async def test_every_binding_can_be_changed(self):
        for screen in (DebriefScreen, RatingScreen, ComparisonScreen):
            assert all(binding.id for binding in screen.BINDINGS)


class TestWordsOfOthers:
    async def test_brackets_show_and_escapes_do_not(self, make_app, store):
        turn = Turn(f"{NASTY} [He looks up.]", NASTY, instead=NASTY, levels={"empathy": 1.0})
        told_events = story(turn, HOUR[1], plan=NASTY)
        keep(store, "s1", [*told_events, Reflected(answers={"noticed": NASTY})])
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await look_back(app, pilot, "s1")
            for key in "123456":
                await press(app, pilot, key)
                assert "\x1b" not in words(app)
                assert "\x1b" not in app.export_screenshot()
                if key in "126":
                    assert "[bold]no[/bold]" in words(app)
            assert "[He looks up.]" in words(app)


class TestPictures:
    @pytest.mark.parametrize("size", SIZES)
    async def test_tabs(self, make_app, store, picture, size):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await look_back(app, pilot, "s1")
            for keys, name in (
                ("1", "summary"),
                ("2n", "turns"),
                ("3", "course"),
                ("5", "reflection"),
                ("6", "transcript"),
            ):
                await press(app, pilot, *keys)
                await still(app, pilot)
                picture(app, f"{name}_{size[0]}")

    async def test_made_smaller_while_open(self, make_app, store):
        keep(store, "s1", story(*HOUR))
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await look_back(app, pilot, "s1", "3")
            for size in (SMALL, (60, 15), LARGE):
                await pilot.resize_terminal(*size)
                await settled(app, pilot)
            await press(app, pilot, "2")
            assert app.screen.query_one(OptionList).has_focus
            assert app.screen.query_one(TabbedContent).active == "tab-turns"
