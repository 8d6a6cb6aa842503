"""Where a scenario would give a disclosure away before its gate has opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from alliance_sim.authoring.findings import Finding, items, texts
from alliance_sim.authoring.prerequisites import requirements
from alliance_sim.authoring.problems import Severity, quoted
from alliance_sim.authoring.yaml_source import Data, Loc
from alliance_sim.domain.state import Gate

_ALWAYS = (
    "arrival.line",
    "opening.text",
    "topics.*.lines.*.*",
    "reactions.*.*",
    "rupture.*.*",
    "endings.*.*",
)
"""Paths of what may be spoken whether or not a gate has opened."""

_SHOWN = (
    "title",
    "summary",
    "content_notes.*",
    "learning_goals.*",
    "client.*",
    "client_view.guarded.*",
    "client_view.left.*",
)
"""Paths of what a trainee may read without having opened anything."""

_GATES = tuple(gate.value for gate in Gate)
_APOSTROPHES = str.maketrans("’ʼ`", "'''")


@dataclass(frozen=True)
class _Secret:
    """A disclosure as far as it concerns its tripwires."""

    name: str
    gate: str
    pattern: re.Pattern[str]


def leaks(data: Data) -> Iterator[Finding]:
    """A finding for each text that holds a tripwire word and can come before its disclosure.

    Lines are errors. Words on the intake sheet or in the client's own view, and lines of another
    disclosure that may come out sooner, are warnings.
    """
    secrets = list(_secrets(data))
    if not secrets:
        return
    for loc, text in texts(data, *_ALWAYS):
        yield from _found(loc, text, secrets)
    for loc, text in texts(data, *_SHOWN):
        yield from _found(loc, text, secrets, Severity.WARNING)
    yield from _in_events(data, secrets)
    yield from _in_other_disclosures(data, secrets)


def mentions(text: str, phrases: list[str]) -> re.Match[str] | None:
    """The first of the phrases that occurs in the text as whole words, whatever its case."""
    pattern = _pattern(phrases)
    return pattern.search(_normal(text)) if pattern else None


def _secrets(data: Data) -> Iterator[_Secret]:
    for _, disclosure in items(data, "disclosures"):
        pattern = _pattern([word for _, word in texts(disclosure, "tripwires.*")])
        if pattern is not None:
            name, gate = str(disclosure.get("id")), str(disclosure.get("gate"))
            yield _Secret(name, gate, pattern)


def _pattern(phrases: list[str]) -> re.Pattern[str] | None:
    written = [r"\s+".join(map(re.escape, _normal(phrase).split())) for phrase in phrases]
    alternatives = "|".join(phrase for phrase in written if phrase)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if alternatives else None


def _normal(text: str) -> str:
    return text.translate(_APOSTROPHES).casefold()


def _found(
    loc: Loc, text: str, secrets: list[_Secret], severity: Severity = Severity.ERROR
) -> Iterator[Finding]:
    normal = _normal(text)
    for secret in secrets:
        match = secret.pattern.search(normal)
        if match:
            message = (
                f"{quoted(match.group())} gives away the disclosure {quoted(secret.name)} before "
                "its gate has opened; use other words here, or a narrower tripwire"
            )
            yield Finding(loc, message, severity)


def _in_events(data: Data, secrets: list[_Secret]) -> Iterator[Finding]:
    before = requirements(data)
    for loc, event in items(data, "events"):
        after = next((name for _, name in texts(event, "when.after")), "")
        out = before.get(after, set()) | {after}
        locked = [secret for secret in secrets if secret.name not in out]
        for inner, text in texts(event, "line", "responses.*.*"):
            yield from _found((*loc, *inner), text, locked)


def _in_other_disclosures(data: Data, secrets: list[_Secret]) -> Iterator[Finding]:
    before = requirements(data)
    for loc, disclosure in items(data, "disclosures"):
        name, gate = str(disclosure.get("id")), str(disclosure.get("gate"))
        out = before.get(name, set()) | {name}
        locked = [s for s in secrets if s.name not in out and _no_later(gate, s.gate)]
        for inner, text in texts(disclosure, "lines.*", "follow_up.*"):
            yield from _found((*loc, *inner), text, locked, Severity.WARNING)


def _no_later(gate: str, other: str) -> bool:
    """Whether `gate` can be open while `other` is not."""
    return gate in _GATES and other in _GATES and _GATES.index(gate) < _GATES.index(other)
