"""What a model's judgement of a transcript adds to its scores, and what it was made with."""

from pydantic import BaseModel, ConfigDict, Field


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Quoted(_Value):
    """Words of a reply that a level rests on."""

    turn: int = Field(ge=0)
    quote: str
    """Verbatim from the therapist's utterance of that turn."""
    level: float = Field(ge=0, le=4)
    """What these words alone would get."""


class Agreement(_Value):
    """How far several votes on the same thing lie together."""

    votes: tuple[float | None, ...]
    """A level 0–4 for each vote that gave a usable answer; None: it saw nothing to level."""
    share: float = Field(ge=0, le=1)
    """Share of the pairs of votes that differ by at most one level; a level and None differ."""
    flagged_for_human: bool = False
    """Some pair differs by more than one level: a human should look."""


class CriterionScore(_Value):
    """One indicator of a rubric, judged over the whole transcript."""

    criterion: str
    indicator: str
    level: float | None = Field(default=None, ge=0, le=4)
    why_null: str | None = None
    """Why there is no level; None where there is one."""
    unscored: bool = False
    """There is no level because the judge's answer could not be used, whatever was observed."""
    evidence: tuple[Quoted, ...] = ()
    rationale: str = ""
    agreement: Agreement | None = None
    """None: there was one vote."""


class JudgedRubric(_Value):
    """What stands behind a judge's score of one rubric."""

    criteria: tuple[CriterionScore, ...]
    rationale: str = ""
    unscored: bool = False
    """There is no score because the judge's answers could not be used."""
    agreement: Agreement | None = None
    """None: there was one vote."""

    @property
    def flagged_for_human(self) -> bool:
        """The votes on the rubric, or on one of its criteria, are more than one level apart."""
        found = (self.agreement, *(criterion.agreement for criterion in self.criteria))
        return any(agreement.flagged_for_human for agreement in found if agreement)


class JudgedBy(_Value):
    """What a judgement was made with: the same things again ask the same of the same model."""

    model: str
    """As the server names it."""
    prompt_hash: str
    """SHA-256 (16 hex digits) of all that was asked but the conversation: prompts and schemas."""
    votes: int
    """Votes that gave an answer."""
    asked: int
    """Votes that were asked for."""
    temperature: float
    seeds: tuple[int, ...]
    calls: int = 0
    """Requests that were sent, retries included."""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """The server named no figures for some of it: tokens were counted here."""
