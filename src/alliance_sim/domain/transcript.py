"""A conversation as the scorer reads it: utterances in order, with what was heard and when."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Speaker(StrEnum):
    THERAPIST = "therapist"
    CLIENT = "client"


class Pace(StrEnum):
    """How the client's words arrive."""

    STREAM = "stream"
    """At the pace of speech; sending while words are still to come cuts in."""
    PACED = "paced"
    """Enter reveals the next clause; replying before the last one cuts in."""
    UNTIMED = "untimed"
    """All at once; interruptions are not observed."""


class Floor(StrEnum):
    """What sending while the client still speaks amounts to."""

    BACKCHANNEL = "backchannel"
    TRANSITION = "transition"
    RAPPORT = "rapport"
    TAKING = "taking"
    JUSTIFIED = "justified"


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Opportunity(_Value):
    """A moment at which a rubric can be observed."""

    rubric: str
    source: str
    """`event:<id>`, `disclosure:<id>`, `rupture`, `opening`, or `words` (the client's own)."""
    instead: tuple[str, ...] = ()
    """Replies that would have served at this very moment, written by the scenario's author."""


class Utterance(_Value):
    """One turn of one speaker."""

    turn: int = Field(ge=0)
    speaker: Speaker
    text: str
    """For a client: only the words that were heard."""
    start: float | None = None
    """Seconds from the start of the session; None where the transcript has no times."""
    end: float | None = None
    floor: Floor | None = None
    """Therapist: sent while the client still spoke. None: the client had finished."""
    words_lost: int = Field(default=0, ge=0)
    """Client: words that were withheld because the trainee cut in."""
    pause_broken: bool = False
    """Therapist: sent inside a flagged reflective pause."""
    opening: bool = False
    """Client: the long first account, during which interruptions count double."""
    opportunities: tuple[Opportunity, ...] = ()
    """Client: what this turn gives the trainee the chance to show."""
    instead: tuple[str, ...] = ()
    """Client: what could well be said in answer to this turn, written by the author."""
    voice: Literal["model", "fallback"] | None = None
    """Client: worded by a model, or with authored words because the model's would not do; None:
    authored words by design, or not known."""


class Transcript(_Value):
    """A whole conversation. `turn` rises strictly from utterance to utterance."""

    transcript_id: str
    utterances: tuple[Utterance, ...]
    scenario: str | None = None
    pace: Pace | None = None
    """None: not known, so interruptions are observed only where start and end are given."""
    session_number: int | None = None

    def before(self, index: int) -> Utterance | None:
        """The nearest client utterance before `index`, or None."""
        for utterance in reversed(self.utterances[:index]):
            if utterance.speaker is Speaker.CLIENT:
                return utterance
        return None
