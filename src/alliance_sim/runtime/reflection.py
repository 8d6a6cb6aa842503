"""The questions of the debrief that only the trainee can answer. Kept, and never scored."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Question(BaseModel):
    """One question of `reflection.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    ask: str
    help: str


@cache
def questions() -> tuple[Question, ...]:
    """The questions, in the order in which they are asked."""
    text = files("alliance_sim.runtime").joinpath("reflection.yaml").read_text("utf-8")
    return TypeAdapter(tuple[Question, ...]).validate_python(yaml.safe_load(text))
