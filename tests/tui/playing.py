"""What the tests of the session screen say and do, as a trainee would."""

from collections.abc import Callable

from textual.pilot import Pilot

from alliance_sim.runtime.session import LiveSession
from alliance_sim.tui.app import AllianceApp
from alliance_sim.tui.screens.session import SessionScreen
from alliance_sim.tui.widgets.composer import Composer
from alliance_sim.tui.widgets.turn import TurnView

MakeApp = Callable[..., AllianceApp]
"""The fixture that makes the app."""

SKILLED = (
    "Thank you for coming. What you say stays between us, unless someone is in serious danger.",
    "You have had to explain yourself to a lot of people, and it makes sense to be careful.",
    "What would make this hour worth it to you?",
    "It sounds like part of you is tired of carrying this by yourself.",
    "There is no rush. You can leave out whatever you like.",
    "What has that been like for you?",
    "No wonder you are on edge, with so little of it in your hands.",
    "How have you been sleeping?",
    "You kept going through all of that; it took a lot of care.",
    "When that happens, what is the hardest part of it?",
    "So what matters most to you is that nobody decides it over your head. Is that close?",
    "I may have moved too fast just now. I'm sorry; I'd like to hear it again.",
    "Something shifted when I said that. What happened for you?",
    "What do you hope will be different if these hours help?",
    "It is lonely to be the one who holds it all together.",
    "Would it help to look at that together, or shall we leave it for today?",
)


async def begin(app: AllianceApp, pilot: Pilot[None], client: str = "wary") -> SessionScreen:
    """From the list of clients to a session with one, by the intake sheet."""
    app.show_intake(client)
    await pilot.pause()
    await pilot.press("f5")
    await settled(app, pilot)
    return session_of(app)


async def settled(app: AllianceApp, pilot: Pilot[None]) -> None:
    """Until what is under way in the background has arrived."""
    await app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause()


def session_of(app: AllianceApp) -> SessionScreen:
    """The session screen that is open."""
    assert isinstance(app.screen, SessionScreen)
    return app.screen


async def say(app: AllianceApp, pilot: Pilot[None], text: str) -> None:
    """Write a reply and press Enter."""
    session_of(app).query_one(Composer).load_text(text)
    await pilot.press("enter")
    await pilot.pause()


async def pass_time(app: AllianceApp, pilot: Pilot[None], seconds: float) -> None:
    """Let the clock run in small steps, with the screen looking at it each time."""
    left = seconds
    while left > 0:
        app.clock.sleep(min(0.25, left))
        left -= 0.25
        session_of(app).tick()
    await pilot.pause()


def shown(app: AllianceApp) -> list[str]:
    """The turns on the screen, as plain text."""
    return [view.turn.plain() for view in session_of(app).query(TurnView)]


def engine(app: AllianceApp) -> LiveSession:
    """The live session behind the screen."""
    return session_of(app).session
