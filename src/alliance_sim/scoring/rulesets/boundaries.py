"""Boundaries: levelled where the frame is tested, or broken unasked."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import boundaries, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found


class BoundariesRules(Rules):
    """Each moment by itself; a clear violation caps the session."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        return [boundaries.level(reply, rubric) for reply in replies]

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        return session.boundaries(found, rubric)
