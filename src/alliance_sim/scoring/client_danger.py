"""Danger that a client tells in veiled words: a learned reading of the turn, and of its kind.

A linear model over hashed signals, in plain Python; no word of any turn can be read from the
weights. It is fitted by `scoring.fit`. When a reading counts is said in `client_danger.yaml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from alliance_sim.scoring.client_signals import client_signals, spans
from alliance_sim.scoring.sentence_acts import Model, unpacked

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

WEIGHTS = "client_danger.bin"
SETTINGS = "client_danger.yaml"

READING = "danger"
"""Name of the model in the weights."""

NONE = "none"
"""The class of a turn that holds no sign."""


@dataclass(frozen=True)
class Settings:
    """When a reading counts; probabilities, 0 to 1."""

    sign: float
    """From here on there may be a sign that no list knows."""
    ordinary: float
    """Below this, what a list only wonders about is none."""
    possible: float
    """From here on there might be one; what is said to it is shown, and never counted."""
    other_kind: float
    """Share from which another kind is thought of."""


@dataclass(frozen=True)
class Reading:
    """What one client turn was read as."""

    sign: float
    """Calibrated probability that it calls for care about safety, 0 to 1."""
    kinds: Mapping[str, float]
    """Share of each kind of sign in that; they sum to 1. Empty where nothing was said."""


@lru_cache(maxsize=4096)
def reading(text: str) -> Reading:
    """Read a client's turn; of a long one, the part that looks most like a sign. Never raises."""
    return read_by(_model(), text)


def read_by(model: Model, text: str) -> Reading:
    """Read a client's turn by a model of these classes."""
    found = [model.shares(client_signals(part)) for part in spans(text)]
    if not found:
        return Reading(0.0, {})
    shares = min(found, key=lambda one: one[NONE])
    sign = 1 - shares[NONE]
    return Reading(sign, {kind: p / sign for kind, p in shares.items() if kind != NONE})


@cache
def settings() -> Settings:
    """The settings that ship."""
    text = (files(__package__) / SETTINGS).read_text("utf-8")
    return Settings(**yaml.load(text, Loader=_LOADER))  # noqa: S506 - a safe loader


@cache
def _model() -> Model:
    return unpacked((files(__package__) / WEIGHTS).read_bytes())[READING]
