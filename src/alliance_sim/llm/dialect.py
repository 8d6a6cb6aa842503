"""What one server was found to accept, learnt from its refusals and kept for later calls."""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from pydantic_core import to_json

from alliance_sim.domain.clean import storable
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.port import Fault, Message, ModelProblem, Request, Schema
from alliance_sim.llm.structured import instructed, strict

__all__ = ["Dialect", "Structured", "payload"]

_MAY_BE_LEFT_OUT = ("stream_options", "seed", "stop", "temperature")
_OF_SCHEMAS = ("response_format", "json_schema", "schema", "grammar")


class Structured(IntEnum):
    """How a shape is asked for, best first."""

    SCHEMA = 0
    """`response_format` of type json_schema: the server keeps to it."""
    OBJECT = 1
    """`response_format` of type json_object, the schema in the prompt."""
    PROMPT = 2
    """The schema in the prompt only."""


@dataclass
class Dialect:
    """Starts with everything the protocol has; `adapt` takes away what the server refuses."""

    structured: Structured = Structured.SCHEMA
    left_out: set[str] = field(default_factory=set)
    """Parameters that the server refused."""
    new_bound: bool = False
    """It wants `max_completion_tokens` in place of `max_tokens`."""
    streams: bool = True
    """It sends a reply in pieces when asked to."""
    tells_usage: bool = True
    _last: tuple[Schema, dict[str, Any]] | None = field(default=None, repr=False)

    def adapt(self, problem: ModelProblem, request: Request) -> bool:
        """Learn from a refusal; whether the next request will differ from the refused one."""
        if problem.fault not in (Fault.REQUEST, Fault.SERVER):
            return False
        if problem.fault is Fault.REQUEST and self._leave_out(problem.body):
            return True
        about_schema = any(name in problem.body for name in _OF_SCHEMAS)
        if request.schema is None or not (about_schema or problem.fault is Fault.REQUEST):
            return False
        return self.step_down()

    def step_down(self) -> bool:
        """Ask for shapes in a humbler way; whether there is one."""
        if self.structured is Structured.PROMPT:
            return False
        self.structured = Structured(self.structured + 1)
        return True

    def strictly(self, schema: Schema) -> dict[str, Any]:
        """The strict form of a schema, made once for those that follow each other."""
        if self._last is None or self._last[0] is not schema:
            self._last = (schema, strict(schema.schema))
        return self._last[1]

    def _leave_out(self, body: str) -> bool:
        if "max_tokens" in body and not self.new_bound:
            self.new_bound = True
            return True
        for name in _MAY_BE_LEFT_OUT:
            if name in body and name not in self.left_out:
                self.left_out.add(name)
                return True
        return False


def payload(request: Request, endpoint: Endpoint, dialect: Dialect) -> bytes:
    """The body of a request as this server takes it, in JSON."""
    messages = request.messages
    if request.schema is not None and dialect.structured is not Structured.SCHEMA:
        messages = instructed(messages, request.schema)
    body: dict[str, Any] = {
        "model": endpoint.model,
        "messages": [_plain(message) for message in messages],
        "max_completion_tokens" if dialect.new_bound else "max_tokens": request.max_tokens,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": _first(request.temperature, endpoint.temperature),
        "seed": _first(request.seed, endpoint.seed),
        "stop": list(request.stop) or None,
        "response_format": _format(request, dialect),
    }
    kept = {
        name: value
        for name, value in body.items()
        if value is not None and name not in dialect.left_out
    }
    return to_json(kept)  # `json` takes ten times as long for a text of many pages


def _format(request: Request, dialect: Dialect) -> dict[str, Any] | None:
    if request.schema is None or dialect.structured is Structured.PROMPT:
        return None
    if dialect.structured is Structured.OBJECT:
        return {"type": "json_object"}
    shape = {
        "name": request.schema.name,
        "schema": dialect.strictly(request.schema),
        "strict": True,
    }
    return {"type": "json_schema", "json_schema": shape}


def _plain(message: Message) -> dict[str, str]:
    return {"role": message.role, "content": storable(message.content)}


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)
