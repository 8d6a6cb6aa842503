"""How far a trainee was there at all: who only murmurs leaves the client alone with it.

Murmurs and silence help a client to go on: a quarter of what good helpers say is no more than that
(24 % of the utterances in AnnoMI's sessions of high quality). Where nearly everything is, the few
answers between say little of how the hour was held.
"""

from collections.abc import Sequence

from alliance_sim.domain.transcript import Floor
from alliance_sim.scoring.exchange import Exchange

FULL = 0.4
"""Share of answers among the utterances from which a session counts in full."""

FEWEST = 8
"""Utterances below which no share is taken."""


def presence(replies: Sequence[Exchange]) -> float:
    """0–1: what a session's scores are worth, by the share of the trainee's utterances that answer.

    Murmurs while the client speaks are left out: those are no answers withheld.
    """
    said = [reply for reply in replies if reply.reply.floor is not Floor.BACKCHANNEL]
    if len(said) < FEWEST:
        return 1.0
    return min(1.0, sum(reply.answers for reply in said) / len(said) / FULL)
