"""One session in one row: what the index of sessions says, derived from events alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from alliance_sim.domain.events import (
    Ended,
    Ending,
    Event,
    Overridden,
    Scored,
    SessionOpened,
    StateMoved,
)
from alliance_sim.domain.scorecard import OFFLINE
from alliance_sim.domain.transcript import Pace

INDEXED = ("session_opened", "state_moved", "scored", "overridden", "ended")
"""Types of the events that `changes` reads; all others leave the row as it is."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A row of the index of sessions."""

    id: str
    opened_at: datetime
    updated_at: datetime
    """Time of the last event (UTC)."""
    scenario: str
    scenario_version: str
    trainee: str | None
    seed: int
    pace: Pace
    exam: bool
    turns: int
    """Replies that the client has answered; backchannels are none."""
    ending: Ending | None
    """None: the session can be resumed."""
    overall: float | None
    """The latest overall, 0–4, with what instructors changed; None: not scored, or not observed."""
    branch_session: str | None
    """The session of which this one tries a turn again, or None."""
    branch_turn: int | None
    ended_at: datetime | None = None
    """None: the session can be resumed."""
    self_ratings: Mapping[str, int] = field(default_factory=dict)
    """The trainee's own ratings, 0–4 a rubric; empty where she gave none."""


def changes(event: Event) -> Mapping[str, object]:
    """The columns of the index that an event sets; the last event to set one wins."""
    match event:
        case SessionOpened():
            return _opened(event)
        case StateMoved():
            return {"turns": event.state.turn}
        case Scored() if event.scorecard.scorer == OFFLINE:
            return {"overall": (event.revised or event.scorecard).overall}
        case Overridden():
            return {"overall": event.overall} if "overall" in event.model_fields_set else {}
        case Ended():
            return {"ending": event.ending.value}
        case _:
            return {}


def _opened(event: SessionOpened) -> Mapping[str, object]:
    branch = event.branch
    return {
        "scenario": event.scenario,
        "scenario_version": event.scenario_version,
        "trainee": event.trainee,
        "seed": event.seed,
        "pace": event.pace.value,
        "exam": event.exam,
        "turns": 0,
        "ending": None,
        "overall": None,
        "branch_session": branch.session_id if branch else None,
        "branch_turn": branch.turn if branch else None,
    }
