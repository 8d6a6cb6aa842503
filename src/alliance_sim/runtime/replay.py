"""From the stored events back to a session: where it stands, and its transcript."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from alliance_sim.client.memory import Memory, heard_enough
from alliance_sim.client.spoken import Spoken
from alliance_sim.domain.events import (
    Act,
    ClauseShown,
    ClauseWorded,
    ClientFinished,
    ClientPlanned,
    Ended,
    Event,
    Overridden,
    Paused,
    Reflected,
    Resumed,
    SafetyAnswered,
    SafetyAsked,
    Scored,
    SelfRated,
    SessionOpened,
    StateMoved,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.scorecard import JUDGE
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.state import ClientState
from alliance_sim.domain.transcript import Floor, Speaker, Transcript, Utterance


@dataclass(frozen=True)
class Standing:
    """Where a session stands after a run of events."""

    opened: SessionOpened | None = None
    memory: Memory = field(default_factory=Memory)
    state: ClientState | None = None
    """None before the first state is known: the client is as the scenario starts them."""
    next_turn: int = 0
    finished: bool = False
    """The client's latest turn is over."""
    unanswered: TraineeSent | None = None
    """A reply that was committed and has no answer yet (the program died in between)."""
    ended: Ended | None = None
    paused: bool = False
    safety_asked: bool = False
    """Asked, and not yet answered."""
    unscored: bool = False
    """The trainee's own safety came first; this session is not scored."""
    self_rated: SelfRated | None = None
    reflected: Reflected | None = None
    scored: Scored | None = None
    """The offline scorer's scores, which the debrief shows."""
    judged: tuple[Scored, ...] = ()
    """The scores of judging models, oldest first."""
    overridden: tuple[Overridden, ...] = ()

    def fold(self, event: Event) -> "Standing":
        """The standing after one more event."""
        base = replace(self, memory=self.memory.fold(event))
        return replace(base, **self._changes(event))

    def _changes(self, event: Event) -> dict[str, Any]:
        match event:
            case SessionOpened():
                return {"opened": event}
            case ClientPlanned():
                return {
                    "finished": False,
                    "unanswered": None,
                    "next_turn": max(self.next_turn, event.turn + 1),
                }
            case ClientFinished():
                return {"finished": True}
            case TraineeSent(floor=Floor.BACKCHANNEL):
                return {"next_turn": event.turn + 1}
            case TraineeSent():
                return {"next_turn": event.turn + 1, "unanswered": event, "finished": True}
            case StateMoved():
                return {"state": event.state}
            case _:
                return self._aside(event)

    def _aside(self, event: Event) -> dict[str, Any]:
        """Changes by what is not said within the role."""
        match event:
            case Paused():
                return {"paused": True}
            case Resumed():
                return {"paused": False}
            case SafetyAsked():
                return {"safety_asked": True}
            case SafetyAnswered():
                stop = event.about_me is not False
                return {"safety_asked": False, "unscored": self.unscored or stop}
            case SelfRated():
                return {"self_rated": event}
            case Reflected():
                return {"reflected": event}
            case Scored():
                return self._scored(event)
            case Overridden():
                return {"overridden": (*self.overridden, event)}
            case Ended():
                return {"ended": event}
            case _:
                return {}

    def _scored(self, event: Scored) -> dict[str, Any]:
        if event.scorecard.scorer == JUDGE:
            return {"judged": (*self.judged, event)}
        return {"scored": event}


def standing_of(events: Iterable[Event]) -> Standing:
    """Fold a session's events, oldest first."""
    standing = Standing()
    for event in events:
        standing = standing.fold(event)
    return standing


def heard_text(clauses: Sequence[Clause]) -> str:
    """The words of shown clauses, stage directions in their brackets among them."""
    return " ".join(clause.text for clause in clauses)


def client_utterance(planned: ClientPlanned, shown: int, words_lost: int = 0) -> Utterance:
    """A client's turn as it was heard: its first `shown` clauses.

    Where too little was heard of what the turn was to tell, it gives no chance to answer it.
    """
    offered = heard_enough(planned, shown)
    return Utterance(
        turn=planned.turn,
        speaker=Speaker.CLIENT,
        text=heard_text(planned.clauses[:shown]),
        words_lost=words_lost,
        opening=planned.act is Act.OPEN,
        opportunities=planned.opportunities if offered else (),
        instead=planned.instead if offered else (),
        voice=None if planned.voice == "scripted" else planned.voice,
    )


def trainee_utterance(sent: TraineeSent) -> Utterance:
    """A reply as it stands in the transcript."""
    return Utterance(
        turn=sent.turn,
        speaker=Speaker.THERAPIST,
        text=sent.text,
        floor=sent.floor,
        pause_broken=sent.pause_broken,
    )


@dataclass
class _Turn:
    """A client turn while its clauses are being gathered."""

    spoken: Spoken
    words_lost: int = 0

    def heard(self) -> Utterance | None:
        """None where not a clause was shown."""
        planned, shown = self.spoken.planned, self.spoken.shown
        if not shown:
            return None
        return client_utterance(planned, shown, self.words_lost)


def transcript_of(
    session_id: str, events: Iterable[Event], *, session_number: int | None = None
) -> Transcript:
    """What was said and heard, in order. Words that were withheld are not in it."""
    opened: SessionOpened | None = None
    turns: dict[int, _Turn | Utterance] = {}
    latest: _Turn | None = None
    for event in events:
        match event:
            case SessionOpened():
                opened = event
            case ClientPlanned():
                latest = turns[event.turn] = _Turn(Spoken.begun(event))
            case ClauseShown() | ClauseWorded() | Worded():
                if isinstance(spoken := turns.get(event.turn), _Turn):
                    spoken.spoken = spoken.spoken.fold(event)
            case TraineeSent():
                turns[event.turn] = trainee_utterance(event)
                if latest and event.words_lost:
                    latest.words_lost = event.words_lost
            case _:
                pass
    return Transcript(
        transcript_id=session_id,
        scenario=opened.scenario if opened else None,
        pace=opened.pace if opened else None,
        session_number=session_number,
        utterances=tuple(_gathered(turns)),
    )


def _gathered(turns: dict[int, _Turn | Utterance]) -> Iterable[Utterance]:
    for turn in sorted(turns):
        said = turns[turn]
        heard = said if isinstance(said, Utterance) else said.heard()
        if heard:
            yield heard
