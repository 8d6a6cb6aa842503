"""The columns of an export: their names, what kind of value they hold, and what it means."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from alliance_sim.errors import UsageProblem

Row = dict[str, object]
"""One score, by column; None where there is nothing to say. Times are UTC in ISO 8601."""


class Kind(StrEnum):
    """What a cell holds when it is not empty."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole number"
    FLAG = "true or false"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    about: str
    """One sentence or more for whoever reads the table."""


_TEXT, _NUMBER, _WHOLE, _FLAG, _TIME = Kind

COLUMNS = (
    Column("session_id", _TEXT, "The session. With `rubric`, what names the row; never changes."),
    Column("trainee", _TEXT, "The trainee's pseudonym; empty where none was given."),
    Column("scenario", _TEXT, "The client that was met."),
    Column("scenario_version", _TEXT, "The version of the client's file."),
    Column("rubric", _TEXT, "What was scored."),
    Column("rubric_version", _TEXT, "The version of the rubric; compare scores of the same one."),
    Column("score", _NUMBER, "0 to 4, an instructor's where one changed it; empty: not observed."),
    Column(
        "why_null",
        _TEXT,
        "Why there is no score. Of interruptions it says no more than that they were not observed: "
        "how the words arrived may be an accommodation.",
    ),
    Column(
        "grade",
        _TEXT,
        "`below`, `fair` or `good`, by the rubric's thresholds; empty where there is no score, or "
        "an instructor changed it.",
    ),
    Column(
        "self_rating",
        _WHOLE,
        "The trainee's own rating, 0 to 4, given before she saw a score; empty: none.",
    ),
    Column("original_score", _NUMBER, "The scorer's score, where an instructor changed it."),
    Column("overridden_by", _TEXT, "Who changed the score."),
    Column("overridden_at", _TIME, "When the score was changed."),
    Column("override_reason", _TEXT, "Why it was changed, in the instructor's words."),
    Column("scorer", _TEXT, "`offline`, or `judge`: a language model."),
    Column(
        "ending",
        _TEXT,
        "How the session ended: `time`, `planned_close`, `walk_out` or `safety_handover`.",
    ),
    Column(
        "branch_of",
        _TEXT,
        "The session and turn that were tried again, as `session:turn`; empty for a session from "
        "its beginning.",
    ),
    Column("model", _TEXT, "The judge's model; empty for the offline scorer."),
    Column("evidence_count", _WHOLE, "How many quotes of the trainee's words the score rests on."),
    Column("overridden", _FLAG, "Whether an instructor changed the score."),
    Column(
        "cohort",
        _TEXT,
        "The assignment's cohort; without an assignment, the one that was asked for, else all of "
        "the trainee's, with `;` between them.",
    ),
    Column("assignment", _TEXT, "What the session was held or handed in for; empty: practice."),
    Column("attempt", _WHOLE, "The number of the trainee's attempt at the assignment, from 1."),
    Column("late", _FLAG, "Whether the session was begun after the assignment was due."),
    Column("opened_at", _TIME, "When the session began."),
    Column("ended_at", _TIME, "When the session ended."),
    Column("scored_at", _TIME, "When this score was made."),
)
"""In the order in which they are written. New ones come last."""

KEY = ("session_id", "rubric")
"""Together they name a row, of the score that counts."""

BY_NAME = {column.name: column for column in COLUMNS}


def chosen(names: Iterable[str]) -> tuple[Column, ...]:
    """Columns by name, in that order; all of them for no names.

    Raises UsageProblem for one that there is not, and for one that is named twice.
    """
    wanted = [name.strip() for name in names]
    for number, name in enumerate(wanted):
        if name not in BY_NAME:
            there = ", ".join(BY_NAME)
            raise UsageProblem(f"{name or 'a column without a name'}: no such column; {there}")
        if name in wanted[:number]:
            raise UsageProblem(f"{name}: the column is named twice")
    return tuple(BY_NAME[name] for name in wanted) or COLUMNS


def redactable(names: Iterable[str]) -> tuple[str, ...]:
    """Columns whose values an export may leave out.

    Raises UsageProblem for one that there is not, and for the two that name a row.
    """
    wanted = list(names)
    for name in chosen(wanted) if wanted else ():
        if name.name in KEY:
            raise UsageProblem(f"{name.name} names the row; leave it out with --columns")
    return tuple(name.strip() for name in wanted)
