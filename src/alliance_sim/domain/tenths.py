"""A score in one decimal, never rounded up to a threshold that it does not reach."""

from math import floor

THRESHOLDS = (2.5, 3.0)
"""Fair and good (MITI 4's relational cut-offs, less one); a pass is a fair overall."""


def tenths(score: float) -> str:
    """A score of 0–4; 2.48 is "2.4", for "2.5" would be fair."""
    rounded = f"{score:.1f}"
    if any(score < threshold <= float(rounded) for threshold in THRESHOLDS):
        return f"{floor(score * 10) / 10:.1f}"
    return rounded
