"""What people go by in the store, in files and in the names of folders: never their names."""

import re
from typing import Final

from alliance_sim.errors import UsageProblem

PATTERN: Final = r"^[A-Za-z0-9][\w.\-]*$"
"""Nothing in it leads out of a folder, begins an option or a formula, or acts on a terminal."""

LONGEST: Final = 80
"""Characters."""


def is_pseudonym(text: str) -> bool:
    """Whether somebody can go by this."""
    return len(text) <= LONGEST and re.fullmatch(PATTERN, text) is not None


def checked_pseudonym(text: str) -> str:
    """The text, if somebody can go by it. Raises UsageProblem."""
    if not is_pseudonym(text):
        raise UsageProblem(
            f"{text[:LONGEST]!r} is no pseudonym; write letters, digits, - . and _ "
            f"({LONGEST} at most, as in t-k3f9ab), and never a name"
        )
    return text
