"""Replies without their padding, and levels that padding has not raised."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alliance_sim.domain.codes import CodedReply
from alliance_sim.scoring.exchange import REMEMBERED, Exchange, Replies, coded_reply
from alliance_sim.scoring.finding import Finding
from alliance_sim.scoring.padding import without_padding
from alliance_sim.scoring.words import content

MIDDLE = 2.0
"""A level below which a moment was not missed by chance: the padding itself did harm."""


def bare(replies: Replies) -> Replies:
    """The replies as they would be without their padding; the same where none has any."""
    made = Replies(_bare(replies))
    return replies if all(a is b for a, b in zip(made, replies, strict=True)) else made


def _bare(replies: Sequence[Exchange]) -> Iterator[Exchange]:
    heard: set[str] = set()
    latest = -1
    coded: list[CodedReply] = []
    for reply in replies:
        if reply.index > latest:
            heard |= content(reply.before)
            latest = reply.index
        left = without_padding(reply.text, reply.before, heard)
        if left is None:
            coded.append(reply.coded)
            yield reply
            continue
        known = coded_reply(left, reply.before, tuple(coded[-REMEMBERED:]))
        coded.append(known)
        yield replace(reply, said=left, coded=known, codes=known.asserted())


def lower(whole: Finding | None, left: Finding | None) -> Finding | None:
    """What a padded reply is given: no more than what is left of it would be. A level that only the
    padding brought about stands if it is a poor one.
    """
    if whole is None:
        return left
    if left is None:
        return whole if whole.level < MIDDLE else None
    return min(whole, left, key=lambda finding: finding.level)
