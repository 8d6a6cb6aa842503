"""A session in the words of a model, as it is seen: words, waiting, failing, leaving."""

import threading

import pytest
from debriefing import look_back, press, still, words
from modelling import FakeModels, finished, heard, note, status
from playing import begin, engine, pass_time, say, session_of, settled, shown
from tests.llm.fake_backend import Hanging, Reset
from tests.llm.misbehaving import (
    broken_json,
    context_exceeded,
    empty,
    expired_key,
    hangs,
    model_not_found,
    resets,
    wrong_type,
)
from tests.llm.misbehaving import status as server_status

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Ended, TraineeSent, Worded
from alliance_sim.errors import EndpointProblem
from alliance_sim.llm.endpoint import Endpoint, Timeouts
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.tui.app import Start
from alliance_sim.tui.presenter import SCRIPTED
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.intake import IntakeScreen
from alliance_sim.tui.screens.opening import OpeningScreen
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.composer import Composer
from alliance_sim.tui.widgets.conversation import Conversation
from alliance_sim.tui.widgets.turn import TurnView, words_of
from factories import minimal_scenario_dict, write_yaml

SMALL, LARGE = (80, 24), (120, 36)
PLAIN = "I get in at half past six. I eat standing up, and then I lie there."
ASKED = "How are you sleeping?"
KEY = "sk-never-to-be-seen"
OFF = ModelProblem("http://127.0.0.1:9/v1 (model fake-model) refused", Fault.UNREACHABLE)


@pytest.fixture(autouse=True)
def settles_at_once():
    """Not here: a model words in a thread of its own, which comes forward in real time alone."""


@pytest.fixture
def modelled(make_app, tmp_path):
    """Makes an app with a model that is chosen; gives both."""
    closing = []

    def make(*script, pace="untimed", start=None, **preferences):
        models = FakeModels(tmp_path, *script)
        closing.append(models)
        start = start or Start(seed=7, voice="model")
        return make_app(start, models=models, pace=pace, **preferences), models

    yield make
    for models in closing:
        for wording in models.opened:
            wording.close()


async def greeted(app, pilot):
    """Past arrival and opening, which no model words."""
    await begin(app, pilot)
    await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
    await say(app, pilot, "Come in, have a seat.")
    await heard(app, pilot, lambda: finished(app))


def drawn(app, number=-1):
    """A turn with its marks, as it is on the screen."""
    return words_of(list(session_of(app).query(TurnView))[number].turn).plain


class TestWords:
    async def test_they_are_the_models(self, modelled) -> None:
        app, models = modelled(PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-1] == PLAIN
            assert SCRIPTED not in drawn(app)
            assert len(models.backend.requests) == 1
            assert engine(app).opened.voice == "model"
            assert "· model" in str(app.screen.query_one("#who").content)

    async def test_they_come_clause_by_clause_at_the_pace_of_speech(self, modelled) -> None:
        app, _ = modelled(PLAIN, pace="stream")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 100)
            await say(app, pilot, ASKED)
            before = len(shown(app))
            await pass_time(app, pilot, 1)
            await heard(app, pilot, lambda: len(shown(app)) > before)
            assert PLAIN.startswith(shown(app)[-1])
            assert shown(app)[-1] != PLAIN
            await pass_time(app, pilot, 20)
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-1] == PLAIN

    async def test_the_reader_brings_them(self, modelled) -> None:
        app, _ = modelled(PLAIN, pace="paced")
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await press(app, pilot, *["enter"] * 20)
            await say(app, pilot, "Come in, have a seat.")
            await press(app, pilot, *["enter"] * 60)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: shown(app)[-1] in PLAIN)
            first = shown(app)[-1]
            await press(app, pilot, "enter")
            await heard(app, pilot, lambda: shown(app)[-1] != first)
            for _ in range(6):
                await press(app, pilot, "enter")
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-1] == PLAIN

    async def test_brackets_of_a_model_are_text(self, modelled) -> None:
        app, _ = modelled("I said [b]no[/b] to him, and I meant it then.")
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            assert "\x1b" not in app.export_screenshot()


class TestWaiting:
    async def test_it_is_said_and_one_can_write_meanwhile(self, modelled) -> None:
        app, models = modelled(Hanging(""), PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: "takes a moment ·" in status(app))
            app.clock.sleep(12)
            session_of(app)._tell_waiting()
            assert "takes a moment, 12 s" in status(app)
            await pilot.press("o", "h")
            assert session_of(app).query_one(Composer).text == "oh"
            await say(app, pilot, "Is it hard to rest?")
            await heard(app, pilot, lambda: finished(app))
            assert models.backend.cancelled == 1
            assert shown(app)[-2:] == ["Is it hard to rest?", PLAIN]

    async def test_cutting_in_ends_the_request(self, modelled) -> None:
        app, models = modelled(Hanging("I get in at half past six. I eat standing up,"), PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            app.preferences = app.preferences.model_copy(update={"pace": "stream"})
            await begin(app, pilot)
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await pass_time(app, pilot, 20)
            await say(app, pilot, "Come in, have a seat.")
            await pass_time(app, pilot, 100)
            await say(app, pilot, ASKED)
            await pass_time(app, pilot, 1)
            await heard(app, pilot, lambda: shown(app)[-1].startswith("I get in"))
            await say(app, pilot, "You should try warm milk, it is what everyone does.")
            assert "you cut in" in shown(app)[-2]
            await heard(app, pilot, lambda: models.backend.cancelled)
            assert next(e.cut for e in engine(app).events if isinstance(e, Worded))

    async def test_the_undo_window_holds_them(self, modelled) -> None:
        app, _ = modelled(Hanging(""), undo_seconds=1.5)
        async with app.run_test(size=SMALL) as pilot:
            await begin(app, pilot)
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await say(app, pilot, "Come in.")
            await pilot.press("enter")
            await heard(app, pilot, lambda: finished(app))
            await say(app, pilot, ASKED)
            await pilot.press("enter")
            await heard(app, pilot, lambda: "takes a moment" in status(app))
            await say(app, pilot, "Hm, wait, what I meant is:")
            assert "Esc takes it back" in status(app)
            await pilot.press("escape")
            assert session_of(app).query_one(Composer).text == "Hm, wait, what I meant is:"
            assert "takes a moment" in status(app)


class TestFailing:
    async def test_one_plain_sentence_and_the_authored_words(self, modelled) -> None:
        app, _ = modelled(OFF, PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            assert drawn(app).endswith(SCRIPTED)
            assert SCRIPTED not in shown(app)[-1]
            assert note(app) == f"{OFF}. Dee speaks with the authored words in this turn."
            assert SCRIPTED in session_of(app).script.text("Dee")
            await say(app, pilot, "Is it hard to rest?")
            assert note(app) == ""
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-1] == PLAIN

    async def test_a_reply_that_breaks_off_stands_as_far_as_it_came(self, modelled) -> None:
        app, _ = modelled(Reset("I get in at half past six. I eat standing up, and"))
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-1].startswith("I get in at half past six.")
            assert "breaks off" in note(app)

    async def test_left_alone_after_three_until_asked_again(self, modelled) -> None:
        app, models = modelled(OFF, OFF, OFF, PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            assert session_of(app).check_action("ask_model", ()) is False
            for text in (ASKED, "Is it hard to rest?", "What is that like?"):
                await say(app, pilot, text)
                await heard(app, pilot, lambda: finished(app))
            assert note(app).endswith("from here on. F5 asks the model again.")
            await say(app, pilot, "Mornings too?")
            await heard(app, pilot, lambda: finished(app))
            assert len(models.backend.requests) == 3
            assert note(app) == "Dee speaks with the authored words. F5 asks the model again."
            assert drawn(app).endswith(SCRIPTED)
            await pilot.press("f5")
            assert note(app) == "fake-model is asked again from the next turn on."
            await say(app, pilot, "And the nights?")
            await heard(app, pilot, lambda: finished(app))
            assert len(models.backend.requests) == 4

    @pytest.mark.parametrize("size", [LARGE])
    async def test_picture(self, make_app, picture, tmp_path, size) -> None:
        write_yaml(tmp_path / "scenarios" / "small.yaml", minimal_scenario_dict())
        models = FakeModels(tmp_path, OFF)
        app = make_app(Start(seed=7, voice="model"), models=models, pace="untimed")
        app.library = Library([tmp_path])
        async with app.run_test(size=size) as pilot:
            await begin(app, pilot, "small")
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await say(app, pilot, "Come in, have a seat.")
            await heard(app, pilot, lambda: finished(app))
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            # What is added late may leave the end out of sight; the picture is of the end.
            for _ in range(4):
                await still(app, pilot)
                session_of(app).query_one(Conversation).scroll_end(animate=False, immediate=True)
                await pilot.pause(0.05)
            await still(app, pilot)
            picture(app, f"session_model_{size[0]}")


FAULTS = {
    "500": server_status(500),
    "429": server_status(429),
    "key": expired_key,
    "no such model": model_not_found,
    "context": context_exceeded,
    "empty": empty,
    "no JSON": broken_json,
    "wrong type": wrong_type,
    "reset": resets(),
    "hangs": hangs,
}


class TestFaultsOfAServer:
    @pytest.mark.parametrize("fault", FAULTS)
    async def test_the_session_goes_on(self, modelled, misbehaving, fault) -> None:
        misbehaving.script(FAULTS[fault])
        app, models = modelled()
        waits = Timeouts(connect=2, first=0.2, between=0.2, whole=2)
        endpoint = Endpoint(misbehaving.url, "served-model", KEY, timeouts=waits, retries=0)
        models.backend = OpenAIBackend(endpoint)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            assert shown(app)[-2] == ASKED
            assert drawn(app).endswith(SCRIPTED)
            assert note(app).endswith("Dee speaks with the authored words in this turn.")
            assert KEY not in app.export_screenshot()
            assert len(misbehaving.requests) >= 1
            await say(app, pilot, "Is it hard to rest?")
            await heard(app, pilot, lambda: finished(app))
            kinds = [type(stored.event) for stored in app.store.events(engine(app).id)]
            assert kinds.count(TraineeSent) == 3


class TestOpening:
    async def test_without_a_model_one_can_begin_scripted(self, modelled) -> None:
        app, models = modelled(PLAIN)

        def fails(_):
            raise EndpointProblem("http://127.0.0.1:9/v1: refused [b]")

        models.opens = fails
        async with app.run_test(size=SMALL) as pilot:
            app.show_intake("wary")
            await pilot.pause()
            await pilot.press("f5")
            await heard(app, pilot, lambda: isinstance(app.screen, AskScreen))
            assert "http://127.0.0.1:9/v1: refused [b]" in words(app)
            await pilot.press("enter")
            await heard(app, pilot, lambda: isinstance(app.screen, IntakeScreen))
            await pilot.press("f5")
            await heard(app, pilot, lambda: isinstance(app.screen, AskScreen))
            await pilot.press("right", "enter")
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            assert engine(app).opened.voice == "scripted"

    async def test_loading_is_shown_and_can_be_given_up(self, modelled) -> None:
        app, models = modelled(PLAIN)
        half, on = threading.Event(), threading.Event()

        def loads(progress):
            progress(0.5)
            half.set()
            on.wait(5)
            progress(1.0)

        models.opens = loads
        async with app.run_test(size=SMALL) as pilot:
            app.show_intake("wary")
            await pilot.pause()
            await pilot.press("f5")
            await heard(app, pilot, half.is_set)
            assert isinstance(app.screen, OpeningScreen)
            await heard(app, pilot, lambda: app.screen.query_one("ProgressBar").percentage == 0.5)
            await pilot.press("escape")
            await pilot.pause()
            assert isinstance(app.screen, IntakeScreen)
            on.set()
            await settled(app, pilot)
            assert models.opened == []
            assert app.store.sessions() == []

    async def test_the_model_is_let_go_with_the_screen(self, modelled) -> None:
        app, models = modelled(PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            await press(app, pilot, "f9", "right", "enter")
            assert isinstance(app.screen, HomeScreen)
            for thread in threading.enumerate():
                if thread.name == "closing the model":
                    thread.join(5)
            assert models.backend.closed == 1


class TestGoingOn:
    async def test_quitting_while_it_is_asked_loses_nothing(self, modelled) -> None:
        app, models = modelled(Hanging(""), PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            name = engine(app).id
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: models.backend.requests)
            await pilot.press("ctrl+q")
        events = [stored.event for stored in app.store.events(name)]
        assert any(isinstance(e, TraineeSent) and e.text == ASKED for e in events)
        again, models = modelled(PLAIN, start=Start(resume=name))
        async with again.run_test(size=SMALL) as pilot:
            await heard(again, pilot, lambda: isinstance(again.screen, SessionScreen))
            await heard(again, pilot, lambda: finished(again))
            assert shown(again)[-2:] == [ASKED, PLAIN]
            assert len(models.backend.requests) == 1

    async def test_without_a_model_it_goes_on_in_the_authored_words(
        self, modelled, make_app
    ) -> None:
        app, _ = modelled(PLAIN)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            name = engine(app).id
        again = make_app(Start(resume=name))
        async with again.run_test(size=SMALL) as pilot:
            await settled(again, pilot)
            told = [each.message for each in again._notifications]
            assert told == ["No model is set up now. The client goes on with the authored words."]
            await say(again, pilot, ASKED)
            assert len(shown(again)[-1]) > 10

    async def test_a_turn_tried_again_is_worded_by_the_model_again(self, modelled) -> None:
        app, models = modelled(*[PLAIN] * 6)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            name, turn = engine(app).id, engine(app).standing.next_turn
            await say(app, pilot, ASKED)
            await heard(app, pilot, lambda: finished(app))
            asked = len(models.backend.requests)
            app.go_home()
            app.retry(name, turn)
            await heard(app, pilot, lambda: isinstance(app.screen, SessionScreen))
            await heard(app, pilot, lambda: finished(app))
            assert "trying again" in str(app.screen.query_one("#who").content)
            await say(app, pilot, "Is it hard to rest?")
            await heard(app, pilot, lambda: finished(app))
            assert len(models.backend.requests) > asked
            assert engine(app).id != name

    @pytest.mark.llm
    async def test_a_real_small_model_over_the_real_wire(
        self, modelled, small_model, loopback
    ) -> None:
        app, models = modelled()
        models.backend = OpenAIBackend(small_model.endpoint)
        async with app.run_test(size=SMALL) as pilot:
            await greeted(app, pilot)
            for text in (ASKED, "Is it hard to rest?"):
                await say(app, pilot, text)
                await heard(app, pilot, lambda: finished(app), looks=4000)
            worded = [event for event in engine(app).events if isinstance(event, Worded)]
            assert len(worded) == 2
            assert all(event.calls >= 1 and event.fault is None for event in worded)
            for view in list(app.screen.query(TurnView))[-3::2]:
                assert view.turn.plain()


class TestDebrief:
    async def test_usage_and_marks_are_told_quietly(self, modelled) -> None:
        app, _ = modelled(OFF, *[PLAIN] * 4)
        async with app.run_test(size=LARGE) as pilot:
            await greeted(app, pilot)
            name = engine(app).id
            for text in (ASKED, "Is it hard to rest?"):
                await say(app, pilot, text)
                await heard(app, pilot, lambda: finished(app))
            await pilot.press("f10")
            await heard(app, pilot, lambda: isinstance(engine(app).ended, Ended))
            await press(app, pilot, "escape", "f9")
            app.go_home()
            await look_back(app, pilot, name, "escape")
            await settled(app, pilot)
            assert "Worded by fake-model · " in words(app)
            assert " scripted" in words(app)
            await press(app, pilot, "6")
            assert " ".join(SCRIPTED.split()) in words(app)
