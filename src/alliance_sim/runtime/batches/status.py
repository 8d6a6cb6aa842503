"""How far batches are."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from alliance_sim.domain.batch import Batch, ItemState
from alliance_sim.store import batches

LATELY = timedelta(minutes=1)
"""The time over which speed is measured."""

REASONS = 5
"""Reasons that are told, the most frequent first."""


@dataclass(frozen=True)
class Status:
    batch: Batch
    counts: dict[ItemState, int]
    lately: dict[str, int]
    """Sessions settled in the last minute, by worker."""
    failed: tuple[tuple[str, int], ...]
    """Why sessions failed, and how many for each reason."""
    skipped: tuple[tuple[str, int], ...]

    @property
    def settled(self) -> int:
        return sum(self.counts.values()) - self.counts.get(ItemState.WAITING, 0)

    @property
    def state(self) -> Literal["finished", "stopped", "going on"]:
        if not self.counts.get(ItemState.WAITING, 0):
            return "finished"
        return "stopped" if self.batch.stopped_at else "going on"

    @property
    def rubrics(self) -> tuple[str, ...]:
        """As `empathy 1.2.0`; none where each session is scored by those of its scenario."""
        asked = self.batch.terms.asked or ()
        versions = {text.id: text.version for text in self.batch.terms.rubrics}
        return tuple(f"{name} {versions[name]}" for name in asked)

    @property
    def seconds_left(self) -> float | None:
        """At the speed of the last minute; None where nothing was settled in it."""
        speed = sum(self.lately.values()) / LATELY.total_seconds()
        return self.counts.get(ItemState.WAITING, 0) / speed if speed else None


def status(connection: Connection, batch: Batch, now: datetime) -> Status:
    """How far a batch is."""
    found = batches.counts(connection, batch.id)
    return Status(
        batch=batch,
        counts={state: found.get(state, 0) for state in ItemState},
        lately=batches.workers(connection, batch.id, now - LATELY),
        failed=tuple(batches.reasons(connection, batch.id, ItemState.FAILED)[:REASONS]),
        skipped=tuple(batches.reasons(connection, batch.id, ItemState.SKIPPED)[:REASONS]),
    )
