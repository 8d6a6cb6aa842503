"""What one event of a streamed reply holds, read without trust in its shape."""

from dataclasses import dataclass
from typing import Any

from alliance_sim.llm.port import Finish, Usage

__all__ = ["Piece", "Told", "piece_of", "whole_piece"]


@dataclass(frozen=True)
class Told:
    """Tokens as the server counts them."""

    prompt: int
    completion: int

    def usage(self) -> Usage:
        return Usage(prompt_tokens=self.prompt, completion_tokens=self.completion)


@dataclass(frozen=True)
class Piece:
    """Part of a reply."""

    text: str = ""
    thinking: bool = False
    """The model is at work, but these words are not for the reader."""
    finish: Finish | None = None
    told: Told | None = None
    model: str = ""


def piece_of(event: Any) -> Piece:
    """One event. Raises ValueError where it is no Chat Completions chunk."""
    choices = getattr(event, "choices", None)
    if not isinstance(choices, list):
        raise ValueError("an event has no choices")
    told = _told(getattr(event, "usage", None))
    model = _text(getattr(event, "model", None))
    if not choices:
        return Piece(told=told, model=model)
    choice = choices[0]
    delta = getattr(choice, "delta", None)
    thinking = any(_text(getattr(delta, name, None)) for name in ("reasoning_content", "reasoning"))
    finish = _finish(getattr(choice, "finish_reason", None))
    return Piece(_content(getattr(delta, "content", None)), thinking, finish, told, model)


def whole_piece(data: Any) -> Piece:
    """A whole reply that came as one JSON object. Raises ValueError where it is none."""
    try:
        choice = data["choices"][0]
        text = _content(choice["message"].get("content"))
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ValueError("it holds no choices") from None
    used = data.get("usage")
    told = _told_of(used.get("prompt_tokens"), used.get("completion_tokens")) if used else None
    finish = _finish(choice.get("finish_reason")) or "other"
    return Piece(text, finish=finish, told=told, model=_text(data.get("model")))


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
    if usage is None:
        return None
    return _told_of(
        getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    )


def _told_of(prompt: object, completion: object) -> Told | None:
    if isinstance(prompt, int) and isinstance(completion, int) and prompt >= 0 <= completion:
        return Told(prompt, completion)
    return None
