"""The plain session: a line in, the client's words out. Works over a pipe and in a terminal."""

from collections.abc import Callable
from dataclasses import dataclass

from alliance_sim.authoring.notices import Notices
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import ClientPlanned, Coded, Ending, StateMoved
from alliance_sim.domain.transcript import Pace, Speaker, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.plain.lines import Line, Lines
from alliance_sim.plain.output import Output, Said
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.hints import hint_for
from alliance_sim.runtime.replay import trainee_utterance
from alliance_sim.runtime.session import LiveSession

AT_ONCE = 0.25
"""Seconds after the client's first word within which a line cannot be an answer to it: it was
on its way before, and waits for the client to finish."""

RECALLED = 6
"""Utterances that are shown again where a session is taken up."""


@dataclass
class PlainPractice:
    """One sitting. `interactive`: a person at a terminal, who may be asked and may give commands;
    otherwise every line is a reply."""

    session: LiveSession
    lines: Lines
    output: Output
    narrate: Callable[[str], None]
    """Prints a line to stderr."""
    notices: Notices
    clock: Clock
    interactive: bool = False
    locale: str | None = None
    _told: int = 0
    _inner_told: int = 0

    def run(self) -> None:
        """Hold the session to its end. The end of the input is a planned close."""
        self._inner_told = len(self.session.events)
        self.output.opened(self.session)
        self._recall()
        if self.session.standing.safety_asked:
            self._ask_safety()
        while True:
            reply = self._client_speaks()
            if self.session.ended:
                break
            line = reply or self._read()
            if line.text is None:
                self.session.close()
                self._speak_to_the_end()
                break
            if line.text.strip():
                self._take(line.text.strip())
        self._tell_inner()
        if self.session.ended:
            self.output.ended(self.session, self.session.ended)

    def _recall(self) -> None:
        """Where a person takes a session up again: what was said last."""
        if not self.interactive:
            return
        names = {Speaker.CLIENT: self.session.scenario.client.name, Speaker.THERAPIST: "You"}
        for utterance in self.session.transcript().utterances[-RECALLED:]:
            text = printable(utterance.text, lines=False)
            self.narrate(f"  {names[utterance.speaker]}: {text}")

    # ---- the client ----------------------------------------------------------------------

    def _client_speaks(self) -> Line | None:
        """Show the client's turn at its pace; a reply that cuts in ends it and is returned."""
        if not self.session.client_is_speaking:
            return None
        began = self.clock.monotonic()
        pace = self.session.opened.pace
        while (clause := self.session.next_clause()) is not None:
            last = self._tell_latest()
            if pace is Pace.PACED and not last:
                reply = self._paced()
            elif pace is Pace.STREAM:
                reply = self._streamed(clause.seconds(self.session.opened.wpm), began)
            else:
                reply = None
            if reply:
                return reply
        self._finish()
        if pace is Pace.PACED:
            self.narrate(f"[{self.session.scenario.client.name} has finished]")
        return None

    def _speak_to_the_end(self) -> None:
        while self.session.next_clause() is not None:
            self._tell_latest()
        self._finish()

    def _finish(self) -> None:
        said = self.session.client_turn
        self.session.finish()
        self._tell_client(said)

    def _tell_latest(self) -> bool:
        """Tell of the clause that was just shown; whether it ends the turn."""
        memory = self.session.standing.memory
        return memory.planned is None or self._tell_clause(memory.planned, memory.shown - 1)

    def _tell_clause(self, planned: ClientPlanned, index: int) -> bool:
        last = index == len(planned.clauses) - 1
        said = Said(turn=planned.turn, index=index, clause=planned.clauses[index], last=last)
        self.output.clause(self.session, said)
        return last

    def _paced(self) -> Line | None:
        """Enter goes on; words cut in. At the end of the input the client goes on by itself."""
        line = self.lines.read()
        if line.text is None or not line.text.strip():
            return None
        return line

    def _streamed(self, seconds: float, began: float) -> Line | None:
        """Let the time of a clause pass; a reply that comes meanwhile cuts in."""
        until = self.clock.monotonic() + seconds
        waiting: Line | None = None
        while (left := until - self.clock.monotonic()) > 0:
            line = self.lines.wait(left)
            if line is None:
                continue
            if line.text is None or line.at - began < AT_ONCE:
                waiting = line
                self._sleep(until)
                break
            if line.text.strip():
                return line
        if waiting:
            self.lines.put_back(waiting)
        return None

    def _sleep(self, until: float) -> None:
        """Wait without taking lines: what was typed ahead waits for the client to finish."""
        while (left := until - self.clock.monotonic()) > 0:
            self.clock.sleep(left)

    # ---- the trainee ---------------------------------------------------------------------

    def _read(self) -> Line:
        if self.interactive:
            self.narrate("You (Ctrl+D ends, /help for more):")
        return self.lines.read()

    def _take(self, text: str) -> None:
        if self.interactive and text.startswith("/"):
            self._command(text)
            return
        memory = self.session.standing.memory
        try:
            sent = self.session.send(text)
        except UsageProblem as problem:
            self.narrate(str(problem))
            return
        for index, _ in enumerate(sent.finishing, memory.shown):
            if memory.planned:
                self._tell_clause(memory.planned, index)
        if not sent.goes_on:
            self._tell_client(sent.client)
        self.output.therapist(self.session, trainee_utterance(sent.event))
        if sent.safety:
            self._ask_safety()
        self._tell_inner()

    def _ask_safety(self) -> None:
        """Outside the role. Where nobody can be asked, none came."""
        answer: bool | None = None
        if self.interactive:
            self.narrate(f"{self.notices.safety_question} (yes/no)")
            text = (self.lines.read().text or "").strip().lower()
            answer = True if text.startswith("y") else False if text.startswith("n") else None
        said = {
            True: self.notices.safety_said_yes,
            False: self.notices.safety_said_no,
            None: self.notices.safety_no_answer,
        }[answer]
        self.narrate(said)
        if answer is not False:
            for resource in self.notices.resources_for(self.locale):
                self.narrate(f"  {resource}")
        self.session.answer_safety(answer)

    def _command(self, text: str) -> None:
        name = text.split(maxsplit=1)[0].lower()
        match name:
            case "/stop" | "/end":
                self._tell_client(self.session.client_turn)
                self.session.close(Ending.STOPPED if name == "/stop" else Ending.PLANNED_CLOSE)
            case "/skip":
                self._speak_to_the_end()
                self.session.skip()
            case "/hint" if not self.session.opened.exam:
                hint = hint_for(self.session)
                self.session.note_hint(hint)
                self.narrate(hint)
            case "/ground" | "/pause":
                self.session.pause("grounding" if name == "/ground" else "pause")
                for line in self.notices.grounding if name == "/ground" else ():
                    self.narrate(line)
                self.narrate("Paused. Enter goes on.")
                self.lines.read()
                self.session.unpause()
            case _:
                self.narrate(
                    "/hint a thought · /skip let this turn pass · /pause · /ground · "
                    "/end close the hour · /stop stop, unscored"
                )

    # ---- telling -------------------------------------------------------------------------

    def _tell_client(self, utterance: Utterance | None) -> None:
        """Tell of a whole client turn, once."""
        if utterance and utterance.turn >= self._told:
            self._told = utterance.turn + 1
            self.output.client(self.session, utterance)

    def _tell_inner(self) -> None:
        for event in self.session.events[self._inner_told :]:
            if isinstance(event, (Coded, StateMoved)):
                self.output.inner(self.session, event)
        self._inner_told = len(self.session.events)
