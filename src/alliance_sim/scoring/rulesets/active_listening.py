"""Active listening: every reply that listens, asks or talks past; shares, not counts."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import listening, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.opportunities import arrival
from alliance_sim.scoring.reading import reading
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found
from alliance_sim.scoring.shares import listened, remembered


class ActiveListeningRules(Rules):
    """The replies are levelled in order: what was told is to be remembered."""

    of_the_whole = True

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        pairs = zip(replies, remembered(replies).wrong, strict=True)
        return [self._level(reply, wrong, rubric) for reply, wrong in pairs]

    def _level(self, reply: Exchange, misrecalled: str | None, rubric: Rubric) -> Finding | None:
        if reply.client is None or not reply.readable or not reply.answers or arrival(reply):
            return None
        return listening.level(reading(reply), misrecalled, rubric)

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        return session.listening(found, rubric, figures)

    def figures(
        self, replies: Sequence[Exchange], found: Sequence[Found], rubric: Rubric
    ) -> dict[str, float]:
        del found, rubric
        return listened(replies)
