"""Every screen with all ten rubrics in play, at the smallest size that fits."""

import pytest
from debriefing import LARGE, SMALL, keep, look_back, looking_back, press, settled, still, words
from textual.widgets import Button, Static

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import Branch, Event, Scored
from alliance_sim.domain.scorecard import Grade, RubricScore
from alliance_sim.tui.screens.rating import RatingScreen
from alliance_sim.tui.widgets.debrief_rating import RatingRow
from factories import minimal_scenario_dict, write_yaml
from stories import HOUR, card, story

LEVELS = {
    "empathy": 2.6,
    "active_listening": 3.1,
    "collaboration": 2.2,
    "boundaries": None,
    "safety": 1.3,
    "interruptions": 1.0,
    "i_statements": None,
    "rupture_repair": 3.4,
    "cultural_humility": None,
    "pacing": 2.8,
}
"""A score a rubric; None where it was not observed."""


@pytest.fixture
def library(tmp_path) -> Library:
    """The rubrics that ship, and a small client with all of them in play."""
    scenario = minimal_scenario_dict(rubrics=list(LEVELS))
    write_yaml(tmp_path / "pack" / "scenarios" / "small.yaml", scenario)
    return Library([shipped_root(), tmp_path / "pack"])


def scored(levels=None, **changes) -> list[Event]:
    """The hour with a score a rubric."""
    levels = LEVELS if levels is None else levels
    scores = tuple(
        RubricScore(
            rubric=rubric,
            rubric_version="1.0.0",
            score=level,
            grade=graded(level),
            why_null=None if level else "Nothing called for it.",
        )
        for rubric, level in levels.items()
    )
    made = card(HOUR).model_copy(update={"rubrics": scores})
    return [*story(*HOUR, scored=False, **changes), Scored(scorecard=made)]


def graded(level: float | None) -> Grade | None:
    if level is None:
        return None
    return Grade.GOOD if level >= 3 else Grade.FAIR if level >= 2.5 else Grade.BELOW


def drawn(app) -> str:
    """The screen as it is seen, line by line."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


async def test_what_will_be_looked_at_fits_a_small_screen(make_app, library) -> None:
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        app.show_intake("small")
        await pilot.pause()
        titles = [library.rubric(name).title for name in LEVELS]
        assert " · ".join(titles) in words(app)


async def test_seven_ratings_by_seven_keys(make_app, store) -> None:
    keep(store, "s1", scored(), rated=False)
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await look_back(app, pilot, "s1")
        assert isinstance(app.screen, RatingScreen)
        rows = list(app.screen.query(RatingRow))
        assert [row.rubric for row in rows] == [name for name, level in LEVELS.items() if level]
        shown = drawn(app)
        for title in ("Empathy", "Safety and confidentiality", "Pacing and phase"):
            assert title in shown
        assert app.screen.query_one("#rating-done", Button).region.bottom < SMALL[1]
        await pilot.press(*"3123432")
        assert app.focused.id == "rating-done"
        assert [row.level for row in rows] == [3, 1, 2, 3, 4, 3, 2]


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_scores_in_whole_titles_and_the_rest_in_one_line(
    make_app, store, picture, size
) -> None:
    async with looking_back(make_app, store, scored(), size=size) as (app, pilot):
        shown = drawn(app)
        assert "Safety and confidentiality 1.3" in shown
        assert "Rupture and repair         3.4" in shown
        assert "Not observed: Boundaries, I-statements, Cultural humility." in shown
        assert "Nothing called for it." not in shown
        await still(app, pilot)
        picture(app, f"ten_summary_{size[0]}")
        await press(app, pilot, "2", "down")
        assert "How it stands" in words(app)


async def test_two_tries_side_by_side(make_app, store) -> None:
    keep(store, "s1", scored())
    better = LEVELS | {"safety": 3.0, "boundaries": 3.5}
    keep(store, "s2", scored(better, branch=Branch(session_id="s1", turn=3)))
    app = make_app()
    async with app.run_test(size=SMALL) as pilot:
        await pilot.pause()
        app.show_comparison("s1", "s2")
        await settled(app, pilot)
        text = "\n".join(str(each.content) for each in app.screen.query(Static))
        rows = [" ".join(line.split()) for line in text.splitlines()]
        assert "Safety and confidentiality 1.3 3.0 ←" in rows
        assert "Boundaries not observed 3.5 ←" in rows
        assert "Not observed either time: I-statements, Cultural humility" in rows
        assert all(len(line) < SMALL[0] - 6 for line in text.splitlines() if "←" in line)
