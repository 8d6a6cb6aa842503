"""The same turn twice: both tries, and what became of the hour."""

import pytest
from debriefing import LARGE, SIZES, SMALL, keep, press, settled, still, words

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Branch
from alliance_sim.tui.screens.comparison import ComparisonScreen
from alliance_sim.tui.screens.debrief import DebriefScreen
from stories import HOUR, NASTY, Turn, library_in, story

SECOND = Turn(
    HOUR[1].client,
    "Half an hour before you can walk through your own door.",
    deltas={"trust": 5.0, "safety": 4.0},
    levels={"empathy": 3.4},
)


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


@pytest.fixture
def tries(store):
    keep(store, "s1", story(*HOUR))
    branch = Branch(session_id="s1", turn=3)
    keep(store, "s2", story(HOUR[0], SECOND, HOUR[2], branch=branch))


async def compare(app, pilot, before, after):
    await pilot.pause()
    app.show_comparison(before, after)
    await settled(app, pilot)


async def test_both_tries_and_the_outcomes(make_app, tries):
    app = make_app()
    async with app.run_test(size=LARGE) as pilot:
        await compare(app, pilot, "s1", "s2")
        text = words(app)
        assert "The same turn twice · Ann · turn 3" in text
        assert "The first time You: “You should tell them how you feel.”" in text
        assert "This time You: “Half an hour before you can walk" in text
        assert "Ann: Could I have your number? [She laughs.] Just in case." in text
        assert "It cost you something with Ann. safety −6 · reactance +6 · trust −5" in text
        assert "It brought Ann closer. trust +5 · safety +4" in text
        assert "Turns 4 3 ←" in text
        assert "Ruptures 1 0 ←" in text
        assert "Ending planned close planned close" in text
        assert "Not observed either time: Boundaries" in text


@pytest.mark.parametrize(("size", "beside"), [(SMALL, False), (LARGE, True)])
async def test_side_by_side_where_there_is_room(make_app, tries, size, beside):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await compare(app, pilot, "s1", "s2")
        first, second = app.screen.query(".try")
        assert (first.region.y == second.region.y) is beside
        assert (first.region.x == second.region.x) is not beside


async def test_to_either_debrief_and_back(make_app, tries):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await compare(app, pilot, "s1", "s2")
        for key, session in (("1", "s1"), ("2", "s2")):
            await press(app, pilot, key)
            assert isinstance(app.screen, DebriefScreen)
            assert app.screen.session_id == session
            await press(app, pilot, "escape")
            assert isinstance(app.screen, ComparisonScreen)


async def test_sessions_that_have_nothing_to_do_with_each_other(make_app, tries):
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await compare(app, pilot, "s2", "s1")
        assert "s1 did not branch from s2" in words(app)


async def test_a_first_try_that_was_deleted(make_app, store, tries):
    store.delete("s1")
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await compare(app, pilot, "s1", "s2")
        assert isinstance(app.screen, ComparisonScreen)
        assert "session never began" in words(app)


async def test_words_of_others_are_words(make_app, store):
    keep(store, "s1", story(*HOUR))
    branch = Branch(session_id="s1", turn=3)
    nasty = Turn(HOUR[1].client, NASTY)
    keep(store, "s2", story(HOUR[0], nasty, Turn(NASTY, "Yes."), branch=branch))
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await compare(app, pilot, "s1", "s2")
        assert "[bold]no[/bold]" in words(app)
        assert "\x1b" not in app.export_screenshot()


@pytest.mark.parametrize("size", SIZES)
async def test_picture(make_app, tries, picture, size):
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await compare(app, pilot, "s1", "s2")
        await still(app, pilot)
        picture(app, f"comparison_{size[0]}")
