"""JSON Schemas of the files that people write, from the very models that load them.

`python -m alliance_sim.authoring.schema FOLDER` writes them for editors.
"""

import json
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import OPTIONAL_REACTIONS, Reaction, Scenario


def scenario_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a scenario file."""
    schema = _schema(Scenario, "A simulated client of alliance-sim")
    # The model lets a reaction be absent; the check beside it does not.
    needed = [kind.value for kind in Reaction if kind not in OPTIONAL_REACTIONS]
    schema["properties"]["reactions"]["required"] = needed
    return schema


def rubric_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a rubric file."""
    return _schema(Rubric, "A rubric of alliance-sim")


def schema_files() -> dict[str, str]:
    """The text of each schema file by its name."""
    schemas = {"scenario": scenario_schema(), "rubric": rubric_schema()}
    return {
        f"{name}.schema.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def field_help() -> dict[str, dict[str, tuple[str, Any]]]:
    """By model and field: what it is for, and an example."""
    return {
        part: {name: (told[0], told[1]) for name, told in given.items()}
        for part, given in _fields().items()
    }


@cache
def _fields() -> dict[str, dict[str, list[Any]]]:
    text = files("alliance_sim.authoring").joinpath("fields.yaml").read_text(encoding="utf-8")
    loaded: dict[str, dict[str, list[Any]]] = yaml.safe_load(text)
    return loaded


def _schema(model: type[BaseModel], title: str) -> dict[str, Any]:
    schema = model.model_json_schema(by_alias=True)
    help_ = field_help()
    for name, part in {model.__name__: schema, **schema["$defs"]}.items():
        for each, properties in part.get("properties", {}).items():
            properties.setdefault("title", each.replace("_", " ").capitalize())
            if each in help_.get(name, {}):
                description, example = help_[name][each]
                properties |= {"description": description, "examples": [example]}
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, **schema, "title": title}


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _write(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/schema"))
