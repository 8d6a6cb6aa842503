"""A rubric as an instructor writes it: the models that load and validate a rubric file."""

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from alliance_sim.domain.codes import Code
from alliance_sim.domain.scenario import Id, Words

Level = Annotated[float, Field(ge=0, le=4)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Scope(StrEnum):
    """What is levelled first: each reply, each opportunity, or the session as a whole."""

    UTTERANCE = "utterance"
    EVENT = "event"
    SESSION = "session"


class Criterion(_Part):
    """One observable indicator."""

    id: Id
    indicator: Annotated[str, StringConstraints(min_length=8, max_length=240)]
    codes: tuple[Code, ...] = Field(default=(), description="Behaviour codes that bear on it.")
    metrics: tuple[Id, ...] = Field(default=(), description="Session metrics that bear on it.")


class Example(_Part):
    """A reply with its level, and why."""

    client: str | None = Field(default=None, description="What the client had just said.")
    reply: str
    level: Level
    why: str


class Examples(_Part):
    positive: tuple[Example, ...] = Field(min_length=1)
    negative: tuple[Example, ...] = Field(min_length=1)


class Anchors(_Part):
    """What each level looks like, in a sentence or two."""

    level_0: str = Field(alias="0", description="Harmful.")
    level_1: str = Field(alias="1", description="Poor.")
    level_2: str = Field(alias="2", description="Partial.")
    level_3: str = Field(alias="3", description="Competent.")
    level_4: str = Field(alias="4", description="Strong.")


class Threshold(_Part):
    fair: Level = 2.5
    good: Level = 3.0

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if self.fair > self.good:
            raise ValueError("fair must not be above good")
        return self


class Bound(_Part):
    """A condition on one metric. Both ends are inclusive."""

    metric: Id
    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _bounds(self) -> Self:
        if self.at_most is None and self.at_least is None:
            raise ValueError("a condition needs at_most or at_least")
        return self

    def holds(self, value: float) -> bool:
        """Whether the value lies within the bounds."""
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)


class SessionLevel(_Part):
    """A row of a session rubric's table: the level is the highest whose conditions all hold."""

    level: Level
    when: tuple[Bound, ...] = ()


def _no_fall(knots: tuple[float, ...]) -> tuple[float, ...]:
    if any(later < earlier for earlier, later in pairwise(knots)):
        raise ValueError("a higher level must not come out below a lower one")
    return knots


Knots = Annotated[
    tuple[Level, Level, Level, Level, Level],
    AfterValidator(_no_fall),
    Field(description="What the rules' levels 0, 1, 2, 3 and 4 become; straight lines between."),
]


class Calibration(_Part):
    """What the offline scorer's levels become so that they are an instructor's own."""

    replies: Knots | None = Field(default=None, description="For the level of one reply.")
    session: Knots | None = Field(default=None, description="For the score of a session.")
    note: str = Field(default="", description="From what ratings it was made, and by whom.")


def calibrated(level: float, knots: Knots | None) -> float:
    """A level, 0–4, moved along the knots; as it is where there are none."""
    if knots is None:
        return level
    lower = min(3, int(level))
    return knots[lower] + (level - lower) * (knots[lower + 1] - knots[lower])


class Rubric(_Part):
    """What is observed, how it is levelled, and what is good enough. Its file bears its id."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    title: Words
    weight: float = Field(gt=0, le=100)
    scope: Scope
    source: str = Field(description="The instrument or literature it comes from.")
    about: str = Field(description="For the trainee: what this is and why it matters.")
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    anchors: Anchors
    examples: Examples
    does_not_count: tuple[str, ...] = Field(description="What looks like it and is not.")
    threshold: Threshold = Threshold()
    blocks_pass: bool = Field(default=False, description="A score of 0 blocks a pass.")
    minimum: int = Field(
        default=1, ge=1, description="Opportunities in a session below which it is not observed."
    )
    points: dict[Id, float] = Field(
        default_factory=dict,
        description="Numbers of the offline scorer that an instructor may tune, by name.",
    )
    calibration: Calibration | None = Field(
        default=None, description="Made by `calibrate refit`; without it the rules' levels stand."
    )
    levels: tuple[SessionLevel, ...] = Field(
        default=(), description="Session scope: the table from metrics to a level."
    )
    phrases: dict[Id, tuple[str, ...]] = Field(
        default_factory=dict, description="Sentences of the debrief, by the situation they fit."
    )
    judge: str = Field(description="Instructions for a model that judges by this rubric.")
