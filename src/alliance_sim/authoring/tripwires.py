"""Where a scenario would give a disclosure away before its gate has opened."""

import re
from collections.abc import Iterator

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
    "disclosures.*.brought_up.*",
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
_WORD = re.compile(r"\w+(?:'\w+)*")
_APOSTROPHES = str.maketrans("’ʼ`", "'''")


Words = tuple[str, ...]


class Tripwires:
    """The tripwire words of all disclosures, to be looked for in a text.

    A phrase is found as whole words in a row, whatever their case and the marks between them.
    """

    def __init__(self, data: Data) -> None:
        self.gates: dict[str, str] = {}
        """Each disclosure's gate, by its id."""
        self._phrases: dict[Words, set[str]] = {}
        for _, disclosure in items(data, "disclosures"):
            name = str(disclosure.get("id"))
            self.gates[name] = str(disclosure.get("gate"))
            for _, phrase in texts(disclosure, "tripwires.*"):
                if words := _words(phrase):
                    self._phrases.setdefault(words, set()).add(name)
        self._first = {words[0] for words in self._phrases}
        self._lengths = sorted({len(words) for words in self._phrases})

    def in_text(self, text: str) -> Iterator[tuple[str, str]]:
        """Each disclosure whose tripwire is in the text, with the words, once."""
        words = _words(text)
        told: set[str] = set()
        for start, word in enumerate(words):
            if word not in self._first:
                continue
            for length in self._lengths:
                phrase = words[start : start + length]
                for name in sorted(self._phrases.get(phrase, set()) - told):
                    told.add(name)
                    yield name, " ".join(phrase)


def leaks(data: Data) -> Iterator[Finding]:
    """A finding for each text that holds a tripwire word and can come before its disclosure.

    Lines are errors. Words on the intake sheet or in the client's own view, and lines of another
    disclosure that may come out sooner, are warnings.
    """
    wires = Tripwires(data)
    locked = set(wires.gates)
    for loc, text in texts(data, *_ALWAYS):
        yield from _found(wires, locked, loc, text)
    for loc, text in texts(data, *_SHOWN):
        yield from _found(wires, locked, loc, text, Severity.WARNING)
    before = requirements(data)
    yield from _in_events(data, wires, before)
    yield from _in_other_disclosures(data, wires, before)


def _words(text: str) -> Words:
    return tuple(_WORD.findall(text.translate(_APOSTROPHES).casefold()))


def _found(
    wires: Tripwires,
    locked: set[str],
    loc: Loc,
    text: str,
    severity: Severity = Severity.ERROR,
) -> Iterator[Finding]:
    for name, phrase in wires.in_text(text):
        if name in locked:
            message = (
                f"{quoted(phrase)} gives away the disclosure {quoted(name)} before its gate has "
                "opened; use other words here, or a narrower tripwire"
            )
            yield Finding(loc, message, severity)


def _in_events(data: Data, wires: Tripwires, before: dict[str, set[str]]) -> Iterator[Finding]:
    for loc, event in items(data, "events"):
        after = next((name for _, name in texts(event, "when.after")), "")
        locked = set(wires.gates) - before.get(after, set()) - {after}
        for inner, text in texts(event, "line", "responses.*.*"):
            yield from _found(wires, locked, (*loc, *inner), text)


def _in_other_disclosures(
    data: Data, wires: Tripwires, before: dict[str, set[str]]
) -> Iterator[Finding]:
    for loc, disclosure in items(data, "disclosures"):
        name = str(disclosure.get("id"))
        later = {other for other in wires.gates if _sooner(wires, name, other)}
        locked = later - before.get(name, set())
        for inner, text in texts(disclosure, "lines.*", "follow_up.*"):
            yield from _found(wires, locked, (*loc, *inner), text, Severity.WARNING)


def _sooner(wires: Tripwires, name: str, other: str) -> bool:
    """Whether the gate of one disclosure can be open while that of the other is not."""
    gate, later = wires.gates[name], wires.gates[other]
    return gate in _GATES and later in _GATES and _GATES.index(gate) < _GATES.index(later)
