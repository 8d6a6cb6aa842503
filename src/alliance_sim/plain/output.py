"""What a plain session prints: words for a reader, or JSON lines for a program."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TextIO

from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import Ended, Event, Worded
from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Utterance
from alliance_sim.plain import records
from alliance_sim.plain.model_records import worded_record
from alliance_sim.runtime.debrief import Debrief
from alliance_sim.runtime.session import LiveSession


@dataclass(frozen=True)
class Said:
    """A clause with its place."""

    turn: int
    index: int
    clause: Clause
    last: bool
    """It ends the turn."""


class Output(Protocol):
    """What the loop tells whoever listens. Everything is flushed line by line."""

    def opened(self, session: LiveSession) -> None: ...
    def clause(self, session: LiveSession, said: Said) -> None: ...
    def client(self, session: LiveSession, utterance: Utterance) -> None: ...
    def therapist(self, session: LiveSession, utterance: Utterance) -> None: ...
    def inner(self, session: LiveSession, event: Event) -> None: ...
    def ended(self, session: LiveSession, event: Ended) -> None: ...
    def debrief(self, debrief: Debrief) -> None: ...


class JsonOutput:
    """One JSON object a line."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def _print(self, record: dict[str, object]) -> None:
        self._stream.write(records.line(record) + "\n")
        self._stream.flush()

    def opened(self, session: LiveSession) -> None:
        self._print(records.opened_record(session.id, session.opened))

    def clause(self, session: LiveSession, said: Said) -> None:
        self._print(records.clause_record(session.id, said.turn, said.index, said.clause))

    def client(self, session: LiveSession, utterance: Utterance) -> None:
        exam = session.opened.exam
        record = records.utterance_record(session.id, session.scenario.id, utterance, exam=exam)
        self._print(record)

    therapist = client

    def inner(self, session: LiveSession, event: Event) -> None:
        if isinstance(event, Worded):
            self._print(worded_record(session.id, event))
            return
        if session.opened.exam:
            return
        record = records.inner_record(session.id, event)
        if record:
            self._print(record)

    def ended(self, session: LiveSession, event: Ended) -> None:
        self._print(records.ended_record(session.id, event))

    def debrief(self, debrief: Debrief) -> None:
        card: Scorecard | None = debrief.scorecard
        if card is None:
            self._print({"kind": "unscored", "why": debrief.why_unscored})
            return
        for record in records.score_records(card):
            self._print(record)


class TextOutput:
    """Words: the client's line by line, then the debrief."""

    def __init__(self, stream: TextIO, render: Callable[[Debrief], str]) -> None:
        self._stream = stream
        self._render = render
        self._open = False

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()

    def opened(self, session: LiveSession) -> None: ...

    def clause(self, session: LiveSession, said: Said) -> None:
        head = " " if self._open else f"{printable(session.scenario.client.name, lines=False)}: "
        self._write(head + printable(said.clause.text, lines=False))
        self._open = not said.last
        if said.last:
            self._write("\n")

    def client(self, session: LiveSession, utterance: Utterance) -> None:  # noqa: ARG002
        if self._open:
            self._write(" —\n" if utterance.words_lost else "\n")
            self._open = False

    def therapist(self, session: LiveSession, utterance: Utterance) -> None: ...

    def inner(self, session: LiveSession, event: Event) -> None: ...

    def ended(self, session: LiveSession, event: Ended) -> None: ...

    def debrief(self, debrief: Debrief) -> None:
        self._write("\n" + self._render(debrief))
