"""What no trainee would ever meet: topics, events and rubrics that nothing in the file leads to."""

from collections.abc import Iterator

from alliance_sim.authoring.findings import Check, Finding, items, ruled, texts
from alliance_sim.authoring.problems import Severity, listed, quoted
from alliance_sim.authoring.yaml_source import Data, Loc

ANY_SESSION = frozenset(
    {"empathy", "active_listening", "collaboration", "interruptions", "pacing", "i_statements"}
)
"""Rubrics that any conversation lets one observe, whatever its events."""


def reach_warnings(data: Data) -> Iterator[Finding]:
    """Everything out of reach, and cues by which two topics would be taken for one another."""
    checks: tuple[tuple[str, Check], ...] = (
        ("unreachable-topic", _topics),
        ("unreachable-event", _events),
        ("silent-rubric", _silent_rubrics),
        ("silent-rubric", _idle_opportunities),
        ("colliding-cues", _cues),
    )
    yield from ruled(data, checks)


def _warn(loc: Loc, message: str, *, on_key: bool = False) -> Finding:
    return Finding(loc, message, Severity.WARNING, on_key)


def _topics(data: Data) -> Iterator[Finding]:
    led_to = {name for _, name in texts(data, "topics.*.leads_to.*", "opening.topic")}
    for loc, topic in items(data, "topics"):
        name = topic.get("id")
        if topic.get("cues") or topic.get("subject") or name in led_to or topic.get("hidden"):
            continue
        message = f"nothing leads to the topic {quoted(name)}; give it cues or a subject"
        yield _warn(loc, f"{message}, or name it in leads_to of another topic")


def _events(data: Data) -> Iterator[Finding]:
    for loc, event in items(data, "events"):
        when = event.get("when")
        if not isinstance(when, dict):
            continue
        below, above = when.get("trust_below"), when.get("trust_above")
        low = above if isinstance(above, int | float) else -1
        high = below if isinstance(below, int | float) else 101
        if low >= high or high <= 0 or low >= 100:
            message = "no trust is above the one value and below the other; the event never happens"
            yield _warn((*loc, "when"), message, on_key=True)


def _silent_rubrics(data: Data) -> Iterator[Finding]:
    """Rubrics in play that no event gives an opportunity for."""
    offered = {name for _, name in texts(data, "events.*.opportunities.*")}
    for loc, name in texts(data, "rubrics.*"):
        if name not in offered | ANY_SESSION:
            message = (
                f"no event gives an opportunity for {quoted(name)}; the scenario can't show it"
            )
            yield _warn(loc, message)


def _idle_opportunities(data: Data) -> Iterator[Finding]:
    """Events whose every opportunity is for a rubric that is not in play."""
    in_play = {name for _, name in texts(data, "rubrics.*")}
    for loc, event in items(data, "events"):
        offered = [name for _, name in texts(event, "opportunities.*")]
        if offered and in_play and not in_play & set(offered):
            message = f"the event is for {listed(offered)}, and none of them is in play"
            yield _warn((*loc, "opportunities"), message, on_key=True)


def _cues(data: Data) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for loc, topic in items(data, "topics"):
        name = str(topic.get("id"))
        for inner, cue in texts(topic, "cues.*"):
            key = " ".join(cue.casefold().split())
            other = first.setdefault(key, name)
            if other != name:
                message = f"the cue {quoted(cue)} is one of the topic {quoted(other)} too"
                yield _warn((*loc, *inner), f"{message}; keep it in one of them")
