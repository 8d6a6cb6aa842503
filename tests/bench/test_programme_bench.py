"""The generated programme is one that the program itself could have written."""

import pytest
from bench.programme import Size, generate
from sqlalchemy import func, select

from alliance_sim.domain.transcript import Speaker
from alliance_sim.runtime.replay import standing_of, transcript_of
from alliance_sim.store import tables

SIZE = Size(trainees=40, sessions=150, events=4500)
DERIVED = (tables.sessions, tables.scores, tables.appeals)


@pytest.fixture
def filled(either_store):
    return either_store, generate(either_store, SIZE)


def derived(store):
    with store.reading() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.c))]
            for table in DERIVED
        }


def test_the_derived_rows_are_those_of_the_events(filled):
    store, _ = filled
    written = derived(store)
    store.rebuild_index()
    assert derived(store) == written
    assert all(written.values())


def test_sizes_are_as_asked(filled):
    store, counts = filled
    assert counts["sessions"] == SIZE.sessions
    assert counts["events"] == pytest.approx(SIZE.events, rel=0.02)
    with store.reading() as connection:
        for name, count in counts.items():
            table = tables.metadata.tables[name]
            assert connection.scalar(select(func.count()).select_from(table)) == count, name


def test_every_session_can_be_read_and_replayed(filled):
    store, _ = filled
    for summary in store.sessions(limit=40):
        events = [stored.event for stored in store.events(summary.id)]
        standing = standing_of(events)
        assert standing.ended
        assert standing.scored.scorecard.transcript_id == summary.id
        said = transcript_of(summary.id, events).utterances
        replies = [one for one in said if one.speaker is Speaker.THERAPIST]
        assert len(replies) == summary.turns > 0


def test_a_store_in_use_is_left_alone(filled):
    store, _ = filled
    with pytest.raises(SystemExit, match="holds sessions already"):
        generate(store, SIZE)


def test_the_same_seed_makes_the_same(tmp_path):
    from alliance_sim.store.repository import Store  # noqa: PLC0415

    found = []
    for name in ("a.db", "b.db"):
        with Store.open(tmp_path / name) as store:
            generate(store, Size(trainees=5, sessions=10, events=300))
            found.append(derived(store))
    assert found[0] == found[1]
