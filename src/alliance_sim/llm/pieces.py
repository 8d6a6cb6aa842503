"""What one event of a streamed reply holds, read without trust in its shape."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from alliance_sim.llm.port import Finish, Usage

__all__ = ["Piece", "Told", "piece_of", "whole_piece"]


@dataclass(frozen=True)
class Told:
    """Tokens as the server counts them."""

    prompt: int
    completion: int

    def usage(self) -> Usage:
        return Usage(prompt_tokens=self.prompt, completion_tokens=self.completion)


class Piece(NamedTuple):
    """Part of a reply; words that a model says to itself are left out."""

    text: str = ""
    finish: Finish | None = None
    told: Told | None = None
    model: str = ""


def piece_of(event: object) -> Piece:
    """One event of a stream. Raises ValueError where it is no Chat Completions chunk."""
    data = _object(event)
    choice = _choice(data)
    delta = _object(choice.get("delta") or {})
    return _piece(data, choice, delta)


def whole_piece(reply: object) -> Piece:
    """A whole reply that came as one JSON object. Raises ValueError where it is none."""
    data = _object(reply)
    choice = _choice(data)
    piece = _piece(data, choice, _object(choice.get("message")))
    return piece if piece.finish else piece._replace(finish="other")


def _piece(data: dict[str, Any], choice: dict[str, Any], words: dict[str, Any]) -> Piece:
    return Piece(
        _content(words.get("content")),
        _finish(choice.get("finish_reason")),
        _told(data.get("usage")),
        _text(data.get("model")),
    )


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("it is no object")
    return value


def _choice(data: dict[str, Any]) -> dict[str, Any]:
    """The first choice; an event that only tells usage has none."""
    choices = data.get("choices")
    if not isinstance(choices, list) or not (choices or data.get("usage")):
        raise ValueError("it has no choices")
    return _object(choices[0]) if choices else {}


def _content(value: object) -> str:
    if value is not None and not isinstance(value, str):
        raise ValueError("its content is no text")
    return value or ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _finish(value: object) -> Finish | None:
    if value is None:
        return None
    if value == "stop":
        return "stop"
    return "length" if value == "length" else "other"


def _told(usage: object) -> Told | None:
    if not isinstance(usage, dict):
        return None
    prompt, completion = usage.get("prompt_tokens"), usage.get("completion_tokens")
    if isinstance(prompt, int) and isinstance(completion, int) and prompt >= 0 <= completion:
        return Told(prompt, completion)
    return None
