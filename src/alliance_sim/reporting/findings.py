"""Findings of `check` for people and for machines: text, JSON, SARIF 2.1.0, GitHub annotations."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from alliance_sim.authoring.problems import Problem, Severity
from alliance_sim.authoring.reasons import why
from alliance_sim.domain.clean import printable

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


def text(problems: Sequence[Problem]) -> Iterator[str]:
    """A line a finding; below it, the first time that its rule comes, why it matters."""
    told: set[str] = set()
    for problem in problems:
        rule = f" [{problem.rule}]" if problem.rule else ""
        yield printable(f"{problem}{rule}", lines=False)
        reason = why(problem.rule)
        if reason and problem.rule not in told:
            told.add(problem.rule)
            yield f"    {reason}"


def as_json(problems: Sequence[Problem]) -> Iterator[str]:
    """One JSON list of objects; `fix` is null where no machine can mend it."""
    yield json.dumps([_record(problem) for problem in problems], ensure_ascii=False, indent=2)


def _record(problem: Problem) -> dict[str, Any]:
    fix = problem.fix
    return {
        "path": problem.path,
        "line": problem.line,
        "col": problem.col,
        "severity": problem.severity.value,
        "rule": problem.rule,
        "message": problem.message,
        "why": why(problem.rule),
        "fix": None
        if fix is None
        else {"line": fix.line, "col": fix.col, "old": fix.old, "new": fix.new},
    }


def sarif(problems: Sequence[Problem]) -> Iterator[str]:
    """One SARIF run, for code scanning."""
    rules = sorted({problem.rule for problem in problems if problem.rule})
    driver = {
        "name": "alliance-sim",
        "rules": [{"id": rule, "shortDescription": {"text": why(rule) or rule}} for rule in rules],
    }
    run = {"tool": {"driver": driver}, "results": [_result(problem) for problem in problems]}
    yield json.dumps(
        {"$schema": SARIF, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2
    )


def _result(problem: Problem) -> dict[str, Any]:
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": problem.path.replace("\\", "/")},
            "region": {"startLine": problem.line, "startColumn": problem.col},
        }
    }
    return {
        "ruleId": problem.rule or "file",
        "level": problem.severity.value,
        "message": {"text": problem.message},
        "locations": [place],
    }


def github(problems: Sequence[Problem]) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the lines of a change."""
    for problem in problems:
        kind = "error" if problem.severity is Severity.ERROR else "warning"
        place = f"file={_property(problem.path)},line={problem.line},col={problem.col}"
        title = _property(problem.rule or "alliance-sim")
        yield f"::{kind} {place},title={title}::{_escaped(problem.message)}"


def _escaped(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _escaped(value).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Sequence[Problem]], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "github": github,
}
