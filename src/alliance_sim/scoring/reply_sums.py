"""What all models of whole replies make of one, in one pass over its signals.

`understanding` and `sounding` tell the better of two replies by the same signals: words and
skeletons of the sentences, and what the rules take each sentence for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import sqrt, tanh

from alliance_sim.coding.hashing import bucket
from alliance_sim.scoring.lanes import Lanes, Signals, weighed
from alliance_sim.scoring.sentence import Kind, Sentence
from alliance_sim.scoring.sentence_acts import unpacked
from alliance_sim.scoring.sentence_signals import SKELETON, WORDS, signals
from alliance_sim.scoring.words import phrases_of

FILES = ("understanding.bin", "sounding.bin")
"""The models, each of one class: the better reply."""

FEWEST, USUAL = 30, 80
"""Signals of words below which a reply counts as no shorter, and of an ordinary reply. The signals
of a reply share one weight, so that length earns and costs nothing."""

DONE = 1.0
"""Weight of what a sentence is taken for."""


@dataclass(frozen=True)
class _Table:
    """All models side by side; a column a model."""

    columns: Mapping[str, int]
    biases: tuple[float, ...]
    steps: tuple[float, ...]
    lanes: Lanes

    def sums(self, found: Signals) -> tuple[float, ...]:
        """Evidence by column, without the bias."""
        units = self.lanes.sums(found)
        return tuple([step * n for step, n in zip(self.steps, units, strict=True)])


def known(model: str) -> bool:
    """Whether there is such a model."""
    return model in _table().columns


def better(model: str, found: Sequence[Sentence]) -> float:
    """-1 (like the worse of two replies) to 1 (like the better), by the sentences of a reply.

    Raises:
        KeyError: there is no such model.
    """
    table = _table()
    column = table.columns[model]
    said = _said(tuple([sentence.text for sentence in found]))
    done = _done(frozenset([sentence.kind for sentence in found]))
    return tanh(table.biases[column] + said[column] + done[column])


def observed(found: Iterable[Sentence]) -> dict[int, float]:
    """The signals of a reply with their weights: each once, however many sentences have it."""
    sentences = list(found)
    words = _words([sentence.text for sentence in sentences])
    share = _share(words)
    said = {number: worth * share for number, worth in weighed(words).items()}
    return said | dict.fromkeys(_kinds({sentence.kind for sentence in sentences}), DONE)


@lru_cache(maxsize=512)
def _said(texts: tuple[str, ...]) -> tuple[float, ...]:
    words = _words(texts)
    share = _share(words)
    return tuple([share * told for told in _table().sums(words)])


@lru_cache(maxsize=512)
def _done(kinds: frozenset[Kind]) -> tuple[float, ...]:
    return _table().sums({DONE: _kinds(kinds)})


def _words(texts: Iterable[str]) -> Signals:
    """Of a signal of two kinds the last counts."""
    words: set[int] = set()
    skeleton: set[int] = set()
    for text in texts:
        found = signals(text, phrases_of())
        skeleton -= found[WORDS]
        words -= found[SKELETON]
        words |= found[WORDS]
        skeleton |= found[SKELETON]
    return {WORDS: frozenset(words), SKELETON: frozenset(skeleton)}


def _kinds(kinds: Iterable[Kind]) -> frozenset[int]:
    return frozenset([bucket(f"kind:{kind}") for kind in kinds])


def _share(words: Signals) -> float:
    return sqrt(USUAL / max(sum(map(len, words.values())), FEWEST))


@cache
def _table() -> _Table:
    models = {
        name: model
        for file in FILES
        for name, model in unpacked((files(__package__) / file).read_bytes()).items()
    }
    return _Table(
        columns={name: column for column, name in enumerate(models)},
        biases=tuple(model.biases[0] for model in models.values()),
        steps=tuple(model.step for model in models.values()),
        lanes=Lanes([model.rows for model in models.values()], [1] * len(models)),
    )
