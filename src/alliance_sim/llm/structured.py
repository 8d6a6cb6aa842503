"""Replies of a given shape: how the shape is asked for, and how the object is found in a reply."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json

from alliance_sim.llm.port import Message, Schema

__all__ = ["extract", "instructed", "strict"]

DEEPEST = 100
"""Levels of nesting in a reply; deeper ones are no answer to any question here."""

_NOT_STRICT = frozenset({"default", "title", "examples"})
_MAPS = frozenset({"properties", "$defs", "definitions"})
_INSTRUCTION = (
    "Answer with one JSON object and nothing else: no text before or after it, no code fence. "
    "It must fit this JSON Schema:\n"
)


def strict(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as servers with strict output want it.

    Every property is required, no others are allowed, and annotations are left out.
    """
    kept = {name: _inner(name, value) for name, value in schema.items() if name not in _NOT_STRICT}
    if isinstance(kept.get("properties"), dict):
        kept["required"] = list(kept["properties"])
        kept["additionalProperties"] = False
    return kept


def _inner(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        if name in _MAPS:
            return {key: _inner("", part) for key, part in value.items()}
        return strict(value)
    if isinstance(value, list):
        return [_inner("", part) for part in value]
    return value


def instructed(messages: tuple[Message, ...], schema: Schema) -> tuple[Message, ...]:
    """The messages with the schema put into the system message, for servers that need it said."""
    told = _INSTRUCTION + json.dumps(schema.schema, ensure_ascii=False)
    if messages and messages[0].role == "system":
        first = Message("system", f"{messages[0].content}\n\n{told}")
        return (first, *messages[1:])
    return (Message("system", told), *messages)


def extract(text: str, schema: Schema) -> dict[str, Any] | None:
    """The object in a reply; None where there is none, or it lacks what the schema requires.

    Text around it, a code fence, and an array of one object are forgiven. The last whole object
    counts: models that think aloud quote examples first.
    """
    found = _whole(text)
    wanted = set(schema.schema.get("required", ()))
    candidates = [found] if found is not None else _embedded(text)
    return next((data for data in reversed(candidates) if wanted <= data.keys()), None)


def _whole(text: str) -> dict[str, Any] | None:
    try:
        data = from_json(text, allow_inf_nan=False)
    except ValueError:
        return None
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    return data if isinstance(data, dict) else None


def _embedded(text: str) -> list[dict[str, Any]]:
    """All outermost objects, in order. Linear: each failed brace advances the search by one, and
    a text with more braces than any answer has is given up."""
    decoder = json.JSONDecoder(parse_constant=_no_number)
    found: list[dict[str, Any]] = []
    at, failed = text.find("{"), 0
    while at >= 0 and failed < DEEPEST:
        try:
            data, end = decoder.raw_decode(text, at)
            found.append(data)
        except (ValueError, RecursionError):
            failed += 1
            end = at + 1
        at = text.find("{", end)
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")
