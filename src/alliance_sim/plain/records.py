"""Events of a session as JSON lines: what `--json` prints."""

import json
import re
from collections.abc import Iterator
from typing import Any

from alliance_sim.domain.events import (
    Coded,
    Ended,
    Event,
    SessionOpened,
    StateMoved,
)
from alliance_sim.domain.scorecard import RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Utterance
from alliance_sim.plain.judged_records import card_fields, rubric_fields

_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What JSON leaves as it is, and a terminal obeys or a reader of lines takes for a line's end."""


def line(record: dict[str, Any]) -> str:
    """One JSON line in which nothing can act on a terminal: what cannot be seen is escaped."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    return _UNSEEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def opened_record(session_id: str, event: SessionOpened) -> dict[str, Any]:
    """How the session is held."""
    fields = event.model_dump(mode="json", exclude={"type"}, exclude_none=True)
    return {"kind": "opened", "session_id": session_id} | fields


def clause_record(session_id: str, turn: int, index: int, clause: Clause) -> dict[str, Any]:
    """One clause, as it is shown. `index`: its place in the turn, from 0."""
    record: dict[str, Any] = {
        "kind": "clause",
        "session_id": session_id,
        "turn": turn,
        "index": index,
        "text": clause.text,
    }
    if clause.stage:
        record["stage"] = True
    return record


def utterance_record(
    session_id: str, scenario: str, utterance: Utterance, *, exam: bool = False
) -> dict[str, Any]:
    """A whole turn of either side: also a line that `score` reads back.

    In an exam it does not tell what the turn is there to show.
    """
    unsaid = {"speaker", "instead"} | ({"opportunities"} if exam else set())
    fields = utterance.model_dump(mode="json", exclude=unsaid, exclude_defaults=True)
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
        **({"original_overall": card.original_overall} if card.overridden else {}),
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
                **_override(score),
                **rubric_fields(score),
            }
            for score in card.rubrics
        },
        **card_fields(card),
    }


def _override(score: RubricScore) -> dict[str, Any]:
    """What an instructor changed; nothing where the score is the scorer's own."""
    if score.override is None:
        return {}
    return {"override": score.override.model_dump(mode="json")}


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
