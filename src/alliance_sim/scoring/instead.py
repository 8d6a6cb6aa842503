"""What could have been said at a weak turn: the author's words, else words built from the client's.

Deterministic: the same session gives the same suggestions, and none comes twice while others are
left.
"""

from collections import Counter
from dataclasses import dataclass, field

from alliance_sim.domain.codes import Code
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Instead
from alliance_sim.scoring.clause import said_back
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.feelings import main_feeling
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.opportunities import baits, complaint
from alliance_sim.scoring.words import content

_DOES_OTHER_WORK = frozenset(
    {
        Code.LIMITS_STATED, Code.ORIENT, Code.BOUNDARY_HOLD, Code.RISK_QUESTION, Code.OWN_PART,
        Code.GROUND, Code.AGREE_GOAL, Code.CULTURE_ASK,
    }
)  # fmt: skip
"""What the moment may call for more than for a rubric's general words."""

_GENERAL = frozenset({"empathy"})
"""Rubrics that have something to say of nearly every turn."""

ASK_OF_DANGER = "risk"
"""A moment that calls for one thing; the author's words for the turn may do another."""


@dataclass
class Given:
    """Suggestions already made in this debrief."""

    used: Counter[str] = field(default_factory=Counter)

    def least_used(self, replies: tuple[str, ...]) -> str | None:
        """The first of those given least often; None where there are none."""
        if not replies:
            return None
        chosen = min(replies, key=lambda reply: self.used[reply])
        self.used[chosen] += 1
        return chosen


def suggest(exchange: Exchange, finding: Finding, rubric: Rubric, given: Given) -> Instead | None:
    """A reply that would have served; None where the rubric has no words for such a moment."""
    reply = None if finding.moment == ASK_OF_DANGER else _authored(exchange, rubric, given)
    reply = reply or _built(exchange, finding, rubric, given)
    if reply is None:
        return None
    whys = rubric.phrases.get(f"why_{finding.situation}") or rubric.phrases.get("why", ())
    return Instead(
        turn=exchange.reply.turn,
        rubric=rubric.id,
        said=exchange.text,
        reply=reply,
        why=whys[0] if whys else rubric.criteria[0].indicator,
    )


def _well_spent(exchange: Exchange, rubric: Rubric) -> bool:
    return rubric.id in _GENERAL and bool(exchange.codes & _DOES_OTHER_WORK)


def _authored(exchange: Exchange, rubric: Rubric, given: Given) -> str | None:
    if exchange.client is None:
        return None
    fresh = [r for r in exchange.client.instead(rubric.id) if not given.used[r]]
    if not fresh:
        return None
    heard = content(exchange.before)
    chosen = max(fresh, key=lambda reply: len(content(reply) & heard))
    given.used[chosen] += 1
    return chosen


def _built(exchange: Exchange, finding: Finding, rubric: Rubric, given: Given) -> str | None:
    clause, feeling = said_back(exchange.before), main_feeling(exchange.before)
    for key in (finding.moment, *_situations(exchange, clause, feeling)):
        template = given.least_used(rubric.phrases.get(key, ()))
        if template is not None:
            return _filled(template, clause or "", feeling or "")
    return None


def _situations(exchange: Exchange, clause: str | None, feeling: str | None) -> list[str]:
    """Keys of the rubric's phrases that fit the moment, the most particular first."""
    keys = [f"bait_{kind}" for kind in baits(exchange.before)]
    if complaint(exchange.before):
        keys.append("complaint_clause" if clause else "complaint")
        keys.append("complaint")
    if clause and feeling:
        keys.append("clause_and_feeling")
    if clause:
        keys.append("clause")
    if feeling:
        keys.append("feeling")
    return [*keys, "any"]


def _filled(template: str, clause: str, feeling: str) -> str:
    words = template.replace("{clause}", clause).replace("{feeling}", feeling)
    return words.replace("{Clause}", clause[:1].upper() + clause[1:])
