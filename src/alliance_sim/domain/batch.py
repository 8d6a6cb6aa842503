"""Sessions that are to be scored again, by which rubrics and by whom."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from alliance_sim.domain.scorecard import JUDGE


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ItemState(StrEnum):
    """How far a session of a batch is."""

    WAITING = "waiting"
    """To be scored, or being scored."""
    DONE = "done"
    SKIPPED = "skipped"
    """There was nothing to score, or it had these scores already."""
    FAILED = "failed"


class RubricText(_Value):
    """A rubric as its file stood when the batch was made."""

    id: str
    version: str
    yaml: str


class ScenarioFacts(_Value):
    """What scoring wants to know of a scenario."""

    session_number: int
    rubrics: tuple[str, ...]
    """In play, in the scenario's order."""


class Terms(_Value):
    """What every machine scores a batch with: the same, whatever files it has of its own."""

    asked: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    """Ids; None: those of each session's scenario."""
    again: bool = False
    """Score anew where there is such a score already."""
    rubrics: tuple[RubricText, ...]
    """Those to score by, and all others that weigh in the overall."""
    scenarios: dict[str, ScenarioFacts] = Field(default_factory=dict)

    def rubrics_for(self, scenario: str | None) -> tuple[str, ...]:
        """The ids by which a session is to be scored, those that there are."""
        known = [text.id for text in self.rubrics]
        if self.asked is not None:
            return self.asked
        facts = self.scenarios.get(scenario or "")
        return tuple(known) if facts is None else tuple(r for r in facts.rubrics if r in known)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some sessions, one scorer, the same terms for all."""

    id: str
    created_at: datetime
    who: str
    scorer: str
    """`offline` or `judge`."""
    model: str
    """Of the judge, as it was configured; empty offline."""
    votes: int
    terms: Terms
    total: int
    stopped_at: datetime | None = None
    """None: workers take it up."""

    @property
    def judged(self) -> bool:
        """Whether a language model scores."""
        return self.scorer == JUDGE
