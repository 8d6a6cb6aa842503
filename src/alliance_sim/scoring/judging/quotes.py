"""Whether quoted words stand in a text, whatever became of its quotation marks and white space."""

from functools import lru_cache

_TYPOGRAPHY = {
    **dict.fromkeys("’‘ʼ′‛`´", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("–—―‐‑‒−", "-"),
    "…": "...",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", ""),
}


def locate(quote: str, text: str) -> str | None:
    """The quoted words as they stand in the text, verbatim; None where they do not.

    Quotation marks, dashes, dots and white space match in any form; letters and their case must
    be the same. Marks around the whole quote may be the judge's own. A quote without a letter or
    digit is none.
    """
    if not any(map(str.isalnum, quote)):
        return None
    if quote in text:
        return quote.strip()
    if found := _folded_match(quote, text):
        return found
    bare = quote.strip().strip("\"'“”‘’«»").strip()
    return bare if bare in text else _folded_match(bare, text)


def _folded_match(quote: str, text: str) -> str | None:
    folded, places = _folded_turn(text)
    wanted = _folded(quote)[0].strip()
    begin = folded.find(wanted)
    if begin < 0:
        return None
    return text[places[begin] : places[begin + len(wanted) - 1] + 1]


def _folded(text: str) -> tuple[str, list[int]]:
    """The text in plain typography with single spaces, and where each of its characters stood."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        plain = " " if character.isspace() else _TYPOGRAPHY.get(character, character)
        if plain == " " and characters and characters[-1] == " ":
            continue
        characters.extend(plain)
        places.extend([place] * len(plain))
    return "".join(characters), places


_folded_turn = lru_cache(maxsize=64)(_folded)
"""A turn is quoted several times, all of them while one answer is looked at."""
