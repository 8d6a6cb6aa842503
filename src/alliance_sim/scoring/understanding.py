"""How far a reply sounds like one that has understood, learned from pairs of replies.

A linear model over hashed signals of its sentences: words, skeletons, and what the rules take each
sentence for. It is fitted by `scoring.fit.understanding` on differences: of two replies to one
client turn, which is the better. No word of any reply can be read from the weights.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import repeat
from math import sqrt, tanh
from operator import mul

from alliance_sim.coding.hashing import bucket
from alliance_sim.scoring.sentence import Sentence
from alliance_sim.scoring.sentence_acts import unpacked
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


def sounding(found: Sequence[Sentence]) -> float:
    """-1 (like the worse of two replies) to 1 (like the better), by the sentences of a reply."""
    bias, weights = _model()
    words, kinds = _words(found), _kinds(found)
    told = sum(map(mul, words.values(), map(weights.get, words, repeat(0.0))))
    done = sum(map(weights.get, kinds, repeat(0.0)))
    return tanh(bias + _share(words) * told + done)


def observed(found: Sequence[Sentence]) -> dict[int, float]:
    """The signals of a reply with their weights: each once, however many sentences have it."""
    words = _words(found)
    share = _share(words)
    return {number: worth * share for number, worth in words.items()} | _kinds(found)


def _words(found: Iterable[Sentence]) -> Mapping[int, float]:
    return _in_sentences(tuple([sentence.text for sentence in found]))


@lru_cache(maxsize=512)
def _in_sentences(texts: tuple[str, ...]) -> Mapping[int, float]:
    words: dict[int, float] = {}
    for text in texts:
        words.update(signals(text, phrases_of()))
    return words


def _kinds(found: Iterable[Sentence]) -> dict[int, float]:
    return dict.fromkeys([bucket(f"kind:{sentence.kind}") for sentence in found], 1.0)


def _share(words: Mapping[int, float]) -> float:
    return sqrt(USUAL / max(len(words), FEWEST))


@cache
def _model() -> tuple[float, dict[int, float]]:
    """The bias, and the weight of each signal that is known."""
    model = unpacked((files(__package__) / WEIGHTS).read_bytes())[NAME]
    return model.biases[0], {number: model.step * row[0] for number, row in model.rows.items()}
