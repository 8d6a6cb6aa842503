"""What a client's turn may call for where no list knows it, learned from turns of this project.

`bait`: something outside the frame is asked, or the frame is tried. `rupture`: the client moves
against the trainee, or away. `culture`: who the client is among others is at stake. Linear models
over hashed signals, fitted by `scoring.fit.moments`; no word of any turn can be read from them.
Each is set so that few ordinary turns are taken for a moment; still only the reply tells whether it
was.
"""

from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from math import inf

from alliance_sim.scoring.client_signals import client_signals, spans
from alliance_sim.scoring.sentence_acts import Model, unpacked

WEIGHTS = "client_moments.bin"


class Moment(StrEnum):
    """Kinds of moment, and names of the models."""

    BAIT = "bait"
    RUPTURE = "rupture"
    CULTURE = "culture"


FEWEST = 3
"""Words below which a turn says too little to be read."""


LIKELY, POSSIBLE = 0.0, -1.0
"""Sums that few ordinary turns exceed, and that some do: how many is said in `scoring.fit.moments`.
"""


def may_be(moment: Moment, text: str) -> bool:
    """Whether a client's turn, or a part of a long one, may be such a moment."""
    return _reading(moment, text) >= LIKELY


def might_be(moment: Moment, text: str) -> bool:
    """Whether it is possible at all: looser than `may_be`."""
    return _reading(moment, text) >= POSSIBLE


@lru_cache(maxsize=8192)
def _reading(moment: Moment, text: str) -> float:
    if len(text.split()) < FEWEST:
        return -inf
    model = _models()[moment]
    return max(_sum(model, part) for part in spans(text))


def _sum(model: Model, part: str) -> float:
    rows = model.rows
    known = (worth * rows[n][0] for n, worth in client_signals(part) if n in rows)
    return model.biases[0] + model.step * sum(known)


@cache
def _models() -> dict[str, Model]:
    return unpacked((files(__package__) / WEIGHTS).read_bytes())
