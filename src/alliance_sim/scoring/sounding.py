"""What a reply sounds like by a rubric: like the better or the worse of two, learned from pairs.

Rules know what they were told; a reply in other words may do the same. So each rubric with enough
pairs has a linear model over hashed signals of a reply's sentences (as `understanding` has for
empathy), and a level found by rules is moved towards it a little. It is fitted by
`scoring.fit.sounding`; no word of any reply can be read from the weights.
"""

from collections.abc import Sequence
from dataclasses import replace

from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Sign
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.reply_sums import better, known
from alliance_sim.scoring.sentence import Sentence

WEIGHTS = "sounding.bin"

REACH = "sounds"
"""The rubric's number for how many levels a reply may be moved either way; none: not at all."""

BROKEN, MOST = 1.0, 4.0
"""A level below the first stands for something done that should not be."""

KEPT = 0.75
"""Share of the way to the end of its range that a level may be moved: better stays better."""

SPARED = 0.3
"""Share of itself by which a low level may be moved down: it has been found out already."""


def sounding(rubric_id: str, found: Sequence[Sentence]) -> float:
    """-1 (like the worse of two replies) to 1 (like the better); 0 for a rubric without a model."""
    return better(rubric_id, found) if known(rubric_id) else 0.0


def moved(finding: Finding, reply: Exchange, rubric: Rubric) -> Finding:
    """A finding with its level moved by what the reply sounds like, unless it is fixed: a violation
    is one whatever it sounds like.
    """
    reach = rubric.points.get(REACH, 0.0)
    fixed = finding.fixed or Sign.VIOLATION in finding.signs
    if not reach or fixed or not known(rubric.id):
        return finding
    shift = reach * sounding(rubric.id, sentences_of(reply.text, reply.before))
    up = KEPT * (MOST - finding.level)
    down = max(KEPT * (finding.level - BROKEN), SPARED * finding.level)
    return replace(finding, level=finding.level + min(max(shift, -down), up))
