"""What happens in a session, as an append-only record. Everything else is derived from it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.state import ClientState, Openness
from alliance_sim.domain.transcript import Floor, Opportunity, Pace


class Act(StrEnum):
    """What the client does with a turn."""

    ARRIVE = "arrive"
    OPEN = "open"
    ANSWER = "answer"
    CONTINUE = "continue"
    DEFLECT = "deflect"
    MINIMISE = "minimise"
    DISCLOSE = "disclose"
    WITHDRAW = "withdraw"
    CONFRONT = "confront"
    ACCEPT_REPAIR = "accept_repair"
    TEST_BOUNDARY = "test_boundary"
    RAISE_RISK = "raise_risk"
    EVENT = "event"
    RESPOND = "respond"
    WARN = "warn"
    COMPLY = "comply"
    CLOSE = "close"
    LEAVE = "leave"
    HAND_OVER = "hand_over"


class Ending(StrEnum):
    TIME = "time"
    PLANNED_CLOSE = "planned_close"
    WALK_OUT = "walk_out"
    SAFETY_HANDOVER = "safety_handover"
    STOPPED = "stopped"
    """The trainee stopped: costs nothing, and is not scored."""


class _Event(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Branch(_Event):
    """Where a session that tries a turn again came from."""

    session_id: str
    turn: int
    """The trainee turn that is tried again."""


class SessionOpened(_Event):
    type: Literal["session_opened"] = "session_opened"
    scenario: str
    scenario_version: str
    seed: int
    pace: Pace
    wpm: float
    voice: str = "scripted"
    """Who words the client: `scripted` or `model`."""
    trainee: str | None = None
    exam: bool = False
    max_turns: int
    max_seconds: float | None = None
    plan: str = ""
    """What the trainee means to try, written before the session."""
    branch: Branch | None = None


class ClientPlanned(_Event):
    """What the client is about to say. Words not yet shown are in here: never export them."""

    type: Literal["client_planned"] = "client_planned"
    turn: int
    act: Act
    openness: Openness
    topic: str | None = None
    disclosure: str | None = None
    event: str | None = None
    ending: Ending | None = None
    """The session ends once these words have been said."""
    lines: tuple[str, ...] = ()
    """Keys of the authored lines used, so that none comes twice."""
    clauses: tuple[Clause, ...]
    opportunities: tuple[Opportunity, ...] = ()
    instead: tuple[str, ...] = ()
    voice: Literal["scripted", "model", "fallback"] = "scripted"
    """`model`: a model is to word the turn, and `clauses` are the authored words to fall back on;
    `fallback`: a model would have worded it, and could not be asked."""


class ClauseWorded(_Event):
    """A clause that a model has worded, found fit to be heard. Comes before it is shown."""

    type: Literal["clause_worded"] = "clause_worded"
    turn: int
    index: int
    clause: Clause


class Worded(_Event):
    """The wording of a turn by a model is over: how it went, and what it took."""

    type: Literal["worded"] = "worded"
    turn: int
    voice: Literal["model", "fallback"] = "model"
    """`fallback`: nothing of the model's was fit to be heard; the authored words are spoken."""
    trips: tuple[str, ...] = ()
    """What the guard turned down, one name a draft; never the words."""
    fault: str | None = None
    """What kept the model from answering; None where it answered."""
    cut: bool = False
    """The trainee had gone on before the model had finished: the rest was never worded."""
    model: str = ""
    prompt: str = ""
    """The beginning of the SHA-256 of the last prompt."""
    temperature: float | None = None
    """None: as the endpoint is configured; so also `seed`."""
    seed: int | None = None
    calls: int = 0
    """Requests that were sent, retries included."""
    retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """Some of the tokens were counted here: the server did not say."""


class ClauseShown(_Event):
    type: Literal["clause_shown"] = "clause_shown"
    turn: int
    index: int


class ClientFinished(_Event):
    type: Literal["client_finished"] = "client_finished"
    turn: int


class TraineeSent(_Event):
    """The trainee's words, with how they stand to the client's. Committed before any answer."""

    type: Literal["trainee_sent"] = "trainee_sent"
    turn: int
    text: str
    floor: Floor | None = None
    """None: the client had finished."""
    words_heard: int = 0
    words_lost: int = 0
    """Spoken words of the client's turn that were withheld (0 unless the floor was taken)."""
    pause_broken: bool = False
    think_seconds: float | None = None
    """From the end of the client's words to sending; reported, never scored."""


class Coded(_Event):
    type: Literal["coded"] = "coded"
    turn: int
    coded: CodedReply


class StateMoved(_Event):
    """What the reply did to the client. Hidden from the trainee until the debrief."""

    type: Literal["state_moved"] = "state_moved"
    turn: int
    state: ClientState
    moves: tuple[str, ...] = ()
    deltas: dict[str, float] = Field(default_factory=dict)
    """Change against the turn before, by variable."""
    rupture: Literal["opened", "repaired"] | None = None
    gates: tuple[str, ...] = ()
    """Gates that stand open after this turn."""


class Paused(_Event):
    type: Literal["paused"] = "paused"
    why: Literal["pause", "grounding", "safety"] = "pause"


class Resumed(_Event):
    type: Literal["resumed"] = "resumed"


class Skipped(_Event):
    """The trainee let a client turn pass without an answer, at no cost."""

    type: Literal["skipped"] = "skipped"
    turn: int


class HintShown(_Event):
    type: Literal["hint_shown"] = "hint_shown"
    turn: int
    hint: str


class SafetyAsked(_Event):
    """The trainee's own words could be about a risk of their own; asked outside the role."""

    type: Literal["safety_asked"] = "safety_asked"
    turn: int


class SafetyAnswered(_Event):
    type: Literal["safety_answered"] = "safety_answered"
    about_me: bool | None
    """None: no answer came. Scoring stops unless this is False."""


class SelfRated(_Event):
    """The trainee's own ratings, asked before any score is shown."""

    type: Literal["self_rated"] = "self_rated"
    ratings: dict[str, int]


class Reflected(_Event):
    type: Literal["reflected"] = "reflected"
    answers: dict[str, str]


class Revised(_Event):
    """The overall score as it stands with what instructors have changed."""

    overall: float | None


class Scored(_Event):
    type: Literal["scored"] = "scored"
    scorecard: Scorecard
    """The scorer's own scores; what instructors changed is in their events."""
    revised: Revised | None = None
    """Set where a session is scored again after an instructor has changed scores of it."""


class Overridden(_Event):
    """An instructor's score in place of the machine's; the original stays."""

    type: Literal["overridden"] = "overridden"
    rubric: str
    original: float | None
    score: float | None
    """0–4; None: not observed, for the reason `why`."""
    who: str
    why: str
    at: datetime | None = None
    """UTC; None in events of older versions."""
    overall: float | None = None
    """The overall score of the session with this and earlier overrides."""


class Appealed(_Event):
    """The trainee contests a score."""

    type: Literal["appealed"] = "appealed"
    rubric: str
    reason: str


class AppealAnswered(_Event):
    """An instructor's answer to an appeal; a changed score is an override beside it."""

    type: Literal["appeal_answered"] = "appeal_answered"
    appeal: int
    """The number of the event that is answered."""
    rubric: str
    outcome: Literal["kept", "changed"]
    answer: str
    who: str


class Ended(_Event):
    type: Literal["ended"] = "ended"
    ending: Ending
    dropout_estimate: float | None = None


Event = Annotated[
    SessionOpened
    | ClientPlanned
    | ClauseWorded
    | Worded
    | ClauseShown
    | ClientFinished
    | TraineeSent
    | Coded
    | StateMoved
    | Paused
    | Resumed
    | Skipped
    | HintShown
    | SafetyAsked
    | SafetyAnswered
    | SelfRated
    | Reflected
    | Scored
    | Overridden
    | Appealed
    | AppealAnswered
    | Ended,
    Field(discriminator="type"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Parses and writes any event as JSON."""


class StoredEvent(_Event):
    """An event with its place in the session (from 1) and its time (UTC)."""

    session_id: str
    seq: int
    at: datetime
    event: Event
