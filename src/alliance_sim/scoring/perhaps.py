"""What may have been a moment for a rubric although no rule found one.

A client's turn may call for something in words that no list knows and that a learned reading is not
sure of. The reply is then levelled by what it sounds like, the nearer to the middle the less likely
there was a moment; that is shown beside it, and no session counts it. A scenario says itself where
its moments are: there nothing is guessed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from alliance_sim.domain.codes import Code, Main
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.client_danger import reading, settings
from alliance_sim.scoring.client_moments import Moment, likelihood, might_be
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Sign
from alliance_sim.scoring.opportunities import arrival
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.sentence import Kind
from alliance_sim.scoring.sounding import sounding

REACH = "perhaps"
"""The rubric's number for how far from the middle such a level may lie; none: nothing is guessed.
"""

MIDDLE = 2.0

FAINTEST = 0.25
"""Share of the reach that a level has where a moment was hardly likely."""

POOR = 1.0
"""A level below it stands for harm."""

_COMFORT = frozenset({Kind.REASSURE, Kind.DISMISS, Kind.STOCK})
"""What says nothing of the trainee's own, though it may begin with "I"."""

DISTINCT = 0.5
"""From here on what a reply states sounds so much like the better or the worse that it tells of an
occasion to speak for oneself, whatever the client said."""


def perhaps(reply: Exchange, rubric: Rubric) -> Finding | None:
    """The level of a reply in which no rule found a moment; None where there hardly was one."""
    reach = rubric.points.get(REACH, 0.0)
    if not reach or reply.client is None or not reply.readable or not reply.answers:
        return None
    likely = _CALLS.get(rubric.id, _states)(reply)
    if arrival(reply) or likely is None:
        return None
    said = sentences_of(reply.text, reply.before)
    sound = sounding(rubric.id, said)
    if rubric.id not in _CALLS:
        if abs(sound) < DISTINCT:
            return None
        if all(sentence.kind in _COMFORT for sentence in said):
            sound = min(sound, 0.0)
    first = rubric.criteria[0].id
    level = MIDDLE + reach * (FAINTEST + (1 - FAINTEST) * likely) * sound
    return Finding(level, reply.text.strip(), first, frozenset({Sign.UNCOUNTED}))


def guarded(finding: Finding) -> Finding:
    """A low level halfway up to `POOR` where nobody can be sure that there was a moment: what only
    may have been harmful is not shown as harm.
    """
    if Sign.UNCOUNTED not in finding.signs or finding.level >= POOR:
        return finding
    return replace(finding, level=(finding.level + POOR) / 2)


def _of_danger(reply: Exchange) -> float | None:
    sign, least = reading(reply.before).sign, settings().possible
    if sign < least:
        return None
    return min((sign - least) / (settings().sign - least), 1.0)


def _of(moment: Moment) -> Callable[[Exchange], float | None]:
    def likely(reply: Exchange) -> float | None:
        return likelihood(moment, reply.before) if might_be(moment, reply.before) else None

    return likely


def _states(reply: Exchange) -> float | None:
    """Whether a reply neither asks, nor says back, nor affirms, nor tells of the trainee's life."""
    other = reply.codes & _OTHERWISE
    return 1.0 if reply.coded.main in {Main.INPUT, Main.OTHER} and not other else None


_OTHERWISE = frozenset(
    {Code.AFFIRM, Code.EMPHASIZE_AUTONOMY, Code.SELF_FOCUS, Code.SELF_DISCLOSURE}
)


_CALLS: Mapping[str, Callable[[Exchange], float | None]] = {
    "safety": _of_danger,
    "rupture_repair": _of(Moment.RUPTURE),
    "cultural_humility": _of(Moment.CULTURE),
    "boundaries": _of(Moment.BAIT),
}
"""By rubric, how likely (0 to 1) a client's turn calls for it; None: hardly. For what is not here,
which is the trainee's to begin, only the reply tells.
"""
