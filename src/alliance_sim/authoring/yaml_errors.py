"""The parser's complaints in plain sentences, for someone who has never read the YAML standard."""

import re
from typing import Any, NamedTuple

import yaml

_QUOTE = "put the whole text in quotes"
_INDENT = (
    "the indent fits no line above, or text goes on after a closing quotation mark or bracket; "
    f"align the line, or {_QUOTE}"
)


class _Sentence(NamedTuple):
    """How one kind of complaint, of the parser in C or of the one in Python, is put."""

    pattern: str
    plain: str
    at_start: bool = False
    """The place to show is where the broken piece begins, not where the parser gave up."""


_SENTENCES = (
    _Sentence(
        r"mapping values are not allowed",
        f'a ": " inside unquoted text, or a wrong indent; {_QUOTE}, or align this line',
    ),
    _Sentence(
        r"could not find expected ':'",
        f"a line that is no field; put a colon after its name, indent it, or {_QUOTE}",
        at_start=True,
    ),
    _Sentence(r"alphabetic or numeric", f"text cannot begin with * or & unquoted; {_QUOTE}"),
    _Sentence(
        r"unexpected end of stream|unexpected document (?:indicator|separator)",
        "a quotation mark is opened and not closed; close it with the same mark (\" or ')",
        at_start=True,
    ),
    _Sentence(
        r"expected '?,'? or '?[\]}]",
        f'a bracket is opened and not closed, or text begins with "[" or "{{"; {_QUOTE}',
        at_start=True,
    ),
    _Sentence(
        r"escape",
        'after a backslash in double quotes only n, t, " or another backslash may stand; double it',
    ),
    _Sentence(r"tab character", "a tab where the indent should be; indent with spaces"),
    _Sentence(
        r"comment or line break|chomping|indentation indicator",
        "after | or > only - or + may stand; the text begins on the next line, indented",
    ),
    _Sentence(r"sequence entries are not", 'a "- " cannot stand here; begin a line with it'),
    _Sentence(r"tag|URI|expected (?:the )?'?[!>]", f"tags are not used here; {_QUOTE}"),
    _Sentence(
        r"document start|YAML document|directive|%YAML",
        'remove lines that begin with % and lines of "---" or "..."',
    ),
    _Sentence(r"expected", _INDENT),
)


def plain(error: yaml.MarkedYAMLError, text: str) -> tuple[str, Any]:
    """What is wrong and what would be right; and the parser's mark of the place to show."""
    problem, mark = str(error.problem or ""), error.problem_mark
    if "cannot start any token" in problem:
        return _bad_start(mark, text), mark
    for sentence in _SENTENCES:
        if re.search(sentence.pattern, problem):
            start = error.context_mark if sentence.at_start else None
            return sentence.plain, start or mark
    said = problem or "syntax error"
    return f"not YAML that can be read ({said}); check the line and its indent", mark


def _bad_start(mark: Any, text: str) -> str:
    lines = re.split(r"\r\n|\r|\n", text)
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    char = line[mark.column : mark.column + 1] if mark is not None else ""
    if char == "\t":
        return "a tab where the indent should be; indent with spaces"
    return f"text cannot begin with {char or 'this character'} unquoted; {_QUOTE}"
