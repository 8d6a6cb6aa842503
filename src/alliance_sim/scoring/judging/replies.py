"""The shape of a judge's answer: the types that read it, and the JSON Schema that asks for it.

More than was asked for does no harm, and is passed over. Dictionaries, not models: an answer about
ten rubrics has some two hundred parts, each looked at once.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, NotRequired

from pydantic import Field, StrictInt, TypeAdapter, WithJsonSchema
from typing_extensions import TypedDict

from alliance_sim.domain.rubric import Rubric

_HALVES = [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]

Level = Annotated[
    Annotated[float, Field(strict=True, ge=0, le=4, allow_inf_nan=False)] | None,
    WithJsonSchema({"type": ["number", "null"], "enum": [*_HALVES, None]}),
]
"""0–4, or None: not observed. Halves are asked for; whatever lies between is taken, too."""


class QuoteReply(TypedDict):
    """Words that the judge says stand in a turn."""

    turn: StrictInt
    quote: str
    level: NotRequired[Level]


class WholeReply(TypedDict):
    """The judge on a rubric as a whole."""

    rationale: NotRequired[str]
    level: Level
    why_null: NotRequired[str | None]


class CriterionReply(TypedDict):
    """The judge on one criterion."""

    evidence: NotRequired[tuple[QuoteReply, ...]]
    rationale: NotRequired[str]
    level: Level
    why_null: NotRequired[str | None]


_WHOLE = TypeAdapter(WholeReply)
_CRITERION = TypeAdapter(CriterionReply)


def read_whole(answer: object) -> WholeReply:
    """Raises ValidationError where it is no such answer."""
    return _WHOLE.validate_python(answer)


def read_criterion(answer: object) -> CriterionReply:
    """Raises ValidationError where it is no such answer."""
    return _CRITERION.validate_python(answer)


Wanted = Mapping[str, Sequence[str]]
"""Ids of criteria, by the rubric's id: what is asked for."""


def everything(rubrics: Sequence[Rubric]) -> Wanted:
    """All criteria of the rubrics."""
    return {rubric.id: [criterion.id for criterion in rubric.criteria] for rubric in rubrics}


def schema(wanted: Wanted) -> dict[str, Any]:
    """JSON Schema of an answer to what is asked for.

    Every property is required and none may be added, as strict structured output demands. The
    rubrics stand in one object, so that an answer that lacks one of them is an answer still.
    """
    definitions = _definitions()
    whole = definitions["WholeReply"]["properties"]
    rubrics = {
        rubric: _object({"criteria": _object(dict.fromkeys(names, _TO_CRITERION)), **whole})
        for rubric, names in wanted.items()
    }
    parts = {name: definitions[name] for name in ("CriterionReply", "QuoteReply")}
    return {"$defs": parts, **_object({"rubrics": _object(rubrics)})}


_TO_CRITERION = {"$ref": "#/$defs/CriterionReply"}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


@cache
def _definitions() -> dict[str, Any]:
    """The types' schemas, without what strict structured output does not know."""
    found = {"WholeReply": _WHOLE.json_schema(), "CriterionReply": _CRITERION.json_schema()}
    found |= found["CriterionReply"].pop("$defs")
    for name, definition in found.items():
        properties = {key: _bare(value) for key, value in definition["properties"].items()}
        found[name] = _object(properties)
    return found


def _bare(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key not in {"title", "default"}}
