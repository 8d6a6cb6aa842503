"""Words that any helper could say to anyone: one list, for the client and for the scorer."""

from functools import cache
from importlib.resources import files

import yaml


@cache
def anyone_words() -> frozenset[str]:
    """The words as they are written, in small letters."""
    path = files("alliance_sim.coding").joinpath("lexicon", "anyone.yaml")
    listed: str = yaml.safe_load(path.read_text("utf-8"))["words"]
    return frozenset(listed.split())
