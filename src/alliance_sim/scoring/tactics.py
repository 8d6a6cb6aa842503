"""The same move again after the client had nothing to say to it (row: change tactic when stuck)."""

from alliance_sim.domain.codes import Code, Main
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.words import content, plain

SHORT = 4
"""Words up to which a client's turn is no response to a question or a suggestion."""

REPEATED = 0.6
"""Share of content words from which a question is the one before, asked again."""


class Tactics:
    """Remembers the moves that went unanswered."""

    def __init__(self) -> None:
        self._move: str | None = None
        self._words: frozenset[str] = frozenset()
        self._times = 0

    def repeated(self, reply: Exchange) -> int:
        """How many times this move came before in a row and met no response."""
        move, words = _move(reply), content(reply.text)
        unanswered = len(plain(reply.before).split()) <= SHORT
        same = move == self._move and move is not None
        again = bool(words) and len(words & self._words) >= REPEATED * len(words)
        self._times = self._times + 1 if unanswered and (same or again) else 0
        self._move, self._words = move, words
        return self._times


def _move(reply: Exchange) -> str | None:
    """The move that can be stuck in: asking closed questions, advising, arguing."""
    if Code.QUESTION_CLOSED in reply.codes:
        return "closed"
    if Code.QUESTION_OPEN in reply.codes:
        return "open"
    return "told" if reply.coded.main is Main.INPUT else None
