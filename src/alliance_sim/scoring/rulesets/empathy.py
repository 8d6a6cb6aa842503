"""Empathy: levelled at the client's affect turns."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import empathy, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found
from alliance_sim.scoring.unmarked import unmarked


class EmpathyRules(Rules):
    """Stock phrases earn less each time, so the replies are levelled in order."""

    of_the_whole = True

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        memory = empathy.Memory()
        marked = not unmarked(transcript)
        return [empathy.level(reply, rubric, memory, marked=marked) for reply in replies]

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        return session.empathy(found, rubric)
