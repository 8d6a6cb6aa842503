"""What a session asks of whoever words its client's turns. A session itself knows no network."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, Protocol

from alliance_sim.client.memory import Memory
from alliance_sim.client.spoken import BROKEN_OFF, stands_alone
from alliance_sim.domain.events import ClauseWorded, ClientPlanned, Worded

if TYPE_CHECKING:
    from alliance_sim.runtime.session import LiveSession


class Words(Protocol):
    """A source of words beside the authored ones. Every method returns at once."""

    def attach(self, session: "LiveSession") -> None:
        """Serve this session. Called once, before anything is planned in this sitting."""
        ...

    def voice_for(self, planned: ClientPlanned) -> Literal["scripted", "model", "fallback"]:
        """Who is to word a turn that is about to be planned."""
        ...

    def pump(self) -> None:
        """Give the session what has come (`take_words`), and ask for the turn that waits."""
        ...

    def stop(self) -> Worded | None:
        """End what is being asked, if anything is: how it went so far."""
        ...


class Voicing:
    """Brings a source of words and the record of a session together; works without a source."""

    def __init__(self, words: Words | None, commit: Callable[..., None]) -> None:
        """`commit` takes events and stores them."""
        self._words = words
        self._commit = commit

    def pump(self) -> None:
        """Let the source give what it has, and go on with what waits."""
        if self._words:
            self._words.pump()

    def voiced(self, planned: ClientPlanned) -> ClientPlanned:
        """A turn as it is to be worded."""
        if self._words is None:
            return planned
        return planned.model_copy(update={"voice": self._words.voice_for(planned)})

    def before_a_clause(self, memory: Memory) -> None:
        """Nobody words what a model was to word: the authored words are spoken."""
        if self._words is None:
            self.settle(memory)

    def cut_off(self, memory: Memory) -> None:
        """Words that are no longer waited for: what they took is noted."""
        record = self._words.stop() if self._words and memory.wording else None
        if record:
            self._commit(record.model_copy(update={"cut": True}))

    def settle(self, memory: Memory) -> None:
        """A model's turn that is not waited for ends with the words that have come; where none
        have, the authored ones are spoken."""
        if memory.planned is None or not memory.wording:
            return
        turn = memory.planned.turn
        record = (self._words.stop() if self._words else None) or Worded(turn=turn)
        if not any(clause.words for clause in memory.ready):
            self._commit(record.model_copy(update={"voice": "fallback"}))
        elif stands_alone(memory.ready):
            self._commit(record)
        else:
            index = len(memory.ready)
            self._commit(ClauseWorded(turn=turn, index=index, clause=BROKEN_OFF), record)
