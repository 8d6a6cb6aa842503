"""What must hold in a scenario beyond its schema; each breach keeps it from being played."""

import re
from collections.abc import Collection, Iterator

from alliance_sim.authoring.findings import Check, Finding, ruled, select, texts
from alliance_sim.authoring.known import RUBRICS
from alliance_sim.authoring.practice import load_practice
from alliance_sim.authoring.prerequisites import requirements
from alliance_sim.authoring.problems import SURE, closest, listed, nearest, quoted
from alliance_sim.authoring.tripwires import leaks
from alliance_sim.authoring.yaml_source import Data
from alliance_sim.domain.scenario import OPENING_WORDS, OPTIONAL_REACTIONS, Reaction
from alliance_sim.domain.speech import spoken_words
from alliance_sim.domain.state import VARIABLES

SPOKEN = (
    "arrival.line",
    "opening.text",
    "topics.*.lines.*.*",
    "disclosures.*.lines.*",
    "disclosures.*.follow_up.*",
    "disclosures.*.brought_up.*",
    "events.*.line",
    "events.*.responses.*.*",
    "reactions.*.*",
    "rupture.*.*",
    "endings.*.*",
)
"""Paths of everything that the client says."""

_REFERENCES = (
    ("opening.topic", "topic"),
    ("topics.*.leads_to.*", "topic"),
    ("disclosures.*.topics.*", "topic"),
    ("disclosures.*.requires.*", "disclosure"),
    ("events.*.when.topic", "topic"),
    ("events.*.when.after", "disclosure"),
)
MOST_ITEMS = 200
"""Topics, disclosures or events of one scenario; beyond it nothing is compared with anything."""

_PARTS = ("topic", "disclosure", "event")
_BRACKETS = re.compile(r"[\[\]]")


def scenario_errors(data: Data, stem: str, types: Collection[str] | None) -> Iterator[Finding]:
    """Every breach. `stem` is the file's name without its ending; `types` are the client types
    that the dynamics file knows, or None where that is not to be checked."""
    if too_many := list(ruled(data, [("too-many", _too_many)])):
        yield from too_many
        return
    checks: tuple[tuple[str, Check], ...] = (
        ("id", lambda data: _named_after_file(data, stem)),
        ("duplicate-id", _unique_ids),
        ("reference", _references),
        ("ring", _cycles),
        ("opening-length", _opening_length),
        ("vocabulary", lambda data: _known_words(data, types)),
        ("reactions", _all_reactions),
        ("brackets", _brackets),
        ("leak", leaks),
    )
    yield from ruled(data, checks)


def _too_many(data: Data) -> Iterator[Finding]:
    for part in _PARTS:
        for loc, given in select(data, f"{part}s"):
            if isinstance(given, list) and len(given) > MOST_ITEMS:
                message = f"{len(given)} {part}s; a scenario has at most {MOST_ITEMS}"
                yield Finding(loc, message, on_key=True)


def _named_after_file(data: Data, stem: str) -> Iterator[Finding]:
    for loc, name in texts(data, "id"):
        if name != stem:
            message = f"the id is {quoted(name)} and the file {quoted(stem)}; give both one name"
            yield Finding(loc, message)


def _unique_ids(data: Data) -> Iterator[Finding]:
    for part in _PARTS:
        seen: set[str] = set()
        for loc, name in texts(data, f"{part}s.*.id"):
            if name in seen:
                yield Finding(loc, f"a second {part} has the id {quoted(name)}; rename one")
            seen.add(name)


def _references(data: Data) -> Iterator[Finding]:
    for pattern, part in _REFERENCES:
        known = {name for _, name in texts(data, f"{part}s.*.id")}
        for loc, name in texts(data, pattern):
            if name not in known:
                hint = nearest(name, known) or f"; name a {part} of this file, or write one"
                close = closest(name, known, alike=SURE)
                mend = (name, close) if close else None
                yield Finding(loc, f"no {part} has the id {quoted(name)}{hint}", mend=mend)


def _cycles(data: Data) -> Iterator[Finding]:
    requires = requirements(data)
    for loc, name in texts(data, "disclosures.*.id"):
        if name in requires.get(name, set()):
            message = f"{quoted(name)} requires itself, by way of what it requires; break the ring"
            yield Finding((*loc[:-1], "requires"), message, on_key=True)


def _opening_length(data: Data) -> Iterator[Finding]:
    low, high = OPENING_WORDS
    for loc, text in texts(data, "opening.text"):
        words = spoken_words(text)
        if not low <= words <= high:
            message = f"the opening has {words} spoken words; it should have {low} to {high}"
            yield Finding(loc, f"{message}, stage directions not counted")


def _known_words(data: Data, types: Collection[str] | None) -> Iterator[Finding]:
    vocabularies: list[tuple[str, str, tuple[str, ...]]] = [
        ("rubrics.*", "rubric", RUBRICS),
        ("events.*.opportunities.*", "rubric", RUBRICS),
        ("events.*.practises.*", "thing to practise", tuple(row.id for row in load_practice())),
    ]
    if types is not None:
        vocabularies.append(("state.type", "client type", tuple(types)))
    for pattern, what, known in vocabularies:
        for loc, name in texts(data, pattern):
            if name not in known:
                hint = nearest(name, known) or f"; choose {listed(known)}"
                close = closest(name, known, alike=SURE)
                mend = (name, close) if close else None
                yield Finding(loc, f"there is no {what} {quoted(name)}{hint}", mend=mend)
    for loc, _ in select(data, "events.*.missed_cost.*"):
        if loc[-1] not in VARIABLES:
            message = f"{quoted(loc[-1])} is no variable of the state; choose {listed(VARIABLES)}"
            yield Finding(loc, message, on_key=True)


def _all_reactions(data: Data) -> Iterator[Finding]:
    for loc, given in select(data, "reactions"):
        if isinstance(given, dict):
            needed = [kind.value for kind in Reaction if kind not in OPTIONAL_REACTIONS]
            lacking = [kind for kind in needed if kind not in given]
            if lacking:
                message = f"no lines for the reactions {', '.join(lacking)}; add them"
                yield Finding(loc, message, on_key=True)


def _brackets(data: Data) -> Iterator[Finding]:
    for loc, text in texts(data, *SPOKEN):
        depth = 0
        for bracket in _BRACKETS.findall(text):
            depth += 1 if bracket == "[" else -1
            if depth not in (0, 1):
                break
        if depth:
            message = "a square bracket has no partner, or stands in another pair"
            yield Finding(loc, f"{message}; write each stage direction as [He looks away.]")
