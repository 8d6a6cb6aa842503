"""Reports over a whole programme: time and memory of the command, and of the screen's pages.

    python -m bench.reports [--store URL] [--sessions 100000]

Without --store a programme is generated in a temporary folder (see `bench.programme`). Prints a
JSON line a report (`seconds` on the clock, `cpu_seconds`, and `peak_mb`, the largest resident
memory of the process) and one a page of the coordinator's lists (`ms`, the slowest of three).
Wanted: the cohort report under 10 s.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, func, select

from alliance_sim.store import programme_lists as lists
from alliance_sim.store.latest import latest_sessions
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import sessions
from bench.exports import COMMAND, generate_apart
from bench.programme import Size

PAGE = 200
Question = Callable[[Connection], object]


def measured(store: str, words: tuple[str, ...], out: Path) -> dict[str, object]:
    """Run one report in a process of its own."""
    command = [sys.executable, "-c", COMMAND, "report", *words, "--store", store, "--out", str(out)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(told)
    return {
        "report": " ".join(words),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
        "kb": round(out.stat().st_size / 1024),
    }


def paged(store: str) -> Iterator[dict[str, object]]:
    """The slowest of three readings of each page that the screens ask for."""
    everything = Selection()
    questions: dict[str, Question] = {
        "sessions by time": lambda c: lists.session_lines(c, everything, limit=PAGE),
        "sessions by overall": lambda c: lists.session_lines(
            c, everything, order="overall", limit=PAGE
        ),
        "sessions by overall, the middle": lambda c: lists.session_lines(
            c, everything, order="overall", limit=PAGE, offset=50_000
        ),
        "trainees by change": lambda c: lists.trainee_lines(
            c, everything, order="change", limit=PAGE
        ),
        "open appeals": lambda c: lists.open_appeals(c, everything, 1000),
        "latest with each client": lambda c: latest_sessions(c, None),
    }
    with Store.open(store) as opened, opened.reading() as connection:
        for name, question in questions.items():
            times = []
            for _ in range(3):
                began = time.perf_counter()
                question(connection)
                times.append(time.perf_counter() - began)
            yield {"page": name, "ms": round(max(times) * 1000)}


def busiest(store: str) -> str:
    """The trainee with the most sessions."""
    count = func.count()
    query = select(sessions.c.trainee).group_by(sessions.c.trainee).order_by(count.desc()).limit(1)
    with Store.open(store) as opened, opened.reading() as connection:
        return str(connection.execute(query.where(sessions.c.trainee.is_not(None))).scalar_one())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    parser.add_argument("--sessions", type=int, default=Size.sessions)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = asked.store or str(Path(folder, "programme.db"))
        if asked.store is None:
            generate_apart(store, asked.sessions)
        for words in (
            ("cohort", "--all"),
            ("cohort", "--all", "--format", "json"),
            ("cohort", "cohort-01"),
            ("trainee", busiest(store)),
        ):
            print(json.dumps(measured(store, words, Path(folder, "report"))), flush=True)
        for page in paged(store):
            print(json.dumps(page), flush=True)


if __name__ == "__main__":
    main()
