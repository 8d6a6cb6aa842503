"""What a trainee must be able to practise: the rows that events of scenarios name."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Row(BaseModel):
    """One thing that the literature on the alliance asks of a beginner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    claim: str
    where: Literal["event", "any", "debrief"]
    """What lets one observe it: an event, any session, or the trainee's reflection."""
    criteria: tuple[str, ...]
    """Where it shows in the scores, as `rubric.criterion`; none where it is never scored."""


@cache
def load_practice() -> tuple[Row, ...]:
    """All rows, in the order of the file."""
    text = files("alliance_sim.authoring").joinpath("practice.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Row, ...]).validate_python(yaml.safe_load(text))
