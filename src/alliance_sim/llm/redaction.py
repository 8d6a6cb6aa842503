"""Keys taken out of any text before it is shown, stored or raised."""

import re
from collections.abc import Iterable
from urllib.parse import quote

__all__ = ["HIDDEN", "SHORTEST", "redact"]

HIDDEN = "***"
SHORTEST = 4
"""Keys below this length are place-holders that guard nothing ("x"), and stay."""

_LIKELY = re.compile(
    r"(?i)(\bbearer\s+|\bapi[-_ ]?key\b[\"']?\s*[:=]\s*[\"']?)[^\s\"',;<>]{4,}"
    r"|\bsk-[A-Za-z0-9_*.\-]{6,}"
)


def redact(text: str, keys: Iterable[str | None] = ()) -> str:
    """The text without these keys, as such or URL-encoded, and without what looks like one.

    The result holds none of the keys, whatever they and the text are.
    """
    forms = {form for key in keys if key and len(key) >= SHORTEST for form in (key, quote(key, ""))}
    for form in sorted(forms, key=len, reverse=True):
        # A replacement can complete another occurrence; each round is shorter, so this ends.
        while form in text:
            text = text.replace(form, HIDDEN)
    cleaned = _LIKELY.sub(lambda found: (found.group(1) or "") + HIDDEN, text)
    return cleaned if not any(form in cleaned for form in forms) else HIDDEN
