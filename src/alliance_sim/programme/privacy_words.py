"""A few turns of phrase that are a person's own, by which it is looked for what is left of her."""

import json
import re
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, select

from alliance_sim.store.chunks import chunks
from alliance_sim.store.tables import events

MOST = 24
"""Phrases looked for."""

LONGEST, SHORTEST = 40, 12
"""Characters: long enough to be nobody else's, short enough to stand in one page of a file."""

SPOKEN = ("session_opened", "trainee_sent", "reflected", "appealed")
"""Types of the events that hold words that a trainee typed."""

TYPED = ("text", "reason", "plan")
"""Fields of these with her words; her answers are in `answers`."""

_ESCAPED = re.compile(r'["\\\x00-\x1f\x7f]+')
"""What stands otherwise in JSON than in a text."""


def sampled_phrases(connection: Connection, sessions: Sequence[str]) -> tuple[str, ...]:
    """At most `MOST` phrases of these sessions that stand in no other session; longest first.

    They are as they stand in the store, within the JSON of an event.
    """
    candidates = dict.fromkeys(_phrases(connection, sessions))
    chosen = sorted(candidates, key=len, reverse=True)[: 2 * MOST]
    own = set(sessions)
    # The client's lines among them: she may have said them back.
    query = select(events.c.session_id, events.c.payload)
    others = connection.execute(query.execution_options(yield_per=1000)) if chosen else ()
    for session_id, payload in others:
        if session_id not in own:
            chosen = [phrase for phrase in chosen if phrase not in payload]
    return tuple(chosen[:MOST])


def _phrases(connection: Connection, sessions: Sequence[str]) -> Iterator[str]:
    for some in chunks(sessions):
        query = select(events.c.payload).where(
            events.c.session_id.in_(some), events.c.type.in_(SPOKEN)
        )
        for payload in connection.scalars(query):
            for text in _typed(payload):
                yield from _pieces(text)


def _typed(payload: str) -> Iterator[str]:
    """What she typed, in an event of any version; nothing in one that is damaged."""
    try:
        event = json.loads(payload)
    except ValueError:
        return
    if not isinstance(event, dict):
        return
    answers = event.get("answers")
    typed = [event.get(name) for name in TYPED]
    for text in (*typed, *(answers.values() if isinstance(answers, dict) else ())):
        if isinstance(text, str):
            yield text


def _pieces(text: str) -> Iterator[str]:
    for piece in _ESCAPED.split(text):
        if len(piece) >= SHORTEST:
            yield piece[:LONGEST]
