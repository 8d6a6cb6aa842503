"""From the command line to a model that words the client."""

from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.cli.models import loading, model_setup, prices
from alliance_sim.cli.wiring import narrate
from alliance_sim.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliance_sim.domain.events import Event
    from alliance_sim.runtime.wording import Wording

EXAM = (
    "in an exam every student should meet the same client: a model words it differently each "
    "time; the scripted client is the fair one"
)


def open_words(gguf: Path | None = None) -> "Wording":
    """The model that is configured, ready to word a session; close it after use.

    Raises EndpointProblem where nothing is configured, and whatever is wrong with what is.
    """
    from alliance_sim.runtime.wording import Sampling, Wording

    setup = model_setup(gguf=gguf)
    with loading() as progress:
        backend = setup.open(progress)
    at = backend.endpoint
    return Wording(backend, Sampling(temperature=at.temperature, seed=at.seed))


def words_of(
    events: "Sequence[Event]", *, gguf: Path | None = None, again: bool = False
) -> "Wording | None":
    """A model for a session that had one and goes on; None, and a line about it, where none can
    be used now: the client then speaks with the authored words.

    `again`: it is one of its turns that is tried again, whether it has ended or not.
    """
    if not any(event.type == "session_opened" and event.voice == "model" for event in events):
        return None
    if not again and any(event.type == "ended" for event in events):
        return None
    try:
        return open_words(gguf)
    except AllianceError as problem:
        narrate(f"{problem}. The client goes on with the authored words.")
        return None


def usage_told(events: "Sequence[Event]") -> str | None:
    """What a model took to word a session, in one line; None where none did."""
    from alliance_sim.runtime.model_usage import model_usage, usage_line

    found = model_usage(events)
    if found is None:
        return None
    cost = None
    try:
        table = prices()
        amount = table.cost(found.usage, found.models[0]) if len(found.models) == 1 else None
        cost = f"{table.currency} {amount:.4f}" if amount else None
    except AllianceError as problem:
        narrate(str(problem))
    return usage_line(found, cost)
