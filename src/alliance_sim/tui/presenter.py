"""From a session's events to what the conversation shows: turns made of pieces, no widgets.

Fold the events in order; each step names the turn that changed, so that only its widget is drawn
again. The same events give the same turns, whether they come live or from the store.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from alliance_sim.client.spoken import Spoken
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import (
    ClauseShown,
    ClauseWorded,
    ClientPlanned,
    Event,
    Skipped,
    TraineeSent,
    Worded,
)
from alliance_sim.domain.speech import PAUSES
from alliance_sim.domain.transcript import Floor, Speaker


class Manner(StrEnum):
    """How a piece of a turn is shown."""

    SPEECH = "speech"
    DIRECTION = "direction"
    PAUSE = "pause"
    LISTENING = "listening"
    """The trainee's "mm-hm" at that point of the client's turn."""
    CUT = "cut"
    """The client was cut off there."""
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Piece:
    """A stretch of text in one manner; always printable."""

    text: str
    manner: Manner = Manner.SPEECH


@dataclass(frozen=True)
class Turn:
    """One turn as it is shown. `number` is its place in the session, rising."""

    number: int
    speaker: Speaker
    pieces: tuple[Piece, ...] = ()
    scripted: bool = False
    """A model was to word it, and it was spoken with the authored words."""

    def plain(self) -> str:
        """The turn in one string, as it is copied: marks for pauses and cuts in words."""
        return " ".join(_PLAIN.get(piece.text, piece.text) for piece in self.pieces)


SHORT_PAUSE = "· · ·"
LONG_PAUSE = "· · · · · ·"
SCRIPTED = "·\u00a0scripted"
"""Stands beside a turn that a model was to word, and that was spoken with the authored words."""
_PLAIN = {SHORT_PAUSE: "[pause]", LONG_PAUSE: "[long pause]"}


class Script:
    """The conversation so far."""

    def __init__(self) -> None:
        self._turns: dict[int, Turn] = {}
        self._spoken: Spoken | None = None
        self._folded = 0

    @property
    def turns(self) -> tuple[Turn, ...]:
        """All turns that have something to show, in order."""
        return tuple(self._turns[number] for number in sorted(self._turns))

    @property
    def last_client(self) -> Turn | None:
        """The client's latest turn that was heard."""
        spoken = (turn for turn in reversed(self.turns) if turn.speaker is Speaker.CLIENT)
        return next(spoken, None)

    def catch_up(self, events: tuple[Event, ...]) -> tuple[Turn, ...]:
        """Take in what has happened since the last call; gives the turns that changed, in order."""
        changed: dict[int, None] = {}
        for event in events[self._folded :]:
            changed |= dict.fromkeys(self._fold(event))
        self._folded = len(events)
        return tuple(self._turns[number] for number in sorted(changed))

    def text(self, client: str, *, trainee: str = "You") -> str:
        """The whole conversation to be copied or read: a turn a paragraph, with who said it."""
        names = {Speaker.CLIENT: client, Speaker.THERAPIST: trainee}
        said = [(names[turn.speaker], f" {SCRIPTED}" * turn.scripted, turn) for turn in self.turns]
        return "\n\n".join(f"{name}{mark}: {turn.plain()}" for name, mark, turn in said)

    def _fold(self, event: Event) -> tuple[int, ...]:
        """Take in one event; gives the numbers of the turns that it changed."""
        match event:
            case ClientPlanned():
                self._spoken = Spoken.begun(event)
                return ()
            case ClauseShown() | ClauseWorded() | Worded() if self._spoken:
                self._spoken = self._spoken.fold(event)
                return self._shown(self._spoken, event) if isinstance(event, ClauseShown) else ()
            case TraineeSent(floor=Floor.BACKCHANNEL) if self._spoken_turn is not None:
                aside = Piece(f"(you: {_inline(event.text)})", Manner.LISTENING)
                return self._add(self._spoken_turn, Speaker.CLIENT, aside)
            case TraineeSent():
                return self._sent(event)
            case Skipped() if self._spoken_turn is not None:
                note = Piece("(you let it pass)", Manner.SKIPPED)
                return self._add(self._spoken_turn, Speaker.CLIENT, note)
            case _:
                return ()

    @property
    def _spoken_turn(self) -> int | None:
        """The turn that the client is in, if any of it was heard."""
        number = self._spoken.planned.turn if self._spoken else -1
        return number if number in self._turns else None

    def _shown(self, spoken: Spoken, event: ClauseShown) -> tuple[int]:
        clause = spoken.planned.clauses[event.index]
        self._add(event.turn, Speaker.CLIENT, spoken_piece(clause.text))
        turn = self._turns[event.turn]
        self._turns[event.turn] = replace(turn, scripted=spoken.planned.voice == "fallback")
        return (event.turn,)

    def _sent(self, event: TraineeSent) -> tuple[int, ...]:
        cut: tuple[int, ...] = ()
        if event.words_lost and self._spoken_turn is not None:
            words = "1 word was" if event.words_lost == 1 else f"{event.words_lost} words were"
            note = Piece(f"— (you cut in; {words} not said)", Manner.CUT)
            cut = self._add(self._spoken_turn, Speaker.CLIENT, note)
        return cut + self._add(event.turn, Speaker.THERAPIST, Piece(printable(event.text)))

    def _add(self, number: int, speaker: Speaker, *pieces: Piece) -> tuple[int]:
        turn = self._turns.get(number) or Turn(number, speaker)
        self._turns[number] = replace(turn, pieces=(*turn.pieces, *pieces))
        return (number,)


def spoken_piece(text: str) -> Piece:
    """A clause of the client's as a piece; a marked pause becomes a quiet row of dots."""
    shown = _inline(text)
    seconds = PAUSES.get(shown.lower())
    if seconds is not None:
        return Piece(LONG_PAUSE if seconds > min(PAUSES.values()) else SHORT_PAUSE, Manner.PAUSE)
    if shown.startswith("[") and shown.endswith("]"):
        return Piece(shown, Manner.DIRECTION)
    return Piece(shown)


def _inline(text: str) -> str:
    return printable(text, lines=False)
