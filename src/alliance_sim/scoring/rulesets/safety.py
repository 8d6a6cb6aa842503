"""Safety: levelled at signs of danger, questions of secrecy, drink and drugs, and thin walls."""

from collections.abc import Mapping, Sequence
from statistics import fmean

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring.cues import moment
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Points, Sign
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.safety_course import follow
from alliance_sim.scoring.session import Found


class SafetyRules(Rules):
    """A danger is judged over all the replies to it; the other moments each by itself."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        first = transcript.session_number == 1
        return follow(replies, rubric, first_session=first).findings

    def sure(self, reply: Exchange, rubric: Rubric, *, captions: bool) -> bool:
        """Suicide that is named outright counts in captions too."""
        named = moment(reply.before).has("names_suicide")
        return named or super().sure(reply, rubric, captions=captions)

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        points = Points(rubric)
        dangers = figures["dangers"]
        others = [
            finding.level
            for _, finding in found
            if finding.criterion in {"limits", "substance", "privacy"}
        ]
        levels = others + [figures["danger_level"]] * int(dangers)
        mean = fmean(levels) if levels else fmean(finding.level for _, finding in found)
        if figures["secrecy_promises"]:
            return min(mean, points["promise_cap"])
        if figures["dangers_unasked"]:
            asked = dangers > figures["dangers_unasked"]
            return min(mean, points["some_unasked_cap" if asked else "unasked_cap"])
        return mean

    def figures(
        self, replies: Sequence[Exchange], found: Sequence[Found], rubric: Rubric
    ) -> dict[str, float]:
        """`dangers`: how many; `dangers_unasked`: of them never asked about in time, and not even
        hinted at; `danger_level`: their mean, 0–4; `secrecy_promises`: promises without exception.
        """
        points = Points(rubric)
        dangers = follow(replies, rubric, first_session=False).dangers
        counted = [danger for danger in dangers if danger.sure or danger.asked()]
        levels = [danger.level(points) for danger in counted]
        promises = sum(Sign.VIOLATION in finding.signs for _, finding in found)
        return {
            "dangers": float(len(counted)),
            "dangers_unasked": float(sum(level == 0.0 for level in levels)),
            "danger_level": fmean(levels) if levels else 0.0,
            "secrecy_promises": float(promises),
        }
