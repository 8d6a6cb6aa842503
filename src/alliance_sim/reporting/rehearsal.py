"""A rehearsal for reading: as text for the terminal, as records, and as one HTML page."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.state import Gate
from alliance_sim.reporting.templating import page_environment
from alliance_sim.runtime.rehearsal.outcome import InCodes, InWords, Told
from alliance_sim.runtime.rehearsal.rehearse import Rehearsal

WIDTH = 33
"""Places of a strip: the scale of 0–4 in eighths."""
MARKS = "·░▒▓█"
"""From no session at a place to many."""


def record(rehearsal: Rehearsal) -> dict[str, Any]:
    """Everything as plain data; shares 0–1, scores 0–4, turns from 1."""
    return {
        "scenario": rehearsal.scenario,
        "settings": asdict(rehearsal.settings),
        "codes": {name: asdict(found) for name, found in rehearsal.codes.items()},
        "words": {name: asdict(found) for name, found in rehearsal.words.items()},
        "verdicts": [asdict(verdict) for verdict in rehearsal.verdicts],
        "holds": rehearsal.holds,
    }


def lines(rehearsal: Rehearsal, scenario: Scenario) -> Iterator[str]:
    """The report as lines of text, none longer than 100 characters but for a verdict's."""
    settings = rehearsal.settings
    yield f"{scenario.id}: {printable(scenario.title, lines=False)}"
    yield ""
    yield f"In moves, {settings.hours} sessions of {settings.turns} turns each"
    yield (
        f"  {'':<9}{'drop-out':<20}{'facts':<12}{'feelings':<12}{'painful':<12}"
        f"{'core':<12}ruptures  repaired"
    )
    for name, codes in rehearsal.codes.items():
        yield _codes(name, codes)
    if rehearsal.words:
        yield ""
        yield from _words(rehearsal, scenario)
    yield ""
    for verdict in rehearsal.verdicts:
        mark = "as expected" if verdict.holds else "NOT SO"
        yield f"  {verdict.expected}: {verdict.seen} — {mark}"


def _codes(name: str, codes: InCodes) -> str:
    gates = "".join(f"{_told(codes.gates[gate]):<12}" for gate in Gate)
    numbers = f"{codes.ruptures:>8.1f}  {codes.repairs:>8.1f}"
    return f"  {name:<9}{codes.dropout!s:<20}{gates}{numbers}"


def _told(told: Told) -> str:
    return "–" if told.turn is None else f"{told.share:.0%} at {told.turn:g}"


def _words(rehearsal: Rehearsal, scenario: Scenario) -> Iterator[str]:
    settings = rehearsal.settings
    yield f"In words, {settings.sessions} sessions of {settings.turns} turns each"
    yield f"  {'':<9}{'overall score':<20}0{'1':>8}{'2':>8}{'3':>8}{'4':>8}  drop-out  told"
    for name, words in rehearsal.words.items():
        score = "not observed" if words.overall is None else str(words.overall)
        told = sum(told.share for told in words.told.values())
        row = f"{score:<20}{strip(words.values)}  {words.dropout.value:>8.2f}  {told:.1f}"
        yield f"  {name:<9}{row}"
    yield ""
    yield from _rubrics(rehearsal)
    yield from _unseen(rehearsal, scenario)


def _rubrics(rehearsal: Rehearsal) -> Iterator[str]:
    names = list(rehearsal.words)
    rubrics = dict.fromkeys(r for words in rehearsal.words.values() for r in words.scores)
    yield "  " + " " * 19 + "".join(f"{name:>9}" for name in names)
    for rubric in rubrics:
        cells = "".join(f"{_score(rehearsal.words[name], rubric):>9}" for name in names)
        yield f"  {rubric:<19}{cells}"


def _score(words: InWords, rubric: str) -> str:
    found = words.scores.get(rubric)
    return "–" if found is None else f"{found.value:.1f}"


def _unseen(rehearsal: Rehearsal, scenario: Scenario) -> Iterator[str]:
    """What no session of any trainee came to."""
    played = list(rehearsal.words.values())
    told = [d.id for d in scenario.disclosures if not any(w.told[d.id].share for w in played)]
    events = [e.id for e in scenario.events if not any(w.events[e.id] for w in played)]
    for what, names in (("never told", told), ("never happened", events)):
        if names:
            yield f"  {what}: {', '.join(names)}"


def strip(values: Sequence[float]) -> str:
    """Where scores of 0–4 lie, as a strip of `WIDTH` characters; the darkest is the most common."""
    counts = [0] * WIDTH
    for value in values:
        counts[round(value / 4 * (WIDTH - 1))] += 1
    most = max(counts) or 1
    return "".join(MARKS[-(-count * (len(MARKS) - 1) // most)] for count in counts)


def render_page(rehearsals: Sequence[Rehearsal], scenarios: Sequence[Scenario]) -> str:
    """One page for a rehearsal or several: no scripts, and nothing is loaded."""
    template = page_environment().get_template("rehearsal.html.j2")
    pairs = list(zip(rehearsals, scenarios, strict=True))
    text: str = template.render(pairs=pairs, gates=list(Gate), told=_told, dots=_dots)
    return text


def _dots(values: Sequence[float]) -> list[tuple[float, float]]:
    """Places of a strip plot, 0–100 across and 0–12 down: scores that are alike are stacked."""
    seen: dict[int, int] = {}
    placed = []
    for value in sorted(values):
        column = round(value * 10)
        seen[column] = seen.get(column, 0) + 1
        placed.append((round(value * 25, 1), 12.0 - 3.0 * min(seen[column] - 1, 3)))
    return placed
