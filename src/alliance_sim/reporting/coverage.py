"""The table of what can be practised, and where: made from the files themselves.

python -m alliance_sim.reporting.coverage docs/coverage.md
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.authoring.practice import Row, load_practice
from alliance_sim.domain.scenario import Scenario

_HEAD = """\
# What can be practised, and where

Eighty things that the literature on the working alliance asks of a beginner, with the moments of
the library in which a trainee can show them and the criteria by which they are scored. This page is
made from the scenario and rubric files (`make docs`); a row without a place fails the tests.

| | What is asked | Moments | Criteria |
|---|---|---|---|
"""
ANYWHERE = "any session"
AFTERWARDS = "the reflection after the session"


def places(row: Row, scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Where a row can be observed: `scenario: event`, any session, or the reflection."""
    found = tuple(
        f"{scenario.id}: {event.id}"
        for scenario in scenarios
        for event in scenario.events
        if row.id in event.practises
    )
    if row.where == "any":
        return (ANYWHERE, *found)
    return (AFTERWARDS, *found) if row.where == "debrief" else found


def table(scenarios: Sequence[Scenario]) -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_lines(scenarios))


def _lines(scenarios: Sequence[Scenario]) -> Iterator[str]:
    for number, row in enumerate(load_practice(), 1):
        moments = ", ".join(places(row, scenarios)) or "–"
        criteria = ", ".join(row.criteria) or "never scored"
        yield f"| {number} | {row.claim} | {moments} | {criteria} |\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(table(Library([shipped_root()]).scenarios()), encoding="utf-8")
