"""An instructor's own rating of a reply or a session, given without seeing the program's."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class Rating(BaseModel):
    """One rater, one moment, one rubric. It holds no words of the conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: str = Field(min_length=1, max_length=80)
    """A pseudonym."""
    transcript_id: str = Field(min_length=1, max_length=200)
    turn: int | None = Field(default=None, ge=0)
    """The reply's turn; None: the session as a whole."""
    rubric: str = Field(min_length=1, max_length=80)
    rubric_version: str = Field(max_length=40)
    level: int | None = Field(default=None, ge=0, le=4)
    """None: not observed, there was no opportunity."""
    note: str = Field(default="", max_length=2000)
    at: datetime
    digest: str = Field(max_length=64)
    """Of the words that were rated, so that a rating is never laid to other words; empty where a
    rating came from elsewhere and cannot be checked."""

    @property
    def place(self) -> tuple[str, int | None, str]:
        """What was rated: transcript, turn and rubric."""
        return (self.transcript_id, self.turn, self.rubric)
