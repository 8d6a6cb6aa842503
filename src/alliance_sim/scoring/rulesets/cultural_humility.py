"""Cultural humility: levelled where the client's words touch who they are among others."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import culture
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Points
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found


class CulturalHumilityRules(Rules):
    """Of several replies to one cue the best counts, unless one of them stereotypes."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        return [culture.level(reply, rubric) for reply in replies]

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        by_turn: dict[int, list[float]] = {}
        for reply, finding in found:
            by_turn.setdefault(reply.index, []).append(finding.level)
        harm = Points(rubric)["patronised"]
        return fmean(
            min(levels) if min(levels) <= harm else max(levels) for levels in by_turn.values()
        )
