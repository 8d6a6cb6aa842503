"""One session of a batch, read from the store: what is to be scored of it, or why nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from alliance_sim.domain.batch import ItemState
from alliance_sim.domain.events import Coded, Event, Scored, StoredEvent
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import OFFLINE, Scorecard
from alliance_sim.domain.transcript import Transcript
from alliance_sim.runtime.batches.rescoring import missing, rescored
from alliance_sim.runtime.batches.terms import OpenBatch
from alliance_sim.runtime.debrief import why_unscored
from alliance_sim.runtime.replay import Standing, standing_of, transcript_of
from alliance_sim.store import batches
from alliance_sim.store.batches import Result
from alliance_sim.store.importing import stored_events

ALREADY = "it has these scores already"
OPEN = "the session goes on"
DAMAGED = "its events cannot be read: damaged, or from a newer version of the program"
USELESS = "nothing of the model's answer could be used"


@dataclass(frozen=True)
class Prepared:
    """A session that is to be scored."""

    transcript: Transcript
    rubrics: tuple[Rubric, ...]
    """To score by; at least one."""
    standing: Standing
    events: tuple[Event, ...]
    head: int
    """Number of the last event."""


def prepare(
    connection: Connection, opened: OpenBatch, session_id: str, model: str = ""
) -> Prepared | Result | None:
    """What to score of a session; what to write where nothing is; None where it does not wait.

    `model`: the judge's name, as scores of it are stored. Raises InputProblem where the batch
    cannot be read here.
    """
    if batches.state_of(connection, opened.batch.id, session_id) is not ItemState.WAITING:
        return None
    try:
        stored = stored_events(connection, session_id)
    except ValueError:
        return Result(ItemState.FAILED, DAMAGED)
    return prepared(stored, opened, session_id, model)


def prepared(
    stored: Sequence[StoredEvent], opened: OpenBatch, session_id: str, model: str = ""
) -> Prepared | Result:
    """As `prepare`, from the events of a session."""
    events = tuple(each.event for each in stored)
    standing = standing_of(events)
    if not standing.ended:
        return Result(ItemState.SKIPPED, OPEN)
    if why := why_unscored(standing):
        return Result(ItemState.SKIPPED, why)
    rubrics = _rubrics(opened, events, standing, model)
    if not rubrics:
        return Result(ItemState.SKIPPED, ALREADY)
    scenario = standing.opened.scenario if standing.opened else ""
    facts = opened.batch.terms.scenarios.get(scenario)
    number = facts.session_number if facts else None
    transcript = transcript_of(session_id, events, session_number=number)
    return Prepared(transcript, tuple(rubrics), standing, events, stored[-1].seq)


def concluded(ready: Prepared, card: Scorecard, opened: OpenBatch) -> Result:
    """What to write of a session whose scores are there."""
    if _useless(card):
        return Result(ItemState.FAILED, USELESS)
    if card.scorer == OFFLINE:
        stood = ready.standing.scored.scorecard if ready.standing.scored else None
        scored = rescored(card, stood, ready.standing.overridden, opened.rubrics)
        return Result(ItemState.DONE, scored=scored, head=ready.head)
    from alliance_sim.scoring.judging.utterances import (  # noqa: PLC0415 - only of a judge
        with_utterances,
    )

    coded = {event.turn: event.coded for event in ready.events if isinstance(event, Coded)}
    whole = with_utterances(card, ready.transcript, coded)
    return Result(ItemState.DONE, scored=Scored(scorecard=whole), head=ready.head)


def _rubrics(
    opened: OpenBatch, events: Sequence[Event], standing: Standing, model: str
) -> list[Rubric]:
    terms, judged = opened.batch.terms, opened.batch.judged
    scenario = standing.opened.scenario if standing.opened else None
    wanted = [opened.rubrics[name] for name in terms.rubrics_for(scenario)]
    if not terms.again:
        wanted = missing(events, wanted, opened.batch.scorer, model)
    if wanted and not judged and standing.scored is None:
        # The first scores of a session are whole: what was not asked for is in them too.
        facts = terms.scenarios.get(scenario or "")
        own = [opened.rubrics[name] for name in facts.rubrics] if facts else []
        wanted = [*own, *(rubric for rubric in wanted if rubric not in own)]
    return wanted


def _useless(card: Scorecard) -> bool:
    """Whether a model answered, and nothing of it could be used."""
    unscored = any(score.judged and score.judged.unscored for score in card.rubrics)
    return unscored and all(score.score is None for score in card.rubrics)
