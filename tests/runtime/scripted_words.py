"""A source of words that says what the author wrote, as if a model had: at once, and no network."""

from alliance_sim.client.locked import KeptBack
from alliance_sim.client.prompting import brief_of, compose
from alliance_sim.client.prompting_words import FIXED
from alliance_sim.domain.events import ClauseWorded, Worded


def count(text):
    return len(text.split())


class ScriptedWords:
    """Makes every prompt that a model would be sent, and hands it to `look`."""

    def __init__(self, look=lambda session, brief, prompt: None, count=count):
        self.look = look
        self.count = count
        self.session = None
        self.kept = None
        self.calls = 0

    def attach(self, session):
        self.session = session
        self.kept = KeptBack(session.scenario)

    def voice_for(self, planned):
        words = any(clause.words for clause in planned.clauses)
        return "model" if words and planned.act not in FIXED else "scripted"

    def stop(self):
        return None

    def pump(self):
        session = self.session
        memory = session.standing.memory
        if not memory.wording or not session.client_is_speaking:
            return
        self.calls += 1
        brief = brief_of(
            session.scenario,
            session.client.profile,
            memory,
            session.state,
            session.transcript().utterances,
        )
        self.look(session, brief, compose(brief, self.kept, self.count))
        turn = memory.planned.turn
        told = bool(memory.planned.disclosure or memory.planned.event)
        last = len(memory.script) - 1
        session.take_words(
            *(
                ClauseWorded(
                    turn=turn,
                    index=index,
                    clause=clause.model_copy(update={"tells": told and index == last}),
                )
                for index, clause in enumerate(memory.script)
            ),
            Worded(turn=turn),
        )
