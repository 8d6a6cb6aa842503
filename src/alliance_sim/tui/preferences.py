"""What a user has chosen for the screens, kept between starts. Nothing of it is in an export."""

import os
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

FILE = "preferences.json"


class Preferences(BaseModel):
    """Choices of the full-screen program."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    notice_seen: bool = False
    theme: str = "alliance-dark"
    pace: str = "stream"
    wpm: int = Field(default=160, ge=16, le=220)
    voice: Literal["scripted", "model"] = "scripted"
    """Who words the clients; a model only where one is set up."""
    panel: bool = True
    """Show the alliance as it moves, beside the conversation."""
    undo_seconds: float = Field(default=1.5, ge=0, le=10)
    """How long a sent reply can be taken back."""
    keys: dict[str, str] = Field(default_factory=dict)
    """Bindings by id, as in {"session.hint": "f6"}."""


def load_preferences(folder: Path) -> Preferences:
    """What was kept; the usual where nothing was, or where it cannot be read."""
    try:
        return Preferences.model_validate_json((folder / FILE).read_text("utf-8"))
    except (OSError, ValidationError, UnicodeDecodeError):
        return Preferences()


def save_preferences(folder: Path, preferences: Preferences) -> None:
    """Keep choices. A folder that cannot be written loses them, and nothing else."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"{FILE}.new"
        new.write_text(preferences.model_dump_json(indent=2), "utf-8")
        os.replace(new, folder / FILE)
    except OSError:
        return
