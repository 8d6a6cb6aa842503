"""The screen: how soon the first is painted, and how soon a key shows in a long session.

    python -m bench.screen [--runs N] [--turns N] [--keys N]

First paint is the wall time from the start of `alliance-sim` in a pseudo-terminal of 120×36 to the
first frame with the title of the first screen in it (wanted: under 0.8 s), the median of the runs
after a first one that warms the caches. A key press is the time from the key event to the repaint
after the composer took it, frame pacing included, headless, with the session stored on disk and
the composer growing over several lines (wanted: p95 under 30 ms).
"""

import argparse
import asyncio
import os
import pty
import random
import select
import statistics
import struct
import sys
import tempfile
import time
from fcntl import ioctl
from pathlib import Path
from signal import SIGKILL
from termios import TIOCSWINSZ

from textual import events

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.notices import load_notices
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store
from alliance_sim.tui.app import AllianceApp, Start
from alliance_sim.tui.preferences import Preferences, save_preferences
from alliance_sim.tui.widgets.composer import Composer
from bench.latency import REPLIES

FIRST = b"Who would you like"
"""Words of the first screen's first frame."""

PATIENCE = 20.0


def first_paint(home: Path) -> float:
    """Seconds from the start of the program to its first frame."""
    program = str(Path(sys.executable).with_name("alliance-sim"))
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(XDG_DATA_HOME=str(home), TERM="xterm-256color", COLORTERM="truecolor")
        os.execv(program, [program])  # noqa: S606 - our own program, beside the interpreter
    ioctl(terminal, TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    seen = b""
    try:
        while FIRST not in seen:
            left = began + PATIENCE - time.perf_counter()
            if left <= 0 or not select.select([terminal], [], [], left)[0]:
                raise TimeoutError(f"no first frame within {PATIENCE:.0f} s")
            seen += os.read(terminal, 65536)
        return time.perf_counter() - began
    finally:
        os.kill(pid, SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def long_session(store: Store, library: Library, turns: int) -> str:
    """A stored session of that many trainee turns that is still open; its id."""
    options = Options(seed=1, pace=Pace.UNTIMED, max_turns=turns + 100)
    scenario = library.scenario("mandated")
    session = LiveSession.begin(store, scenario, options, SystemClock(), random.Random(1))
    for turn in range(turns):
        while session.next_clause():
            pass
        session.finish()
        session.send(f"{REPLIES[turn % len(REPLIES)]} Say more.")
    return session.id


async def key_presses(folder: Path, turns: int, keys: int) -> list[float]:
    """Seconds a key press in the composer of a long session."""
    data = folder / "data"
    save_preferences(data, Preferences(notice_seen=True))
    library = Library([shipped_root()])
    text = "What was that like for you, and who else knows? "
    with Store.open(folder / "sessions.db") as store:
        app = AllianceApp(
            store=store,
            library=library,
            notices=load_notices(),
            clock=SystemClock(),
            randomness=random.Random(1),
            data_folder=data,
            start=Start(resume=long_session(store, library, turns)),
        )
        taken: list[float] = []
        async with app.run_test(size=(120, 36)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()
            composer = app.screen.query_one(Composer)
            for number in range(keys):
                letter = text[number % len(text)]
                key = {" ": "space", ",": "comma", "?": "question_mark"}.get(letter, letter)
                taken.append(await pressed(app, composer, key, letter))
        return taken


async def pressed(app: AllianceApp, composer: Composer, key: str, letter: str) -> float:
    """Seconds from a key event to the repaint with its letter."""
    before = len(composer.text)
    painted = asyncio.Event()
    began = time.perf_counter()
    app.post_message(events.Key(key, letter))
    while len(composer.text) == before:
        await asyncio.sleep(0)
    composer.call_after_refresh(painted.set)
    await painted.wait()
    return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--turns", type=int, default=500)
    options.add_argument("--keys", type=int, default=300)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        save_preferences(home / "alliance-sim", Preferences(notice_seen=True))
        paints = [first_paint(home) for _ in range(chosen.runs + 1)][1:]
        print(f"first paint: {statistics.median(paints):.2f} s (wanted: under 0.8 s)")
        taken = asyncio.run(key_presses(home, chosen.turns, chosen.keys))
    cuts = statistics.quantiles(taken, n=100)
    print(
        f"key press after {chosen.turns} turns: p50 {cuts[49] * 1000:.1f} ms, "
        f"p95 {cuts[94] * 1000:.1f} ms (wanted: p95 under 30 ms)"
    )


if __name__ == "__main__":
    main()
