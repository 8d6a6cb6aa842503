"""Replies of a given shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.llm.port import Message, Schema
from alliance_sim.llm.structured import extract, instructed, strict

LEVEL = Schema("level", {"type": "object", "required": ["level"]})


@pytest.mark.parametrize(
    "text",
    [
        '{"level": 2}',
        ' \n{"level": 2}\n',
        '```json\n{"level": 2}\n```',
        'Here it is: {"level": 2}. Anything else?',
        '[{"level": 2}]',
        '<think>{"level": 0} or {maybe}?</think>\n{"level": 2}',
        'As in {"example": {"level": 9}} I say {"level": 2}',
        '{"level": 2} which is better than {"a": 1}',
    ],
)
def test_the_object_is_found(text):
    assert extract(text, LEVEL) == {"level": 2}


@pytest.mark.parametrize(
    "text", ["", "two", "2", "[]", '{"levels": 2}', '{"level": 2', '{"level": NaN}', "{" * 5000]
)
def test_no_object_is_made_up(text):
    assert extract(text, LEVEL) is None


def test_depth_is_survived():
    assert extract('{"level":' * 100_000, LEVEL) is None


@given(st.dictionaries(st.text(), st.integers() | st.text()), st.text(alphabet="ab \n`.:"))
def test_words_around_an_object_do_not_matter(data, around):
    data = {**data, "level": 3}
    assert extract(f"{around}{json.dumps(data)}{around}", LEVEL) == data


def test_strict_schemas_require_all_and_allow_no_more():
    inner = {"type": "object", "properties": {"default": {"type": "string", "default": "x"}}}
    schema = {
        "title": "Outer",
        "type": "object",
        "properties": {"title": {"$ref": "#/$defs/inner"}, "b": {"type": "array", "items": inner}},
        "required": ["title"],
        "$defs": {"inner": inner},
    }
    made = strict(schema)
    assert "title" not in made
    assert made["required"] == ["title", "b"]
    for part in (made["$defs"]["inner"], made["properties"]["b"]["items"]):
        assert part["required"] == ["default"]
        assert part["additionalProperties"] is False
        assert part["properties"] == {"default": {"type": "string"}}
    assert schema["required"] == ["title"], "the given schema stays as it was"


def test_the_schema_goes_into_the_system_message():
    (system, user) = instructed((Message("system", "Judge."), Message("user", "T: Hi")), LEVEL)
    assert system.content.startswith("Judge.\n\n")
    assert json.dumps(LEVEL.schema) in system.content
    assert user == Message("user", "T: Hi")
    assert instructed((user,), LEVEL)[0].role == "system"
