"""What a sentence does, learned from labelled sentences: grants, shames, blames, or is in order.

Linear models over hashed signals, in plain Python; no word of any sentence can be read from the
weights. They are fitted by `scoring.fit`, on sentences of this project; what clients say in
the ordinary course of the work comes from AnnoMI.
"""

import json
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import exp

from alliance_sim.coding.lazy import lazy
from alliance_sim.scoring.lanes import Lanes, Signals
from alliance_sim.scoring.sentence_signals import signals
from alliance_sim.scoring.words import phrases_of, sentences

FINE = "fine"
"""The class of a sentence in which nothing is wrong, in every model."""

LISTS = {
    "boundaries": ("limits",),
    "i_statements": ("ownership",),
    "client": (),
}
"""The models, and the phrase lists whose hits each looks at."""

WEIGHTS = "sentence_acts.bin"

STEEPNESS, EVEN = 7.0, 0.5
"""How fast probability rises with the share of wrong in a reply, and where it is even."""

LEAST_SHARE = 0.1
"""Share of a kind in what a client puts to the trainee, below which it is taken for the other."""

LAST = 4
"""Sentences of a client's turn, from its end, that are read as what it puts to the trainee."""


@dataclass(frozen=True)
class Model:
    """Classes with their biases; a row of weights, one a class, for each bucket that is known."""

    classes: tuple[str, ...]
    biases: tuple[float, ...]
    step: float
    """What one unit of the 8-bit weights is worth."""
    rows: Mapping[int, tuple[int, ...]]

    def sums(self, found: Signals) -> list[float]:
        """Evidence for each class, in logits up to a constant."""
        units = self._lanes.sums(found)
        return [bias + self.step * n for bias, n in zip(self.biases, units, strict=True)]

    @lazy
    def _lanes(self) -> Lanes:
        return Lanes([self.rows], [len(self.classes)])

    def shares(self, found: Signals) -> dict[str, float]:
        """Probability of each class; they sum to 1."""
        sums = self.sums(found)
        top = max(sums)
        weights = [exp(total - top) for total in sums]
        whole = sum(weights)
        return {name: w / whole for name, w in zip(self.classes, weights, strict=True)}


@lru_cache(maxsize=4096)
def shares(model: str, sentence: str) -> Mapping[str, float]:
    """Probability of each class of a model for one sentence; they sum to 1.

    Raises:
        KeyError: there is no such model.
    """
    return _models()[model].shares(signals(sentence, phrases_of(*LISTS[model])))


@dataclass(frozen=True)
class Reading:
    """What a reply does, by its sentences."""

    wrong: float
    """Calibrated probability that something in it is not in order, 0 to 1."""
    acts: Mapping[str, float]
    """Probability of each act other than `FINE`; they sum to `wrong`."""
    sentence: str
    """The sentence that looks worst, verbatim; empty where nothing was said."""

    @property
    def act(self) -> str:
        """The most probable act other than `FINE`."""
        return max(self.acts, key=self.acts.__getitem__) if self.acts else FINE


def read(model: str, reply: str) -> Reading:
    """Read a reply sentence by sentence.

    One sentence can spoil a reply, and many half-wrong ones do too: the worst counts as much as
    the mean of all. The steepness is calibrated on replies that the model had not seen.

    Raises:
        KeyError: there is no such model.
    """
    said = [(text, shares(model, text)) for text in sentences(reply)]
    if not said:
        return Reading(0.0, {}, "")
    wrongs = [1 - found[FINE] for _, found in said]
    worst, found = min(said, key=lambda one: one[1][FINE])
    raw = (max(wrongs) + sum(wrongs) / len(wrongs)) / 2
    least = _rising(0.0)
    wrong = (_rising(raw) - least) / (1 - least)
    whole = sum(p for name, p in found.items() if name != FINE) or 1.0
    acts = {name: wrong * p / whole for name, p in found.items() if name != FINE}
    return Reading(wrong, acts, worst)


def _rising(raw: float) -> float:
    return 1 / (1 + exp(-STEEPNESS * (raw - EVEN)))


def put_forward(text: str, act: str) -> float:
    """Probability that a client's turn puts something to the trainee, "bait" or "complaint", that
    may well be of the kind `act`; 0 where it is hardly of that kind.
    """
    found = shares("client", ending(text))
    anything = 1 - found[FINE]
    return anything if found[act] >= anything * LEAST_SHARE else 0.0


def ending(text: str) -> str:
    """The end of a client's turn, which the model `client` reads as one."""
    return " ".join(sentences(text)[-LAST:])


def packed(models: Mapping[str, Model]) -> bytes:
    """Models as bytes: a line of JSON, then the buckets and the rows of each model."""
    header = [
        {"name": n, "classes": m.classes, "biases": m.biases, "step": m.step, "rows": len(m.rows)}
        for n, m in models.items()
    ]
    body = b""
    for model in models.values():
        body += b"".join(number.to_bytes(4, "little") for number in model.rows)
        body += array("b", [weight for row in model.rows.values() for weight in row]).tobytes()
    return json.dumps(header).encode() + b"\n" + body


def unpacked(raw: bytes) -> dict[str, Model]:
    """The models of `packed` bytes."""
    line, _, body = raw.partition(b"\n")
    models: dict[str, Model] = {}
    at = 0
    for entry in json.loads(line):
        count, width = entry["rows"], len(entry["classes"])
        keys = [int.from_bytes(body[i : i + 4], "little") for i in range(at, at + 4 * count, 4)]
        at += 4 * count
        weights = array("b", body[at : at + width * count])
        at += width * count
        rows = {key: tuple(weights[i * width : (i + 1) * width]) for i, key in enumerate(keys)}
        models[entry["name"]] = Model(
            tuple(entry["classes"]), tuple(entry["biases"]), entry["step"], rows
        )
    return models


@cache
def _models() -> dict[str, Model]:
    return unpacked((files(__package__) / WEIGHTS).read_bytes())
