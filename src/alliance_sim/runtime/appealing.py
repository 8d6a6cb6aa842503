"""A trainee contests a score, and an instructor answers. Both are events of the session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from alliance_sim.authoring.library import Library
from alliance_sim.domain.clean import storable
from alliance_sim.domain.events import AppealAnswered, Appealed, Overridden
from alliance_sim.domain.programme import Appeal
from alliance_sim.domain.scorecard import RubricScore
from alliance_sim.domain.transcript import Transcript
from alliance_sim.errors import UsageProblem
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.overriding import (
    LONGEST_WHO,
    LONGEST_WHY,
    check_words,
    override_event,
    rubrics_of,
    scored_card,
    with_overrides,
)
from alliance_sim.runtime.replay import Standing, standing_of, transcript_of
from alliance_sim.store import appeals as rows
from alliance_sim.store.audit import note
from alliance_sim.store.repository import Store


@dataclass(frozen=True)
class Case:
    """An appeal with what it is about."""

    appeal: Appeal
    trainee: str | None
    scenario: str
    score: RubricScore
    """As it stands now, with its evidence."""
    transcript: Transcript


@dataclass(frozen=True)
class Decision:
    """How an appeal is answered: the score is kept, or changed to `score`."""

    who: str
    """An instructor's id."""
    reason: str
    """The trainee reads it."""
    keep: bool = True
    score: float | None = None
    """0–4; None: not observed."""


def appeal(store: Store, session_id: str, clock: Clock, *, rubric: str, reason: str) -> Appeal:
    """Contest the score of a rubric, or that there is none.

    Raises UsageProblem where the session has no scores, none of this rubric, where the reason is
    missing, or an appeal of this rubric still waits for its answer.
    """
    check_reason(reason)
    standing = _standing(store, session_id)
    card = scored_card(standing, session_id)
    if card.rubric(rubric) is None:
        there = ", ".join(score.rubric for score in card.rubrics)
        raise UsageProblem(f"session {session_id} has no score of {rubric}; it has {there}")
    waiting = [made.rubric for made in of_session(store, session_id) if made.outcome is None]
    if rubric in waiting:
        raise UsageProblem(f"an appeal of {rubric} in session {session_id} waits for its answer")
    event = Appealed(rubric=rubric, reason=storable(reason.strip()))
    (stored,) = store.append(session_id, [event], at=clock.now())
    return Appeal(
        session_id=session_id, seq=stored.seq, rubric=rubric, reason=event.reason, at=stored.at
    )


def check_reason(reason: str) -> None:
    """That a reason was given, and is not too long to be stored. Raises UsageProblem."""
    check_words("an appeal", reason=(reason, LONGEST_WHY))


def answer(store: Store, made: Appeal, library: Library, clock: Clock, decision: Decision) -> None:
    """Answer an appeal.

    The answer, the changed score and the entry in the audit log are stored together. Raises
    UsageProblem where the appeal has been answered, or who or the reason is missing.
    """
    who, reason = decision.who, decision.reason
    check_words("an answer", who=(who, LONGEST_WHO), reason=(reason, LONGEST_WHY))
    session_id = made.session_id
    standing = _standing(store, session_id)
    if _still(store, made).outcome is not None:
        raise UsageProblem(f"the appeal of {made.rubric} in {session_id} has been answered")
    card = scored_card(standing, session_id)
    by = storable(who.strip())
    said = AppealAnswered(
        appeal=made.seq,
        rubric=made.rubric,
        outcome="kept" if decision.keep else "changed",
        answer=storable(reason.strip()),
        who=by,
    )
    events: list[AppealAnswered | Overridden] = [said]
    score = None if decision.keep else decision.score
    if not decision.keep:
        earlier = standing.overridden
        changed = override_event(
            card, earlier, library, clock, rubric=made.rubric, score=score, who=by, why=said.answer
        )
        events.insert(0, changed)
    detail = {"rubric": made.rubric, "outcome": said.outcome, "score": score}
    at = clock.now()

    def also(connection: Connection) -> None:
        note(
            connection,
            at=at,
            who=by,
            action="appeal_answered",
            subject=session_id,
            detail=detail,
        )

    store.append(session_id, events, at=at, beside=also)


def of_session(store: Store, session_id: str) -> list[Appeal]:
    """The appeals of a session, oldest first."""
    return store.appeals(session_id)


def queue(store: Store, *, still_open: bool = True) -> list[Appeal]:
    """Appeals of all sessions, the one that has waited longest first."""
    with store.reading() as connection:
        return rows.all_appeals(connection, still_open=still_open)


def find(store: Store, session_id: str, rubric: str | None = None) -> Appeal:
    """The open appeal of a session, of a rubric where there are several. Raises UsageProblem."""
    waiting = [made for made in of_session(store, session_id) if made.outcome is None]
    found = [made for made in waiting if rubric in (None, made.rubric)]
    if len(found) == 1:
        return found[0]
    if found:
        which = ", ".join(made.rubric for made in found)
        raise UsageProblem(f"session {session_id} has several open appeals; say which: {which}")
    of = f" of {rubric}" if rubric else ""
    raise UsageProblem(f"session {session_id} has no open appeal{of}")


def case(store: Store, made: Appeal, library: Library) -> Case:
    """An appeal with the contested score, its evidence and what was said."""
    events = [stored.event for stored in store.events(made.session_id)]
    standing = standing_of(events)
    card = scored_card(standing, made.session_id)
    card = with_overrides(card, standing.overridden, rubrics_of(library, card))
    score = card.rubric(made.rubric)
    if score is None or standing.opened is None:
        raise UsageProblem(f"session {made.session_id} has no score of {made.rubric} any more")
    opened = standing.opened
    transcript = transcript_of(made.session_id, events)
    return Case(made, opened.trainee, opened.scenario, score, transcript)


def sentences(appeals: Sequence[Appeal], titles: Mapping[str, str] | None = None) -> list[str]:
    """What became of appeals, in words for the trainee. Not made safe for a terminal.

    `titles` are rubrics' titles by id; one that is missing is told by its id.
    """
    return [line for made in appeals for line in _sentences(made, titles or {})]


def _sentences(made: Appeal, titles: Mapping[str, str]) -> list[str]:
    rubric = titles.get(made.rubric, made.rubric)
    asked = f"{rubric}: contested on {made.at.day} {made.at:%B %Y}: {made.reason}"
    if made.outcome is None or made.answered_at is None:
        return [asked, "No answer yet; the score stands until then."]
    when = f"{made.answered_at.day} {made.answered_at:%B %Y}"
    return [asked, f"The score was {made.outcome} by {made.answered_by} on {when}: {made.answer}"]


def _standing(store: Store, session_id: str) -> Standing:
    return standing_of(stored.event for stored in store.events(session_id))


def _still(store: Store, made: Appeal) -> Appeal:
    """The appeal as it is now."""
    for now in of_session(store, made.session_id):
        if now.seq == made.seq:
            return now
    raise UsageProblem(f"session {made.session_id} has no such appeal any more")
