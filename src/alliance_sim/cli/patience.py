"""The time that a judgement may take."""

from dataclasses import replace
from typing import TYPE_CHECKING

from alliance_sim.llm.endpoint import Timeouts

if TYPE_CHECKING:
    from alliance_sim.llm.openai_backend import OpenAIBackend

PATIENT = Timeouts(first=180.0, between=60.0, whole=900.0)
"""A judgement is long, and nobody waits at the keyboard: seconds where the user has set none."""


def patient(backend: "OpenAIBackend") -> "OpenAIBackend":
    """The same backend with the time that a judgement takes, where the user has set none."""
    default = Timeouts()
    now = backend.endpoint.timeouts
    waits = {
        name: getattr(PATIENT, name)
        for name in ("first", "between", "whole")
        if getattr(now, name) == getattr(default, name)
    }
    backend.endpoint = replace(backend.endpoint, timeouts=replace(now, **waits))
    return backend
