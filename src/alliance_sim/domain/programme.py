"""People, cohorts and what they are asked to practise; names are in a file of their own."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from alliance_sim.domain.pseudonym import LONGEST, PATTERN

PersonId = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=PATTERN)]
"""A pseudonym, as `t-k3f9ab`: drawn at random, and of no meaning."""

Slug = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[a-z0-9][a-z0-9_\-]*$")]
"""What a coordinator calls a cohort or an assignment: small letters, digits, - and _."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Role(StrEnum):
    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"


class Person(_Value):
    id: PersonId
    role: Role = Role.TRAINEE
    consent_research: bool = False
    """Has agreed that her scores are used for research; asked apart from everything else."""
    consent_at: AwareDatetime | None = None
    """When that was last said, either way; None: never."""
    signing_key: str | None = None
    """Ed25519 public key in base64 with which her bundles are signed; None: none came yet."""
    created_at: AwareDatetime


class Cohort(_Value):
    id: Slug
    title: str = Field(max_length=200)
    retention_days: int | None = Field(default=None, ge=1)
    """Days after which a session of its members may be deleted; None: no end is set."""
    created_at: AwareDatetime


class Assignment(_Value):
    """What a cohort is asked to practise."""

    id: Slug
    cohort: Slug
    title: str = Field(max_length=200)
    scenarios: tuple[str, ...] = Field(min_length=1)
    """Ids; any one of them counts alike, so that nobody has to meet a client who is too near."""
    rubrics: tuple[str, ...] = ()
    """Ids that count; none: those of the scenario."""
    attempts: int | None = Field(default=None, ge=1)
    """Sessions that may be handed in; None: any number."""
    exam: bool = False
    opens_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    keep: Literal["best", "last"] = "last"
    """Which attempt counts where one number is wanted."""
    created_at: AwareDatetime


class Attempt(_Value):
    """A session that was held, or handed in, for an assignment."""

    session_id: str
    assignment: Slug
    trainee: PersonId
    number: int = Field(ge=1)
    at: AwareDatetime
    """When it was begun on a shared store, or when its bundle was imported."""
    source: Literal["live", "bundle"]


class AuditEntry(_Value):
    """Who did what to whose scores. Holds no words of a session and no names of trainees."""

    seq: int
    at: AwareDatetime
    who: str
    action: str
    subject: str
    """What it was done to: a session's, person's, cohort's or file's name."""
    detail: dict[str, object] = Field(default_factory=dict)


class Appeal(_Value):
    """A trainee contests a score; an instructor answers."""

    session_id: str
    seq: int
    """Of the event with which it was made."""
    rubric: str
    reason: str
    at: datetime
    outcome: Literal["kept", "changed"] | None = None
    """None: open."""
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
