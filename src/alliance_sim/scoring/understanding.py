"""How far a reply sounds like one that has understood, learned from pairs of replies.

A linear model over hashed signals of its sentences: words, skeletons, and what the rules take each
sentence for. It is fitted by `scoring.fit.understanding` on differences: of two replies to one
client turn, which is the better. No word of any reply can be read from the weights.
"""

from collections.abc import Sequence

from alliance_sim.scoring.reply_sums import better
from alliance_sim.scoring.sentence import Sentence

WEIGHTS = "understanding.bin"
NAME = "understanding"
"""Of the model in that file."""

BETTER = "better"
"""Its only class."""


def sounding(found: Sequence[Sentence]) -> float:
    """-1 (like the worse of two replies) to 1 (like the better), by the sentences of a reply."""
    return better(NAME, found)
