"""Ended sessions put into a store, for tests of what is done with many of them."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from alliance_sim.domain.events import EVENT, Ending, Scored
from alliance_sim.store.tables import events, scores
from stories import HOUR, story

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def hold(store, *names, scenario="wary", scored=False, ending=Ending.PLANNED_CLOSE, **changes):
    """Put sessions into the store, a minute after one another; as the shipped client has them."""
    for at, name in enumerate(names):
        told = story(*HOUR, scenario=scenario, scored=scored, ending=ending, **changes)
        store.append(name, told, at=AT + timedelta(minutes=at))


def scorings(store, session_id):
    """The scoring events of a session, in order."""
    query = select(events.c.payload).where(
        events.c.session_id == session_id, events.c.type == "scored"
    )
    with store.reading() as connection:
        read = [EVENT.validate_json(text) for text in connection.scalars(query.order_by("seq"))]
    assert all(isinstance(event, Scored) for event in read)
    return read


def rows(store, session_id):
    """The rows of its scores, by rubric, version and scorer."""
    with store.reading() as connection:
        found = connection.execute(select(scores).where(scores.c.session_id == session_id)).all()
    keyed = {(row.rubric, row.rubric_version, row.scorer): row for row in found}
    assert len(keyed) == len(found)
    return keyed
