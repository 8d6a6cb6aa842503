"""Scores of stored sessions as rows, and the rows as CSV or JSON lines."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TextIO

from alliance_sim.domain.events import Event, Overridden, SessionOpened
from alliance_sim.domain.scorecard import RubricScore
from alliance_sim.runtime.replay import standing_of
from alliance_sim.store.repository import Store

COLUMNS = (
    "session_id",
    "trainee",
    "scenario",
    "scenario_version",
    "rubric",
    "rubric_version",
    "score",
    "why_null",
    "grade",
    "self_rating",
    "original_score",
    "overridden_by",
    "overridden_at",
    "override_reason",
    "scorer",
    "ending",
    "branch_of",
)

Row = dict[str, object]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(store: Store, *, scenario: str | None = None) -> Iterator[Row]:
    """One row per session and rubric, oldest session first; sessions without scores have none."""
    for summary in reversed(store.sessions(scenario=scenario)):
        events = [stored.event for stored in store.events(summary.id)]
        yield from session_rows(summary.id, events)


def session_rows(session_id: str, events: Iterable[Event]) -> Iterator[Row]:
    """The rows of one session. An override stands in `score`, the machine's in `original_score`."""
    standing = standing_of(events)
    opened, scored = standing.opened, standing.scored
    if opened is None or scored is None:
        return
    overrides = {event.rubric: event for event in standing.overridden}
    ratings = standing.self_rated.ratings if standing.self_rated else {}
    ending = str(standing.ended.ending) if standing.ended else None
    for score in scored.scorecard.rubrics:
        override = overrides.get(score.rubric)
        yield {
            **_session_columns(session_id, opened),
            "rubric": score.rubric,
            "rubric_version": score.rubric_version,
            **(_overridden(override) if override else _scored(score)),
            "self_rating": ratings.get(score.rubric),
            "original_score": score.score if override else None,
            "overridden_by": override.who if override else None,
            "overridden_at": _when(override),
            "override_reason": override.why if override else None,
            "scorer": scored.scorecard.scorer,
            "ending": ending,
        }


def _scored(score: RubricScore) -> Row:
    grade = str(score.grade) if score.grade else None
    return {"score": score.score, "why_null": _why_null(score), "grade": grade}


def _overridden(override: Overridden) -> Row:
    """The machine's grade and its reason for no score do not speak of an instructor's score."""
    why = override.why if override.score is None else None
    return {"score": override.score, "why_null": why, "grade": None}


def _when(override: Overridden | None) -> str | None:
    return override.at.isoformat() if override and override.at else None


def _session_columns(session_id: str, opened: SessionOpened) -> Row:
    branch = opened.branch
    return {
        "session_id": session_id,
        "trainee": opened.trainee,
        "scenario": opened.scenario,
        "scenario_version": opened.scenario_version,
        "branch_of": f"{branch.session_id}:{branch.turn}" if branch else None,
    }


def _why_null(score: RubricScore) -> str | None:
    """Why there is no score. Of interruptions it does not say more: how the words arrived may be
    an accommodation, and those are in no export.
    """
    if score.rubric == "interruptions" and score.score is None:
        return "Not observed in this session."
    return score.why_null


def write_csv(found: Iterable[Row], out: TextIO) -> int:
    """Write rows as CSV; the number of rows. A cell that would begin a formula gets a quote."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    count = 0
    for row in found:
        writer.writerow({name: _cell(row.get(name)) for name in COLUMNS})
        count += 1
    return count


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def write_jsonl(found: Iterable[Row], out: TextIO) -> int:
    """Write rows as JSON lines, in the order of `COLUMNS`; the number of rows."""
    count = 0
    for row in found:
        ordered = {name: row.get(name) for name in COLUMNS}
        out.write(json.dumps(ordered, ensure_ascii=False) + "\n")
        count += 1
    return count
