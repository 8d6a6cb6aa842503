"""Interruptions: observed only where it is known when the trainee came in."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import floor, interruptions, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found


class InterruptionsRules(Rules):
    """Every reply has a level; the session's comes from the rubric's table."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        if floor.observed(transcript) is not None:
            return [None] * len(replies)
        return interruptions.levels(replies, rubric)

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del found
        return session.table(rubric, figures)

    def figures(
        self, replies: Sequence[Exchange], found: Sequence[Found], rubric: Rubric
    ) -> dict[str, float]:
        del found
        turns = len({reply.index for reply in replies if reply.client is not None})
        return interruptions.counts(replies, rubric, turns)

    def not_observable(self, transcript: Transcript) -> str | None:
        return floor.observed(transcript)
