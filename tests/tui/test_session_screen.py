"""The session screen, driven as a trainee would drive it."""

import pytest
from playing import SKILLED, MakeApp, begin, engine, pass_time, say, session_of, settled, shown
from textual.events import Paste
from textual.widgets import Static

from alliance_sim.domain.events import ClientFinished, Ending, TraineeSent
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.transcript import Floor
from alliance_sim.errors import StoreProblem
from alliance_sim.tui.app import Start
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.transcript import TranscriptScreen
from alliance_sim.tui.widgets import conversation
from alliance_sim.tui.widgets.alliance import AlliancePanel
from alliance_sim.tui.widgets.composer import Composer

SMALL, LARGE = (80, 24), (120, 36)


def status(app) -> str:
    return str(session_of(app).query_one("#status", Static).content)


class TestWholeSession:
    @pytest.mark.parametrize("client", ["wary", "mandated", "trauma"])
    async def test_sixteen_turns_and_the_end(self, make_app: MakeApp, client: str) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot, client)
            for text in SKILLED:
                await say(app, pilot, text)
            turns = shown(app)
            client_turns = turns[0::2]
            assert len(turns) == 2 * len(SKILLED) + 1
            assert turns[1::2] == list(SKILLED)
            assert len(set(client_turns)) == len(client_turns)
            await pilot.press("f10")
            await pilot.pause()
            assert engine(app).ended.ending is Ending.PLANNED_CLOSE
            assert "debrief" in status(app)
            assert session_of(app).query_one(Composer).disabled

    async def test_the_hour_runs_out(self, make_app: MakeApp) -> None:
        app = make_app(Start(seed=7, turns=2), pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, SKILLED[0])
            await say(app, pilot, SKILLED[1])
            assert engine(app).ended.ending is Ending.TIME


class TestStream:
    async def test_words_arrive_clause_by_clause(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            assert shown(app) == []
            await pass_time(app, pilot, 1)
            first = shown(app)[0]
            await pass_time(app, pilot, 20)
            assert shown(app)[0].startswith(first)
            assert "has finished" in status(app)

    async def test_sending_before_the_end_cuts_in(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 8)
            await say(app, pilot, "Right, but have you tried keeping a diary about your money?")
            cut = shown(app)[2]
            sent = [e for e in engine(app).events if isinstance(e, TraineeSent)][-1]
            assert sent.floor is Floor.TAKING
            assert cut.endswith(f"— (you cut in; {sent.words_lost} words were not said)")

    async def test_a_backchannel_lets_the_client_go_on(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream", undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 10)
            before = shown(app)[2]
            await say(app, pilot, "Mm-hm.")
            assert shown(app)[2] == f"{before} (you: Mm-hm.)"
            await pass_time(app, pilot, 120)
            assert len(shown(app)) == 3
            assert len(shown(app)[2]) > len(before) + 50
            assert isinstance(engine(app).events[-1], ClientFinished)

    async def test_a_slow_pace_is_slow(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream", wpm=16)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pass_time(app, pilot, 60)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 60)
            assert 8 <= spoken_words(shown(app)[2]) <= 24


class TestUndo:
    async def test_esc_gives_the_words_back(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream", undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in.")
            assert "Esc takes it back" in status(app)
            await pilot.press("escape")
            assert session_of(app).query_one(Composer).text == "Come in."
            await pass_time(app, pilot, 5)
            assert not any(isinstance(e, TraineeSent) for e in engine(app).events)

    async def test_the_client_waits_and_goes_on(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream", undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 12)
            before = shown(app)
            await say(app, pilot, "What about your job?")
            app.clock.sleep(1.2)
            session_of(app).tick()
            assert shown(app) == before
            await pilot.press("ctrl+u")
            assert session_of(app).query_one(Composer).text == "What about your job?"
            await pass_time(app, pilot, 10)
            assert len(shown(app)) == len(before)
            assert len(shown(app)[-1]) > len(before[-1])

    async def test_a_second_enter_sends_at_once(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed", undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "Come in.")
            await pilot.press("enter")
            await pilot.pause()
            assert shown(app)[1] == "Come in."
            assert len(shown(app)) == 3

    async def test_time_sends_it(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed", undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "Come in.")
            await pass_time(app, pilot, 2)
            assert shown(app)[1] == "Come in."

    async def test_leaving_loses_nothing(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed", undo_seconds=5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            live = engine(app)
            await say(app, pilot, "Come in.")
            await pilot.press("ctrl+q")
        assert any(isinstance(e, TraineeSent) and e.text == "Come in." for e in live.events)


class TestPaced:
    async def test_enter_and_space_bring_the_next_words(self, make_app: MakeApp) -> None:
        app = make_app(pace="paced")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            for _ in range(12):
                await pilot.press("space")
            await say(app, pilot, "Come in, have a seat.")
            first = shown(app)[2]
            await pilot.press("enter")
            second = shown(app)[2]
            await pilot.press("space")
            third = shown(app)[2]
            assert first != second != third
            assert third.startswith(second)
            assert second.startswith(first)
            assert session_of(app).query_one(Composer).text == ""

    async def test_replying_before_the_end_cuts_in(self, make_app: MakeApp) -> None:
        app = make_app(pace="paced")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            for _ in range(12):
                await pilot.press("enter")
            await say(app, pilot, "Come in, have a seat.")
            await pilot.press("enter", "enter", "enter")
            await say(app, pilot, "Anyway, how is your bicycle collection these days?")
            assert "you cut in" in shown(app)[2]


class TestText:
    async def test_brackets_and_escapes_are_shown_as_text(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "I hear [bold red]you[/] and [/nothing] \x1b[31mred\x1b[0m [x")
            assert shown(app)[1] == "I hear [bold red]you[/] and [/nothing] red [x"
            picture = app.export_screenshot()
            assert "\x1b" not in picture

    async def test_stage_directions_keep_their_brackets(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            assert shown(app)[0].startswith("[")

    async def test_ctrl_j_begins_a_new_line(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pilot.press("o", "n", "e", "ctrl+j", "t", "w", "o")
            assert session_of(app).query_one(Composer).text == "one\ntwo"
            await pilot.press("enter")
            await pilot.pause()
            assert shown(app)[1] == "one\ntwo"

    async def test_a_paste_is_made_printable_and_not_cut(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            composer = session_of(app).query_one(Composer)
            composer.post_message(Paste("word " * 3000 + "\x1b]0;title\x07end"))
            await pilot.pause()
            assert composer.text == "word " * 3000 + "end"
            assert composer.size.height <= 5

    async def test_too_long_stays_in_the_composer(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "a" * 20_001)
            assert len(session_of(app).query_one(Composer).text) == 20_001
            assert len(shown(app)) == 1
            assert any("20,000" in note.message for note in app._notifications)


class TestAround:
    async def test_pause_stops_the_clock_and_the_client(self, make_app: MakeApp) -> None:
        app = make_app(pace="stream")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 6)
            heard, seconds = shown(app), screen.session.seconds()
            await pilot.press("f4")
            await pilot.pause()
            app.clock.sleep(300)
            screen.tick()
            assert screen.session.seconds() == seconds
            await pilot.press("enter")
            await pilot.pause()
            assert shown(app) == heard
            await pass_time(app, pilot, 10)
            assert len(shown(app)[-1]) > len(heard[-1])

    async def test_grounding_shows_the_steps_and_goes_back(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await pilot.press("f7")
            await pilot.pause()
            texts = [str(each.content) for each in app.screen.query(Static)]
            assert set(app.notices.grounding) <= set(texts)
            await pilot.press("escape")
            await pilot.pause()
            assert not engine(app).standing.paused

    async def test_skip_lets_the_client_go_on(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "Come in, have a seat.")
            await pilot.press("f6")
            await pilot.pause()
            turns = shown(app)
            assert turns[2].endswith("(you let it pass)")
            assert len(turns) == 4

    async def test_stop_asks_first_and_is_not_scored(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)
            await say(app, pilot, "Come in.")
            await pilot.press("f9")
            await pilot.pause()
            assert isinstance(app.screen, AskScreen)
            assert screen.session.ended is None
            await pilot.press("right", "right", "enter")
            await pilot.pause()
            assert isinstance(app.screen, HomeScreen)
            assert screen.session.ended.ending is Ending.STOPPED

    async def test_leaving_keeps_it_open_and_resume_draws_it_again(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await begin(app, pilot)
            for text in SKILLED[:3]:
                await say(app, pilot, text)
            before = shown(app)
            await pilot.press("f9")
            await pilot.pause()
            await pilot.press("right", "enter")
            await settled(app, pilot)
            assert isinstance(app.screen, HomeScreen)
            assert "Dee" in str(app.screen.query_one("#open-session", Static).content)
            await pilot.press("r")
            await settled(app, pilot)
            assert shown(app) == before
            await say(app, pilot, SKILLED[3])
            assert len(shown(app)) == len(before) + 2

    async def test_the_safety_question_is_asked_outside_the_role(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)
            await say(app, pilot, "Honestly, I want to kill myself tonight.")
            asked = app.screen
            assert isinstance(asked, AskScreen)
            await pilot.press("enter")
            assert app.screen is asked
            await pilot.press("right", "right", "enter")
            await pilot.pause()
            texts = " ".join(str(each.content) for each in app.screen.query(Static))
            assert "988" in texts
            assert screen.session.standing.unscored
            await pilot.press("enter")
            await pilot.pause()
            assert len(shown(app)) == 3

    async def test_f8_shows_the_transcript(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await say(app, pilot, "Come in [please].")
            await pilot.press("f8")
            await pilot.pause()
            assert isinstance(app.screen, TranscriptScreen)
            await pilot.press("c")
            assert "You: Come in [please]." in app.clipboard
            await pilot.press("escape")
            await pilot.pause()
            await pilot.press("ctrl+l")
            assert app.clipboard == shown(app)[-1]


class TestTrouble:
    async def test_a_store_that_fails_is_told_and_enter_tries_again(
        self, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = make_app(pace="stream")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)
            await pass_time(app, pilot, 2)
            heard = shown(app)

            def fails(*_args: object, **_kwargs: object) -> None:
                raise StoreProblem("sessions.db: the disk is full")

            with monkeypatch.context() as broken:
                broken.setattr(app.store, "append", fails)
                await pass_time(app, pilot, 20)
                assert shown(app) == heard
                assert "Enter tries again" in status(app)
                assert any("disk is full" in note.message for note in app._notifications)
            await pilot.press("enter")
            await pass_time(app, pilot, 20)
            assert len(shown(app)[0]) > len(heard[0])
            assert "has finished" in status(app)
            assert screen.session.ended is None

    async def test_a_reply_that_cannot_be_stored_comes_back(
        self, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)

            def fails(*_args: object, **_kwargs: object) -> None:
                raise StoreProblem("sessions.db: the disk is full")

            with monkeypatch.context() as broken:
                broken.setattr(app.store, "append", fails)
                await say(app, pilot, "Come in.")
            assert screen.query_one(Composer).text == "Come in."
            await pilot.press("enter")
            await pilot.pause()
            assert shown(app)[1] == "Come in."


class TestPanel:
    async def test_beside_the_words_where_there_is_room(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=LARGE) as pilot:
            screen = await begin(app, pilot)
            panel = screen.query_one(AlliancePanel)
            assert panel.display
            await pilot.resize_terminal(80, 24)
            await pilot.pause()
            assert not panel.display
            await pilot.press("f2")
            assert panel.display

    async def test_an_exam_has_no_panel_and_no_hint(self, make_app: MakeApp) -> None:
        app = make_app(Start(seed=7, exam=True), pace="untimed")
        async with app.run_test(size=LARGE) as pilot:
            screen = await begin(app, pilot)
            assert screen.session.opened.exam
            await pilot.press("f2", "f3")
            assert not screen.query_one(AlliancePanel).display
            assert not screen.query_one("#hint").display
            names = [command.title for command in app.get_system_commands(screen)]
            assert "Hint" not in names
            assert "Pause" in names

    async def test_a_hint_is_noted_and_goes_with_the_next_reply(self, make_app: MakeApp) -> None:
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot)
            await pilot.press("f3")
            assert screen.query_one("#hint").display
            assert screen.session.events[-1].type == "hint_shown"
            await say(app, pilot, "Come in.")
            assert not screen.query_one("#hint").display


class TestLongSession:
    async def test_only_the_latest_turns_are_widgets(
        self, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(conversation, "MOUNTED", 6)
        monkeypatch.setattr(conversation, "FOLDED_AT_ONCE", 4)
        app = make_app(pace="untimed")
        async with app.run_test(size=SMALL) as pilot:
            screen = await begin(app, pilot, "mandated")
            for text in SKILLED[:8]:
                await say(app, pilot, text)
            kept = shown(app)
            assert 6 <= len(kept) < 10
            assert kept[-2] == SKILLED[7]
            folded = str(screen.query_one("#folded", Static).content)
            assert folded.startswith(f"{17 - len(kept)} earlier turns")
