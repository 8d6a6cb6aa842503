"""What a trainee was asked to practise, on the screen: marked, and counted when it is held."""

from datetime import timedelta

import pytest
from playing import settled
from textual.widgets import Button, OptionList, Static

from alliance_sim.domain.programme import Assignment, Cohort, Person
from alliance_sim.store import assignments, attempts, cohorts, memberships, people
from alliance_sim.tui.app import Start
from alliance_sim.tui.screens.asking import AskScreen
from alliance_sim.tui.screens.home import HomeScreen
from alliance_sim.tui.screens.intake import IntakeScreen
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.toggles import Tick
from stories import opened

HERS = Start(seed=7, trainee="t-aaaaaa")
DAY = timedelta(days=1)


@pytest.fixture
def ask(store, clock):
    """Asks the trainee's cohort for something."""

    def write(connection):
        now = clock.now()
        cohorts.add(connection, Cohort(id="spring", title="Spring", created_at=now))
        people.add(connection, [Person(id="t-aaaaaa", created_at=now)])
        memberships.join(connection, "spring", ["t-aaaaaa"], now)

    store.transact(write)

    def asked(name="w1", **changes):
        values = {"id": name, "cohort": "spring", "title": f"Week {name[-1]}"}
        values |= {"scenarios": ("wary",), "created_at": clock.now(), **changes}
        made = Assignment(**values)
        store.transact(lambda connection: assignments.add(connection, made))
        return made

    return asked


def held(store):
    with store.reading() as connection:
        return [(each.assignment, each.trainee, each.number) for each in attempts.every(connection)]


def card(app, client):
    assert isinstance(app.screen, HomeScreen)
    option = app.screen.query_one("#clients", OptionList).get_option(client)
    return str(option.prompt)


async def intake(app, pilot, client="wary") -> IntakeScreen:
    await settled(app, pilot)
    app.show_intake(client)
    await pilot.pause()
    assert isinstance(app.screen, IntakeScreen)
    return app.screen


async def begun(app, pilot):
    await pilot.press("f5")
    await settled(app, pilot)
    return app.screen


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "assigned: Week 1"),
        ({"due_at": 3 * DAY, "attempts": 2}, "assigned: Week 1, due 5 March, 2 attempts left"),
        ({"due_at": -DAY, "attempts": 1}, "due 1 March, overdue, 1 attempt left"),
        ({"opens_at": 2 * DAY, "due_at": 3 * DAY}, "assigned: Week 1, opens 4 March"),
        ({"exam": True}, "assigned: Week 1, exam"),
    ],
)
async def test_assigned_clients_are_marked(make_app, ask, clock, changes, said):
    times = {
        name: clock.now() + value if name.endswith("_at") else value
        for name, value in changes.items()
    }
    ask(**times)
    app = make_app(HERS)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(app, pilot)
        # `yesterday` stands for the day before.
        assert said.replace("due 1 March", "due yesterday") in card(app, "wary")
        assert "assigned" not in card(app, "mandated")
        app.screen.query_one("#find").value = "assigned"
        await settled(app, pilot)
        assert app.screen.query_one("#clients", OptionList).option_count <= 2


@pytest.mark.parametrize("start", [Start(seed=7), Start(seed=7, trainee="t-zzzzzz")])
async def test_nothing_is_marked_for_a_stranger(make_app, ask, store, start):
    ask()
    app = make_app(start)
    async with app.run_test() as pilot:
        await settled(app, pilot)
        assert "assigned" not in card(app, "wary")
        screen = await intake(app, pilot)
        assert not screen.query("#counts")
        assert isinstance(await begun(app, pilot), SessionScreen)
    assert held(store) == []


async def test_where_one_fits_nothing_more_is_asked(make_app, ask, store, clock):
    ask(attempts=2, exam=True, due_at=clock.now() + 7 * DAY)
    app = make_app(HERS)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await intake(app, pilot)
        tick = screen.query_one("#counts", Tick)
        assert str(tick.label) == "It counts: attempt 1 of 2, an exam"
        said = [str(each.content) for each in screen.query(Static)]
        assert said[said.index("Assigned") + 1] == "Week 1, due 9 March"
        session = await begun(app, pilot)
        assert isinstance(session, SessionScreen)
        assert session.session.opened.exam
    assert held(store) == [("w1", "t-aaaaaa", 1)]


async def test_what_is_to_do_comes_first(make_app, ask, store, clock):
    made = ask(attempts=1, scenarios=("trauma",))
    ask("later", scenarios=("mandated",), opens_at=clock.now() + DAY)
    app = make_app(HERS)
    async with app.run_test() as pilot:
        await settled(app, pilot)
        clients = app.screen.query_one("#clients", OptionList)
        assert clients.get_option_at_index(0).id == "trauma"
        assert clients.get_option_at_index(1).id != "mandated"
        now = clock.now()
        store.append(
            "other",
            [opened(scenario="trauma", trainee="t-aaaaaa")],
            at=now,
            beside=lambda c: attempts.claim(c, made, "t-aaaaaa", "other", at=now),
        )
        await intake(app, pilot)
        await pilot.press("escape")
        await settled(app, pilot)
        assert clients.get_option_at_index(0).id != "trauma"


async def test_an_hour_need_not_count(make_app, ask, store):
    ask(exam=True)
    app = make_app(HERS)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await intake(app, pilot)
        screen.query_one("#counts", Tick).value = False
        session = await begun(app, pilot)
        assert not session.session.opened.exam
    assert held(store) == []


async def test_which_is_asked_where_several_fit(make_app, ask, store):
    ask("w1")
    ask("w2")
    app = make_app(HERS)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await intake(app, pilot)
        assert not screen.query("#counts")
        asking = await begun(app, pilot)
        assert isinstance(asking, AskScreen)
        labels = [str(each.label) for each in asking.query(Button)]
        assert labels == ["w1", "w2", "None of them"]
        assert "w2: Week 2: attempt 1" in [str(each.content) for each in asking.query(Static)]
        await pilot.press("escape")
        await settled(app, pilot)
        assert app.screen is screen
        assert held(store) == []
        asking = await begun(app, pilot)
        asking.query_one("#choice-w2", Button).press()
        await settled(app, pilot)
        assert isinstance(app.screen, SessionScreen)
    assert held(store) == [("w2", "t-aaaaaa", 1)]


async def test_none_of_several_is_an_answer(make_app, ask, store):
    ask("w1")
    ask("w2")
    app = make_app(HERS)
    async with app.run_test(size=(120, 50)) as pilot:
        await intake(app, pilot)
        asking = await begun(app, pilot)
        asking.query_one("#choice-", Button).press()
        await settled(app, pilot)
        assert isinstance(app.screen, SessionScreen)
    assert held(store) == []


async def test_the_one_that_the_command_line_names_is_meant(make_app, ask, store):
    ask("w1")
    ask("w2")
    app = make_app(Start(seed=7, trainee="t-aaaaaa", assignment="w2"))
    async with app.run_test(size=(120, 50)) as pilot:
        await intake(app, pilot)
        assert isinstance(await begun(app, pilot), SessionScreen)
    assert held(store) == [("w2", "t-aaaaaa", 1)]


async def test_an_attempt_that_another_program_took_is_told(make_app, ask, store, clock):
    made = ask(attempts=1)
    app = make_app(HERS)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await intake(app, pilot)
        fits = app.assigned.fitting("wary")
        app.assigned.fitting = lambda _: fits
        store.transact(lambda c: attempts.claim(c, made, "t-aaaaaa", "other", at=clock.now()))
        await begun(app, pilot)
        assert app.screen is screen
        assert [each.message for each in app._notifications] == [
            "w1: t-aaaaaa has used 1 of 1 attempts"
        ]
    assert store.sessions() == []
