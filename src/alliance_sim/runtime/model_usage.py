"""What a model took to word a session, and how often the authored words stood in for it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from alliance_sim.domain.events import ClientPlanned, Event, Worded
from alliance_sim.llm.port import Usage


@dataclass(frozen=True)
class ModelUsage:
    """Of one session."""

    usage: Usage
    models: tuple[str, ...]
    """As the servers named them, in the order they were first asked."""
    turns: int
    """Client turns that a model was to word."""
    fallbacks: tuple[int, ...]
    """Those that were spoken with the authored words, by number."""
    why: tuple[tuple[str, int], ...]
    """What was turned down or went wrong, and how often, the commonest first."""


def model_usage(events: Iterable[Event]) -> ModelUsage | None:
    """What a session's events tell; None where no model was to word anything."""
    planned: list[ClientPlanned] = []
    worded: list[Worded] = []
    for event in events:
        if isinstance(event, ClientPlanned) and event.voice != "scripted":
            planned.append(event)
        elif isinstance(event, Worded):
            worded.append(event)
    if not planned:
        return None
    fallen = {event.turn for event in worded if event.voice == "fallback"}
    fallen |= {event.turn for event in planned if event.voice == "fallback"}
    why = Counter(trip for event in worded for trip in event.trips)
    why.update(event.fault for event in worded if event.fault)
    return ModelUsage(
        usage=sum((_usage(event) for event in worded), Usage()),
        models=tuple(dict.fromkeys(event.model for event in worded if event.model)),
        turns=len(planned),
        fallbacks=tuple(sorted(fallen)),
        why=tuple(why.most_common()),
    )


def _usage(event: Worded) -> Usage:
    return Usage(
        calls=event.calls,
        retries=event.retries,
        prompt_tokens=event.prompt_tokens,
        completion_tokens=event.completion_tokens,
        estimated=event.estimated,
    )


def usage_line(found: ModelUsage, cost: str | None = None) -> str:
    """One quiet line for a debrief. `cost`: in words, where it is known."""
    used = found.usage
    about = "about " if used.estimated else ""
    parts = [
        ", ".join(found.models) or "a model",
        f"{_counted(used.calls, 'call')} for {_counted(found.turns, 'turn')}",
        f"{about}{used.prompt_tokens:,} + {used.completion_tokens:,} tokens",
    ]
    if used.retries:
        parts.append(_counted(used.retries, "retry", "retries"))
    if cost:
        parts.append(cost)
    if found.fallbacks:
        parts.append(f"{_counted(len(found.fallbacks), 'turn')} scripted")
    return f"Worded by {' · '.join(parts)}"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
