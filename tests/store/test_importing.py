"""Sessions that were held elsewhere: their own times, no gap, the same rows as ever."""

import pytest
from store_events import ended, minute, moved, opened, scored, sent

from alliance_sim.domain.events import StoredEvent
from alliance_sim.errors import StoreProblem
from alliance_sim.store.importing import stored_events, take_in


def record(*events, first=1, at=minute):
    return [
        StoredEvent(session_id="a", seq=seq, at=at(seq), event=event)
        for seq, event in enumerate(events, first)
    ]


@pytest.fixture
def take(either_store):
    def taken(found):
        either_store.transact(lambda connection: take_in(connection, "a", found))

    return taken


def test_it_reads_as_if_it_had_been_held_here(either_store, take):
    found = record(opened(trainee="t-1"), sent(1), moved(1), ended(), scored(2.5))
    take(found)
    assert either_store.events("a") == tuple(found)
    (row,) = either_store.sessions()
    assert (row.opened_at, row.ended_at, row.updated_at) == (minute(1), minute(4), minute(5))
    assert (row.trainee, row.turns, row.overall) == ("t-1", 1, 2.5)
    either_store.rebuild_index()
    assert either_store.sessions() == [row]
    with either_store.reading() as connection:
        assert stored_events(connection, "a") == tuple(found)
        assert stored_events(connection, "b") == ()


def test_more_of_it_follows_on(either_store, take):
    take(record(opened(), ended()))
    take(record(scored(3.0), first=3, at=lambda seq: minute(-seq)))
    assert either_store.sessions()[0].overall == 3.0
    assert either_store.events("a")[-1].at == minute(-3)


@pytest.mark.parametrize(
    "found", [record(opened(), first=2), record(opened(), ended())[::-1], record(sent(1), ended())]
)
def test_what_is_no_session_is_refused(either_store, take, found):
    with pytest.raises(ValueError, match=r"without a gap|its opening"):
        take(found)
    assert either_store.sessions() == []
    assert either_store.events("a") == ()


def test_it_can_be_gone_on_with_and_deleted(either_store, take):
    take(record(opened()))
    either_store.append("a", [sent(1)], at=minute(9))
    assert len(either_store.events("a")) == 2
    either_store.delete("a")
    assert either_store.events("a") == ()


def test_another_writer_meanwhile_is_noticed(either_store, take):
    take(record(opened()))
    either_store.events("a")
    take(record(sent(1), first=2))
    with pytest.raises(StoreProblem, match="another program is writing this session"):
        either_store.append("a", [ended()], at=minute(9))
