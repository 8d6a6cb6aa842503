"""The file `.env` of the working directory: names and values, one a line."""

import re
from pathlib import Path

__all__ = ["read_dotenv"]

LARGEST = 100_000
_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*")
_QUOTED = re.compile(r"(['\"])(.*?)\1\s*(?:#.*)?")


def read_dotenv(path: Path) -> dict[str, str]:
    """What the file names; empty where there is none. Lines of another form are passed over:
    the file belongs to other programs as well, and nothing in it is run or expanded."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST).decode("utf-8-sig", "replace")
    except OSError:
        return {}
    found = {}
    for line in text.splitlines():
        parts = _LINE.fullmatch(line)
        if parts:
            found[parts[1]] = _value(parts[2])
    return found


def _value(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    if quoted:
        return quoted[2]
    return re.split(r"\s+#", text, maxsplit=1)[0] if not text.startswith("#") else ""
