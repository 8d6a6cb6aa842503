"""Answers of a judge that tests make up, in the shape that a request asks for."""

import json
from collections.abc import Mapping
from typing import Any

from alliance_sim.llm.port import Request


def data_of(request: Request) -> dict[str, Any]:
    """The data block of a request; fails unless there is exactly one, on one line."""
    marker = request.messages[0].content.rstrip().rsplit("\n", 1)[1]
    lines = request.messages[1].content.split("\n")
    assert lines[0] == f"BEGIN CONVERSATION {marker}"
    assert lines[2] == f"END CONVERSATION {marker}"
    assert marker not in lines[1]
    assert request.messages[1].content.count(marker) == 2
    assert len(lines) == 4
    return json.loads(lines[1])


def asked(request: Request) -> dict[str, list[str]]:
    """The criteria that a request's schema asks for, by rubric."""
    assert request.schema is not None
    rubrics = request.schema.schema["properties"]["rubrics"]["properties"]
    return {
        key: list(value["properties"]["criteria"]["properties"]) for key, value in rubrics.items()
    }


def verdict(
    level: float | None, *quotes: tuple[int, str], why: str | None = None
) -> dict[str, Any]:
    """An answer about one criterion."""
    evidence = [{"turn": turn, "quote": quote, "level": level} for turn, quote in quotes]
    return {"evidence": evidence, "rationale": "Because.", "level": level, "why_null": why}


def answer(
    request: Request,
    usual: Mapping[str, Any],
    others: Mapping[tuple[str, str], Any] | None = None,
    whole: float | None = 3,
) -> dict[str, Any]:
    """An answer to everything that is asked: `usual` for each criterion, `others` where given."""
    others = others or {}
    return {
        "rubrics": {
            rubric: {
                "criteria": {name: others.get((rubric, name), usual) for name in names},
                "rationale": "All in all.",
                "level": whole,
                "why_null": None if whole is not None else "Nothing called for it.",
            }
            for rubric, names in asked(request).items()
        }
    }
