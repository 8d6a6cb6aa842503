"""What makes a scenario thinner or more wooden than it should be. Nothing here stops it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from enum import StrEnum

from alliance_sim.authoring.findings import Check, Finding, items, place, ruled, select, texts
from alliance_sim.authoring.problems import Severity, listed, quoted
from alliance_sim.authoring.scenario_checks import SPOKEN
from alliance_sim.authoring.yaml_source import Data, Loc
from alliance_sim.domain.scenario import EventKind, RuptureStyle
from alliance_sim.domain.speech import PAUSES, spoken
from alliance_sim.domain.state import Gate, Openness

ENOUGH = {"topics": 14, "disclosures": 6, "events": 8}
"""Below these a session of 30 turns runs dry."""

ENOUGH_LINES = 3
"""Lines of a topic at each degree of openness."""

SAME_START = 4
"""Lines that share this many first words sound like one."""

LAST_TURN = 40
"""Length of a session in trainee turns, unless it is set otherwise."""

_PHASES = ("engagement", "process", "change", "termination")
_LIKE_PAUSE = re.compile(r"\[\W*(?:lo\w{0,4}\W*)?p\w{2,6}\W*\]", re.IGNORECASE)
_WORD = re.compile(r"\w+(?:['’]\w+)*")


def scenario_warnings(data: Data) -> Iterator[Finding]:
    """Everything that an author would want to mend, in no order."""
    yield from ruled(data, _CHECKS)


def _warn(loc: Loc, message: str, *, on_key: bool = False) -> Finding:
    return Finding(loc, message, Severity.WARNING, on_key)


def _too_few(data: Data) -> Iterator[Finding]:
    for part, enough in ENOUGH.items():
        for loc, given in select(data, part):
            if isinstance(given, list) and len(given) < enough:
                message = f"{len(given)} {part}; a session of 30 turns wants {enough} or more"
                yield _warn(loc, message, on_key=True)


def _thin_topics(data: Data) -> Iterator[Finding]:
    for openness in Openness:
        for loc, lines in select(data, f"topics.*.lines.{openness.value}"):
            if isinstance(lines, list) and len(lines) < ENOUGH_LINES:
                counted = f"{len(lines)} line{'' if len(lines) == 1 else 's'}"
                message = f"{counted} when {openness.value}; write {ENOUGH_LINES} or more"
                yield _warn(loc, message, on_key=True)


def _gates_and_kinds(data: Data) -> Iterator[Finding]:
    kinds = [kind for kind in EventKind if kind is not EventKind.SUBSTANCE_CUE]
    yield from _absent(data, "disclosures.*.gate", "no disclosure is gated at", Gate)
    yield from _absent(data, "events.*.kind", "no event is of the kind", kinds)
    yield from _absent(data, "events.*.style", "no rupture is of the style", RuptureStyle)


def _absent(
    data: Data, pattern: str, sentence: str, wanted: Iterable[StrEnum]
) -> Iterator[Finding]:
    part = pattern.partition(".")[0]
    given = {word for _, word in texts(data, pattern)}
    absent = [word.value for word in wanted if word.value not in given]
    if absent and any(True for _ in items(data, part)):
        yield _warn((part,), f"{sentence} {listed(absent)}", on_key=True)


def _alike(data: Data) -> Iterator[Finding]:
    starts: dict[tuple[str, ...], Loc] = {}
    whole: dict[str, Loc] = {}
    for loc, text in texts(data, *SPOKEN):
        words = tuple(_WORD.findall(spoken(text).casefold()))
        line, start = " ".join(words), words[:SAME_START]
        if line and line in whole:
            yield _warn(loc, f"the same words as {place(whole[line])}; write another line")
        elif len(words) > SAME_START and start in starts:
            message = f"begins as {place(starts[start])} does: {quoted(' '.join(start))}"
            yield _warn(loc, f"{message}; vary it")
        whole.setdefault(line, loc)
        starts.setdefault(start, loc)


def _misspelled_pauses(data: Data) -> Iterator[Finding]:
    for loc, text in texts(data, *SPOKEN):
        for bracket in _LIKE_PAUSE.findall(text):
            lower = bracket.lower()
            if lower not in PAUSES and (near := get_close_matches(lower, PAUSES, 1, 0.8)):
                message = f"{quoted(bracket)} is read as a stage direction; for a pause write"
                yield replace(_warn(loc, f"{message} {near[0]}"), mend=(bracket, near[0]))


def _late_events(data: Data) -> Iterator[Finding]:
    for loc, event in items(data, "events"):
        for inner, first in select(event, "when.turns.*"):
            if inner[-1] == 0 and isinstance(first, int) and first > LAST_TURN:
                message = f"turn {first} comes after the end of a session of {LAST_TURN} turns"
                yield _warn((*loc, *inner), message)


def _phase(data: Data) -> Iterator[Finding]:
    for loc, phase in texts(data, "setting.phase"):
        if phase not in _PHASES:
            yield _warn(loc, f"{quoted(phase)} is no phase of treatment; choose {listed(_PHASES)}")


def _draft(data: Data) -> Iterator[Finding]:
    for loc, marked in select(data, "draft"):
        if marked is True:
            yield _warn(loc, "a draft: read every line, mend it, then take this line out")


_CHECKS: tuple[tuple[str, Check], ...] = (
    ("too-few", _too_few),
    ("thin-topic", _thin_topics),
    ("missing-kind", _gates_and_kinds),
    ("alike", _alike),
    ("pause", _misspelled_pauses),
    ("late-event", _late_events),
    ("phase", _phase),
    ("draft", _draft),
)
