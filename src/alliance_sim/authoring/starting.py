"""A new scenario or rubric from a few answers: a commented file that plays, and passes `check`."""

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jinja2 import PackageLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.authoring.files import replace_text
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class ScenarioAnswers:
    """What `scenario new` asks."""

    id: str
    title: str
    name: str
    age: int
    pronouns: str
    type: str
    referral: str
    concern: str
    expected: dict[str, tuple[float, float]]
    """By policy: lowest and highest drop-out, 0–1."""


@dataclass(frozen=True)
class RubricAnswers:
    """What `rubric new` asks."""

    id: str
    title: str
    about: str
    weight: float
    scope: str


def id_from(title: str) -> str:
    """An id made of a title: `number_four`. Empty where nothing of it can be used."""
    plain = _NOT_IN_AN_ID.sub("_", title.casefold()).strip("_")
    return plain.lstrip("0123456789_")[:48].rstrip("_")


def check_id(name: str) -> str:
    """The id. Raises UsageProblem for one that cannot be one."""
    if not _ID.fullmatch(name):
        raise UsageProblem(
            f"{printable(name, lines=False)!r} cannot be an id; use lower-case letters, digits "
            "and _, beginning with a letter"
        )
    return name


def scenario_text(answers: ScenarioAnswers, file: Path, schema: str) -> str:
    """The file's text. `schema` is what its first line points an editor to."""
    template = _environment().get_template("scenario.yaml.j2")
    values: dict[str, Any] = vars(answers) | {
        "summary": f"{answers.name}, {answers.age}. {answers.concern}"[:240],
        "file": file.as_posix(),
        "schema": schema,
        "reactions": _reactions(),
    }
    text: str = template.render(**values)
    return text


def rubric_text(answers: RubricAnswers, file: Path, schema: str) -> str:
    """As `scenario_text`, for a rubric."""
    template = _environment().get_template("rubric.yaml.j2")
    text: str = template.render(**vars(answers), file=file.as_posix(), schema=schema)
    return text


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet; folders are made. Raises UsageProblem where it is."""
    if path.exists():
        raise UsageProblem(f"{path} is there already; choose another --id, or edit that file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageProblem(f"{path.parent}: {error.strerror}; name another folder") from None
    replace_text(path, text)


@cache
def _reactions() -> dict[str, list[str]]:
    folder = files("alliance_sim.authoring").joinpath("starter")
    loaded: dict[str, list[str]] = yaml.safe_load(
        folder.joinpath("reactions.yaml").read_text(encoding="utf-8")
    )
    return loaded


@cache
def _environment() -> SandboxedEnvironment:
    # Not HTML: `quoted` makes YAML of every value.
    environment = SandboxedEnvironment(
        loader=PackageLoader("alliance_sim.authoring", "starter"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    # A JSON string is a YAML string too, whatever is in it.
    environment.filters["quoted"] = lambda value: json.dumps(value, ensure_ascii=False)
    environment.filters["plain"] = lambda value: printable(value, lines=False)
    return environment
