"""A bundle: sessions of one trainee in one signed file, to be handed in from her own machine.

The file is UTF-8, one JSON object a line (JSON Lines):

1. the header: format and version, what made it, whose sessions, for which assignment, the public
   key, and each session with the number of its events and their digest;
2. the texts of the scenarios and rubrics that were used, a line each;
3. the events, session after session in the header's order, a line each;
4. the signature: Ed25519 over the bytes of all lines before, line ends included.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from alliance_sim.domain.events import Event, SessionOpened, StoredEvent
from alliance_sim.domain.programme import PersonId, Slug
from alliance_sim.programme.signing import SigningKey

FORMAT: Final = "alliance-sim-bundle"
VERSION: Final = 1
SUFFIX = ".bundle"

MOST_BYTES = 256_000_000
MOST_LINE_BYTES = 8_000_000
MOST_LINES = 1_000_000
MOST_SESSIONS = 1_000
MOST_TEXT_CHARS = 2_000_000

SessionId = Annotated[str, Field(max_length=80, pattern=r"^[A-Za-z0-9][\w.\-]*$")]


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Held(_Line):
    """A session of the bundle."""

    id: SessionId
    events: int = Field(ge=1, le=MOST_LINES)
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    """SHA-256 over the session's lines as they stand in the file, line ends included."""


class Header(_Line):
    line: Literal["header"] = "header"
    format: Literal["alliance-sim-bundle"] = FORMAT
    version: Literal[1] = VERSION
    program: str = Field(max_length=80)
    """Version of the program that wrote it."""
    made_at: AwareDatetime
    """By the clock of the trainee's machine."""
    trainee: PersonId
    assignment: Slug | None = None
    key: str = Field(max_length=100)
    """Ed25519 public key in base64."""
    texts: int = Field(ge=0, le=MOST_SESSIONS * 20)
    """Lines that follow with texts of scenarios and rubrics."""
    sessions: tuple[Held, ...] = Field(min_length=1, max_length=MOST_SESSIONS)


class Text(_Line):
    """A scenario's or rubric's file, as it was on the trainee's machine."""

    line: Literal["text"] = "text"
    kind: Literal["scenario", "rubric"]
    id: str = Field(max_length=200)
    version: str = Field(max_length=200)
    text: str = Field(max_length=MOST_TEXT_CHARS)


class EventLine(_Line):
    line: Literal["event"] = "event"
    session: SessionId
    seq: int = Field(ge=1)
    at: AwareDatetime
    event: Event


class Signature(_Line):
    line: Literal["signature"] = "signature"
    signature: str = Field(max_length=200)
    """64 bytes in base64."""


@dataclass(frozen=True)
class Bundle:
    """A bundle that has been read, and whose signature is good."""

    name: str
    """What to call it in a message: its path."""
    digest: str
    """SHA-256 of the file."""
    header: Header
    texts: tuple[Text, ...]
    sessions: Mapping[str, tuple[StoredEvent, ...]]

    @property
    def trainee(self) -> str:
        """Whose sessions they are."""
        return self.header.trainee


@dataclass(frozen=True)
class Contents:
    """What is to go into a bundle."""

    program: str
    made_at: AwareDatetime
    trainee: str
    assignment: str | None
    texts: Sequence[Text]
    sessions: Mapping[str, Sequence[StoredEvent]]


def write_bundle(contents: Contents, key: SigningKey) -> bytes:
    """The bytes of the file. Raises ValueError (pydantic's) for what no bundle can hold."""
    held, lines = [], []
    for session_id, events in contents.sessions.items():
        block = _joined(_event_line(stored) for stored in events)
        held.append(Held(id=session_id, events=len(events), digest=digest(block)))
        lines.append(block)
    header = Header(
        program=contents.program,
        made_at=contents.made_at,
        trainee=contents.trainee,
        assignment=contents.assignment,
        key=key.public,
        texts=len(contents.texts),
        sessions=tuple(held),
    )
    body = b"".join([_joined([header]), _joined(contents.texts), *lines])
    return body + _joined([Signature(signature=key.sign(body))])


def digest(block: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(block).hexdigest()


def opening_of(events: Sequence[StoredEvent]) -> SessionOpened | None:
    """The opening of a session; None where its first event is another."""
    first = events[0].event if events else None
    return first if isinstance(first, SessionOpened) else None


def _event_line(stored: StoredEvent) -> EventLine:
    return EventLine(session=stored.session_id, seq=stored.seq, at=stored.at, event=stored.event)


def _joined(lines: Iterable[BaseModel]) -> bytes:
    return b"".join(line.model_dump_json().encode("utf-8") + b"\n" for line in lines)
