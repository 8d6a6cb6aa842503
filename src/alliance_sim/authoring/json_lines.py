"""One line of a JSON Lines text: its object, or what is wrong with it."""

import json
from typing import Any

from alliance_sim.authoring.bounded_lines import Line
from alliance_sim.authoring.problems import Problem, quoted


def object_of(line: Line, name: str) -> dict[str, Any] | Problem:
    """The object that a line holds. `name` is the text's, for the problem."""
    try:
        value = json.loads(line.text)
    except json.JSONDecodeError as error:
        message = f"not JSON ({error.msg.lower()}); write one object a line"
        return Problem(name, line.number, error.colno, message)
    except (ValueError, RecursionError):
        return Problem(name, line.number, 1, "JSON nested too deep, or with too long a number")
    if not isinstance(value, dict):
        message = f"not an object but {quoted(line.text)}; write one object a line, in braces"
        return Problem(name, line.number, 1, message)
    return value
