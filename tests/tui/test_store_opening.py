"""The store is opened after the first paint, and one that cannot be used ends the program."""

from alliance_sim.authoring.notices import load_notices
from alliance_sim.errors import StoreProblem
from alliance_sim.tui.app import AllianceApp
from alliance_sim.tui.preferences import Preferences, save_preferences


def app_with(open_store, library, clock, randomness, folder):
    save_preferences(folder, Preferences(notice_seen=True))
    return AllianceApp(
        store=open_store,
        library=library,
        notices=load_notices(),
        clock=clock,
        randomness=randomness,
        data_folder=folder,
    )


async def test_a_store_is_opened_once(store, library, clock, randomness, tmp_path):
    opened = []

    def open_store():
        opened.append(store)
        return store

    app = app_with(open_store, library, clock, randomness, tmp_path)
    assert opened == []
    async with app.run_test() as pilot:
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.store is store
    assert opened == [store]
    assert app.problem is None


async def test_a_store_that_cannot_be_used_ends_the_program_with_its_line(
    library, clock, randomness, tmp_path
):
    def open_store():
        raise StoreProblem("sessions.db: not a database; name another store")

    app = app_with(open_store, library, clock, randomness, tmp_path)
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.pause()
    assert isinstance(app.problem, StoreProblem)
