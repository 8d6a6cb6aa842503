"""Events of a session as JSON lines: what `--json` prints."""

import json
from collections.abc import Iterator
from typing import Any

from alliance_sim.domain.events import (
    ClauseShown,
    ClientPlanned,
    Coded,
    Ended,
    Event,
    SessionOpened,
    StateMoved,
)
from alliance_sim.domain.scorecard import Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Utterance


def line(record: dict[str, Any]) -> str:
    """One JSON line; escape sequences in the words are escaped by JSON itself."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def opened_record(session_id: str, event: SessionOpened) -> dict[str, Any]:
    """How the session is held."""
    fields = event.model_dump(mode="json", exclude={"type"}, exclude_none=True)
    return {"kind": "opened", "session_id": session_id} | fields


def clause_record(session_id: str, event: ClauseShown, planned: ClientPlanned) -> dict[str, Any]:
    """One clause, as it is shown."""
    clause = planned.clauses[event.index]
    record: dict[str, Any] = {
        "kind": "clause",
        "session_id": session_id,
        "turn": event.turn,
        "index": event.index,
        "text": clause.text,
    }
    if clause.stage:
        record["stage"] = True
    return record


def utterance_record(session_id: str, scenario: str, utterance: Utterance) -> dict[str, Any]:
    """A whole turn of either side: also a line that `score` reads back."""
    fields = utterance.model_dump(
        mode="json", exclude={"speaker", "instead"}, exclude_defaults=True
    )
    for opportunity in fields.get("opportunities", ()):
        opportunity.pop("instead", None)
    head = {
        "kind": str(utterance.speaker),
        "session_id": session_id,
        "transcript_id": session_id,
        "scenario": scenario,
        "speaker": str(utterance.speaker),
        "turn": utterance.turn,
        "text": utterance.text,
    }
    return head | fields


def inner_record(session_id: str, event: Event) -> dict[str, Any] | None:
    """What the reply was coded as and did to the client; None for other events."""
    match event:
        case Coded():
            codes = [span.model_dump(mode="json") for span in event.coded.codes]
            main = str(event.coded.main)
            head = {"kind": "coded", "session_id": session_id, "turn": event.turn}
            return head | {"main": main, "codes": codes}
        case StateMoved():
            values = {
                name: round(getattr(event.state, name), 2)
                for name in type(event.state).model_fields
                if isinstance(getattr(event.state, name), float)
            }
            head = {"kind": "state", "session_id": session_id, "turn": event.turn}
            return head | {
                "engagement": round(event.state.engagement, 2),
                **values,
                "moves": list(event.moves),
                "rupture": event.rupture,
                "in_rupture": event.state.rupture,
                "gates": list(event.gates),
            }
        case _:
            return None


def ended_record(session_id: str, event: Ended) -> dict[str, Any]:
    """How the session ended."""
    fields = event.model_dump(mode="json", exclude={"type"})
    return {"kind": "ended", "session_id": session_id} | fields


def score_records(card: Scorecard) -> Iterator[dict[str, Any]]:
    """The scores-out lines: one a therapist utterance, then one for the transcript."""
    for score in card.utterances:
        yield _utterance_score(card, score)
    yield {
        "kind": "session",
        "transcript_id": card.transcript_id,
        "scenario": card.scenario,
        "scorer": card.scorer,
        "overall": card.overall,
        "passed": card.passed,
        "blocked_by": list(card.blocked_by),
        "metrics": card.metrics,
        "rubrics": {
            score.rubric: {
                "version": score.rubric_version,
                "score": score.score,
                "why_null": score.why_null,
                "grade": score.grade,
                "evidence": [item.model_dump(mode="json") for item in score.evidence],
                "instead": score.instead[0].reply if score.instead else None,
                "alternatives": [item.model_dump(mode="json") for item in score.instead],
                "metrics": score.metrics,
            }
            for score in card.rubrics
        },
    }


def _utterance_score(card: Scorecard, score: UtteranceScore) -> dict[str, Any]:
    return {
        "kind": "utterance",
        "transcript_id": card.transcript_id,
        "turn": score.turn,
        "main": str(score.coded.main),
        "codes": [span.model_dump(mode="json") for span in score.coded.codes],
        "empathy": score.coded.empathy.model_dump(),
        "rubrics": score.rubrics,
    }
