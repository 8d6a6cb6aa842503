"""Language models as the edge of the program hands them to the screens, and the way back from
their threads."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import urlsplit

from alliance_sim.domain.clean import printable
from alliance_sim.errors import AllianceError

if TYPE_CHECKING:
    from alliance_sim.domain.events import Event
    from alliance_sim.llm.settings import Settings
    from alliance_sim.llm.setup import ModelSetup
    from alliance_sim.runtime.wording import Wording

Voice = Literal["scripted", "model"]
"""Who words a client."""


class Models(Protocol):
    """What the screens may ask of language models."""

    @property
    def setup(self) -> "ModelSetup":
        """The settings, to be seen, changed and tried."""
        ...

    def words(self, progress: Callable[[float], None], wake: Callable[[], None]) -> "Wording":
        """The configured model, ready to word a session; takes as long as loading it.

        progress: called with the share loaded, 0–1; what it raises ends the loading. wake: see
        `Wording`. Raises an AllianceError, in one line, where none can be used.
        """
        ...

    def usage(self, events: "Sequence[Event]") -> str | None:
        """What a model took to word a session, in a line; None where none did."""
        ...


@dataclass(frozen=True)
class Offer:
    """What there is to choose, told without asking any network or keyring."""

    name: str | None = None
    """The model; None where none is configured."""
    where: str = ""
    """Where it is asked."""
    problem: str = ""
    """Why the settings cannot be read; empty where they can."""


def offer_of(models: Models | None) -> Offer:
    """What is configured. Never raises: what is wrong with a setting is told."""
    if models is None:
        return Offer()
    try:
        found = models.setup.at_hand()
    except AllianceError as problem:
        return Offer(problem=str(problem))
    return _offer(found) if found.configured else Offer()


def _offer(found: "Settings") -> Offer:
    if found.gguf is not None:
        return Offer(printable(found.gguf.name, lines=False), "on this machine")
    host = urlsplit(found.found["base_url"].value or "").netloc
    name = found.found["model"].value or "the model of that server"
    return Offer(printable(name, lines=False), f"at {printable(host, lines=False)}")


class GivenUp(Exception):
    """Nobody waits any more for what is being loaded."""


class Bell:
    """What a model's thread rings when something has come. Silent until somebody listens."""

    def __init__(self) -> None:
        self._ring: Callable[[], object] | None = None

    def __call__(self) -> None:
        if self._ring:
            with suppress(RuntimeError):  # the screens, and their loop with them, are gone
                self._ring()

    def listen(self, heard: Callable[[], object]) -> None:
        """From now on `heard` is called in the loop of whoever calls this."""
        loop = asyncio.get_running_loop()
        self._ring = lambda: loop.call_soon_threadsafe(heard)


@dataclass(frozen=True)
class ModelVoice:
    """A model that is open, with the bell that it rings."""

    wording: "Wording"
    bell: Bell

    def let_go(self) -> None:
        """Close it, away from the screen: a server takes its time to stop."""
        threading.Thread(target=self.wording.close, name="closing the model").start()
