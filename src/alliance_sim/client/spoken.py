"""A client's turn as its words come: planned, worded by a model or by its author, shown.

While a model words a turn, the clauses that are known end with one that stands for the words still
to come, as long as the authored line would be. So what is left to say, what is lost by cutting in
and whether enough was heard are reckoned alike for either voice.
"""

from dataclasses import dataclass, replace

from alliance_sim.domain.events import ClauseShown, ClauseWorded, ClientPlanned, Event, Worded
from alliance_sim.domain.speech import Clause

LEAST_TO_COME = 3
"""Words that are still to come at least while a model has not finished."""

BROKEN_OFF = Clause(text="…", words=0, pause=0.9, complete=True)
"""What is heard where a speaker stops in mid-sentence."""


@dataclass(frozen=True)
class Spoken:
    """One turn of the client's so far."""

    planned: ClientPlanned
    """With the clauses that are known; those of a model take the place of the authored ones. Its
    voice is the one it turned out to be."""
    script: tuple[Clause, ...] = ()
    """The authored words, where a model words the turn."""
    shown: int = 0
    wording: bool = False
    """A model has not finished; the last clause stands for what is to come, and is never shown."""

    @classmethod
    def begun(cls, planned: ClientPlanned) -> "Spoken":
        """A turn of which nothing has been said."""
        if planned.voice != "model":
            return cls(planned)
        known = planned.model_copy(update={"clauses": (_to_come(planned.clauses, ()),)})
        return cls(known, script=planned.clauses, wording=True)

    @property
    def ready(self) -> tuple[Clause, ...]:
        """The clauses that can be shown."""
        return self.planned.clauses[:-1] if self.wording else self.planned.clauses

    def fold(self, event: Event) -> "Spoken":
        """The turn after one more event."""
        match event:
            case ClauseShown() if event.turn == self.planned.turn:
                return replace(self, shown=max(self.shown, event.index + 1))
            case ClauseWorded() if self._awaits(event):
                known = (*self.ready, event.clause)
                return self._with((*known, _to_come(self.script, known)))
            case Worded() if self._awaits(event):
                planned = self.planned.model_copy(update={"voice": event.voice})
                ended = replace(self, planned=planned, wording=False)
                if event.cut:
                    # Never said, and lost: what is to come stays in the reckoning.
                    return ended
                return ended._with(self.script if event.voice == "fallback" else self.ready)
            case _:
                return self

    def _awaits(self, event: ClauseWorded | Worded) -> bool:
        return self.wording and event.turn == self.planned.turn

    def _with(self, clauses: tuple[Clause, ...]) -> "Spoken":
        return replace(self, planned=self.planned.model_copy(update={"clauses": clauses}))


def _to_come(script: tuple[Clause, ...], known: tuple[Clause, ...]) -> Clause:
    left = sum(clause.words for clause in script) - sum(clause.words for clause in known)
    return Clause(text="…", words=max(LEAST_TO_COME, left))


def stands_alone(clauses: tuple[Clause, ...]) -> bool:
    """Whether words that end here end a sentence."""
    return (
        not clauses
        or clauses[-1].stage
        or clauses[-1].text.rstrip("\"'”’").endswith((".", "!", "?", "…", "—"))
    )
