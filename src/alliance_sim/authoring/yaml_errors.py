"""The parser's complaints in plain sentences, for someone who has never read the YAML standard."""

import re

import yaml

_QUOTE = "put the whole text in quotes"

_SENTENCES = (
    (
        r"mapping values are not allowed",
        f'a ": " inside unquoted text, or a wrong indent; {_QUOTE}, or align this line',
    ),
    (
        r"could not find expected ':'|did not find expected ':'",
        f"a line that is no field; put a colon after its name, indent it, or {_QUOTE}",
    ),
    (r"alphabetic or numeric character", f"text cannot begin with * or & unquoted; {_QUOTE}"),
    (
        r"(?:end of stream|document (?:indicator|separator)).*(?:quoted)?",
        "a quotation mark is opened and not closed; close it with the same mark (\" or ')",
    ),
    (
        r"expected '?,?'? or '?[\]}]|unexpected end of the flow",
        f'a bracket is opened and not closed, or text begins with "[" or "{{"; {_QUOTE}',
    ),
    (r"unknown escape", 'after a backslash inside "…" only n, t, " and \\ may stand; use \\\\'),
    (
        r"expected <block end>|expected key|expected '-' indicator|did not find expected",
        (
            "the indent fits no line above, or text goes on after a closing quotation mark; align "
            f"the line, or {_QUOTE}"
        ),
    ),
    (r"tag (?:handle|shorthand|uri)|undefined tag", f"tags are not used here; {_QUOTE}"),
    (r"undefined alias", f"anchors and aliases are not used here; {_QUOTE}"),
    (r"block sequence entries are not allowed", 'a "- " cannot stand here; begin a line with it'),
    (r"found duplicate anchor", "anchors and aliases are not used here; write the text out"),
    (r"incompatible YAML document|%YAML|directive", "remove the line that begins with %"),
    (r"block scalar", 'after | or > the text begins on the next line, indented; use ">-"'),
)


def plain(error: yaml.MarkedYAMLError, text: str) -> str:
    """What is wrong at the error's mark, and what would be right."""
    problem = str(error.problem or "")
    if "cannot start any token" in problem:
        return _bad_start(error, text)
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, problem):
            return sentence
    return f"not YAML that can be read ({problem or 'syntax error'}); check the line and its indent"


def _bad_start(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    lines = text.splitlines()
    line = lines[mark.line] if mark is not None and mark.line < len(lines) else ""
    char = line[mark.column : mark.column + 1] if mark is not None else ""
    if char == "\t":
        return "a tab where the indent should be; indent with spaces"
    return f"text cannot begin with {char or 'this character'} unquoted; {_QUOTE}"
