"""Text from people, files and models, made safe for a terminal."""

import re
import unicodedata

_ESCAPES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # colours, cursor movements
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # titles, clipboard
    r"|\x1b[@-_]?"
)
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


def printable(text: str, *, lines: bool = True) -> str:
    """The text without escape sequences, control characters and direction overrides.

    With `lines`, line ends stay (as `\\n`); without, all white space becomes single spaces.
    """
    if text.isprintable():
        return text if lines else " ".join(text.split())
    text = _ESCAPES.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = text.replace("\t", " ")
    kept = "".join(
        c for c in text if c == "\n" or (c not in _BIDI and unicodedata.category(c) != "Cc")
    )
    kept = "".join(c if not 0xD800 <= ord(c) <= 0xDFFF else "\ufffd" for c in kept)
    return kept if lines else " ".join(kept.split())


def storable(text: str) -> str:
    """The text without what no file can hold: NULs go, half of a character pair becomes `?`."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
