"""What a rubric's rules find in one reply: a level, the words it rests on, and why."""

import re
from dataclasses import dataclass
from enum import StrEnum

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Evidence
from alliance_sim.domain.transcript import Utterance
from alliance_sim.errors import InputProblem

CURT = 2
"""Words up to which a quote ("I did.") shows nothing by itself."""

_NEXT = re.compile(r"\s+[^.!?…]+[.!?…]*")
"""The sentence that follows."""


class Sign(StrEnum):
    """What a session's score counts."""

    VIOLATION = "violation"
    OWNED = "owned"
    ACKNOWLEDGED = "acknowledged"
    BLAMING = "blaming"
    DISGUISED = "disguised"
    FORCED = "forced"
    """Asked for detail that the client was not ready to give."""
    UNCOUNTED = "uncounted"
    """Shown beside the reply, but left out of the session's score."""


@dataclass(frozen=True)
class Finding:
    """A level of one reply on one rubric."""

    level: float
    """0–4, unrounded; what lies outside is clamped."""
    quote: str
    """Verbatim from the reply."""
    criterion: str
    """Id of the indicator it shows or lacks."""
    signs: frozenset[Sign] = frozenset()
    situation: str = ""
    """Which of the rubric's phrases fit when something better is suggested."""
    moment: str = ""
    """Key of the rubric's phrases for the kind of moment it was; tried before all others."""
    fixed: bool = False
    """Decided by one thing that was done or left undone, whatever else the reply sounds like."""

    def __post_init__(self) -> None:
        # Points are an instructor's to tune: whatever they add up to, a level stays on the scale.
        object.__setattr__(self, "level", clamp(self.level))

    def evidence(self, reply: Utterance, rubric: Rubric) -> Evidence:
        return Evidence(
            turn=reply.turn,
            quote=told(verbatim(self.quote, reply.text), reply.text),
            indicator=indicator(rubric, self.criterion),
            level=self.level,
        )


def indicator(rubric: Rubric, criterion: str) -> str:
    """The indicator's sentence; the rubric's first where an instructor has renamed the id."""
    for candidate in rubric.criteria:
        if candidate.id == criterion:
            return candidate.indicator
    return rubric.criteria[0].indicator


def verbatim(quote: str, text: str) -> str:
    """The quote as it stands in the text, stage directions and line breaks between its words
    included; the whole text where it is not found.
    """
    if quote and quote in text:
        return quote
    gap = r"(?:\s|\[[^\[\]]*\])+"
    match = re.search(gap.join(map(re.escape, quote.split())), text) if quote.split() else None
    return match.group() if match else text


def told(quote: str, text: str) -> str:
    """A quote that says something: one of a word or two goes on to the end of the next sentence."""
    if len(quote.split()) > CURT:
        return quote
    start = text.find(quote)
    after = _NEXT.match(text, start + len(quote))
    return text[start : after.end()] if after else quote


def clamp(level: float) -> float:
    """A level within 0–4."""
    return min(4.0, max(0.0, level))


class Points:
    """The numbers of a rubric. A missing one is the instructor's to mend, and the error says so."""

    def __init__(self, rubric: Rubric) -> None:
        self._rubric = rubric
        self._points = rubric.points

    def __getitem__(self, name: str) -> float:
        """Raises InputProblem where the rubric has no such number."""
        try:
            return self._points[name]
        except KeyError:
            raise InputProblem(
                f"rubric {self._rubric.id}: points has no '{name}', which the offline scorer needs"
            ) from None
