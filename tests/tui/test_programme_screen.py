"""The coordinator's screen: tables that are fetched page by page, figures, appeals."""

import pytest
from debriefing import LARGE, SIZES, SMALL, keep, press, settled, still, told, words
from playing import MakeApp
from textual.widgets import Input, Select, Static

from alliance_sim.authoring.library import Library
from alliance_sim.domain.events import Appealed
from alliance_sim.errors import StoreProblem
from alliance_sim.runtime.appealing import of_session
from alliance_sim.store.audit import entries
from alliance_sim.tui.app import Start
from alliance_sim.tui.screens.answer import AnswerScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.programme import ProgrammeScreen
from alliance_sim.tui.screens.programme_filter import FilterScreen
from alliance_sim.tui.screens.review import ReviewScreen
from alliance_sim.tui.screens.trainee import TraineeScreen
from alliance_sim.tui.widgets.paged_table import PAGE, PagedTable
from practised import Programme, day
from stories import AT, HOUR, NASTY, library_in, story


@pytest.fixture
def library(tmp_path) -> Library:
    return library_in(tmp_path / "pack")


@pytest.fixture
def programme(store):
    """Six trainees of a cohort with four sessions each, one without any."""
    made = Programme(store)
    made.cohort("a", *(f"t-{n}" for n in range(7)), title="First years")
    made.assignment("m1", "a", due_at=day(9))
    for person in range(6):
        for number in range(4):
            value = 1.5 + 0.1 * person + 0.4 * number
            made.session(
                f"s{person}{number}",
                f"t-{person}",
                on=person + 6 * number,
                overall=value,
                scores={"empathy": value},
                changed={"empathy": 1.0} if (person, number) == (5, 3) else {},
            )
    made.attempt("s00", "m1", "t-0")
    return made


@pytest.fixture
def appealed(store):
    """A session whose score of empathy its trainee contests."""
    keep(store, "s1", story(*HOUR))
    store.append("s1", [Appealed(rubric="empathy", reason="Turn 5 says [more] than that.")], at=AT)


async def opened(app, pilot, *keys):
    await pilot.pause()
    app.show_programme()
    await settled(app, pilot)
    await press(app, pilot, *keys)


def table(app) -> PagedTable:
    return app.screen.query_one(f"#{app.screen.part}-table", PagedTable)


def column(app, place: int) -> list[str]:
    shown = table(app)
    return [str(shown.get_row_at(at)[place]) for at in range(shown.row_count)]


class TestWayIn:
    async def test_from_home_from_history_and_from_the_palette(self, make_app: MakeApp, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await press(app, pilot, "p")
            assert isinstance(app.screen, ProgrammeScreen)
            await press(app, pilot, "escape", "h", "p")
            assert isinstance(app.screen, ProgrammeScreen)
            names = [command.title for command in app.get_system_commands(app.screen)]
            assert "Programme" in names
            await press(app, pilot, "h")
            assert isinstance(app.screen, HomeScreen)

    async def test_a_guest_has_no_way_to_it(self, make_app, programme):
        app = make_app(Start(trainee="t-1", served=True))
        async with app.run_test(size=SMALL) as pilot:
            await settled(app, pilot)
            await press(app, pilot, "p")
            app.show_programme()
            await settled(app, pilot)
            assert isinstance(app.screen, HomeScreen)
            names = [command.title for command in app.get_system_commands(app.screen)]
            assert "Programme" not in names

    async def test_a_store_without_anything(self, make_app):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            assert "No sessions yet." in words(app)
            await press(app, pilot, "enter", "2", "enter")
            assert "No trainees yet." in words(app)
            await press(app, pilot, "3")
            assert "nothing to report" in words(app)
            await press(app, pilot, "4", "enter")
            assert "No appeal waits." in words(app)


class TestSessions:
    async def test_newest_first_with_what_was_changed_marked(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            assert column(app, 1)[:3] == ["t-5", "t-4", "t-3"]
            assert column(app, 4)[:2] == ["3.2* good", "3.1 good"]
            assert "24 sessions" in words(app)
            assert table(app).virtual_size.width <= SMALL[0]

    async def test_sorting_by_each_column_and_turning_round(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "s")
            assert column(app, 1) == sorted(column(app, 1), reverse=True)
            assert str(table(app).ordered_columns[1].label) == "Trainee ▾"
            await press(app, pilot, "r")
            assert column(app, 1) == sorted(column(app, 1))
            assert str(table(app).ordered_columns[1].label) == "Trainee ▴"
            await press(app, pilot, "s", "s", "s")
            assert column(app, 4)[0].startswith("1.5")

    async def test_a_click_on_a_title_sorts_and_a_second_turns_round(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            overall = SMALL[0] - 14, 0
            for first in ("1.5", "3.2"):
                await pilot.click(PagedTable, offset=overall)
                await settled(app, pilot)
                assert column(app, 4)[0].startswith(first)

    async def test_rows_come_as_one_goes_down(self, make_app, store):
        made = Programme(store)
        for number in range(PAGE + 50):
            made.session(f"s{number:04}", "t-1", on=number / 100)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            assert table(app).row_count == PAGE
            assert f"{PAGE} of {PAGE + 50} sessions" in words(app)
            await press(app, pilot, "end", "end")
            assert table(app).row_count == PAGE + 50
            assert len({*column(app, 0)}) > 1
            keys = [row.value for row in table(app).rows]
            assert keys == [f"s{number:04}" for number in reversed(range(PAGE + 50))]

    async def test_what_was_asked_for_another_order_is_not_shown(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            before = column(app, 1)
            late = ProgrammeScreen.Read("sessions", app.screen._ticket, ("trainee", True, 0), [], 0)
            app.screen.rows_read(late)
            other = ProgrammeScreen.Read("sessions", 0, ("opened_at", True, 0), [], 0)
            app.screen.rows_read(other)
            assert column(app, 1) == before

    async def test_enter_opens_the_debrief_and_changes_nothing(self, make_app, store):
        keep(store, "s1", story(*HOUR), rated=False)
        before = store.events("s1")
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await opened(app, pilot, "enter")
            assert isinstance(app.screen, ReviewScreen)
            assert "Debrief · Ann" in words(app)
            await press(app, pilot, "2", "t", "o", "a", "5")
            assert isinstance(app.screen, ReviewScreen)
            assert "The trainee wrote no reflection." in words(app)
            await press(app, pilot, "escape")
            assert isinstance(app.screen, ProgrammeScreen)
        assert store.events("s1") == before

    async def test_words_from_the_store_are_just_words(self, make_app, store):
        Programme(store).session("s1", NASTY, scenario=NASTY, overall=2.0)
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            assert "\x1b" not in column(app, 1)[0]
            assert column(app, 1)[0].startswith("<script>")


class TestFilter:
    async def test_by_cohort_client_and_trainee(self, make_app, programme):
        programme.session("x1", "t-50", scenario="other")
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "f")
            assert isinstance(app.screen, FilterScreen)
            app.screen.query_one("#cohort", Select).value = "a"
            app.screen.query_one("#trainee", Input).value = "t-5"
            await press(app, pilot, "f5")
            assert set(column(app, 1)) == {"t-5"}
            assert "Programme · cohort a · trainee t-5…" in words(app)
            await press(app, pilot, "2")
            assert column(app, 0) == ["t-5"]
            await press(app, pilot, "escape", "1")
            assert "25 sessions" in words(app)
            await press(app, pilot, "escape")
            assert isinstance(app.screen, HomeScreen)

    async def test_by_assignment_and_back_to_all(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "f")
            app.screen.query_one("#assignment", Select).value = "m1"
            await press(app, pilot, "f5")
            assert column(app, 1) == ["t-0"]
            await press(app, pilot, "f")
            await pilot.click("#all")
            await settled(app, pilot)
            assert len(column(app, 1)) == 24

    async def test_leaving_it_changes_nothing(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "f", "escape")
            assert len(column(app, 1)) == 24


class TestTrainees:
    async def test_with_who_has_not_practised(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "2")
            assert column(app, 0) == [f"t-{n}" for n in range(7)]
            assert column(app, 2)[-1] == "never"
            assert column(app, 5)[0] == "+1.2"
            await press(app, pilot, "s")
            assert column(app, 1) == ["0", *["4"] * 6]

    async def test_progress_of_one_and_a_report_of_it(self, make_app, programme, store):
        app = make_app(Start(user="coordinator"))
        async with app.run_test(size=LARGE) as pilot:
            await opened(app, pilot, "2", "enter")
            assert isinstance(app.screen, TraineeScreen)
            shown = str(app.screen.query_one("#trainee-text", Static).content)
            assert "Progress report: t-0" in shown
            assert "Whom to practise with next" in shown
            await press(app, pilot, "e")
            (path,) = (app.data_folder / "reports").glob("t-0-*.html")
            assert "t-0" in path.read_text(encoding="utf-8")
            assert any(str(path.name) in note for note in told(app))
            await press(app, pilot, "l")
            assert isinstance(app.screen, ProgrammeScreen)
            assert set(column(app, 1)) == {"t-0"}
        with store.reading() as connection:
            (entry,) = entries(connection)
        assert (entry.action, entry.subject, entry.who) == ("report", "t-0", "coordinator")

    async def test_one_of_whom_there_is_nothing(self, make_app, store):
        Programme(store).cohort("a", "t-1")
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "2", "enter")
            assert "no ended session of trainee t-1" in words(app)


class TestFigures:
    async def test_of_what_is_selected(self, make_app, programme):
        app = make_app()
        async with app.run_test(size=LARGE) as pilot:
            await opened(app, pilot, "3")
            shown = str(app.screen.query_one("#figures-text", Static).content)
            assert "7 trainees, 6 have practised; 24 sessions" in shown
            assert len(app.screen.query("GrowthPlot, SpreadPlot")) == 2
            await press(app, pilot, "f")
            app.screen.query_one("#trainee", Input).value = "t-5"
            await press(app, pilot, "f5")
            shown = str(app.screen.query_one("#figures-text", Static).content)
            assert "Fewer than 5 trainees have practised" in shown
            assert not app.screen.query("GrowthPlot, SpreadPlot")

    async def test_a_report_of_it(self, make_app, programme, store):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "e")
            (path,) = (app.data_folder / "reports").glob("all-trainees-*.html")
            assert "Cohort report" in path.read_text(encoding="utf-8")

    async def test_a_folder_that_cannot_be_written(self, make_app, programme):
        app = make_app()
        (app.data_folder / "reports").write_text("a file")
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "e")
            assert any("reports" in note and "Saved" not in note for note in told(app))


class TestExport:
    async def test_the_scores_of_what_is_selected(self, make_app, programme, store):
        app = make_app(Start(user="coordinator"))
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "f")
            app.screen.query_one("#trainee", Input).value = "t-5"
            await press(app, pilot, "f5", "x")
            (path,) = (app.data_folder / "reports").glob("scores-*.csv")
        rows = path.read_text(encoding="utf-8").splitlines()
        assert len(rows) == 5
        assert all(",t-5," in row for row in rows[1:])
        with store.reading() as connection:
            (entry,) = entries(connection)
        assert (entry.action, entry.who, entry.detail["rows"]) == ("export", "coordinator", 4)
        assert entry.detail["filters"] == {"trainee_begins": "t-5"}

    async def test_no_file_without_an_entry(self, make_app, programme, store, monkeypatch):
        def fails(_):
            raise StoreProblem("the store is full")

        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot)
            monkeypatch.setattr(store, "transact", fails)
            await press(app, pilot, "x")
            assert "the store is full" in told(app)
        assert list((app.data_folder / "reports").iterdir()) == []


class TestAppeals:
    async def test_kept_with_a_reason(self, make_app, store, appealed):
        app = make_app(Start(user="i-7"))
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "4")
            assert column(app, 3) == ["Empathy"]
            await press(app, pilot, "enter")
            assert isinstance(app.screen, AnswerScreen)
            shown = str(app.screen.query_one("#case", Static).content)
            assert "Turn 5 says [more] than that." in shown
            assert "2.6, by heron-12" in shown
            app.screen.query_one("#why", Input).value = "It says what, not how it felt."
            await press(app, pilot, "f5")
            assert isinstance(app.screen, ProgrammeScreen)
            assert "No appeal waits." in words(app)
        (made,) = of_session(store, "s1")
        assert (made.outcome, made.answered_by) == ("kept", "i-7")

    async def test_changed(self, make_app, store, appealed):
        app = make_app(Start(user="i-7"))
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "4", "enter")
            app.screen.query_one("#score", Input).value = "3,5"
            app.screen.query_one("#why", Input).value = "Quite right."
            await press(app, pilot, "f5", "1")
            assert column(app, 4) == ["2.2* below fair"]
        assert of_session(store, "s1")[0].outcome == "changed"

    @pytest.mark.parametrize(
        ("field", "value", "problem"),
        [("why", "", "reason"), ("who", "", "who"), ("score", "5", "from 0 to 4")],
    )
    async def test_what_is_missing_is_told(self, make_app, store, appealed, field, value, problem):
        app = make_app(Start(user="i-7"))
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "4", "enter")
            app.screen.query_one("#why", Input).value = "Because."
            app.screen.query_one(f"#{field}", Input).value = value
            await press(app, pilot, "f5")
            assert isinstance(app.screen, AnswerScreen)
            assert problem in str(app.screen.query_one("#problem", Static).content)
            await press(app, pilot, "escape")
        assert of_session(store, "s1")[0].outcome is None

    async def test_the_session_can_be_read_meanwhile(self, make_app, appealed):
        app = make_app()
        async with app.run_test(size=SMALL) as pilot:
            await opened(app, pilot, "4", "enter", "f6")
            assert isinstance(app.screen, ReviewScreen)
            await press(app, pilot, "escape")
            assert isinstance(app.screen, AnswerScreen)


class TestPictures:
    @pytest.mark.parametrize("size", SIZES)
    @pytest.mark.parametrize("key", ["1", "2", "3", "4"])
    async def test_tabs(self, make_app, programme, appealed, picture, size, key, monkeypatch):
        monkeypatch.setenv("TZ", "UTC")
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot, key)
            await still(app, pilot)
            picture(app, f"programme_{key}_{size[0]}")

    @pytest.mark.parametrize("size", SIZES)
    async def test_filter(self, make_app, programme, picture, size):
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot, "f")
            await still(app, pilot)
            picture(app, f"programme_filter_{size[0]}")

    @pytest.mark.parametrize("size", SIZES)
    async def test_answer(self, make_app, appealed, picture, size):
        app = make_app(Start(user="i-7"))
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot, "4", "enter")
            await still(app, pilot)
            picture(app, f"programme_answer_{size[0]}")

    @pytest.mark.parametrize("size", SIZES)
    async def test_trainee(self, make_app, programme, picture, size):
        app = make_app()
        async with app.run_test(size=size) as pilot:
            await opened(app, pilot, "2", "enter")
            await still(app, pilot)
            picture(app, f"programme_trainee_{size[0]}")
