"""A simulated client as an instructor writes it: the models that load and validate a scenario.

Lines are plain speech. In square brackets stand stage directions, which the trainee sees and the
client does not say; `[pause]` and `[long pause]` are reflective pauses that are better not broken.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from alliance_sim.domain.codes import Code
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.state import Gate

OPENING_WORDS = (107, 160)
"""40–60 s of speech at 160 words a minute."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=700)]
Lines = Annotated[tuple[Line, ...], Field(min_length=1)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Percent = Annotated[float, Field(ge=0, le=100)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Intensity(StrEnum):
    MILD = "mild"
    MODERATE = "moderate"
    STRONG = "strong"


class Voice(_Part):
    """How the client talks."""

    register_: str = Field(
        alias="register", description="Way of speaking, in one or two sentences."
    )
    typical_words: int = Field(ge=3, le=120, description="Words of a usual answer.")
    tics: tuple[Words, ...] = Field(default=(), description="Turns of phrase that recur.")


class Client(_Part):
    """Who the client is; everything here is on the intake sheet that the trainee reads."""

    name: Words
    age: int = Field(ge=6, le=110)
    pronouns: Words
    identity: str = Field(
        description="What the client says of who they are: culture, faith, class."
    )
    referral_source: str
    presentation: str = Field(description="What the referrer wrote, and what can be seen.")
    prior_therapy: str
    voice: Voice


class Setting(_Part):
    room: str
    session_number: int = Field(ge=1, le=200)
    phase: str = Field(description="engagement, process, change or termination.")
    notices: tuple[str, ...] = Field(default=(), description="What the client notices in the room.")


class StartState(_Part):
    """Where the client begins. `type` names a row of the dynamics file; the rest overrides it."""

    type: Id
    trust: Percent | None = None
    task: Percent | None = None
    goal: Percent | None = None
    safety: Percent | None = None
    arousal: Percent | None = None
    shame: Percent | None = None
    reactance: Percent | None = None
    window: tuple[Percent, Percent] | None = Field(
        default=None, description="Window of tolerance: lowest and highest arousal."
    )
    gain: float | None = Field(default=None, gt=0, le=3)
    loss: float | None = Field(default=None, gt=0, le=3)
    leaves: bool | None = Field(
        default=None, description="False: never walks out, but goes compliance-only."
    )
    moves: dict[Id, Annotated[tuple[float, ...], Field(min_length=7, max_length=7)]] = Field(
        default_factory=dict, description="Rows of the move table that this client overrides."
    )

    @model_validator(mode="after")
    def _window_rises(self) -> Self:
        if self.window and self.window[0] >= self.window[1]:
            raise ValueError("window must be [low, high] with low below high")
        return self


class Arrival(_Part):
    """The first seconds: what is seen, and a few words. Then the trainee speaks."""

    line: Line


class Opening(_Part):
    """The client's long first account, in answer to the trainee's first words."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2500)]
    topic: Id = Field(description="The topic that the account leaves on the table.")
    instead: Lines = Field(description="Replies that would serve right after it.")


class TopicLines(_Part):
    """What the client says on a topic, by how open they are."""

    guarded: Lines
    opening: Lines
    open: Lines


class Topic(_Part):
    """Something that can be asked about."""

    id: Id
    title: Words
    subject: Id | None = Field(
        default=None, description="A subject of the shared cue list, whose cues it inherits."
    )
    cues: tuple[Words, ...] = Field(
        default=(), description="Words and phrases of a question about it; endings do not matter."
    )
    shame_above: Percent | None = Field(
        default=None, description="While shame is above this, only guarded lines are spoken."
    )
    hidden: bool = Field(default=False, description="A thread that shows only in a tangent.")
    leads_to: tuple[Id, ...] = Field(
        default=(), description="Topics the client drifts to from here."
    )
    lines: TopicLines
    instead: Lines = Field(description="Replies that would serve on this topic.")


class Disclosure(_Part):
    """Something the client keeps back until its gate opens."""

    id: Id
    gate: Gate
    topics: tuple[Id, ...] = Field(min_length=1, description="Topics on which it can come out.")
    fact: str = Field(description="What is disclosed, in one sentence.")
    tripwires: tuple[Words, ...] = Field(
        min_length=1, description="Words that may not be spoken before the gate has opened."
    )
    requires: tuple[Id, ...] = Field(default=(), description="Disclosures that must come first.")
    brought_up: tuple[Line, ...] = Field(
        default=(),
        description="Words with which the client comes to it, on its topics or unasked; without, "
        "it waits for its topics.",
    )
    lines: Lines
    follow_up: Lines = Field(description="Lines on the same topics once it is out.")
    instead: Lines = Field(description="Replies that would serve right after it.")


class EventKind(StrEnum):
    BOUNDARY_BAIT = "boundary_bait"
    AMBIENT = "ambient"
    RISK_CUE = "risk_cue"
    SUBSTANCE_CUE = "substance_cue"
    CULTURAL_CUE = "cultural_cue"
    PROVOCATION = "provocation"
    RUPTURE = "rupture"
    TANGENT = "tangent"


class RuptureStyle(StrEnum):
    """3RS: moving away, or moving against."""

    WITHDRAWAL = "withdrawal"
    CONFRONTATION = "confrontation"


class When(_Part):
    """When an event may happen: all conditions that are given must hold."""

    turns: tuple[int, int] | None = Field(
        default=None, description="First and last trainee turn; at the last it happens for sure."
    )
    topic: Id | None = None
    after: Id | None = Field(default=None, description="A disclosure that has come out.")
    rupture: bool | None = Field(default=None, description="A rupture has just opened.")
    trust_below: Percent | None = None
    trust_above: Percent | None = None

    @model_validator(mode="after")
    def _says_when(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("an event needs at least one condition")
        if self.turns and not 1 <= self.turns[0] <= self.turns[1]:
            raise ValueError("turns must be [first, last] with 1 <= first <= last")
        return self


class Responses(_Part):
    """What the client says to how the trainee met an event."""

    met: Lines
    missed: Lines
    hurt: Lines


class Event(_Part):
    """A moment that tests the trainee. Each happens once a session at most."""

    id: Id
    kind: EventKind
    style: RuptureStyle | None = Field(default=None, description="Of a rupture only.")
    when: When
    line: Line
    opportunities: tuple[Id, ...] = Field(min_length=1, description="Rubrics it lets one observe.")
    practises: tuple[Id, ...] = Field(
        default=(), description="What it lets a trainee practise, by ids of practice.yaml."
    )
    met_by: tuple[Code, ...] = Field(min_length=1, description="Codes that meet the moment.")
    hurt_by: tuple[Code, ...] = Field(default=(), description="Codes that do harm here.")
    missed_cost: dict[Id, float] = Field(
        default_factory=dict, description="What ignoring it costs, by variable, as in {trust: -2}."
    )
    interrupt: bool = Field(
        default=False, description="A justified reason to cut in (risk, overwhelm, time)."
    )
    responses: Responses
    instead: Lines = Field(description="Replies that would serve right after it.")

    @model_validator(mode="after")
    def _style_of_ruptures(self) -> Self:
        if (self.kind is EventKind.RUPTURE) != (self.style is not None):
            raise ValueError("style is for events of kind rupture, and needed there")
        return self


class Reaction(StrEnum):
    """What a client's short first words answer to."""

    GREETING = "greeting"
    REFLECTION = "reflection"
    VALIDATION = "validation"
    AFFIRMATION = "affirmation"
    AUTONOMY = "autonomy"
    LIMITS = "limits"
    ORIENTATION = "orientation"
    GOAL = "goal"
    PERMISSION = "permission"
    COLLABORATION = "collaboration"
    GROUNDING = "grounding"
    OWN_PART = "own_part"
    IMMEDIACY = "immediacy"
    CULTURE = "culture"
    RISK_ASKED = "risk_asked"
    ADVICE = "advice"
    PERSUASION = "persuasion"
    CONFRONTATION = "confrontation"
    MINIMISING = "minimising"
    BLAME = "blame"
    HOSTILE = "hostile"
    PRESS_DETAIL = "press_detail"
    STEREOTYPE = "stereotype"
    SELF_FOCUS = "self_focus"
    SELF_DISCLOSURE = "self_disclosure"
    BOUNDARY_BREAK = "boundary_break"
    BOUNDARY_HOLD = "boundary_hold"
    SECRECY = "secrecy"
    CLOSED_RUN = "closed_run"
    CUT_OFF = "cut_off"
    REPEATED = "repeated"
    EXHAUSTED = "exhausted"
    UNCLEAR = "unclear"
    INFORMATION = "information"
    NONSENSE = "nonsense"
    MACHINE = "machine"
    SILENCE = "silence"
    ENCOURAGED = "encouraged"
    TAKEAWAY = "takeaway"


OPTIONAL_REACTIONS = frozenset({Reaction.MACHINE, Reaction.TAKEAWAY})
"""What a client may be without: words to a machine are then met like nonsense, and a question what
the hour leaves behind like any other."""


class RuptureLines(_Part):
    confrontation: Lines
    withdrawal: Lines
    standing: Lines = Field(description="Spoken while a rupture stands unrepaired.")
    repair_begun: Lines
    repaired: Lines


class Endings(_Part):
    time: Lines
    planned_close: Lines
    warning: Lines = Field(description="Said before leaving, or before going compliance-only.")
    walk_out: Lines
    compliant: Lines = Field(description="Compliance-only answers.")
    safety_handover: Lines


class ClientView(_Part):
    """The session as the client would tell it afterwards, by how open they were at its end."""

    guarded: Lines
    opening: Lines
    open: Lines
    left: Lines


class Expectation(_Part):
    """What a way of practising must lead to, over many simulated sessions of 20 turns."""

    dropout: tuple[float, float] = Field(description="Lowest and highest share of drop-out.")
    opens: Gate | None = Field(default=None, description="A gate that most sessions open.")


class Expectations(_Part):
    skilled: Expectation
    mixed: Expectation
    poor: Expectation


class Scenario(_Part):
    """A simulated client and the hour with them. A scenario's file is named after its id."""

    id: Id
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    draft: bool = Field(
        default=False, description="Proposed by a model; offered to nobody until this is taken out."
    )
    title: Words
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    summary: Annotated[str, StringConstraints(max_length=240)]
    difficulty: int = Field(ge=1, le=5)
    intensity: Intensity
    content_notes: tuple[Words, ...]
    alternatives: tuple[Id, ...] = Field(
        default=(), description="Scenarios that earn equal credit, for who would rather not."
    )
    learning_goals: tuple[str, ...] = Field(min_length=1)
    rubrics: tuple[Id, ...] = Field(min_length=1)
    client: Client
    setting: Setting
    state: StartState
    arrival: Arrival
    opening: Opening
    topics: tuple[Topic, ...] = Field(min_length=1)
    disclosures: tuple[Disclosure, ...]
    events: tuple[Event, ...]
    reactions: dict[Reaction, Lines]
    rupture: RuptureLines
    endings: Endings
    client_view: ClientView
    expectations: Expectations

    def topic(self, topic_id: str) -> Topic:
        """The topic of that id. Raises KeyError where there is none."""
        for topic in self.topics:
            if topic.id == topic_id:
                return topic
        raise KeyError(topic_id)

    def opening_words(self) -> int:
        """Words spoken in the opening, stage directions left out."""
        return spoken_words(self.opening.text)
