from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_events import minute, records

from alliance_sim.domain.events import StoredEvent


@given(st.lists(records, min_size=1, max_size=3), st.data())
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_events_come_back_as_they_were_and_the_index_can_be_rebuilt(store, sessions, data):
    for row in store.sessions():
        store.delete(row.id)  # of the example before
    for number, events in enumerate(sessions):
        cut = data.draw(st.integers(1, len(events)))
        store.append(str(number), events[:cut], at=minute(number))
        store.append(str(number), events[cut:], at=minute(number + 5))
    for number, events in enumerate(sessions):
        last = minute(number + 5)
        found = store.events(str(number))
        assert [stored.event for stored in found] == events
        assert [stored.seq for stored in found] == list(range(1, len(events) + 1))
        assert all(isinstance(stored, StoredEvent) for stored in found)
        assert found[-1].at in {minute(number), last}
    kept = store.sessions()
    store.rebuild_index()
    assert store.sessions() == kept
    store.delete("0")
    assert [row.id for row in store.sessions()] == [row.id for row in kept if row.id != "0"]
