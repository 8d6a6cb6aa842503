"""Rupture repair: levelled where the client moves away from the trainee, or against."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import fmean

from alliance_sim.domain.codes import Code
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import repair
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.rupture import Strain, minimal, moment, strained
from alliance_sim.scoring.session import Found

_REPAIRS = frozenset({Code.OWN_PART, Code.IMMEDIACY})

NEAR = 2
"""Client turns within which two signs belong to one rupture."""


class RuptureRepairRules(Rules):
    """A repair may take several turns: the best is what was reached, unless one attacked."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        run, seen = 0, -1
        made: Findings = []
        for reply in replies:
            if reply.index != seen:
                run = run + 1 if reply.client and minimal(reply.before) else 0
                seen = reply.index
            found = strained(reply, run)
            made.append(_placed(reply, repair.level(reply, rubric, found), found, rubric))
        return made

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        return fmean(_reached(levels, Points(rubric)) for levels in _ruptures(found))

    def opportunities(self, replies: Sequence[Exchange], found: Sequence[Found]) -> int:
        del replies
        return len(_ruptures(found))


def _placed(
    reply: Exchange, finding: Finding | None, found: Strain, rubric: Rubric
) -> Finding | None:
    """Where the words may have been nothing, the session counts the reply only if it repairs."""
    if finding is None:
        return None
    finding = replace(finding, moment=moment(reply.before))
    repairs = finding.criterion == "notice" or bool(reply.codes & _REPAIRS)
    if found is Strain.PLAIN or (repairs and finding.level >= Points(rubric)["begun"]):
        return finding
    return replace(finding, signs=finding.signs | {Sign.UNCOUNTED})


def _ruptures(found: Sequence[Found]) -> list[list[float]]:
    """The levels of the replies to each rupture, in order."""
    groups: list[list[float]] = []
    last = -NEAR - 1
    for reply, finding in found:
        if not groups or reply.index - last > NEAR:
            groups.append([])
        groups[-1].append(finding.level)
        last = reply.index
    return groups


def _reached(levels: Sequence[float], points: Points) -> float:
    attacked = min(levels) <= points["attack"] + points["step"]
    return fmean((max(levels), min(levels))) if attacked else max(levels)
