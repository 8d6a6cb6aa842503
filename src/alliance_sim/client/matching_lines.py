"""Which of several lines answers a particular question best.

A question says what kind of answer it wants: "when" a time, "who" a person, "how often" a
frequency, "how does it feel" a body or a feeling. Lines that have it come first; then those that
share rare words with the question.
"""

import math
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from alliance_sim.client.matching_answers import KINDS
from alliance_sim.client.matching_cues import lexicon
from alliance_sim.client.stems import stems
from alliance_sim.domain.speech import spoken

SHARED_MOST = 3.0
"""Credit for shared words at most; a word that one line alone has is worth 1, a kind of answer
that the question wants likewise."""


def best_line(question: str, candidates: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    """Candidates as (key, score ≥ 0), the best answer to the question first.

    `candidates`: (key, line). Equal scores keep the order of the candidates, so that a caller can
    break ties in its own way. Depends on nothing but its arguments.
    """
    said = [_said(line) for _, line in candidates]
    spread = Counter(word for _, line in said for word in line)
    asked = frozenset(stems(question)) - lexicon().never
    wanted = [kind for kind in KINDS if kind.asked.search(question)]
    scored = []
    for (key, _), (text, line) in zip(candidates, said, strict=True):
        shared = sum(_rarity(spread[word], len(said)) for word in asked & line)
        kinds = sum(kind.credit(text) for kind in wanted)
        scored.append((key, round(min(shared, SHARED_MOST) + kinds, 6)))
    return sorted(scored, key=lambda pair: -pair[1])


def _rarity(lines_with_it: int, lines: int) -> float:
    """1 for a word of one line only, near 0 for a word of all."""
    return math.log(1 + lines / lines_with_it) / math.log(1 + lines)


@lru_cache(maxsize=4096)
def _said(line: str) -> tuple[str, frozenset[str]]:
    """The words said aloud, and their stems."""
    text = spoken(line)
    return text, frozenset(stems(text))
