"""Scores as tidy rows: one a session and rubric, with all that is known of where they come from."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Row as Found

from alliance_sim.domain.clean import printable
from alliance_sim.reporting.tables.columns import COLUMNS, Kind, Row
from alliance_sim.store.export_rows import BETWEEN

REDACTED = "[redacted]"
"""Stands where something was said that the export is not to hold."""

NOT_OBSERVED = "Not observed in this session."
"""All that is said of interruptions without a score: how the words arrived may be an
accommodation, and those are in no export."""

PERSONAL = ("overridden_by", "override_reason")
"""Columns that hold an instructor's name and words; no export for research has them."""

_BOUND = "interruptions"
_TEXTS = tuple(column.name for column in COLUMNS if column.kind is Kind.TEXT)


def tidy(
    found: Iterable[Found[*tuple[Any, ...]]],
    *,
    cohort: str | None = None,
    redact: Iterable[str] = (),
) -> Iterator[Row]:
    """The rows of an export, from those of `store.export_rows`, one at a time.

    `cohort` is the one that was asked for; the columns in `redact` say no more than that there was
    something. Each row holds more than an export's columns: `overall`, the session's, and `nulled`,
    whether it was an instructor who said that nothing was observed.
    """
    hide = _hider(frozenset(redact))
    said: str | None = None
    ratings: dict[str, int] = {}
    for each in found:
        row = _row(each, cohort)
        # The same text as long as the rows are of one session.
        if each.self_ratings != said:
            said = each.self_ratings
            ratings = json.loads(said or "{}")
        row["self_rating"] = ratings.get(each.rubric)
        if hide:
            hide(row)
        yield row


def _row(each: Found[*tuple[Any, ...]], cohort: str | None) -> Row:
    row: Row = dict(each._mapping)
    number, due_at, branch = each.number, each.due_at, each.branch_session
    if each.score is None and each.rubric == _BOUND:
        row["why_null"] = NOT_OBSERVED
    row["model"] = each.model or None
    row["branch_of"] = f"{branch}:{each.branch_turn}" if branch else None
    row["overridden"] = each.overridden_by is not None
    row["nulled"] = row["overridden"] and each.score is None
    row["cohort"] = each.cohort or cohort or _sorted(each.cohorts)
    row["attempt"] = number
    row["late"] = None if number is None else bool(due_at and each.opened_at > due_at)
    for name in _TEXTS:
        text = row[name]
        # Nothing in a row acts on a terminal, and all of it can stand in a file.
        if isinstance(text, str) and not text.isprintable():
            row[name] = printable(text)
    return row


def _sorted(cohorts: str | None) -> str | None:
    return BETWEEN.join(sorted(cohorts.split(BETWEEN))) if cohorts else None


def _hider(redact: frozenset[str]) -> Callable[[Row], None] | None:
    if not redact:
        return None
    told = [column for column in COLUMNS if column.name in redact]
    reasons, scores = "override_reason" in redact, "score" in redact

    def hide(row: Row) -> None:
        # Where an instructor said that nothing was observed, her reason stands there too.
        if reasons and row["nulled"] and row["why_null"] != NOT_OBSERVED:
            row["why_null"] = REDACTED
        if scores:
            row["overall"] = None
        for column in told:
            if row[column.name] is not None:
                row[column.name] = REDACTED if column.kind is Kind.TEXT else None

    return hide
