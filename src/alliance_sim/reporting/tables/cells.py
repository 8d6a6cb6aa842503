"""Text in cells, so that no spreadsheet takes it for a formula.

A spreadsheet runs what begins with `=`, `+`, `-` or `@`, full-width forms of them too, with blanks
before it or not (OWASP, *CSV injection*). It may also cut a file where this program did not: a line
at its semicolons and tabs, a cell at its line ends. What follows such a cut is a beginning too.
"""

import re
from functools import lru_cache

_SIGN = re.compile(r'(^|[;\t\r\n])(?=[\s"\x00-\x1f\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠])')
_CUT = re.compile(r"^[\t\r\n]")


@lru_cache(maxsize=4096)  # the same few words stand in cell after cell
def harmless(text: str) -> str:
    """The text with an apostrophe before whatever would begin a formula.

    >>> harmless("=1+1"), harmless("at 3 = 4"), harmless(" ＝1")
    ("'=1+1", 'at 3 = 4', "' ＝1")
    """
    marked = _SIGN.sub(r"\1'", text)
    return f"'{marked}" if _CUT.match(marked) else marked
