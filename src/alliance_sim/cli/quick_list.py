"""`sessions list` without the libraries that take longer to load than the list to read.

Only what is written in the plainest way, on a store that is in order, is answered here; all else
is left to the command itself, which reads and prints the same.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from alliance_sim.cli.wiring import narrate, store_name
from alliance_sim.store.glance import glance

USUAL_LIMIT = 50
"""Sessions that are listed where no number is given."""

MOST_DIGITS = 9
"""Of a number that is read here."""


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    scenario: str | None = None
    limit: int = USUAL_LIMIT
    store: str | None = None


class Listed(Protocol):
    """What is shown of a session; see `summary.SessionSummary`."""

    @property
    def id(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def turns(self) -> int: ...
    @property
    def ending(self) -> str | None: ...
    @property
    def overall(self) -> float | None: ...


def listed(words: Sequence[str]) -> bool:
    """Answer the words of a command line; False where they are left to the command, unanswered.

    Raises OSError where standard output is closed.
    """
    asked = read(words)
    if asked is None:
        return False
    found = glance(store_name(asked.store), limit=asked.limit, scenario=asked.scenario)
    if found is None:
        return False
    print_sessions(*found)
    return True


def read(words: Sequence[str]) -> Asked | None:
    """The options, where the words are `sessions list` and each option is written out with its
    value; else None."""
    if list(words[:2]) != ["sessions", "list"]:
        return None
    given: dict[str, str] = {}
    for name, value in _pairs(words[2:]):
        # Empty, or what may be an option itself: for the command to judge.
        if name not in {"--scenario", "--limit", "--store"} or not value or value[0] == "-":
            return None
        given[name] = value
    limit = given.get("--limit", str(USUAL_LIMIT))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= MOST_DIGITS and int(limit)):
        return None
    return Asked(given.get("--scenario"), int(limit), given.get("--store"))


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        yield name, value if equals else next(rest, "")


def print_sessions(rows: Sequence[Listed], count: int) -> None:
    """One line a session on stdout; on stderr how many of all `count` are not among them."""
    for row in rows:
        overall = "-" if row.overall is None else f"{row.overall:.1f}"
        said = (row.id, row.scenario, f"{row.turns} turns", row.ending or "open", overall)
        sys.stdout.write("\t".join(said) + "\n")
    sys.stdout.flush()  # while a reader that has gone is still no failure
    if not rows:
        narrate("No sessions yet. Begin one with: alliance-sim")
    if count > len(rows):
        narrate(f"and {count - len(rows)} older; --limit {count} lists them all")
