"""What a model expects at a path into its data: which fields, and what they are for."""

import types
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from alliance_sim.authoring.yaml_source import Loc


def fields_at(model: type[BaseModel], loc: Loc) -> dict[str, str]:
    """The fields that may stand at a path, each with its description, or "".

    Empty where no model stands at that path.
    """
    there = _at(model, loc)
    if there is None:
        return {}
    return {info.alias or name: info.description or "" for name, info in there.model_fields.items()}


def _at(model: type[BaseModel], loc: Loc) -> type[BaseModel] | None:
    here: Any = model
    for step in loc:
        here = _bare(here)
        if isinstance(here, type) and issubclass(here, BaseModel):
            here = _field(here, step)
        else:
            here = _item(here)
        if here is None:
            return None
    here = _bare(here)
    return here if isinstance(here, type) and issubclass(here, BaseModel) else None


def _field(model: type[BaseModel], step: str | int) -> Any:
    for name, info in model.model_fields.items():
        if (info.alias or name) == step:
            return info.annotation
    return None


def _item(annotation: Any) -> Any:
    arguments = get_args(annotation)
    if get_origin(annotation) is dict:
        return arguments[1]
    return arguments[0] if get_origin(annotation) is tuple else None


def _bare(annotation: Any) -> Any:
    """The annotation without `Annotated` and `| None`."""
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            annotation = next(a for a in get_args(annotation) if a is not types.NoneType)
        else:
            return annotation
