"""Rating in the full-screen program: blind, one moment at a time, stored at once."""

import pytest
from debriefing import LARGE, SIZES, SMALL, press, settled, still, words
from textual.widgets import Input

from alliance_sim.domain.codes import CodedReply, Main
from alliance_sim.domain.scorecard import RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.runtime.calibrating import Round, moments
from alliance_sim.tui.calibration import CalibrationApp
from alliance_sim.tui.preferences import Preferences, save_preferences
from alliance_sim.tui.screens.calibrate import CalibrateScreen

SAID = (
    ("client", "They moved me to nights. [She looks away.] Nobody asked."),
    ("therapist", "No say in any of it, [bold]and found out[/bold] from a wall."),
    ("client", "I sat in the car for half an hour before I could go in."),
    ("therapist", "Have you tried leaving the house a little earlier?"),
)
LEVELS = {1: 3.25, 3: 0.75}


def transcript():
    utterances = tuple(
        Utterance(turn=turn, speaker=Speaker(who), text=text)
        for turn, (who, text) in enumerate(SAID)
    )
    return Transcript(transcript_id="hour-1", utterances=utterances)


def card():
    coded = CodedReply(main=Main.OTHER, codes=())
    return Scorecard(
        transcript_id="hour-1",
        utterances=tuple(
            UtteranceScore(turn=turn, coded=coded, rubrics={"empathy": level})
            for turn, level in LEVELS.items()
        ),
        rubrics=(RubricScore(rubric="empathy", rubric_version="1.0.0", score=2.15),),
    )


@pytest.fixture
def make(tmp_path, store, library, clock):
    def made():
        folder = tmp_path / "data"
        save_preferences(folder, Preferences.model_validate({"notice_seen": True}))
        rubric = library.rubric("empathy")
        found = moments([(transcript(), card())], [rubric])
        going = Round.begin("i-7", found, store, clock, seed=1)
        return CalibrationApp(going, [rubric], library=library, store=store, data=folder), going

    return made


async def test_numbers_rate_and_go_on_and_nothing_of_the_program_is_shown(make, store):
    app, going = make()
    async with app.run_test(size=LARGE) as pilot:
        await settled(app, pilot)
        seen = []
        for key in ("3", "0", "n"):
            seen.append(words(app))
            await press(app, pilot, key)
        assert "All are rated." in words(app)
    assert [going.given[m.place].level for m in going.moments] == [3, 0, None]
    assert {r.level for r in store.ratings()} == {3, 0, None}
    for text in seen:
        assert not any(shown in text for shown in ("3.25", "3.2", "0.75", "0.8", "2.15", "2.1"))
    assert any("[bold]and found out[/bold]" in text for text in seen)


async def test_back_takes_up_the_last_one_again(make, store):
    app, going = make()
    async with app.run_test(size=SMALL) as pilot:
        await settled(app, pilot)
        first = going.current
        await press(app, pilot, "1", "b")
        assert going.current == first
        await press(app, pilot, "4")
        assert [r.level for r in store.ratings()] == [4]


async def test_a_note_goes_with_the_rating(make, store):
    app, _ = make()
    async with app.run_test(size=SMALL) as pilot:
        await settled(app, pilot)
        await press(app, pilot, "e")
        app.screen.query_one(Input).value = "3 words, no feeling"
        await press(app, pilot, "enter", "2")
    (rating,) = store.ratings()
    assert (rating.level, rating.note) == (2, "3 words, no feeling")


async def test_what_was_rated_is_not_asked_again_and_what_was_passed_over_is(make):
    app, going = make()
    async with app.run_test(size=SMALL) as pilot:
        await settled(app, pilot)
        await press(app, pilot, "2", "s", "3")
        assert "1 passed over" in words(app)
        await press(app, pilot, "escape")
    _, resumed = make()
    passed = going.moments[1].place
    assert resumed.done == 2
    assert resumed.current.place == passed


async def test_leaving_ends_the_program(make):
    app, _ = make()
    async with app.run_test(size=SMALL) as pilot:
        await settled(app, pilot)
        assert isinstance(app.screen, CalibrateScreen)
        await pilot.press("escape")
        await pilot.pause()
        assert app._exit


@pytest.mark.parametrize("size", SIZES)
async def test_calibrate_picture(make, picture, size):
    app, _ = make()
    async with app.run_test(size=size) as pilot:
        await settled(app, pilot)
        await still(app, pilot)
        picture(app, f"calibrate_{size[0]}")
