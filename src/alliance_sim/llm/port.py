"""The one Protocol through which the program talks to a language model."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from alliance_sim.errors import EndpointProblem

__all__ = [
    "Backend",
    "Delta",
    "Fault",
    "Finish",
    "Finished",
    "Message",
    "ModelProblem",
    "Reply",
    "Request",
    "Schema",
    "Usage",
]

Finish = Literal["stop", "length", "other"]
"""Why a reply ended; `length`: it was cut off by its bound or by the model's context."""


class Fault(StrEnum):
    """What kept a model from answering, as far as it matters to whoever asked."""

    UNREACHABLE = "unreachable"
    """No connection: refused, no such host, TLS, reset."""
    TIMEOUT = "timeout"
    BUSY = "busy"
    """429 or 503 to the last attempt."""
    SERVER = "server"
    """Any other 5xx."""
    KEY = "key"
    """401 or 403."""
    MODEL = "model"
    """No such model."""
    CONTEXT = "context"
    """The prompt is longer than the model's context."""
    REQUEST = "request"
    """Any other 4xx."""
    REPLY = "reply"
    """What came is no answer: not JSON, wrong type, empty, far too long, or broken off."""


class ModelProblem(EndpointProblem):
    """A model gave no usable answer. `str()` is one plain line, and never holds a key."""

    def __init__(
        self,
        message: str,
        fault: Fault,
        *,
        status: int | None = None,
        body: str = "",
        retry_after: float | None = None,
        final: bool = False,
    ) -> None:
        """`status`: of the HTTP reply, if there was one; `body`: its first words, keys removed;
        `retry_after`: seconds that the server asks to wait; `final`: trying again is of no use.
        """
        super().__init__(message)
        self.fault = fault
        self.status = status
        self.body = body
        self.retry_after = retry_after
        self.final = final
        self.calls = 0
        """Requests that were sent before this was given up."""
        self.cut = False
        """The reply was ended by its bound or by the model's context: asking for less may help."""


@dataclass(frozen=True)
class Message:
    """One message of a chat."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Schema:
    """The shape a structured reply must have."""

    name: str
    """Letters, digits, `_` and `-`; at most 64."""
    schema: Mapping[str, Any]
    """JSON Schema of an object."""


@dataclass(frozen=True)
class Request:
    """One call. Sampling settings left at None are the backend's configured ones."""

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    schema: Schema | None = None


@dataclass(frozen=True)
class Usage:
    """What calls have used."""

    calls: int = 0
    """Requests that were sent, retries included."""
    retries: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    estimated: bool = False
    """The server named no figures for some of it: tokens were counted here."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.retries + other.retries,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.estimated or other.estimated,
        )


@dataclass(frozen=True)
class Delta:
    """A piece of a reply, as it came."""

    text: str


@dataclass(frozen=True)
class Finished:
    """The end of a reply."""

    finish: Finish
    usage: Usage
    model: str
    """As the server names it."""


@dataclass(frozen=True)
class Reply:
    """A whole reply."""

    text: str
    finish: Finish
    usage: Usage
    model: str
    data: Mapping[str, Any] | None = field(default=None)
    """The parsed object where the request had a schema; its values are not validated further."""


class Backend(Protocol):
    """A model that can be asked. Every method raises ModelProblem, and nothing else, for what an
    endpoint can do wrong; cancelling the task cancels the request."""

    @property
    def model(self) -> str:
        """The name that was configured."""
        ...

    def stream(self, request: Request) -> AsyncIterator[Delta | Finished]:
        """The reply piece by piece; the last item is Finished. Closing the iterator ends it."""
        ...

    async def complete(self, request: Request) -> Reply:
        """The whole reply; with a schema, `data` holds the parsed object."""
        ...

    def count(self, text: str) -> int:
        """How many tokens a text has, nearly: at least what is needed to bound a prompt."""
        ...

    async def close(self) -> None:
        """Let go of connections. May be called twice."""
        ...
