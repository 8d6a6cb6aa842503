"""What the client remembers of the hour: a fold over the events of the session."""

from dataclasses import dataclass, field, replace

from alliance_sim.domain.codes import Code, CodedReply
from alliance_sim.domain.events import Act, ClauseShown, ClientPlanned, Coded, Event, TraineeSent
from alliance_sim.domain.transcript import Floor

HEARD_ENOUGH = 0.6
"""Share of a turn's words that must have been heard for what it told to count as told."""


@dataclass(frozen=True)
class Memory:
    """Everything the plan needs to know of what went before."""

    planned: ClientPlanned | None = None
    """The client's latest turn."""
    shown: int = 0
    """How many of its clauses were shown."""
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
    risk: bool = False
    """A risk cue has been raised, or risk has been asked about."""

    def fold(self, event: Event, *, risk_events: frozenset[str] = frozenset()) -> "Memory":
        """The memory after one more event. `risk_events`: ids of the scenario's risk cues."""
        match event:
            case ClientPlanned():
                return self._planned(event, risk_events)
            case ClauseShown():
                return replace(self, shown=max(self.shown, event.index + 1))
            case TraineeSent(floor=Floor.BACKCHANNEL):
                return self
            case TraineeSent():
                return self._sent(event)
            case Coded():
                asked = Code.RISK_QUESTION in event.coded.asserted()
                recent = (*self.coded, event.coded)[-6:]
                return replace(self, coded=recent, risk=self.risk or asked)
            case _:
                return self

    def _planned(self, event: ClientPlanned, risk_events: frozenset[str]) -> "Memory":
        return replace(
            self,
            planned=event,
            shown=0,
            used=(*self.used, *event.lines),
            topic=event.topic or self.topic,
            opened=self.opened or event.act is Act.OPEN,
            disclosed=(*self.disclosed, event.disclosure) if event.disclosure else self.disclosed,
            disclosure_turn=self.turns if event.disclosure else self.disclosure_turn,
            events=self.events | {event.event} if event.event else self.events,
            pending=event.event,
            event_turn=self.turns if event.event else self.event_turn,
            risk=self.risk or event.event in risk_events,
        )

    def _sent(self, event: TraineeSent) -> "Memory":
        """A reply; where it cut the client off early, what was not heard was not told."""
        heard = self
        if event.words_lost and self.planned:
            total = event.words_heard + event.words_lost
            if event.words_heard < HEARD_ENOUGH * total:
                untold = self.planned.disclosure
                heard = replace(
                    self,
                    disclosed=tuple(name for name in self.disclosed if name != untold),
                    pending=None,
                )
        return replace(
            heard,
            turns=self.turns + 1,
            said=self.said | {fold_words(self.text)} if self.text else self.said,
            text=event.text,
        )


def fold_words(text: str) -> str:
    """A reply in a form in which the same words compare equal."""
    return " ".join("".join(c if c.isalnum() or c in "'’" else " " for c in text.lower()).split())
