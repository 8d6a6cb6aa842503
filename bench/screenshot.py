"""Pictures of the program, made by the program itself.

    python -m bench.screenshot FOLDER

Holds a short session with the client Wendell by script, and saves what the screens show as SVG:
`home.svg`, `session.svg` and `debrief.svg`, 120×36.
"""

import argparse
import asyncio
import random
import re
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.notices import load_notices
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import AllianceApp, Start
from alliance_sim.tui.preferences import Preferences, save_preferences

SIZE = (120, 36)
FONTS = re.compile(r"@font-face\s*\{.*?\}", re.DOTALL)
"""Left out of the pictures: fonts that a reader's browser would fetch from elsewhere."""

REPLIES = (
    "Come in, have a seat. No sheet to sign with me.",
    "It's the right first question. Probation gets dates. The rest stays here, except danger.",
    "You'd rather know who's listening before you speak. What would make this hour worth it?",
    "No wonder you're careful with words, when the last ones ended up in a statement.",
)


def hold(store: Store, library: Library, *, to_the_end: bool) -> str:
    """A session by script; its id."""
    scenario = library.scenario("mandated")
    options = Options(seed=4, pace=Pace.UNTIMED)
    session = LiveSession.begin(store, scenario, options, SystemClock(), random.Random(2))
    for reply in (None, *REPLIES):
        if reply:
            session.send(reply)
        while session.next_clause():
            pass
        session.finish()
    if to_the_end:
        session.close()
        while session.next_clause():
            pass
        session.finish()
        session.rate({"empathy": 3})
    return session.id


async def settled(app: AllianceApp, pilot: Pilot[None]) -> None:
    for _ in range(4):
        await app.workers.wait_for_complete()
        await pilot.pause()


async def picture(store: Store, library: Library, data: Path, resume: str | None) -> str:
    """The first screen, or the one that going on with a session opens, as SVG."""
    save_preferences(data, Preferences(notice_seen=True))
    app = AllianceApp(
        store=store,
        library=library,
        notices=load_notices(),
        clock=SystemClock(),
        randomness=random.Random(1),
        data_folder=data,
        start=Start(resume=resume),
    )
    async with app.run_test(size=SIZE) as pilot:
        await settled(app, pilot)
        return FONTS.sub("", app.export_screenshot(title="alliance-sim"))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    folder = options.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    library = Library([shipped_root()])
    for name in ("home", "session", "debrief"):
        with tempfile.TemporaryDirectory() as place, Store.open(Path(place) / "s.db") as store:
            ends = name == "debrief"
            resume = None if name == "home" else hold(store, library, to_the_end=ends)
            svg = asyncio.run(picture(store, library, Path(place) / "data", resume))
        (folder / f"{name}.svg").write_text(svg, "utf-8")
        print(f"{folder / name}.svg")


if __name__ == "__main__":
    main()
