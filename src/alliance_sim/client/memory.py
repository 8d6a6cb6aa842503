"""What the client remembers of the hour: a fold over the events of the session."""

from dataclasses import dataclass, field, replace

from alliance_sim.client.spoken import Spoken
from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClauseWorded,
    ClientPlanned,
    Coded,
    Event,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Floor

HEARD_ENOUGH = 0.6
"""Share of a line's words that must have been heard for what it tells to count as told."""

REMEMBERED = 6
"""Codings of the latest replies that are kept."""


@dataclass(frozen=True)
class Memory:
    """Everything the plan needs to know of what went before."""

    planned: ClientPlanned | None = None
    """The client's latest turn, with its words as far as they are known."""
    shown: int = 0
    """How many of its clauses were shown."""
    script: tuple[Clause, ...] = ()
    """The authored words of that turn, where a model words it."""
    wording: bool = False
    """The model has not finished; the last clause stands for what is to come."""
    used: tuple[str, ...] = ()
    """Keys of lines already spoken, oldest first."""
    topic: str | None = None
    opened: bool = False
    """The opening has been given."""
    disclosed: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    pending: str | None = None
    """An event that the trainee's next reply answers."""
    turns: int = 0
    """Trainee turns so far; backchannels do not count."""
    disclosure_turn: int = -9
    event_turn: int = -9
    said: frozenset[str] = field(default=frozenset())
    """The trainee's earlier replies, folded for comparison."""
    text: str = ""
    coded: tuple[CodedReply, ...] = ()
    """The latest replies, oldest first, backchannels among them."""
    before: "Memory | None" = None
    """The memory before the latest turn was planned, while nothing of that turn was heard."""

    @property
    def ready(self) -> tuple[Clause, ...]:
        """The clauses of the client's latest turn that can be shown, shown ones among them."""
        if self.planned is None:
            return ()
        return self.planned.clauses[:-1] if self.wording else self.planned.clauses

    @property
    def told(self) -> tuple[str, ...]:
        """What has come out so far: `disclosed`, less what the current turn has yet to say."""
        planned = self.planned
        if planned is None or planned.disclosure is None or heard_enough(planned, self.shown):
            return self.disclosed
        return tuple(name for name in self.disclosed if name != planned.disclosure)

    def fold(self, event: Event) -> "Memory":
        """The memory after one more event."""
        match event:
            case ClientPlanned():
                return self._stopped()._planned(event)
            case ClauseShown():
                return replace(self, shown=max(self.shown, event.index + 1), before=None)
            case ClauseWorded() | Worded():
                return self._worded(event)
            case TraineeSent(floor=Floor.BACKCHANNEL):
                return self
            case TraineeSent():
                return self._sent(event)
            case Coded():
                return replace(self, coded=(*self.coded, event.coded)[-REMEMBERED:])
            case _:
                return self

    def _planned(self, event: ClientPlanned) -> "Memory":
        spoken = Spoken.begun(event)
        return replace(
            self,
            planned=spoken.planned,
            script=spoken.script,
            wording=spoken.wording,
            shown=0,
            used=(*self.used, *event.lines),
            topic=event.topic or self.topic,
            opened=self.opened or event.act is Act.OPEN,
            disclosed=(*self.disclosed, event.disclosure) if event.disclosure else self.disclosed,
            disclosure_turn=self.turns if event.disclosure else self.disclosure_turn,
            events=self.events | {event.event} if event.event else self.events,
            pending=event.event,
            event_turn=self.turns if event.event else self.event_turn,
            before=replace(self, before=None),
        )

    def _worded(self, event: ClauseWorded | Worded) -> "Memory":
        if self.planned is None:
            return self
        spoken = Spoken(self.planned, self.script, self.shown, self.wording).fold(event)
        return replace(self, planned=spoken.planned, wording=spoken.wording)

    def _sent(self, event: TraineeSent) -> "Memory":
        heard = self._stopped() if event.words_lost else self
        return replace(
            heard,
            turns=self.turns + 1,
            said=self.said | {fold_words(self.text)} if self.text else self.said,
            text=event.text,
        )

    def _stopped(self) -> "Memory":
        """The client does not say the rest of the turn: what was not heard was not told.

        A turn of which no word was heard has not happened at all.
        """
        planned = self.planned
        if planned is None or heard_enough(planned, self.shown):
            return self
        if self.before is not None:
            before, coded = self.before, self.coded
            restored = replace(before, shown=0, pending=None, coded=coded)
            return replace(restored, planned=planned, script=self.script, wording=self.wording)
        return replace(self, disclosed=self.told, pending=None)


def heard_enough(planned: ClientPlanned, shown: int) -> bool:
    """Whether enough of a turn's last line was shown: the line that tells, or happens.

    In a model's words the clause that tells is marked.
    """
    clauses = planned.clauses
    telling = next((place for place, clause in enumerate(clauses) if clause.tells), None)
    if telling is not None:
        return shown > telling
    if shown >= len(clauses):
        return True
    ends = [place for place, clause in enumerate(clauses) if clause.complete]
    start = ends[-2] + 1 if len(ends) > 1 else 0
    words = sum(clause.words for clause in clauses[start:])
    heard = sum(clause.words for clause in clauses[start : max(start, shown)])
    return heard >= HEARD_ENOUGH * words if words else False


def fold_words(text: str) -> str:
    """A reply in a form in which the same words compare equal."""
    return " ".join("".join(c if c.isalnum() or c in "'’" else " " for c in text.lower()).split())
