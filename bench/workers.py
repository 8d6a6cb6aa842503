"""How workers share the judging of stored sessions, and what their death costs.

    python -m bench.workers [--sessions 10000] [--workers 1,4] [--jobs 2] [--kill [--every 1]]
                            [--store URL]

Made-up sessions on a PostgreSQL server (one of its own in a temporary folder, unless `--store`
names an empty database) are judged by workers in processes of their own, each with `--jobs`
requests under way, against a server that answers after `--latency` milliseconds. Prints a JSON line
for each number of workers: sessions a second from the first result to the last, the workers' CPU
time a session, and `doubled` and `missing`, counted from the events and from the table of scores
(wanted: 0); then `ratio`, the last rate over the first (wanted for 1,4: at least 3.5). With
`--kill` a worker is killed with SIGKILL every second, and another is started in its place; a start
takes some two seconds of a core. With the default `--jobs` four workers, the server and the
database fit on two cores; with more, it is the cores that are measured.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.codes import CodedReply, Main
from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClientFinished,
    ClientPlanned,
    Coded,
    Ended,
    Ending,
    Event,
    SessionOpened,
    StateMoved,
    TraineeSent,
)
from alliance_sim.domain.scorecard import JUDGE
from alliance_sim.domain.speech import clauses
from alliance_sim.domain.state import ClientState, Openness
from alliance_sim.domain.transcript import Pace, Speaker, Transcript
from alliance_sim.runtime.batches.enqueueing import Order, enqueue
from alliance_sim.runtime.clock import SystemClock
from alliance_sim.store import tables
from alliance_sim.store.batches import Choice
from alliance_sim.store.repository import Store
from alliance_sim.store.stamps import moment, stamp
from bench.judging import answer, transcripts

PROGRAM = str(Path(sys.executable).with_name("alliance-sim"))
TURNS = 12
AT_ONCE = 500
RUBRIC = "empathy"
LOOK = 0.25


def told(transcript: Transcript) -> list[Event]:
    """The events of an hour in which this was said."""
    opened: dict[str, Any] = {"scenario": "wary", "scenario_version": "1.0.0", "max_turns": 40}
    made: list[Event] = [SessionOpened(**opened, seed=1, pace=Pace.UNTIMED, wpm=137.0)]
    state = ClientState(trust=35, task=40, goal=40, safety=35, arousal=50, shame=50, reactance=50)
    for said in transcript.utterances:
        if said.speaker is Speaker.THERAPIST:
            state = state.model_copy(update={"turn": state.turn + 1})
            made += [TraineeSent(turn=said.turn, text=said.text)]
            made += [Coded(turn=said.turn, coded=CodedReply(main=Main.OTHER, codes=()))]
            made += [StateMoved(turn=said.turn, state=state)]
            continue
        parts = clauses(said.text)
        act, openness = Act.ANSWER, Openness.GUARDED
        made += [ClientPlanned(turn=said.turn, act=act, openness=openness, clauses=parts)]
        made += [ClauseShown(turn=said.turn, index=index) for index in range(len(parts))]
        made += [ClientFinished(turn=said.turn)]
    return [*made, Ended(ending=Ending.PLANNED_CLOSE)]


def fill(store: Store, number: int) -> None:
    """Put so many sessions into an empty store."""
    began = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
    hour = told(next(transcripts(1, TURNS)))
    payloads = [(event.type, event.model_dump_json()) for event in hour]
    for first in range(0, number, AT_ONCE):
        rows = [
            {
                "session_id": f"bench-{session:06}",
                "seq": seq,
                "at": stamp(began + timedelta(minutes=session)),
                "type": kind,
                "payload": payload,
            }
            for session in range(first, min(first + AT_ONCE, number))
            for seq, (kind, payload) in enumerate(payloads, 1)
        ]
        store.transact(partial(_insert, rows=rows))
    store.rebuild_index()


def _insert(connection: Connection, rows: list[dict[str, object]]) -> None:
    connection.execute(insert(tables.events), rows)


class Crew:
    """Workers in processes of their own."""

    def __init__(self, number: int, jobs: int, environment: dict[str, str]) -> None:
        self._words = [PROGRAM, "worker", "--once", "--jobs", str(jobs)]
        self._environment = environment
        self._workers = [self._start() for _ in range(number)]
        self.killed = 0

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self._words, env=self._environment, stderr=subprocess.PIPE)

    def at_work(self) -> bool:
        """Whether any is; raises where one has ended otherwise than in good order."""
        for worker in self._workers:
            if worker.poll():
                assert worker.stderr is not None
                raise SystemExit(worker.stderr.read().decode())
        return any(worker.poll() is None for worker in self._workers)

    def kill(self, pick: random.Random) -> None:
        """Kill one, and start another in its place."""
        place = pick.randrange(len(self._workers))
        worker = self._workers[place]
        if worker.poll() is None:
            worker.kill()
            worker.wait()
            self.killed += 1
            self._workers[place] = self._start()


def run(store: Store, crew: Crew, batch: str, every: float | None) -> dict[str, object]:
    """Wait until all is done; what was measured."""
    pick = random.Random(5)
    next_kill = time.monotonic() + (every or 0.0)
    while crew.at_work():
        time.sleep(LOOK)
        if every and time.monotonic() >= next_kill and waiting(store, batch):
            crew.kill(pick)
            next_kill += every
    with store.reading() as connection:
        item = tables.batch_items
        first, last, done = connection.execute(
            select(func.min(item.c.at), func.max(item.c.at), func.count()).where(
                item.c.batch == batch, item.c.state == "done"
            )
        ).one()
    seconds = (moment(last) - moment(first)).total_seconds()
    return {"done": done, "seconds": round(seconds, 1), "per_second": round(done / seconds, 1)}


def waiting(store: Store, batch: str) -> int:
    item = tables.batch_items
    with store.reading() as connection:
        query = select(func.count()).where(item.c.batch == batch, item.c.state == "waiting")
        return connection.scalar(query) or 0


def proof(store: Store, sessions: int, since: str) -> dict[str, int]:
    """Results since then, by the events and by the table of scores."""
    event, row = tables.events, tables.scores
    with store.reading() as connection:
        by_session = (
            select(event.c.session_id, func.count().label("number"))
            .where(event.c.type == "scored", event.c.at >= since)
            .group_by(event.c.session_id)
            .subquery()
        )
        scored = connection.scalar(select(func.count()).select_from(by_session)) or 0
        twice = select(func.count()).select_from(by_session).where(by_session.c.number > 1)
        doubled = connection.scalar(twice) or 0
        rows = connection.scalar(select(func.count()).where(row.c.scored_at >= since)) or 0
    return {
        "doubled": doubled,
        "missing": sessions - scored,
        "rows_missing": sessions - rows,
    }


@contextmanager
def judge_server(latency: int) -> Iterator[str]:
    """The address of a server that gives the same judgement each time."""
    with tempfile.TemporaryDirectory() as folder:
        reply = Path(folder, "reply.json")
        reply.write_text(answer([Library([shipped_root()]).rubric(RUBRIC)]), "utf-8")
        words = [sys.executable, "-m", "bench.judging_server", str(reply), str(latency), "1"]
        server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            yield f"http://127.0.0.1:{int(server.stdout.readline())}/v1"
        finally:
            server.terminate()
            server.wait()


@contextmanager
def database() -> Iterator[str]:
    """An empty database on a server of its own."""
    from tests.postgres import Cluster, binaries  # noqa: PLC0415 - only where none is named

    programs = binaries()
    if programs is None:
        raise SystemExit("no PostgreSQL server is installed; name a database with --store")
    cluster = Cluster(programs)
    try:
        cluster.start()
        yield cluster.url(cluster.create())
    finally:
        cluster.remove()


def measure(
    store: Store, number: int, options: argparse.Namespace, environment: dict[str, str]
) -> float:
    """One number of workers; prints its line, and gives the rate."""
    clock = SystemClock()
    since = stamp(clock.now())
    order = Order(Choice(), scorer=JUDGE, model="bench", rubrics=(RUBRIC,), again=True)
    library = Library([shipped_root()])
    batch = enqueue(store, library, order, who="bench", clock=clock, randomness=random.Random())
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    crew = Crew(number, options.jobs, environment)
    found = run(store, crew, batch.id, options.every if options.kill else None)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = {"workers": number, "jobs": options.jobs, "killed": crew.killed, **found}
    cpu = round(1000 * spent / options.sessions, 2)
    counted = proof(store, options.sessions, since)
    print(json.dumps({**told, "cpu_ms_each": cpu, **counted}), flush=True)
    assert not any(counted.values()), "results are missing or doubled"
    return float(str(found["per_second"]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--workers", default="1,4")
    parser.add_argument("--jobs", type=int, default=2, help="requests under way, of each worker")
    parser.add_argument("--latency", type=int, default=200, help="milliseconds")
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--every", type=float, default=1.0, help="seconds from kill to kill")
    parser.add_argument("--store", help="an empty PostgreSQL database")
    options = parser.parse_args()
    named = nullcontext(options.store) if options.store else database()
    with (
        judge_server(options.latency) as server,
        named as url,
        tempfile.TemporaryDirectory() as home,
    ):
        environment = os.environ | {
            "HOME": home,
            "ALLIANCE_SIM_STORE": url,
            "OPENAI_BASE_URL": server,
            "ALLIANCE_SIM_MODEL": "bench",
        }
        with Store.open(url) as store:
            fill(store, options.sessions)
            numbers = [int(each) for each in options.workers.split(",")]
            rates = [measure(store, number, options, environment) for number in numbers]
    if len(rates) > 1:
        print(json.dumps({"ratio": round(rates[-1] / rates[0], 2)}))


if __name__ == "__main__":
    main()
