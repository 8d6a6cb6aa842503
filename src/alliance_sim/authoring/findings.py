"""Checks beyond the schema: how they look at a file's data, and how they report.

They read plain data and pass over whatever has not the shape they look for, so that a file with
mistakes in its fields is told of its other mistakes too.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from alliance_sim.authoring.problems import Severity
from alliance_sim.authoring.yaml_source import Data, Loc


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake, by its path into the data."""

    loc: Loc
    message: str
    severity: Severity = Severity.ERROR
    on_key: bool = False
    """The mistake is the field's name, or that it lacks something."""
    rule: str = ""
    """Which check found it; `reasons.yaml` says why it matters."""
    mend: tuple[str, str] | None = None
    """Where a machine can mend it: the wrong words as they stand on that line, and the right."""


Check = Callable[[Data], Iterable[Finding]]


def ruled(data: Data, checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """The findings of several checks, each with its rule."""
    for rule, check in checks:
        for finding in check(data):
            yield replace(finding, rule=rule)


def place(loc: Loc) -> str:
    """A path as people write it: `topics[2].lines.open`; list places are counted from 1."""
    text = ""
    for step in loc:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def select(data: Data, pattern: str) -> Iterator[tuple[Loc, Data]]:
    """Every value at a path such as `topics.*.lines.*.*`; `*` is any item or field."""
    found: list[tuple[Loc, Data]] = [((), data)]
    for step in pattern.split("."):
        found = [pair for loc, value in found for pair in _step(loc, value, step)]
    yield from found


def texts(data: Data, *patterns: str) -> Iterator[tuple[Loc, str]]:
    """Every text at any of the paths, in the order of the patterns."""
    for pattern in patterns:
        for loc, value in select(data, pattern):
            if isinstance(value, str):
                yield loc, value


def _step(loc: Loc, value: Data, step: str) -> Iterator[tuple[Loc, Data]]:
    if isinstance(value, list):
        if step == "*":
            for index, item in enumerate(value):
                yield (*loc, index), item
    elif isinstance(value, dict):
        for name, item in value.items():
            if step in ("*", name):
                yield (*loc, name), item


def items(data: Data, name: str) -> Iterator[tuple[Loc, dict[str, Data]]]:
    """The items of a top-level list that hold fields, each with its path."""
    for loc, value in select(data, f"{name}.*"):
        if isinstance(value, dict):
            yield loc, value
