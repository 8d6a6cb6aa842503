import pytest

from alliance_sim.authoring.library import shipped_root
from alliance_sim.authoring.schema import rubric_schema, scenario_schema, schema_files
from alliance_sim.domain.scenario import Reaction


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


def test_all_reactions_are_required() -> None:
    required = scenario_schema()["properties"]["reactions"]["required"]
    assert required == [kind.value for kind in Reaction]
