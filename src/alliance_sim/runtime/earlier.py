"""What a stored session brings along when it is taken up again, or branched from."""

from collections.abc import Sequence
from itertools import pairwise

from alliance_sim.client.memory import Memory
from alliance_sim.domain.events import (
    Branch,
    ClauseShown,
    ClauseWorded,
    ClientFinished,
    ClientPlanned,
    Coded,
    Event,
    Resumed,
    SafetyAnswered,
    SafetyAsked,
    SessionOpened,
    Skipped,
    StateMoved,
    StoredEvent,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.scenario import Scenario
from alliance_sim.errors import UsageProblem

_KEPT = (
    ClauseShown,
    ClauseWorded,
    ClientFinished,
    ClientPlanned,
    Coded,
    SafetyAnswered,
    SafetyAsked,
    Skipped,
    StateMoved,
    TraineeSent,
    Worded,
)
"""What a branch takes over: the conversation, and that it is not to be scored."""

_UNCOUNTED = (ClauseWorded, Resumed, Worded)
"""What ends a time that is not part of the hour."""


def events_before(events: Sequence[Event], turn: int) -> list[Event] | None:
    """What happened before a trainee turn, without the opening record; None: no such turn."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, TraineeSent) and event.turn == turn:
            return kept
        if isinstance(event, _KEPT):
            kept.append(event)
    return None


def branched(
    session_id: str, events: Sequence[Event], turn: int
) -> tuple[SessionOpened, list[Event]]:
    """The opening record of a session that tries a turn again, and what it takes over.

    Raises UsageProblem where that turn is not one of the trainee's, and after an exam.
    """
    kept = events_before(events, turn)
    opened = next((event for event in events if isinstance(event, SessionOpened)), None)
    if kept is None or opened is None:
        turns = [str(event.turn) for event in events if isinstance(event, TraineeSent)]
        known = ", ".join(turns) or "none"
        raise UsageProblem(
            f"turn {turn} of session {session_id} is not one of the trainee's: {known}"
        )
    if opened.exam:
        raise UsageProblem(f"session {session_id} was an exam: its turns cannot be retried")
    origin = Branch(session_id=session_id, turn=turn)
    return opened.model_copy(update={"branch": origin}), kept


def seconds_of(stored: Sequence[StoredEvent]) -> float:
    """Seconds that a session has lasted so far: pauses, what lay between sittings, and the time
    before a model's words left out.

    The first two end with a Resumed event, the last with ClauseWorded or Worded.
    """
    return sum(
        max(0.0, (after.at - before.at).total_seconds())
        for before, after in pairwise(stored)
        if not isinstance(after.event, _UNCOUNTED)
    )


def check_same_client(
    session_id: str, opened: SessionOpened, memory: Memory, scenario: Scenario
) -> None:
    """Make sure that a scenario is the one that a session was held with.

    Raises UsageProblem where its version is another, or where it lacks what was spoken of: the
    client would contradict what has been said.
    """
    name = f"{opened.scenario} {opened.scenario_version}"
    if (scenario.id, scenario.version) != (opened.scenario, opened.scenario_version):
        raise UsageProblem(
            f"session {session_id} was held with {name}, and the library now has {scenario.id} "
            f"{scenario.version}: it cannot go on with another client. Its words and debrief stay "
            f"(sessions show {session_id} --debrief); bring the file of {name} back to go on"
        )
    missing = _missing(memory, scenario)
    if missing:
        raise UsageProblem(
            f"session {session_id} was held with {name}, whose file has since lost {missing}: it "
            "cannot go on; bring the file back as it was"
        )


def _missing(memory: Memory, scenario: Scenario) -> str | None:
    """The first thing that a session has come to and a scenario does not have, or None."""
    topics = {topic.id for topic in scenario.topics}
    disclosures = {told.id for told in scenario.disclosures}
    events = {event.id for event in scenario.events}
    if memory.topic is not None and memory.topic not in topics:
        return f"the topic {memory.topic}"
    for what, had, has in (
        ("disclosure", set(memory.disclosed), disclosures),
        ("event", set(memory.events), events),
    ):
        if lost := sorted(had - has):
            return f"the {what} {lost[0]}"
    return None
