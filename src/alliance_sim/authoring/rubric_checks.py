"""What must hold in a rubric beyond its schema."""

from collections.abc import Iterator

from alliance_sim.authoring.findings import Check, Finding, items, ruled, select, texts
from alliance_sim.authoring.known import RUBRICS
from alliance_sim.authoring.problems import Severity, nearest, quoted
from alliance_sim.authoring.yaml_source import Data

_PROSE = (
    "source",
    "about",
    "anchors.*",
    "examples.*.*.reply",
    "examples.*.*.why",
    "does_not_count.*",
    "judge",
)
"""Paths of texts that are shown, and so must not be empty."""


def rubric_errors(data: Data, stem: str) -> Iterator[Finding]:
    """Every breach. `stem` is the file's name without its ending."""
    checks: tuple[tuple[str, Check], ...] = (
        ("id", lambda data: _name(data, stem)),
        ("duplicate-id", _unique_criteria),
        ("empty", _empty_texts),
        ("levels", _levels),
    )
    yield from ruled(data, checks)


def rubric_warnings(data: Data) -> Iterator[Finding]:
    """What an instructor would want to know before using the rubric."""
    yield from ruled(data, [("example", _misplaced_examples), ("judge-only", _judge_only)])


def _misplaced_examples(data: Data) -> Iterator[Finding]:
    for _, sort in select(data, "examples"):
        if not isinstance(sort, dict):
            continue
        for name, wrong in (("positive", _below), ("negative", _above)):
            for loc, level in select(sort, f"{name}.*.level"):
                if isinstance(level, int | float) and wrong(level):
                    message = f"a {name} example of level {level:g}; it belongs to the other list"
                    yield Finding(("examples", *loc), message, Severity.WARNING)


def _below(level: float) -> bool:
    return level < 2


def _above(level: float) -> bool:
    return level > 2


def _name(data: Data, stem: str) -> Iterator[Finding]:
    for loc, name in texts(data, "id"):
        if name != stem:
            message = f"the id is {quoted(name)} and the file {quoted(stem)}; give both one name"
            yield Finding(loc, message)


def _judge_only(data: Data) -> Iterator[Finding]:
    for loc, name in texts(data, "id"):
        if name not in RUBRICS:
            hint = nearest(name, RUBRICS) or "; score it with --scorer judge"
            message = f"the offline scorer has no rules for {quoted(name)} and will leave it out"
            yield Finding(loc, message + hint, Severity.WARNING)


def _unique_criteria(data: Data) -> Iterator[Finding]:
    seen: set[str] = set()
    for loc, name in texts(data, "criteria.*.id"):
        if name in seen:
            yield Finding(loc, f"a second criterion has the id {quoted(name)}; rename one")
        seen.add(name)


def _empty_texts(data: Data) -> Iterator[Finding]:
    for loc, text in texts(data, *_PROSE):
        if not text.strip():
            yield Finding(loc, "the text is empty; write it, or take it out if it is optional")


def _levels(data: Data) -> Iterator[Finding]:
    """The rows of a session rubric's table are told apart by their level."""
    seen: set[float] = set()
    for index, row in enumerate(items(data, "levels")):
        loc, fields = row
        level = fields.get("level")
        if isinstance(level, int | float) and not isinstance(level, bool):
            if level in seen:
                message = f"row {index + 1} is a second one for level {level:g}; join the two"
                yield Finding((*loc, "level"), message)
            seen.add(level)
