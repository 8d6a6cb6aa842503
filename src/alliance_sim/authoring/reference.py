"""The field reference of scenario and rubric files, from the models that load them.

python -m alliance_sim.authoring.reference docs/reference.md
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alliance_sim.authoring.schema import rubric_schema, scenario_schema
from alliance_sim.domain.codes import Code

_HEAD = """\
# Field reference

Every field of a scenario and of a rubric, made from the models that load the files (`make docs`).
Fields marked with * must be there. Editors show the same text from the schemas that
`alliance-sim scenario schema` and `alliance-sim rubric schema` print.

"""


def reference() -> str:
    """The page as Markdown."""
    return "".join(
        [_HEAD, *_kind("Scenario", scenario_schema()), *_kind("Rubric", rubric_schema()), *_codes()]
    )


def _kind(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}\n\n"
    yield from _part(schema)
    for part, fields in schema["$defs"].items():
        if "properties" in fields:
            yield f"### {name}: {part}\n\n"
            yield from _part(fields)
        elif "enum" in fields and part != "Code":
            choices = ", ".join(f"`{choice}`" for choice in fields["enum"])
            yield f"### {name}: {part}\n\nOne of {choices}.\n\n"


def _part(fields: dict[str, Any]) -> Iterator[str]:
    required = set(fields.get("required", ()))
    yield "| field | value | what it is for | example |\n|---|---|---|---|\n"
    for name, told in fields["properties"].items():
        mark = "*" if name in required else ""
        example = next(iter(told.get("examples", ())), None)
        shown = "" if example is None else f"`{json.dumps(example, ensure_ascii=False)}`"
        row = (f"`{name}`{mark}", _value(told), told.get("description", ""), shown)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
    yield "\n"


def _value(told: dict[str, Any]) -> str:
    """The sort of value, in a word or two."""
    if "$ref" in told:
        return str(told["$ref"]).rpartition("/")[2]
    if "anyOf" in told:
        return " or ".join(_value(each) for each in told["anyOf"] if each.get("type") != "null")
    if told.get("type") == "array":
        items: dict[str, Any] = told.get("items") or next(iter(told.get("prefixItems", ())), {})
        return f"list of {_value(items)}" if items else "list"
    if told.get("type") == "object":
        inner = told.get("additionalProperties")
        return f"names to {_value(inner)}" if isinstance(inner, dict) else "fields"
    if "enum" in told:
        return ", ".join(map(str, told["enum"]))
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
        str(told.get("type")), str(told.get("type", "value"))
    )


def _codes() -> Iterator[str]:
    yield "## Behaviour codes\n\n`met_by`, `hurt_by` and `codes` take these: "
    yield ", ".join(f"`{code.value}`" for code in Code) + ".\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(reference(), encoding="utf-8", newline="\n")
