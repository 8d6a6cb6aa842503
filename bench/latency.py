"""From sending a reply to the client's first clause, pace set aside, in a long session.

    python -m bench.latency [--turns N]

Each send commits to a store on disk, as in use. Prints p50, p95 and p99 over the turns from 150
on, in milliseconds (wanted at turn 200: p99 under 30 ms).
"""

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.transcript import Pace
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.store.repository import Store

REPLIES = (
    "What was that like for you?",
    "It sounds like you were left to carry that by yourself.",
    "How have you been sleeping these days?",
    "You can leave out whatever you like.",
    "No wonder you are careful, after the way that went.",
    "Who else knows about it?",
    "Tell me about your work.",
    "Part of you wants to be done with it, and part of you came anyway.",
)


def play(name: str, turns: int, folder: Path) -> list[float]:
    """Seconds a turn, from send to the first clause."""
    library = Library([shipped_root()])
    taken: list[float] = []
    with Store.open(folder / f"{name}.db") as store:
        options = Options(seed=1, pace=Pace.UNTIMED, max_turns=turns + 1)
        session = LiveSession.begin(
            store, library.scenario(name), options, SystemClock(), random.Random(1)
        )
        for turn in range(turns):
            while session.next_clause():
                pass
            session.finish()
            if session.ended:
                break
            text = f"{REPLIES[turn % len(REPLIES)]} {'Say more.' if turn % 3 else ''}"
            began = time.perf_counter()
            session.send(text)
            session.next_clause()
            taken.append(time.perf_counter() - began)
    return taken


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=260)
    turns = options.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        for name in ("wary", "mandated", "trauma"):
            taken = play(name, turns, Path(folder))
            late = sorted(taken[150:] or taken)
            cuts = statistics.quantiles(late, n=100)
            ms = [f"{cuts[i] * 1000:.1f}" for i in (49, 94, 98)]
            print(f"{name}: {len(taken)} turns, p50 {ms[0]} p95 {ms[1]} p99 {ms[2]} ms")


if __name__ == "__main__":
    main()
