"""How far a reply sounds like one that has understood, learned from pairs of replies.

A linear model over hashed signals of its sentences: words, skeletons, and what the rules take each
sentence for. It is fitted by `scoring.fit.understanding` on differences: of two replies to one
client turn, which is the better. No word of any reply can be read from the weights.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from math import sqrt, tanh

from alliance_sim.coding.hashing import bucket
from alliance_sim.scoring.sentence import Sentence
from alliance_sim.scoring.sentence_acts import Model, unpacked
from alliance_sim.scoring.sentence_signals import signals
from alliance_sim.scoring.words import phrases_of

WEIGHTS = "understanding.bin"
NAME = "understanding"
"""Of the model in that file."""

BETTER = "better"
"""Its only class."""

FEWEST, USUAL = 30, 80
"""Signals of words below which a reply counts as no shorter, and of an ordinary reply. The signals
of a reply share one weight, so that length earns and costs nothing."""


def sounding(found: Iterable[Sentence]) -> float:
    """-1 (like the worse of two replies) to 1 (like the better), by the sentences of a reply."""
    model = _model()
    rows = model.rows
    units = (worth * rows[number][0] for number, worth in observed(found).items() if number in rows)
    return tanh(model.biases[0] + model.step * sum(units))


def observed(found: Iterable[Sentence]) -> dict[int, float]:
    """The signals of a reply with their weights: each once, however many sentences have it."""
    words: dict[int, float] = {}
    kinds: dict[int, float] = {}
    for sentence in found:
        words.update(signals(sentence.text, phrases_of()))
        kinds[bucket(f"kind:{sentence.kind}")] = 1.0
    share = sqrt(USUAL / max(len(words), FEWEST))
    return {number: worth * share for number, worth in words.items()} | kinds


@cache
def _model() -> Model:
    return unpacked((files(__package__) / WEIGHTS).read_bytes())[NAME]
