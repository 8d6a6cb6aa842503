"""Why a finding matters to the trainee who will meet the client."""

from functools import cache
from importlib.resources import files

import yaml


def why(rule: str) -> str:
    """One sentence; empty for a rule that has none."""
    return _reasons().get(rule, "")


@cache
def _reasons() -> dict[str, str]:
    text = files("alliance_sim.authoring").joinpath("reasons.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded
