"""Collaboration: where a goal, a task or a decision was at stake, and whose it became."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import collaborating, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.opportunities import arrival
from alliance_sim.scoring.reading import reading
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found
from alliance_sim.scoring.shares import shared


class CollaborationRules(Rules):
    """Every reply is levelled; the session counts those that gave or took a say."""

    of_the_whole = True

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        return [self._level(reply, rubric) for reply in replies]

    def _level(self, reply: Exchange, rubric: Rubric) -> Finding | None:
        if reply.client is None or not reply.readable or not reply.answers or arrival(reply):
            return None
        return collaborating.level(reading(reply), rubric)

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        return session.collaboration(found, rubric, figures)

    def figures(
        self, replies: Sequence[Exchange], found: Sequence[Found], rubric: Rubric
    ) -> dict[str, float]:
        del found
        return shared(replies, rubric)
