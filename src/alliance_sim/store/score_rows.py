"""Scores as rows, for exports and reports over many sessions: derived from events alone.

There is one row a session, rubric, version of the rubric and scorer; scoring again takes the place
of what was there. An instructor's override stands on all rows of its rubric, with the scorer's own
score beside it.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from alliance_sim.domain.clean import storable
from alliance_sim.domain.events import Event, Overridden, Scored
from alliance_sim.domain.scorecard import JUDGE, RubricScore, Scorecard

SCORING = ("scored", "overridden")
"""Types of the events from which the rows are made."""

Row = dict[str, object]


def score_rows(session_id: str, found: Iterable[tuple[str, Event]]) -> list[Row]:
    """The rows of a session, from its scoring events in order, each with its time (UTC, ISO)."""
    rows: dict[tuple[str, ...], Row] = {}
    overrides: dict[str, Overridden] = {}
    for at, event in found:
        if isinstance(event, Overridden):
            overrides[event.rubric] = event
        elif isinstance(event, Scored):
            _add(rows, session_id, event.scorecard, at)
    for row in rows.values():
        if override := overrides.get(str(row["rubric"])):
            row.update(_overridden(row, override))
    _mark_current(rows)
    return list(rows.values())


def _add(rows: dict[tuple[str, ...], Row], session_id: str, card: Scorecard, at: str) -> None:
    model = card.judged_by.model if card.judged_by else ""
    for score in card.rubrics:
        # As the table will hold it: two names that it cannot tell apart have one row.
        key = tuple(
            storable(part) for part in (score.rubric, score.rubric_version, card.scorer, model)
        )
        # Taken out first, so that the rows stand in the order of scoring.
        rows.pop(key, None)
        rows[key] = {"session_id": session_id, **_row(score, card.scorer, model, at)}


def _row(score: RubricScore, scorer: str, model: str, at: str) -> Row:
    return {
        "rubric": score.rubric,
        "rubric_version": score.rubric_version,
        "scorer": scorer,
        "model": model,
        "score": score.score,
        "why_null": score.why_null,
        "grade": str(score.grade) if score.grade else None,
        "evidence_count": len(score.evidence),
        "original_score": None,
        "overridden_by": None,
        "overridden_at": None,
        "override_reason": None,
        "scored_at": at,
    }


def _overridden(row: Row, override: Overridden) -> Row:
    """The scorer's grade, and its reason for no score, do not speak of an instructor's score."""
    return {
        "score": override.score,
        "why_null": override.why if override.score is None else None,
        "grade": None,
        "original_score": row["score"],
        "overridden_by": override.who,
        "overridden_at": _stamp(override.at),
        "override_reason": override.why,
    }


def _stamp(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="microseconds") if at else None


def _mark_current(rows: dict[tuple[str, ...], Row]) -> None:
    """Of each rubric one row counts: the latest made offline, or else the latest of a judge."""
    current: dict[object, Row] = {}
    for row in rows.values():
        row["is_current"] = False
        before = current.get(row["rubric"])
        if before is None or row["scorer"] != JUDGE or before["scorer"] == JUDGE:
            current[row["rubric"]] = row
    for row in current.values():
        row["is_current"] = True
