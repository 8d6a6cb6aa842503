"""A whole programme, made up: people, assignments, sessions with all their events, scores.

    python -m bench.programme STORE_URL [--trainees 2000] [--sessions 100000] [--events 3000000]

STORE_URL names a store that is new or holds no sessions: a file, or a PostgreSQL database. The same
`--seed` makes the same programme. What is derived from events is what `Store.rebuild_index` would
make of them. Prints one JSON line: rows a table, `seconds`, and for a file its size in MB.
"""

import argparse
import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Table, func, insert, select

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.store import tables
from alliance_sim.store.ids import ALPHABET
from alliance_sim.store.repository import Store
from alliance_sim.store.stamps import stamp
from bench.programme_hours import SCENARIOS, Hour, hours
from bench.programme_sessions import Row, Session, Sessions, Trainee

START = datetime(2026, 1, 5, 7, 0, tzinfo=UTC)
DAYS = 300
COHORT = 200
"""Trainees in a cohort; every twentieth of them is in the next one too."""
MONTH = timedelta(days=30)
DUE = timedelta(days=24)
ASSIGNED, ATTEMPTS = 0.4, 3
"""Share of the sessions that are held for the month's assignment, and how many count."""
AT_ONCE = 2000
"""Sessions a transaction."""


@dataclass(frozen=True)
class Size:
    trainees: int = 2000
    sessions: int = 100_000
    events: int = 3_000_000


@dataclass
class People:
    trainees: list[Trainee] = field(default_factory=list)
    rows: dict[Table, list[Row]] = field(default_factory=dict)


def generate(store: Store, size: Size, seed: int = 1) -> dict[str, int]:
    """Fill a store that holds no sessions; the number of rows a table."""
    with store.reading() as connection:
        if connection.scalar(select(func.count()).select_from(tables.sessions)):
            raise SystemExit("the store holds sessions already; name a new one")
    pick = random.Random(seed)
    people = _people(size, pick)
    counts: dict[str, int] = {}
    _write(store, people.rows, counts)
    held: list[tuple[Session, Row | None]] = []
    for session in _sessions(people.trainees, size, pick, seed):
        held.append(session)
        if len(held) == AT_ONCE:
            _write(store, _rows(held), counts)
            held.clear()
    _write(store, _rows(held), counts)
    return counts


def _people(size: Size, pick: random.Random) -> People:
    made = People()
    created = {"created_at": stamp(START)}
    names = [f"cohort-{number + 1:02}" for number in range(max(1, size.trainees // COHORT))]
    cohorts: list[Row] = [
        {"id": name, "title": name, "retention_days": None, **created} for name in names
    ]
    members: list[Row] = []
    persons = [_person("i-bench2", "instructor", pick)]
    for number in range(size.trainees):
        here = number % len(names)
        inside = names[here : here + 1 + (number % 20 == 0)]
        trainee = Trainee(_drawn(pick), pick.gauss(2.1, 0.5), pick.gauss(0.12, 0.06), tuple(inside))
        made.trainees.append(trainee)
        persons.append(_person(trainee.id, "trainee", pick))
        members += [{"cohort": c, "person": trainee.id, "joined_at": stamp(START)} for c in inside]
    made.rows = {tables.cohorts: cohorts, tables.people: persons, tables.memberships: members}
    made.rows[tables.assignments] = [row for name in names for row in _assignments(name)]
    return made


def _drawn(pick: random.Random) -> str:
    return "t-" + "".join(pick.choice(ALPHABET) for _ in range(6))


def _person(name: str, role: str, pick: random.Random) -> Row:
    said = {"consent_research": pick.random() < 0.6, "consent_at": stamp(START)}
    return {"id": name, "role": role, **said, "signing_key": None, "created_at": stamp(START)}


def _assignments(cohort: str) -> Iterator[Row]:
    for month in range(DAYS // MONTH.days):
        opens = START + month * MONTH
        chosen = [SCENARIOS[(month + more) % len(SCENARIOS)] for more in (0, 3)]
        yield {
            "id": _assignment(cohort, month),
            "cohort": cohort,
            "title": f"Month {month + 1}",
            "scenarios": json.dumps(chosen),
            "rubrics": "[]",
            "attempts": ATTEMPTS,
            "exam": month % 3 == 2,
            "opens_at": stamp(opens),
            "due_at": stamp(opens + DUE),
            "keep": ("best", "last")[month % 2],
            "created_at": stamp(START),
        }


def _assignment(cohort: str, month: int) -> str:
    return f"{cohort}-m{month + 1:02}"


def _sessions(
    trainees: Sequence[Trainee], size: Size, pick: random.Random, seed: int
) -> Iterator[tuple[Session, Row | None]]:
    """The sessions in the order of time, each with its attempt where it is one."""
    made = Sessions(_hours(seed), size.events / size.sessions, seed)
    apart = timedelta(days=DAYS) / size.sessions
    tried: dict[tuple[str, str], int] = {}
    for number in range(size.sessions):
        now = START + apart * (number + pick.random())
        trainee = pick.choice(trainees)
        month = (now - START) // MONTH
        assignment = _assignment(pick.choice(trainee.cohorts), month)
        before = tried.get((assignment, trainee.id), 0)
        if before == ATTEMPTS or pick.random() > ASSIGNED:
            yield made.hold(trainee, now), None
            continue
        tried[assignment, trainee.id] = before + 1
        asked = [SCENARIOS[(month + more) % len(SCENARIOS)] for more in (0, 3)]
        session = made.hold(trainee, now, asked)
        yield session, _attempt(session, assignment, trainee, before + 1)


@cache
def _hours(seed: int) -> dict[int, list[Hour]]:
    return hours(Library([shipped_root()]), seed)


def _attempt(session: Session, assignment: str, trainee: Trainee, number: int) -> Row:
    held = {"session_id": session.row["id"], "at": session.row["opened_at"], "source": "live"}
    return {**held, "assignment": assignment, "trainee": trainee.id, "number": number}


def _rows(held: Iterable[tuple[Session, Row | None]]) -> dict[Table, list[Row]]:
    names = (tables.sessions, tables.events, tables.scores, tables.appeals, tables.attempts)
    made: dict[Table, list[Row]] = {table: [] for table in names}
    for session, attempt in held:
        name = session.row["id"]
        made[tables.sessions].append(session.row)
        made[tables.events] += [
            {"session_id": name, "seq": seq, "at": at, "type": type_, "payload": payload}
            for seq, (type_, at, payload) in enumerate(session.events, 1)
        ]
        made[tables.scores] += session.scores
        made[tables.appeals] += session.appeals
        made[tables.attempts] += [attempt] if attempt else []
    return made


def _write(store: Store, rows: dict[Table, list[Row]], counts: dict[str, int]) -> None:
    store.transact(lambda connection: _insert(connection, rows))
    for table, some in rows.items():
        counts[table.name] = counts.get(table.name, 0) + len(some)


def _insert(connection: Connection, rows: dict[Table, list[Row]]) -> None:
    for table, some in rows.items():
        if some and connection.dialect.name == "postgresql":
            _copy(connection, table, some)
        elif some:
            connection.execute(insert(table), some)


def _copy(connection: Connection, table: Table, rows: list[Row]) -> None:
    # An INSERT a row would take ten times as long.
    driver = connection.connection.driver_connection
    assert driver is not None
    names = [column.name for column in table.columns]
    with (
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({','.join(names)}) FROM STDIN") as out,
    ):
        for row in rows:
            out.write_row([row[name] for name in names])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store")
    parser.add_argument("--trainees", type=int, default=Size.trainees)
    parser.add_argument("--sessions", type=int, default=Size.sessions)
    parser.add_argument("--events", type=int, default=Size.events)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.perf_counter()
    with Store.open(asked.store) as store:
        counts = generate(store, Size(asked.trainees, asked.sessions, asked.events), asked.seed)
    result: dict[str, object] = {**counts, "seconds": round(time.perf_counter() - began, 1)}
    if "://" not in asked.store:
        result["mb"] = round(Path(asked.store).stat().st_size / 1e6)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
