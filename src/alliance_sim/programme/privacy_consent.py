"""Consent to research: asked apart from all else, given or taken back at any time."""

from sqlalchemy import Connection

from alliance_sim.domain.programme import Person
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import people
from alliance_sim.store.audit import note
from alliance_sim.store.consent import set_consent
from alliance_sim.store.repository import Store


def consent(store: Store, person: str, clock: Clock, who: str, *, given: bool) -> Person:
    """Write down that a person agrees, or no longer does; gives her as she was before.

    Raises UsageProblem where nobody has this pseudonym.
    """

    def work(connection: Connection) -> Person:
        before = people.need(connection, person)
        now = clock.now()
        set_consent(connection, person, given=given, at=now)
        detail = {"research": given, "before": before.consent_research}
        note(connection, at=now, who=who, action="consent", subject=person, detail=detail)
        return before

    return store.transact(work)
