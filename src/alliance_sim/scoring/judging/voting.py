"""Several votes become one: the median, how far they agree, and whether a human should look."""

from collections.abc import Sequence
from itertools import combinations
from statistics import median

from alliance_sim.domain.judgement import Agreement

APART = 1.0
"""Votes that differ by more than one level are in disagreement."""


def settled(votes: Sequence[float | None]) -> float | None:
    """The median of the levels; None where most votes give none, or there are none."""
    if len(votes) == 1:
        return votes[0]
    levels = [vote for vote in votes if vote is not None]
    return median(levels) if 2 * len(levels) > len(votes) else None


def nearest(votes: Sequence[float | None], level: float | None) -> int:
    """Index of the vote that stands for the outcome: the first that is nearest to it."""
    if len(votes) == 1:
        return 0
    if level is None:
        return votes.index(None) if None in votes else 0
    distances = [float("inf") if vote is None else abs(vote - level) for vote in votes]
    return distances.index(min(distances))


def agreement(votes: Sequence[float | None]) -> Agreement | None:
    """How far votes lie together; None for a single one."""
    if len(votes) <= 1:
        return None
    pairs = [_together(a, b) for a, b in combinations(votes, 2)]
    return Agreement(
        votes=tuple(votes), share=sum(pairs) / len(pairs), flagged_for_human=not all(pairs)
    )


def _together(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= APART
