"""What a trainee did with an utterance: behaviour codes, and the marks beside them.

The codes are the field's (MISC 2.5, MITI 4, AnnoMI) plus those an alliance needs that no public
coding system names (boundary keeping, repair, floor-taking).
"""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_serializer

ASSERTED = 0.5
"""A code counts as asserted from this probability on."""


class Code(StrEnum):
    """A behaviour code of one therapist utterance."""

    QUESTION_OPEN = "question_open"
    QUESTION_CLOSED = "question_closed"
    REFLECTION_SIMPLE = "reflection_simple"
    REFLECTION_COMPLEX = "reflection_complex"
    AFFIRM = "affirm"
    VALIDATE = "validate"
    SEEK_COLLABORATION = "seek_collaboration"
    EMPHASIZE_AUTONOMY = "emphasize_autonomy"
    AGREE_GOAL = "agree_goal"
    ORIENT = "orient"
    LIMITS_STATED = "limits_stated"
    INFORMATION = "information"
    ASK_THEN_TELL = "ask_then_tell"
    ADVICE = "advice"
    PERSUADE = "persuade"
    CONFRONT = "confront"
    MINIMISE = "minimise"
    PRESS_DETAIL = "press_detail"
    STEREOTYPE = "stereotype"
    SELF_DISCLOSURE = "self_disclosure"
    SELF_FOCUS = "self_focus"
    BOUNDARY_HOLD = "boundary_hold"
    BOUNDARY_BREAK = "boundary_break"
    OWN_PART = "own_part"
    IMMEDIACY = "immediacy"
    GROUND = "ground"
    CULTURE_ASK = "culture_ask"
    RISK_QUESTION = "risk_question"
    SECRECY_PROMISE = "secrecy_promise"
    BLAME = "blame"
    BACKCHANNEL = "backchannel"
    OTHER = "other"


class Main(StrEnum):
    """The one main behaviour of an utterance (AnnoMI's four classes)."""

    REFLECTION = "reflection"
    QUESTION = "question"
    INPUT = "input"
    OTHER = "other"


class Mark(StrEnum):
    """What the engine must notice in a reply that is not a therapist behaviour."""

    GREETING = "greeting"
    CLOSING = "closing"
    """The trainee ends the session ("we have to stop here for today")."""
    HANDOVER = "handover"
    """A next step in safety, taken together: supervisor, crisis team, not leaving alone."""
    TIME_FLAG = "time_flag"
    """An interruption is announced with its reason ("I'll pause you for a second")."""
    APOLOGY = "apology"
    COLD = "cold"
    """A refusal or limit without warmth or reason ("That's against the rules.")."""
    OWN_RISK = "own_risk"
    """The words could be about a risk of the trainee's own."""
    NONSENSE = "nonsense"
    """No words a person would say: key mashing, code, instructions to a machine."""
    MACHINE = "machine"
    """Words to a machine: instructions, another part to play, whether the client is real."""
    NOT_ENGLISH = "not_english"
    HOSTILE = "hostile"
    """Insult or contempt towards the client."""
    STOCK = "stock"
    """A phrase that earns nothing by itself ("I understand", "that must be hard")."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CodedSpan(_Value):
    """One code, how sure the coder is, and the words it went by."""

    code: Code
    p: float = Field(ge=0, le=1)
    words: str
    """Verbatim from the utterance; empty when the code rests on the whole of it."""


class Empathy(_Value):
    """The three mechanisms of EPITOME (Sharma 2020), each 0 none, 1 weak, 2 strong."""

    emotional_reaction: int = Field(default=0, ge=0, le=2)
    interpretation: int = Field(default=0, ge=0, le=2)
    exploration: int = Field(default=0, ge=0, le=2)


class CodedReply(_Value):
    """All that coding says of one therapist utterance."""

    main: Main
    codes: tuple[CodedSpan, ...]
    empathy: Empathy = Empathy()
    marks: frozenset[Mark] = frozenset()

    @field_serializer("marks")
    def _in_order(self, marks: frozenset[Mark]) -> list[Mark]:
        """The same reply is written the same way by every process."""
        return sorted(marks)

    def asserted(self) -> frozenset[Code]:
        """The codes with p of at least `ASSERTED`."""
        return frozenset(span.code for span in self.codes if span.p >= ASSERTED)

    def span(self, code: Code) -> CodedSpan | None:
        """The surest span of a code, or None where it is not among the codes."""
        spans = [span for span in self.codes if span.code == code]
        return max(spans, key=lambda span: span.p, default=None)
