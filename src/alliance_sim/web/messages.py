"""What a browser may say over its websocket: keys, sizes, and that it looks on or away."""

import json
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 1_000_000
"""Bytes of a message; a paste is one message."""

SMALLEST_SIDE, WIDEST, TALLEST = 2, 500, 300
"""Cells of a screen. A larger one would only cost memory."""


@dataclass(frozen=True)
class Typed:
    """Keys and what the mouse did, as a terminal sends them."""

    data: bytes


@dataclass(frozen=True)
class Resized:
    """The window has another size, in cells."""

    width: int
    height: int


@dataclass(frozen=True)
class Focused:
    """The window is looked at, or no longer."""

    here: bool


@dataclass(frozen=True)
class Ping:
    """Asks for the same words back."""

    data: str


Message = Typed | Resized | Focused | Ping


def read_message(text: str) -> Message | None:
    """What a message of the page says; None for what the page never says."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match told:
        case ["stdin", str(data)]:
            return Typed(data.encode("utf-8", "replace"))
        case ["resize", {"width": width, "height": height}]:
            return Resized(side(width, WIDEST), side(height, TALLEST))
        case ["ping", str(data)]:
            return Ping(data[:100])
        case ["focus" | "blur" as which]:
            return Focused(which == "focus")
    return None


def side(value: object, most: int) -> int:
    """A width or height within what a screen can have; a number, or digits."""
    if not isinstance(value, int | float | str):
        return SMALLEST_SIDE
    try:
        cells = int(value)
    except (ValueError, OverflowError):
        return SMALLEST_SIDE
    return max(SMALLEST_SIDE, min(most, cells))
