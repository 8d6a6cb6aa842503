"""From how much a report tells something: `report_rules.yaml` as values."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TraineeRules(_Part):
    window: int = Field(ge=2)
    least_for_interval: int = Field(ge=2)
    least_for_strength: int = Field(ge=1)
    sessions_read: int = Field(ge=1, le=100)
    least_evidence: int = Field(ge=1)
    strong_level: float = Field(ge=0, le=4)
    weak_level: float = Field(ge=0, le=4)
    criteria_shown: int = Field(ge=1)
    least_for_calibration: int = Field(ge=1)
    suggestions: int = Field(ge=0)
    done_well: float = Field(ge=0, le=4)
    within: float = Field(ge=0, le=4)


class CohortRules(_Part):
    smallest_group: int = Field(ge=1)
    sessions_followed: int = Field(ge=1, le=100)
    idle_listed: int = Field(ge=0)
    least_rated: int = Field(ge=2)
    resamples: int = Field(ge=100)
    worrying_walk_outs: float = Field(ge=0, le=1)


class ReportRules(_Part):
    trainee: TraineeRules
    cohort: CohortRules


@cache
def load_rules() -> ReportRules:
    """The rules that ship."""
    text = files("alliance_sim.programme").joinpath("report_rules.yaml").read_text("utf-8")
    return ReportRules.model_validate(yaml.safe_load(text))
