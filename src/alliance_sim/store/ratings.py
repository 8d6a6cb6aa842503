"""Instructors' ratings in the store: one a rater, a moment and a rubric; a later one counts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Delete, delete, insert, select

from alliance_sim.domain.rating import Rating
from alliance_sim.store.tables import ratings

WHOLE = -1
"""Stands for the session as a whole where a turn's number would stand: a key has no gaps."""


def read_ratings(connection: Connection) -> list[Rating]:
    """All ratings, by transcript, turn, rubric and rater."""
    columns = ratings.c
    order = (columns.transcript_id, columns.turn, columns.rubric, columns.rater)
    return [
        Rating(
            rater=row.rater,
            transcript_id=row.transcript_id,
            turn=None if row.turn == WHOLE else row.turn,
            rubric=row.rubric,
            rubric_version=row.rubric_version,
            level=row.level,
            note=row.note,
            at=datetime.fromisoformat(row.at),
            digest=row.digest,
        )
        for row in connection.execute(select(ratings).order_by(*order))
    ]


def write_ratings(connection: Connection, new: Iterable[Rating]) -> int:
    """Write ratings, each in place of an earlier one of the same rater; how many there were."""
    count = 0
    for rating in new:
        turn = WHOLE if rating.turn is None else rating.turn
        connection.execute(_same(rating, turn))
        values = rating.model_dump(exclude={"turn", "at"})
        stamp = rating.at.isoformat()
        connection.execute(insert(ratings).values(**values, turn=turn, at=stamp))
        count += 1
    return count


def forget_ratings(connection: Connection, transcript_id: str) -> None:
    """Delete every rating of a transcript."""
    connection.execute(delete(ratings).where(ratings.c.transcript_id == transcript_id))


def _same(rating: Rating, turn: int) -> Delete:
    return delete(ratings).where(
        ratings.c.rater == rating.rater,
        ratings.c.transcript_id == rating.transcript_id,
        ratings.c.turn == turn,
        ratings.c.rubric == rating.rubric,
    )
