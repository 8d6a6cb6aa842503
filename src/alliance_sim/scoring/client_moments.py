"""What a client's turn may call for where no list knows it, learned from turns of this project.

`bait`: something outside the frame is asked, or the frame is tried. `rupture`: the client moves
against the trainee, or away. `culture`: who the client is among others is at stake. Linear models
over hashed signals, fitted by `scoring.fit.moments`; no word of any turn can be read from them.
Each is set so that few ordinary turns are taken for a moment; still only the reply tells whether it
was.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files
from math import inf

from alliance_sim.scoring.client_signals import client_signals, spans
from alliance_sim.scoring.lanes import Lanes
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
    return _readings(text)[moment] >= LIKELY


def might_be(moment: Moment, text: str) -> bool:
    """Whether it is possible at all: looser than `may_be`."""
    return _readings(text)[moment] >= POSSIBLE


def likelihood(moment: Moment, text: str) -> float:
    """How near a turn comes to what may be such a moment: 0 (hardly possible) to 1."""
    sums = _readings(text)[moment]
    return min(max((sums - POSSIBLE) / (LIKELY - POSSIBLE), 0.0), 1.0)


@lru_cache(maxsize=4096)
def _readings(text: str) -> Mapping[str, float]:
    """The sum of each model; of a long turn that of the part with the highest."""
    models, lanes = _models()
    if len(text.split()) < FEWEST:
        return dict.fromkeys(models, -inf)
    parts = [lanes.sums(client_signals(part)) for part in spans(text)]
    highest = map(max, zip(*parts, strict=True))
    return {
        name: model.biases[0] + model.step * units
        for (name, model), units in zip(models.items(), highest, strict=True)
    }


@cache
def _models() -> tuple[dict[str, Model], Lanes]:
    """The models by name, and their weights side by side."""
    models = unpacked((files(__package__) / WEIGHTS).read_bytes())
    return models, Lanes([model.rows for model in models.values()], [1] * len(models))
