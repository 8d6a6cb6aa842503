"""The plain session: a line in, the client's words out. Works over a pipe and in a terminal."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliance_sim.authoring.notices import Notices
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import Coded, Ending, StateMoved, Worded
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Pace, Speaker, Utterance
from alliance_sim.errors import UsageProblem
from alliance_sim.plain.lines import Line, Lines
from alliance_sim.plain.output import Output, Said
from alliance_sim.runtime.clock import Clock
from alliance_sim.runtime.hints import hint_for
from alliance_sim.runtime.replay import trainee_utterance
from alliance_sim.runtime.session import LiveSession

if TYPE_CHECKING:
    from alliance_sim.runtime.wording import Wording

AT_ONCE = 0.25
"""Seconds after the client's first word within which a line cannot be an answer to it: it was
on its way before, and waits for the client to finish."""

LOOKING_UP = 0.05
"""Seconds after which waiting for a model looks up for a line that cuts in."""

SCRIPTED = "·\u00a0scripted"
"""Stands beside a turn that a model was to word, and that was spoken with the authored words."""

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
    wording: "Wording | None" = None
    """The model that words the client, if one does."""
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
        began: float | None = None
        while True:
            clause = self.session.next_clause()
            if clause is None:
                if not self.session.awaits_words:
                    break
                reply = self._await_words(began)
            else:
                began = self.clock.monotonic() if began is None else began
                reply = self._spoken(clause, began)
            if reply:
                return reply
        self._finish()
        if self.session.opened.pace is Pace.PACED:
            self.narrate(f"[{self.session.scenario.client.name} has finished]")
        return None

    def _spoken(self, clause: Clause, began: float) -> Line | None:
        """Show a clause and let its time pass; a reply that cuts in."""
        pace = self.session.opened.pace
        more = self._tell_latest(clause)
        if pace is Pace.PACED:
            return self._paced() if more else None
        if pace is Pace.STREAM:
            return self._streamed(clause.seconds(self.session.opened.wpm), began)
        return None

    def _await_words(self, began: float | None) -> Line | None:
        """Wait a little for the model; once it has begun to speak, a line meanwhile cuts in.

        Before that, lines wait: nobody cuts in on someone who has not begun.
        """
        self._tell_notices()
        if self.wording is None:
            return None
        if began is None or self.session.opened.pace is not Pace.STREAM:
            self.wording.wait(LOOKING_UP)
            return None
        line = self.lines.wait(LOOKING_UP)
        if line is None:
            return None
        if line.text is None or line.at - began < AT_ONCE:
            self.lines.put_back(line)
            self.wording.wait(LOOKING_UP)
            return None
        return line if line.text.strip() else None

    def _speak_to_the_end(self) -> None:
        while True:
            clause = self.session.next_clause()
            if clause is not None:
                self._tell_latest(clause)
            elif self.session.awaits_words:
                self._await_words(None)
            else:
                break
        self._finish()

    def _finish(self) -> None:
        said = self.session.client_turn
        self.session.finish()
        self._tell_client(said)

    def _tell_latest(self, clause: Clause) -> bool:
        """Tell of the clause that was just shown; whether more will come.

        Where each clause waits for the reader, that is made sure of first.
        """
        paced = self.session.opened.pace is Pace.PACED
        while paced and self.wording and self.session.awaits_words:
            self._await_words(None)
            self.wording.pump()
        memory = self.session.standing.memory
        more = memory.wording or memory.shown < len(memory.ready)
        if memory.planned is not None:
            index = memory.shown - 1
            said = Said(turn=memory.planned.turn, index=index, clause=clause, last=not more)
            self.output.clause(self.session, said)
        return more

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
        for index, clause in enumerate(sent.finishing):
            if memory.planned:
                last = index == len(sent.finishing) - 1
                self.output.clause(
                    self.session, Said(memory.planned.turn, memory.shown + index, clause, last)
                )
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
            case "/retry-model" if self.wording:
                self.wording.try_again()
                self.narrate(f"{self.wording.model} is asked again from the next turn on.")
            case _:
                model = " · /retry-model ask the model again" if self.wording else ""
                self.narrate(
                    "/hint a thought · /skip let this turn pass · /pause · /ground · "
                    f"/end close the hour · /stop stop, unscored{model}"
                )

    # ---- telling -------------------------------------------------------------------------

    def _tell_client(self, utterance: Utterance | None) -> None:
        """Tell of a whole client turn, once."""
        if utterance and utterance.turn >= self._told:
            self._told = utterance.turn + 1
            self.output.client(self.session, utterance)
            if utterance.voice == "fallback":
                self.narrate(SCRIPTED)
        self._tell_notices()

    def _tell_notices(self) -> None:
        """What went wrong with the model, and how to have it asked again."""
        if self.wording is None:
            return
        for sentence in self.wording.take_notices():
            self.narrate(sentence)
            if self.wording.resting and self.interactive:
                self.narrate("/retry-model asks the model again.")

    def _tell_inner(self) -> None:
        for event in self.session.events[self._inner_told :]:
            if isinstance(event, (Coded, StateMoved, Worded)):
                self.output.inner(self.session, event)
        self._inner_told = len(self.session.events)
