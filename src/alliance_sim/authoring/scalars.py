"""What an unquoted word of a YAML file means, and the words that do not mean what they seem to.

YAML 1.1 reads `no` as false, `12:30` as 750 and `010` as 8. Yes and no stay booleans, so that a
field that wants one has it and a field that wants text can say so; the others, which no field
wants, are traps.
"""

import math
import re

Scalar = str | int | float | bool | None

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {
    form: value
    for word, value in {
        "yes": True,
        "no": False,
        "true": True,
        "false": False,
        "on": True,
        "off": False,
    }.items()
    for form in (word, word.capitalize(), word.upper())
}
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,14})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,300}\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_TRAPS = (
    (re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"), "a number in base 60"),
    (re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt \t][0-9:.+\-Zz \t]*)?"), "a date"),
    (re.compile(r"[-+]?0[0-7_]+"), "a number in base 8"),
    (re.compile(r"[-+]?0x[0-9a-fA-F_]+"), "a number in base 16"),
    (re.compile(r"[-+]?0b[01_]+"), "a number in base 2"),
    (re.compile(r"[-+]?[0-9][0-9_]*"), "a number"),
    (re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "not a number"),
)


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar: null, a boolean, a plain decimal number, or the text."""
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def trap(text: str) -> str | None:
    """What YAML takes an unquoted scalar for that nobody means, or None where it is none."""
    if text[:1] not in "+-.0123456789" or _INT.fullmatch(text) or _FLOAT.fullmatch(text):
        return None
    for pattern, what in _TRAPS:
        if pattern.fullmatch(text):
            return what
    return None
