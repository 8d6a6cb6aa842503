"""A store in memory that keeps events as JSON, for the many sessions of a property test."""

from datetime import datetime

from alliance_sim.domain.events import EVENT, StoredEvent


class MemoryStore:
    trainee = None

    def appeals(self, session_id):
        return []

    def __init__(self, sessions=None):
        self.sessions = {} if sessions is None else sessions

    def append(self, session_id, new, *, at: datetime, beside=None):
        rows = self.sessions.setdefault(session_id, [])
        rows += [(at, event.model_dump_json()) for event in new]

    def events(self, session_id):
        return tuple(
            StoredEvent(session_id=session_id, seq=seq, at=at, event=EVENT.validate_json(text))
            for seq, (at, text) in enumerate(self.sessions.get(session_id, ()), 1)
        )

    def copy(self):
        """The same sessions, which go their own way from here."""
        return MemoryStore({name: list(rows) for name, rows in self.sessions.items()})
