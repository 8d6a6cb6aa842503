"""Whether events can be the record of one ended session. A clock may be wrong; an order may not."""

from collections.abc import Sequence

from alliance_sim.domain.events import (
    EVENT,
    Ended,
    SessionOpened,
    StateMoved,
    StoredEvent,
)
from alliance_sim.store.stamps import stamp

LARGEST = 2**31 - 1
"""Of a number that a database keeps in four bytes."""

LARGEST_SEED = 2**63 - 1


def why_senseless(events: Sequence[StoredEvent], trainee: str) -> str | None:
    """What is wrong with a session, to be read after its name; None where nothing is."""
    opened = events[0].event
    if not isinstance(opened, SessionOpened):
        return "does not begin with its opening"
    if any(isinstance(stored.event, SessionOpened) for stored in events[1:]):
        return "is opened twice"
    if opened.trainee is not None and opened.trainee != trainee:
        return f"was held by {opened.trainee}, and the bundle is of {trainee}"
    endings = sum(isinstance(stored.event, Ended) for stored in events)
    if endings != 1:
        return "has not ended" if not endings else "ends twice"
    return _why_not_kept(opened, events)


def _why_not_kept(opened: SessionOpened, events: Sequence[StoredEvent]) -> str | None:
    branch = opened.branch
    if not -LARGEST_SEED <= opened.seed <= LARGEST_SEED:
        return "has a seed that is out of range"
    if branch and not 0 <= branch.turn <= LARGEST:
        return "branches from a turn that is out of range"
    for stored in events:
        if why := _why_event(stored):
            return f"{why}, at event {stored.seq}"
    return None


def _why_event(stored: StoredEvent) -> str | None:
    try:
        stamp(stored.at)
    except (OverflowError, ValueError):
        return "has a time that no calendar holds"
    event = stored.event
    if isinstance(event, StateMoved) and not 0 <= event.state.turn <= LARGEST:
        return "counts a turn that is out of range"
    try:
        EVENT.validate_json(event.model_dump_json())
    except ValueError:
        return "holds what cannot be kept"
    return None
