"""The full-screen program with its store on a server."""

import pytest
from debriefing import look_back
from playing import SKILLED, MakeApp, begin, engine, say, session_of, settled, shown
from textual.widgets import Static

from alliance_sim.domain.events import Ending, TraineeSent
from alliance_sim.store.repository import Store
from alliance_sim.tui.screens.debrief import DebriefScreen
from alliance_sim.tui.screens.history import HistoryScreen
from alliance_sim.tui.widgets.composer import Composer


@pytest.fixture
def store(postgres_url: str):
    with Store.open(postgres_url, patience=0.2) as opened:
        yield opened


def replies(store: Store, session_id: str) -> list[str]:
    events = [stored.event for stored in store.events(session_id)]
    return [event.text for event in events if isinstance(event, TraineeSent)]


async def test_a_session_from_the_intake_to_the_history(make_app: MakeApp) -> None:
    app = make_app(pace="untimed")
    async with app.run_test(size=(120, 36)) as pilot:
        await begin(app, pilot)
        for text in SKILLED[:6]:
            await say(app, pilot, text)
        await pilot.press("f10")
        await pilot.pause()
        ended = engine(app)
        assert ended.ended is not None
        assert ended.ended.ending is Ending.PLANNED_CLOSE
        assert replies(app.store, ended.id) == list(SKILLED[:6])
        await look_back(app, pilot, ended.id, "escape")  # rates herself not at all
        assert isinstance(app.screen, DebriefScreen)
        app.push_screen(HistoryScreen())
        await settled(app, pilot)
        assert app.screen.query_one("#history-table").row_count == 1


async def test_a_server_that_is_away_is_told_and_nothing_is_lost(
    make_app: MakeApp, postgres_cluster
) -> None:
    app = make_app(pace="untimed")
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await begin(app, pilot)
        await say(app, pilot, SKILLED[0])
        heard = shown(app)
        postgres_cluster.stop()
        try:
            await say(app, pilot, SKILLED[1])
        finally:
            postgres_cluster.start()
        assert shown(app) == heard
        assert screen.query_one(Composer).text == SKILLED[1]
        (note,) = [note.message for note in app._notifications]
        assert "no server answers there" in note
        assert "\n" not in note
        await pilot.press("enter")
        await pilot.pause()
        assert len(shown(app)) == len(heard) + 2
        assert "tries again" not in str(session_of(app).query_one("#status", Static).content)
        assert replies(app.store, screen.session.id) == list(SKILLED[:2])
