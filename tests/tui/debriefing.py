"""What the tests of looking back share: stored stories, and screens that have settled."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from playing import MakeApp
from textual.pilot import Pilot
from textual.widgets import Static

from alliance_sim.domain.events import Event, SelfRated
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import AllianceApp
from stories import AT

SMALL, LARGE = (80, 24), (120, 36)
SIZES = [SMALL, LARGE]
RATED = SelfRated(ratings={"empathy": 3})
"""The question before any score has been answered."""


def keep(store: Store, session_id: str, events: Sequence[Event], *, rated: bool = True) -> None:
    """Put a story into the store."""
    store.append(session_id, [*events, *([RATED] if rated else [])], at=AT)


async def settled(app: AllianceApp, pilot: Pilot[None]) -> None:
    """Until what is under way in the background has arrived and is drawn."""
    for _ in range(2):
        await app.workers.wait_for_complete()
        await pilot.pause()


async def still(app: AllianceApp, pilot: Pilot[None]) -> None:
    """Until nothing on the screen changes any more, as before a picture is taken."""
    seen: list[str] = []
    for _ in range(20):
        await settled(app, pilot)
        seen.append(app.export_screenshot())
        # Twice the same may be too early on a busy machine: what was asked for has yet to begin.
        if len(seen) > 2 and len(set(seen[-3:])) == 1:
            return


async def look_back(app: AllianceApp, pilot: Pilot[None], session_id: str, *keys: str) -> None:
    """Open a debrief and press keys."""
    await pilot.pause()
    app.show_debrief(session_id)
    await settled(app, pilot)
    await press(app, pilot, *keys)


@asynccontextmanager
async def looking_back(
    make_app: MakeApp, store: Store, events: Sequence[Event], *keys: str, size: tuple[int, int]
) -> AsyncIterator[tuple[AllianceApp, Pilot[None]]]:
    """The app with the debrief of a story, kept as `s1`, and keys pressed."""
    keep(store, "s1", events)
    app = make_app()
    async with app.run_test(size=size) as pilot:
        await look_back(app, pilot, "s1", *keys)
        yield app, pilot


async def press(app: AllianceApp, pilot: Pilot[None], *keys: str) -> None:
    """Press keys one after the other, each with what it brings about."""
    for key in keys:
        await pilot.press(key)
        await settled(app, pilot)


def words(app: AllianceApp) -> str:
    """All that is written in the visible paragraphs of the screen, one space between words."""
    shown = [w for w in app.screen.query(Static) if w.display and w.visible and _in_sight(w)]
    return " ".join(" ".join(str(widget.content) for widget in shown).split())


def _in_sight(widget: Static) -> bool:
    return all(node.display for node in widget.ancestors_with_self if hasattr(node, "display"))


def told(app: AllianceApp) -> list[str]:
    """The notifications so far."""
    return [note.message for note in app._notifications]
