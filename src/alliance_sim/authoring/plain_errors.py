"""The model's complaints about a file's data, in sentences that say what would be right."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from alliance_sim.authoring.findings import place
from alliance_sim.authoring.problems import SURE, Fix, Problem, closest, listed, nearest, quoted
from alliance_sim.authoring.shape import fields_at
from alliance_sim.authoring.yaml_source import Loc, Mark, Source

_PATTERNS = {
    r"^[a-z][a-z0-9_]{0,47}$": "lower-case letters, digits and _, beginning with a letter",
    r"^\d+\.\d+\.\d+$": 'three numbers with dots, as in "1.0.0"',
    r"^[a-z]{2}(-[A-Z]{2})?$": 'a language code, as in "en" or "en-GB"',
}


def translate(source: Source, model: type[BaseModel], errors: list[ErrorDetails]) -> list[Problem]:
    """A problem for each error whose place in the file is known to hold real data."""
    problems = []
    for error in errors:
        loc = error["loc"]
        if source.in_hole(loc) or _follows(error):
            continue
        mark, message = _explain(source, model, loc, error)
        fix = _fix(source, model, loc, error, mark)
        problem = Problem(source.path, mark.line, mark.col, message, rule="schema", fix=fix)
        problems.append(problem)
    return problems


def _fix(
    source: Source, model: type[BaseModel], loc: Loc, error: ErrorDetails, mark: Mark
) -> Fix | None:
    """A misspelled field or choice that can only be one other; None where that is not sure."""
    kind = error["type"]
    if kind == "extra_forbidden" and loc and isinstance(loc[-1], str):
        taken = {name[-1] for name in source.siblings(loc)}
        free = [name for name in fields_at(model, loc[:-1]) if name not in taken]
        close = closest(loc[-1], free, alike=SURE)
        return Fix(mark.line, mark.col, loc[-1], close) if close else None
    if kind in {"enum", "literal_error"} and isinstance(error["input"], str):
        choices = [w.strip("' ") for w in _words(str(error.get("ctx", {}).get("expected", "")))]
        close = closest(error["input"], choices, alike=SURE)
        return Fix(mark.line, mark.col, error["input"], close) if close else None
    return None


def _follows(error: ErrorDetails) -> bool:
    """Whether a list is called too short only because items of it are wrong, which is said."""
    value = error["input"]
    return (
        error["type"] == "too_short"
        and isinstance(value, list)
        and len(value) >= error["ctx"]["min_length"]
    )


def _explain(
    source: Source, model: type[BaseModel], loc: Loc, error: ErrorDetails
) -> tuple[Mark, str]:
    kind = error["type"]
    if loc and loc[-1] == "[key]":
        inner = loc[:-1]
        return source.key(inner), f"a field {about_value(error, source.raw.get(inner, ''))}"
    if kind == "missing":
        return source.key(loc[:-1]), _missing(model, loc)
    if kind == "extra_forbidden":
        return source.key(loc), _extra(model, loc)
    if kind == "value_error":
        return source.value(loc), f"{place(loc) or 'the file'}: {error['ctx']['error']}"
    return source.value(
        loc
    ), f"{place(loc) or 'the file'} {about_value(error, source.raw.get(loc, ''))}"


def _missing(model: type[BaseModel], loc: Loc) -> str:
    if isinstance(loc[-1], int):
        return f"{place(loc[:-1])} has no item {loc[-1] + 1}; add it"
    name = loc[-1]
    description = fields_at(model, loc[:-1]).get(name, "")
    what = f"{place(loc[:-1])} has no {quoted(name)}" if loc[1:] else f"there is no {quoted(name)}"
    return f"{what}; add it{f' ({description})' if description else ''}"


def _extra(model: type[BaseModel], loc: Loc) -> str:
    name, known = str(loc[-1]), fields_at(model, loc[:-1])
    where = f" in {place(loc[:-1])}" if loc[1:] else ""
    hint = nearest(name, known) or f"; the fields are {listed(known)}"
    return f"there is no field {quoted(name)}{where}{hint}"


def about_value(error: ErrorDetails, raw: str = "") -> str:
    """What is wrong with one value, to be read after the field's name: `is empty; give it …`.

    `raw` is how the value is written in the file, where that differs from how it reads.
    """
    value, context = error["input"], error.get("ctx", {})
    if value is None:
        return "is empty; give it a value, or leave the field out if it is optional"
    explain = _KINDS.get(error["type"])
    if explain is None:
        return f"is not right: {error['msg'][:1].lower()}{error['msg'][1:]}"
    return explain(value, context, raw or str(value))


def _text(value: Any, _context: dict[str, Any], raw: str) -> str:
    if isinstance(value, dict):
        return 'should be text and has a ": " in it; put the whole line in quotes'
    if isinstance(value, list):
        return "should be text and is a list; put text that begins with [ or - in quotes"
    if isinstance(value, bool):
        means = "true" if value else "false"
        return f"should be text; {raw} without quotes means {means}: write {quoted(raw)}"
    return f"should be text and {raw} is a number; write {quoted(raw)}"


def _number(value: Any, _context: dict[str, Any], _raw: str) -> str:
    if isinstance(value, bool):
        return "should be a number; yes, no, on and off are not"
    try:
        float(value)
    except (TypeError, ValueError):
        return f"should be a number, not {_what(value)}"
    return f"should be a whole number, not {quoted(value)}, and without quotes"


def _choice(value: Any, context: dict[str, Any], _raw: str) -> str:
    choices = [word.strip("' ") for word in _words(str(context["expected"]))]
    hint = nearest(str(value), choices) or f"; choose {listed(choices)}"
    return f"cannot be {_what(value)}{hint}"


def _words(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _pattern(value: Any, context: dict[str, Any], _raw: str) -> str:
    pattern = str(context["pattern"])
    return f"is {quoted(value)}; it should be {_PATTERNS.get(pattern, pattern)}"


def _list(value: Any, _context: dict[str, Any], _raw: str) -> str:
    return f'should be a list, not {_what(value)}; begin each item on its own line with "- "'


def _fields(value: Any, _context: dict[str, Any], _raw: str) -> str:
    return f'should hold fields ("name: value" lines), not {_what(value)}'


def _what(value: Any) -> str:
    if isinstance(value, dict):
        return "fields"
    return "a list" if isinstance(value, list) else quoted(value)


def _limit(words: str, key: str) -> Callable[[Any, dict[str, Any], str], str]:
    def explain(value: Any, context: dict[str, Any], _raw: str) -> str:
        return f"is {value}; it should be {words} {context[key]:g}"

    return explain


def _short(value: Any, context: dict[str, Any], _raw: str) -> str:
    if not str(value).strip():
        return "is empty; write something between the quotes"
    return f"has {len(str(value))} characters; it needs at least {context['min_length']}"


def _long(value: Any, context: dict[str, Any], _raw: str) -> str:
    return f"has {len(str(value))} characters; at most {context['max_length']} fit"


def _few(value: Any, context: dict[str, Any], _raw: str) -> str:
    return f"has {len(value)} items; it needs at least {context['min_length']}"


def _many(value: Any, context: dict[str, Any], _raw: str) -> str:
    return f"has {len(value)} items; at most {context['max_length']} fit"


def _flag(value: Any, _context: dict[str, Any], _raw: str) -> str:
    return f"should be true or false without quotes, not {_what(value)}"


_KINDS: dict[str, Callable[[Any, dict[str, Any], str], str]] = {
    "string_type": _text,
    "int_type": _number,
    "int_parsing": _number,
    "float_parsing": _number,
    "int_from_float": _number,
    "float_type": _number,
    "bool_type": _flag,
    "bool_parsing": _flag,
    "enum": _choice,
    "literal_error": _choice,
    "string_pattern_mismatch": _pattern,
    "tuple_type": _list,
    "list_type": _list,
    "dict_type": _fields,
    "model_type": _fields,
    "model_attributes_type": _fields,
    "string_too_short": _short,
    "string_too_long": _long,
    "too_short": _few,
    "too_long": _many,
    "greater_than": _limit("above", "gt"),
    "greater_than_equal": _limit("at least", "ge"),
    "less_than": _limit("below", "lt"),
    "less_than_equal": _limit("at most", "le"),
}
