"""Pacing: every reply to the client, by what the client was ready for and the phase of the work."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import following, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.opportunities import arrival
from alliance_sim.scoring.reading import reading
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found
from alliance_sim.scoring.tactics import Tactics


class PacingRules(Rules):
    """The replies are levelled in order: the same move again after no answer is a move too many."""

    of_the_whole = True

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        tactics = Tactics()
        number = transcript.session_number
        return [self._level(reply, number, tactics, rubric) for reply in replies]

    def _level(
        self, reply: Exchange, number: int | None, tactics: Tactics, rubric: Rubric
    ) -> Finding | None:
        if reply.client is None or not reply.readable or not reply.answers:
            return None
        repeated = tactics.repeated(reply)
        if arrival(reply):
            return None
        return following.level(reading(reply), following.Phase(number, repeated), rubric)

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        return session.pacing(found, rubric)
