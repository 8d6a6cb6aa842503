"""What the learned readings of one sentence look at: its words, its skeleton, its phrases.

Words are stemmed; the skeleton keeps function words and marks and puts one blank for any other
word, so that "I'll bring the key" and "I'll keep the dog" share it. A question is observed apart
from a statement: "what do you need?" grants nothing that "I'll get what you need" does.
"""

import re
from functools import lru_cache

from alliance_sim.coding.features import FUNCTION_WORDS
from alliance_sim.coding.hashing import bucket, run_names
from alliance_sim.scoring.lanes import Signals
from alliance_sim.scoring.words import Phrases, plain, stem

WORDS, SKELETON = 1.0, 0.5
"""Weight of a kind of signal before fitting: words, and phrases of a list; skeletons."""

LONGEST_WORDS = 2
SHORTEST_SKELETON, LONGEST_SKELETON = 2, 4
BLANK = "_"
MOST_TOKENS = 60
"""Tokens of a sentence that are looked at; a run-on of captions has no skeleton worth more."""

_TOKEN = re.compile(r"[a-z0-9][a-z0-9'-]*|[,;:]")
_ENDING = re.compile(r"(?<=.)(?:n't|'ll|'ve|'re|'d|'s|'m)$")
_WHOLE = frozenset({"can't", "won't", "let's", "don't"})
_KEPT = frozenset(FUNCTION_WORDS) | frozenset(
    "should must might may need want like feel felt can can't won't don't sure okay fine yes no"
    " never always because so let let's please sorry thanks thank only just ,".split()
)


def signals(sentence: str, lists: Phrases) -> Signals:
    """The signals of a sentence; `lists` are the phrase lists whose hits count among them."""
    asks = "q" if sentence.rstrip("\"')").endswith("?") else ""
    found = _of_words(plain(sentence), asks)
    categories = lists.found(sentence)
    if not categories:
        return found
    hits = {bucket(f"{asks}r:{category}") for category in categories}
    return {WORDS: found[WORDS] | hits, SKELETON: found[SKELETON] - hits}


@lru_cache(maxsize=4096)
def _of_words(words: str, asks: str) -> Signals:
    parts = tokens(words)[:MOST_TOKENS]
    stems = ["^", *map(stemmed, filter(",".__ne__, parts)), "$"]
    bones = ["^", *map(_bone, parts), "$"]
    runs = run_names(f"{asks}w:", stems, 1, LONGEST_WORDS)
    frames = run_names(f"{asks}s:", bones, SHORTEST_SKELETON, LONGEST_SKELETON)
    return {WORDS: frozenset(runs).difference(frames), SKELETON: frozenset(frames)}


def tokens(words: str) -> list[str]:
    """Words with their endings parted ("i'll" → "i", "'ll"); any inner mark is a comma."""
    parts: list[str] = []
    for token in _TOKEN.findall(words):
        parts += _parted(token)
    return parts


@lru_cache(maxsize=16_384)
def _parted(token: str) -> tuple[str, ...]:
    if token in ",;:":
        return (",",)
    ending = None if token in _WHOLE else _ENDING.search(token)
    return (token[: ending.start()], ending.group()) if ending else (token,)


@lru_cache(maxsize=16_384)
def stemmed(part: str) -> str:
    """The stem of a word; words of function stay whole."""
    return part if part in _KEPT else stem(part)


@lru_cache(maxsize=16_384)
def _bone(part: str) -> str:
    return part if part in _KEPT or part.startswith("'") or part == "n't" else BLANK
