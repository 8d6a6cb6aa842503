"""Scenario and rubric files as models, or every problem of the file at once."""

import json
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from alliance_sim.authoring.findings import Finding
from alliance_sim.authoring.lint import scenario_warnings
from alliance_sim.authoring.plain_errors import translate
from alliance_sim.authoring.problems import (
    FileProblems,
    Fix,
    Problem,
    Severity,
    errors_of,
    quoted,
)
from alliance_sim.authoring.reach import reach_warnings
from alliance_sim.authoring.rubric_checks import rubric_errors, rubric_warnings
from alliance_sim.authoring.scenario_checks import scenario_errors
from alliance_sim.authoring.wording import wording_findings
from alliance_sim.authoring.yaml_source import Source, parse_yaml, read_yaml
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario

SCHEMA_LINE = "yaml-language-server: $schema="
"""By this an editor finds the schema."""

_HEAD = 2_000
"""Characters within which it must stand."""

_LONGEST_TEXT = 60
"""Lines that a text of a file may run over."""

_ENOUGH = 1_000
"""Problems of one sort that are put into words: a file may have very many, and few are shown."""

Model = TypeVar("Model", bound=BaseModel)


def load_scenario(path: Path, types: Collection[str] | None = None) -> Scenario:
    """The scenario in a file named after its id.

    `types` are the client types that exist; None leaves `state.type` unchecked. Raises
    FileProblems (an InputProblem) with every error of the file, each at its line and column.
    """
    source = read_yaml(path)
    return _loaded(source, Scenario, scenario_errors(source.data, path.stem, types))


def load_rubric(path: Path) -> Rubric:
    """The rubric in a file named after its id. Raises FileProblems with every error of it."""
    source = read_yaml(path)
    return _loaded(source, Rubric, rubric_errors(source.data, path.stem))


def rubric_of(text: str, rubric_id: str) -> Rubric:
    """As `load_rubric`, from the text of a file that would bear the id as its name."""
    source = parse_yaml(text, f"{rubric_id}.yaml")
    return _loaded(source, Rubric, rubric_errors(source.data, rubric_id))


def check_scenario(path: Path, types: Collection[str] | None = None) -> tuple[Problem, ...]:
    """All problems of a scenario file, warnings too, by line. Raises nothing."""
    try:
        source = read_yaml(path)
    except FileProblems as stopped:
        return stopped.problems
    findings = [
        *scenario_errors(source.data, path.stem, types),
        *scenario_warnings(source.data),
        *reach_warnings(source.data),
        *wording_findings(source.data),
    ]
    return (*_schema_line(source), *_judged(source, Scenario, findings)[1])


def check_rubric(path: Path) -> tuple[Problem, ...]:
    """All problems of a rubric file, warnings too, by line. Raises nothing."""
    try:
        source = read_yaml(path)
    except FileProblems as stopped:
        return stopped.problems
    findings = [*rubric_errors(source.data, path.stem), *rubric_warnings(source.data)]
    return (*_schema_line(source), *_judged(source, Rubric, findings)[1])


def _schema_line(source: Source) -> Iterator[Problem]:
    """A file that no editor can help with: it does not say which schema it follows."""
    if SCHEMA_LINE not in source.text[:_HEAD]:
        message = f"the file has no line {quoted(f'# {SCHEMA_LINE}…')}; begin it with one"
        yield Problem(source.path, 1, 1, message, Severity.WARNING, "schema-line")


def _loaded(source: Source, model: type[Model], findings: Iterable[Finding]) -> Model:
    loaded, problems = _judged(source, model, findings)
    errors = errors_of(problems)
    if errors or loaded is None:
        raise FileProblems(errors)
    return loaded


def _judged(
    source: Source, model: type[Model], findings: Iterable[Finding]
) -> tuple[Model | None, tuple[Problem, ...]]:
    """The model, or None where the schema is not met; and all problems in the file's order."""
    loaded = None
    problems = [*source.problems, *islice(_placed(source, findings), _ENOUGH)]
    try:
        # Through JSON, because only there does strictness leave lists and choices alone while it
        # refuses a yes for a number or a number for text.
        loaded = model.model_validate_json(json.dumps(source.data), strict=True)
    except ValidationError as invalid:
        problems += translate(source, model, invalid.errors(include_url=False)[:_ENOUGH])
    ordered = sorted(set(problems), key=lambda p: (p.line, p.col, p.severity, p.message))
    return loaded, tuple(ordered)


def _placed(source: Source, findings: Iterable[Finding]) -> Iterator[Problem]:
    for finding in findings:
        if source.in_hole(finding.loc):
            continue
        mark = source.key(finding.loc) if finding.on_key else source.value(finding.loc)
        yield Problem(
            source.path,
            mark.line,
            mark.col,
            finding.message,
            finding.severity,
            finding.rule,
            _fix(source, finding, mark.line),
        )


def _fix(source: Source, finding: Finding, line: int) -> Fix | None:
    """Where the words to be mended stand: on the finding's line, or further down in its text."""
    if finding.mend is None:
        return None
    old, new = finding.mend
    for number, text in enumerate(source.text.split("\n")[line - 1 :], start=line):
        if (col := text.find(old)) >= 0:
            return Fix(number, col + 1, old, new)
        if number - line > _LONGEST_TEXT:
            break
    return None
