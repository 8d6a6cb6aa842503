"""A trainee's laptop and a coordinator's desk: sessions that end, keys, bundles of bytes."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alliance_sim.domain.events import Event, StoredEvent
from alliance_sim.programme.bundle import Contents, write_bundle
from alliance_sim.programme.signing import SigningKey, signing_key
from alliance_sim.store.repository import Store
from stories import HOUR, story

HELD = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
TRAINEE = "t-heron2"


def key_in(folder: Path) -> SigningKey:
    """The key of a laptop whose data folder this is."""
    return signing_key(folder)


def hold(store: Store, session_id: str, events: Sequence[Event] | None = None, **opened) -> None:
    """Hold a session: an event a minute, from `HELD` on."""
    told = list(events or story(*HOUR, **{"trainee": TRAINEE, **opened}))
    for minute, event in enumerate(told):
        store.append(session_id, [event], at=HELD + timedelta(minutes=minute))


def recorded(
    session_id: str, events: Sequence[Event] | None = None, **opened
) -> tuple[StoredEvent, ...]:
    """The record of a session, without a store."""
    told = list(events or story(*HOUR, **{"trainee": TRAINEE, **opened}))
    return tuple(
        StoredEvent(session_id=session_id, seq=seq, at=HELD + timedelta(minutes=seq), event=event)
        for seq, event in enumerate(told, 1)
    )


def bundle_of(
    key: SigningKey,
    *records: Sequence[StoredEvent],
    trainee: str = TRAINEE,
    assignment: str | None = None,
) -> bytes:
    """A bundle as its owner could sign it, sound or not."""
    sessions = {record[0].session_id: record for record in records}
    contents = Contents("0.0", HELD + timedelta(days=1), trainee, assignment, (), sessions)
    return write_bundle(contents, key)
