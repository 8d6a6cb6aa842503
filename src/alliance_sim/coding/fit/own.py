"""Reads the project's own labelled sentences and responses, which add to the public sets.

They were written for classes of which the public sets have few, by authors who had seen neither
those sets nor the coder. What they teach is a signal to the decisions on the public sets; nothing
that is reached on them is a figure of the coder.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from alliance_sim.coding.fit.sources import Example

HELPING, MECHANISMS = "helping", "mechanisms"
"""The files, and the names of the sources."""

OWN = frozenset({HELPING, MECHANISMS})

_LEVELS = {"emotional_reactions": "er", "interpretations": "ip", "explorations": "ex"}


def own(folder: Path) -> list[Example]:
    """All examples of the files in a folder; none where it has none."""
    return [*_helping(_loaded(folder, HELPING)), *_mechanisms(_loaded(folder, MECHANISMS))]


def _loaded(folder: Path, name: str) -> Any:
    path = folder / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _helping(labelled: Any) -> Iterator[Example]:
    for label, texts in labelled.items():
        for place, text in enumerate(texts):
            group = f"{HELPING}:{label}:{place}"
            yield Example(HELPING, group, "", text, "", {"label": label}, f"{HELPING}:{label}")


def _mechanisms(responses: Any) -> Iterator[Example]:
    for place, row in enumerate(responses):
        levels = {name: row[key] for name, key in _LEVELS.items()}
        group = f"{MECHANISMS}:{place}"
        yield Example(MECHANISMS, group, "", row["response"], row["post"], levels, MECHANISMS)
