"""What the client is to do with a turn. A voice only words it."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from alliance_sim.domain.events import Act, Ending
from alliance_sim.domain.state import Openness


class Pool(StrEnum):
    """Where the words of a piece come from."""

    REACTION = "reaction"
    TOPIC = "topic"
    DISCLOSURE = "disclosure"
    EVENT = "event"
    RESPONSE = "response"
    RUPTURE = "rupture"
    ENDING = "ending"
    ARRIVAL = "arrival"
    OPENING = "opening"


class Piece(BaseModel):
    """One thing to say: `name` within a pool, and for responses and topics which part of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pool: Pool
    name: str = ""
    part: str = ""
    lead: bool = False
    """A few words before something else: left out when none are left."""


class Directive(BaseModel):
    """The plan of one client turn, in the order in which its pieces are spoken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    act: Act
    openness: Openness
    pieces: tuple[Piece, ...]
    topic: str | None = None
    disclosure: str | None = None
    event: str | None = None
    ending: Ending | None = None
