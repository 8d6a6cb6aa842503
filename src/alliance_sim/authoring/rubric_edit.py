"""A rubric file with a new calibration: its text edited, so that comments and order stay."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from alliance_sim.authoring.problems import FileProblems, whole_file

_VERSION = re.compile(r"^(version:\s*[\"']?)(\d+)\.(\d+)\.(\d+)", re.MULTILINE)
_BLOCK = re.compile(r"^calibration:.*\n(?:(?:[ \t]+.*)?\n)*", re.MULTILINE)
_KEY = re.compile(r"^points:|^phrases:|^judge:", re.MULTILINE)


class Edited(NamedTuple):
    """A rubric's text after the change."""

    text: str
    version: str
    """One patch level above the version before."""


def with_calibration(
    text: str,
    path: str,
    *,
    replies: Sequence[float] | None,
    session: Sequence[float] | None,
    note: str,
) -> Edited:
    """The text with this calibration in place of any other, and its version raised.

    `replies` and `session` are what the levels 0–4 become; None leaves them as the rules say.
    Raises FileProblems where the text has no version on a line of its own.
    """
    found = _VERSION.search(text)
    if found is None:
        message = "no line begins with version:, so it cannot be changed safely; write it so"
        raise FileProblems([whole_file(path, message)])
    major, minor, patch = (int(part) for part in found.groups()[1:])
    version = f"{major}.{minor}.{patch + 1}"
    text = text[: found.start()] + found[1] + version + text[found.end() :]
    text = _BLOCK.sub("", text)
    block = _block(replies, session, note)
    place = _KEY.search(text)
    if place is None:
        joint = "" if text.endswith("\n") else "\n"
        return Edited(text + joint + block, version)
    return Edited(text[: place.start()] + block + text[place.start() :], version)


def _block(replies: Sequence[float] | None, session: Sequence[float] | None, note: str) -> str:
    lines = ["calibration:"]
    for name, knots in (("replies", replies), ("session", session)):
        if knots is not None:
            lines.append(f"  {name}: [{', '.join(f'{level:g}' for level in knots)}]")
    quoted = " ".join(note.split()).replace("'", "''")
    lines.append(f"  note: '{quoted}'")
    return "\n".join(lines) + "\n"
