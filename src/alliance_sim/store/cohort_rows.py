"""What the report of a cohort is made from: counts and sums that the database makes.

No session is read one by one, so that memory does not grow with the programme. Scores and overalls
are kept to a hundredth, so counts by hundredths lose nothing.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Float,
    Integer,
    Row,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from alliance_sim.store.report_selection import Selection, held
from alliance_sim.store.tables import ratings, scores, sessions

WHOLE = -1
"""The turn of a rating of a session as a whole."""


@dataclass(frozen=True)
class Totals:
    """How much practice there was."""

    sessions: int
    """Ended; tries of a turn again are left out."""
    trainees: int
    """Who held at least one of them."""
    scored: int
    again: int
    """Tries of a turn again."""
    running: int
    """Sessions that have not ended."""
    first: str | None
    last: str | None
    """When the first and the last were opened."""


@dataclass(frozen=True)
class Count:
    """Sessions of one scenario, or scores of one rubric, with the same value."""

    name: str
    hundredths: int | None
    """The value × 100; None: not observed, or not scored."""
    count: int
    blocked: bool = False
    """Of sessions: a rubric that blocks a pass stands at 0."""


@dataclass(frozen=True)
class Sums:
    """Of a set of numbers."""

    count: int
    total: float
    squares: float
    """Sum of the numbers, and of their squares."""
    above: int = 0
    """Of differences: how many are above 0."""


@dataclass(frozen=True)
class Endings:
    """How the sessions of a scenario ended."""

    scenario: str
    trainees: int
    scored: int
    """Trainees with an overall."""
    count: int
    """Sessions."""
    walked_out: int
    stopped: int


@dataclass(frozen=True)
class Changed:
    """Scores of a rubric that instructors changed."""

    rubric: str
    changed: int
    both: int
    """Of these, how many are numbers before and after."""
    moved: float
    """Sum of their differences: the instructor's less the scorer's."""
    apart: float
    """Sum of their distances."""


@dataclass(frozen=True)
class SessionRating:
    """An instructor's rating of a stored session or reply, beside the scorer's own score."""

    rater: str
    session_id: str
    turn: int
    """`WHOLE`: the session."""
    rubric: str
    level: int | None
    scored: float | None
    """The scorer's own score of the session, before any override; None: not observed."""


def totals(connection: Connection, selection: Selection) -> Totals:
    """How many sessions and trainees there are."""
    ended, again = sessions.c.ending.is_not(None), sessions.c.branch_session.is_not(None)
    counts = ended & ~again
    opened = case((counts, sessions.c.opened_at))
    row = connection.execute(
        select(
            _number(counts).label("sessions"),
            func.count(case((counts, sessions.c.trainee)).distinct()).label("trainees"),
            _number(counts & sessions.c.overall.is_not(None)).label("scored"),
            _number(again).label("again"),
            _number(~ended & ~again).label("running"),
            func.min(opened).label("first"),
            func.max(opened).label("last"),
        ).where(*selection.conditions())
    ).one()
    return Totals(**row._mapping)


def overall_counts(
    connection: Connection, selection: Selection, blocking: Collection[str]
) -> list[Count]:
    """Sessions by scenario, overall, and whether a rubric of `blocking` stands at 0."""
    chosen = held(selection)
    bad = select(scores.c.session_id).where(_zero(blocking)).distinct().subquery("bad")
    blocked = bad.c.session_id.is_not(None)
    overall = _hundredths(chosen.c.overall)
    query = (
        select(chosen.c.scenario, overall, func.count(), blocked)
        .outerjoin(bad, bad.c.session_id == chosen.c.id)
        .group_by(chosen.c.scenario, overall, blocked)
    )
    return [Count(row[0], row[1], row[2], bool(row[3])) for row in connection.execute(query)]


def blocked_counts(
    connection: Connection, selection: Selection, blocking: Collection[str]
) -> dict[str, int]:
    """Sessions in which each rubric of `blocking` stands at 0."""
    chosen = held(selection)
    query = (
        select(scores.c.rubric, func.count())
        .join(chosen, chosen.c.id == scores.c.session_id)
        .where(_zero(blocking))
        .group_by(scores.c.rubric)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def rubric_counts(connection: Connection, selection: Selection) -> list[Count]:
    """Scores that count, by rubric and value."""
    chosen = held(selection)
    value = _hundredths(scores.c.score)
    query = (
        select(scores.c.rubric, value, func.count())
        .join(chosen, chosen.c.id == scores.c.session_id)
        .where(scores.c.is_current)
        .group_by(scores.c.rubric, value)
    )
    return [Count(*row) for row in connection.execute(query)]


def busiest(connection: Connection, selection: Selection) -> int:
    """Sessions of the trainee who held most; 0 where nobody did."""
    chosen = held(selection)
    each = select(func.count().label("held")).where(chosen.c.trainee.is_not(None))
    counted = each.group_by(chosen.c.trainee).subquery("counted")
    return int(connection.scalar(select(func.max(counted.c.held))) or 0)


def trainees_scored(
    connection: Connection, selection: Selection, rubrics: Collection[str]
) -> dict[str, int]:
    """How many trainees have a score of each of these rubrics; one without any is missing."""
    chosen = held(selection)
    query = (
        select(scores.c.rubric, func.count(chosen.c.trainee.distinct()))
        .join(chosen, chosen.c.id == scores.c.session_id)
        .where(
            scores.c.is_current,
            scores.c.score.is_not(None),
            scores.c.rubric.in_(sorted(rubrics)),
        )
        .group_by(scores.c.rubric)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def endings(connection: Connection, selection: Selection) -> list[Endings]:
    """How sessions ended, by scenario."""
    chosen = held(selection)
    query = select(
        chosen.c.scenario,
        func.count(chosen.c.trainee.distinct()),
        func.count(case((chosen.c.overall.is_not(None), chosen.c.trainee)).distinct()),
        func.count(),
        _number(chosen.c.ending == "walk_out"),
        _number(chosen.c.ending == "stopped"),
    ).group_by(chosen.c.scenario)
    return [Endings(*row) for row in connection.execute(query)]


def by_number(connection: Connection, selection: Selection, most: int) -> dict[int, Sums]:
    """The overall of the trainees' first, second … scored session, up to number `most`."""
    numbered = _numbered(selection)
    query = (
        select(numbered.c.number, *_sums(numbered.c.overall))
        .where(numbered.c.number <= most)
        .group_by(numbered.c.number)
        .order_by(numbered.c.number)
    )
    return {row[0]: _read(row[1:]) for row in connection.execute(query)}


def first_to_last(connection: Connection, selection: Selection) -> Sums:
    """Last overall less first, of trainees with two scored sessions or more."""
    numbered = _numbered(selection)
    change = _at_last(numbered, numbered.c.overall) - _at_first(numbered, numbered.c.overall)
    each = (
        select(change.label("change"))
        .where((numbered.c.number == 1) | (numbered.c.left == 1))
        .group_by(numbered.c.trainee)
        .having(func.count() > 1)
        .subquery("each_trainee")
    )
    row = connection.execute(select(*_sums(each.c.change), _number(each.c.change > 0))).one()
    return _read(row)


def rubrics_first_to_last(connection: Connection, selection: Selection) -> dict[str, Sums]:
    """As `first_to_last`, by rubric, where both sessions observed it."""
    numbered = _numbered(selection)
    change = _at_last(numbered, scores.c.score) - _at_first(numbered, scores.c.score)
    each = (
        select(scores.c.rubric, change.label("change"))
        .join(numbered, numbered.c.id == scores.c.session_id)
        .where(
            scores.c.is_current,
            scores.c.score.is_not(None),
            (numbered.c.number == 1) | (numbered.c.left == 1),
        )
        .group_by(numbered.c.trainee, scores.c.rubric)
        .having(func.count() > 1)
        .subquery("each_trainee")
    )
    query = select(each.c.rubric, *_sums(each.c.change), _number(each.c.change > 0))
    return {row[0]: _read(row[1:]) for row in connection.execute(query.group_by(each.c.rubric))}


def last_sessions(
    connection: Connection, selection: Selection, blocking: Collection[str], mark: float
) -> Mapping[str, int]:
    """Trainees by their last scored session: `passed`, `below` the mark, or `blocked` above it."""
    numbered = _numbered(selection)
    bad = select(scores.c.session_id).where(_zero(blocking)).distinct().subquery("bad")
    blocked, enough = bad.c.session_id.is_not(None), numbered.c.overall >= mark
    row = connection.execute(
        select(
            _number(enough & ~blocked).label("passed"),
            _number(~enough).label("below"),
            _number(enough & blocked).label("blocked"),
        )
        .select_from(numbered.outerjoin(bad, bad.c.session_id == numbered.c.id))
        .where(numbered.c.left == 1)
    ).one()
    return dict(row._mapping)


def changed_scores(connection: Connection, selection: Selection) -> list[Changed]:
    """What instructors changed, by rubric."""
    chosen = held(selection)
    moved = scores.c.score - scores.c.original_score
    query = (
        select(
            scores.c.rubric,
            func.count(),
            func.count(moved),
            func.coalesce(func.sum(moved), 0.0),
            func.coalesce(func.sum(func.abs(moved)), 0.0),
        )
        .join(chosen, chosen.c.id == scores.c.session_id)
        .where(scores.c.is_current, scores.c.overridden_by.is_not(None))
        .group_by(scores.c.rubric)
        .order_by(scores.c.rubric)
    )
    return [Changed(*row) for row in connection.execute(query)]


def session_ratings(connection: Connection, selection: Selection) -> list[SessionRating]:
    """Instructors' blind ratings of these sessions."""
    chosen = held(selection)
    own = case((scores.c.overridden_by.is_not(None), scores.c.original_score), else_=scores.c.score)
    place = and_(
        scores.c.session_id == ratings.c.transcript_id,
        scores.c.rubric == ratings.c.rubric,
        scores.c.is_current,
        ratings.c.turn == WHOLE,
    )
    columns = ratings.c
    query = (
        select(
            columns.rater, columns.transcript_id, columns.turn, columns.rubric, columns.level, own
        )
        .join(chosen, chosen.c.id == columns.transcript_id)
        .outerjoin(scores, place)
        .order_by(columns.transcript_id, columns.turn, columns.rubric, columns.rater)
    )
    return [SessionRating(*row) for row in connection.execute(query)]


def _numbered(selection: Selection) -> CTE:
    """Scored sessions of known trainees: `number` counts from the first, `left` from the last."""
    chosen = held(selection)
    columns = chosen.c
    by = columns.trainee
    number = func.row_number().over(partition_by=by, order_by=(columns.opened_at, columns.id))
    # Counted from the end without sorting a second time.
    left = func.count().over(partition_by=by) - number + 1
    query = select(
        columns.id,
        columns.trainee,
        columns.overall,
        number.label("number"),
        left.label("left"),
    ).where(columns.overall.is_not(None), columns.trainee.is_not(None))
    return query.cte("numbered")


def _at_first(numbered: CTE, value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.max(case((numbered.c.number == 1, value)))


def _at_last(numbered: CTE, value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.max(case((numbered.c.left == 1, value)))


def _zero(blocking: Collection[str]) -> ColumnElement[bool]:
    return and_(scores.c.is_current, scores.c.score == 0, scores.c.rubric.in_(sorted(blocking)))


def _hundredths(value: ColumnElement[Any]) -> ColumnElement[int | None]:
    return cast(func.round(value * literal(100.0, Float)), Integer)


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _sums(value: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    total, squares = func.sum(value), func.sum(value * value)
    return (func.count(value), func.coalesce(total, 0.0), func.coalesce(squares, 0.0))


def _read(row: Row[*tuple[Any, ...]] | tuple[Any, ...]) -> Sums:
    return Sums(*row)
