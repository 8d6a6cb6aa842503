from typing import Annotated, get_args

import pytest
from pydantic import BaseModel, TypeAdapter

from alliance_sim.authoring.library import shipped_root
from alliance_sim.authoring.reference import reference
from alliance_sim.authoring.schema import (
    field_help,
    rubric_schema,
    scenario_schema,
    schema_files,
)
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Reaction, Scenario


@pytest.mark.parametrize("name", ["scenario.schema.json", "rubric.schema.json"])
def test_the_committed_files_are_up_to_date(name: str) -> None:
    committed = shipped_root() / "docs" / "schema" / name
    text = committed.read_text(encoding="utf-8")
    assert text == schema_files()[name], "run: python -m alliance_sim.authoring.schema docs/schema"


def test_fields_have_the_names_that_files_use() -> None:
    scenario, rubric = scenario_schema(), rubric_schema()
    assert "register" in scenario["$defs"]["Voice"]["properties"]
    assert set(rubric["$defs"]["Anchors"]["properties"]) == set("01234")
    assert scenario["additionalProperties"] is False


def test_reactions_are_required_but_for_two_that_have_others_to_stand_in() -> None:
    reactions = scenario_schema()["properties"]["reactions"]
    optional = {"machine", "takeaway"}
    assert reactions["required"] == [kind.value for kind in Reaction if kind not in optional]
    assert optional <= set(scenario_schema()["$defs"]["Reaction"]["enum"])


def _parts():
    for root, schema in ((Scenario, scenario_schema()), (Rubric, rubric_schema())):
        for name, part in {root.__name__: schema, **schema["$defs"]}.items():
            for field, told in part.get("properties", {}).items():
                yield pytest.param(told, id=f"{name}.{field}")


@pytest.mark.parametrize("told", list(_parts()))
def test_every_field_tells_an_editor_what_it_is_for(told) -> None:
    assert told["title"]
    assert told["description"]
    assert len(told["examples"]) == 1


def _examples():
    models = {model.__name__: model for model in _models(Scenario) | _models(Rubric)}
    for part, fields in field_help().items():
        for name, (_, example) in fields.items():
            yield pytest.param(models[part], name, example, id=f"{part}.{name}")


def _models(root: type[BaseModel]) -> set[type[BaseModel]]:
    found, waiting = set(), [root]
    while waiting:
        model = waiting.pop()
        if model in found:
            continue
        found.add(model)
        for field in model.model_fields.values():
            waiting += [t for t in _types(field.annotation) if issubclass(t, BaseModel)]
    return found


def _types(annotation) -> list[type]:
    inner = get_args(annotation)
    if not inner:
        return [annotation] if isinstance(annotation, type) else []
    return [each for part in inner for each in _types(part)]


@pytest.mark.parametrize(("model", "name", "example"), list(_examples()))
def test_an_example_is_valid_in_its_place(model, name, example) -> None:
    by_alias = {field.alias or own: own for own, field in model.model_fields.items()}
    field = model.model_fields[by_alias[name]]
    if any(issubclass(t, BaseModel) for t in _types(field.annotation)) or isinstance(example, dict):
        return  # a piece of something larger, for reading only
    annotated = Annotated[(field.annotation, *field.metadata)] if field.metadata else None
    TypeAdapter(annotated or field.annotation).validate_python(example)


def test_the_reference_has_every_field() -> None:
    page = reference()
    for part in field_help().values():
        for name in part:
            assert f"| `{name}`" in page
