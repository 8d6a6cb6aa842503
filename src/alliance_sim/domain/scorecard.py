"""Scores: of an utterance, of a rubric over a session, of a whole transcript.

A score of None means *not observed*, and says why. Every score that is a number quotes evidence.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.judgement import JudgedBy, JudgedRubric

OFFLINE, JUDGE = "offline", "judge"
"""The scorers."""


class Grade(StrEnum):
    """Against the fair and good thresholds of the rubric."""

    BELOW = "below"
    FAIR = "fair"
    GOOD = "good"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(_Value):
    """Why a level was given: the words, where they stand, and the indicator they show."""

    turn: int
    quote: str
    """Verbatim from the utterance of that turn."""
    indicator: str
    level: float = Field(ge=0, le=4)


class Instead(_Value):
    """What could have been said at a weak turn."""

    turn: int
    rubric: str
    said: str
    """The trainee's words."""
    reply: str
    """A reply that would have served, fitting what the client had just said."""
    why: str


class UtteranceScore(_Value):
    """One therapist utterance, coded and levelled on every rubric that it bears on."""

    turn: int
    coded: CodedReply
    rubrics: dict[str, float | None]
    """Unrounded level 0–4 a rubric; None where this reply gave no opportunity for it."""
    evidence: dict[str, Evidence] = Field(default_factory=dict)
    """For each level above, its ground."""


class Override(_Value):
    """An instructor's score stands in place of the scorer's: what that was, who, when, why."""

    original: float | None = Field(ge=0, le=4)
    """The scorer's score; None where it had observed nothing."""
    who: str
    why: str
    at: datetime | None = None
    """UTC; None where it was not recorded."""


class RubricScore(_Value):
    rubric: str
    rubric_version: str
    score: float | None = Field(default=None, ge=0, le=4)
    why_null: str | None = None
    """Why there is no score; None where there is one."""
    grade: Grade | None = None
    evidence: tuple[Evidence, ...] = ()
    instead: tuple[Instead, ...] = ()
    """Weakest turns first."""
    metrics: dict[str, float] = Field(default_factory=dict)
    override: Override | None = None
    """Set where `score` is an instructor's; None: it is the scorer's."""
    judged: JudgedRubric | None = None
    """What a judging model said of it; None: scored offline."""


class Scorecard(_Value):
    """The scores of one transcript."""

    transcript_id: str
    scenario: str | None = None
    utterances: tuple[UtteranceScore, ...] = ()
    rubrics: tuple[RubricScore, ...] = ()
    overall: float | None = Field(default=None, ge=0, le=4)
    """Weighted mean of the observed rubrics; None where none was observed."""
    passed: bool | None = None
    """overall ≥ 2.5 and no blocking rubric at 0; None where overall is None."""
    blocked_by: tuple[str, ...] = ()
    """Rubrics at 0 that block a pass."""
    metrics: dict[str, float | None] = Field(default_factory=dict)
    scorer: str = OFFLINE
    """`offline`, or `judge`: a language model."""
    judged_by: JudgedBy | None = None
    """What the judge was, and what it was asked with; None: scored offline."""
    original_overall: float | None = Field(default=None, ge=0, le=4)
    """Overall before instructors changed scores; None where they changed none, or it was none."""

    @property
    def overridden(self) -> bool:
        """Whether an instructor has changed any of its scores."""
        return any(score.override for score in self.rubrics)

    def rubric(self, rubric_id: str) -> RubricScore | None:
        """The score of one rubric, or None where it was not among those applied."""
        return next((score for score in self.rubrics if score.rubric == rubric_id), None)
