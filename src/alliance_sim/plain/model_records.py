"""How a model's wording of a turn went, as a JSON line."""

from typing import Any

from alliance_sim.domain.events import Worded

UNTOLD = {"type", "prompt", "temperature", "seed"}


def worded_record(session_id: str, event: Worded) -> dict[str, Any]:
    """One client turn that a model was to word: by whom it was spoken, and what it took."""
    fields = event.model_dump(mode="json", exclude=UNTOLD, exclude_none=True)
    return {"kind": "worded", "session_id": session_id} | fields
