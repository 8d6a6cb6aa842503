"""Who has the floor: what sending a reply while the client still speaks amounts to."""

from dataclasses import dataclass
from enum import StrEnum

from alliance_sim.domain.codes import Code, CodedReply, Mark
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.transcript import Floor

TRANSITION_WORDS = 2
TRANSITION_SECONDS = 0.6
RAPPORT_WORDS = 6


class Reason(StrEnum):
    """What may justify cutting in, when it is announced."""

    RISK = "risk"
    OVERWHELM = "overwhelm"
    TIME = "time"


@dataclass(frozen=True)
class Standing:
    """Where the client's turn stands when a reply is sent."""

    clauses: tuple[Clause, ...]
    shown: int
    finished: bool
    """All clauses were shown and their time has passed."""
    elapsed: float = 0.0
    """Seconds since the last shown clause began."""

    @property
    def heard(self) -> int:
        """Spoken words shown so far."""
        return sum(clause.words for clause in self.clauses[: self.shown])

    @property
    def left(self) -> int:
        """Spoken words still to come."""
        return sum(clause.words for clause in self.clauses[self.shown :])

    @property
    def in_flagged_pause(self) -> bool:
        """The client is in a reflective pause, with words still to come."""
        return bool(self.shown and self.left and self.clauses[self.shown - 1].flagged)

    @property
    def at_completion(self) -> bool:
        """The last words shown end an authored line."""
        spoken = [clause for clause in self.clauses[: self.shown] if clause.words]
        return bool(spoken and spoken[-1].complete)

    def seconds_left(self, wpm: float) -> float:
        """Seconds until the client's last word at that pace; the silence after it left out."""
        spoken = [place for place, clause in enumerate(self.clauses) if clause.words]
        if not spoken or spoken[-1] < self.shown - 1:
            return 0.0
        last = spoken[-1]
        begun = self.elapsed if self.shown else 0.0
        rest = self.clauses[max(0, self.shown - 1) : last + 1]
        seconds = sum(clause.seconds(wpm) for clause in rest) - self.clauses[last].pause
        return max(0.0, seconds - begun)


def classify(
    standing: Standing,
    coded: CodedReply,
    text: str,
    *,
    wpm: float,
    same_topic: bool,
    reason: Reason | None = None,
) -> Floor | None:
    """The interruption code of a reply, or None where the client had finished.

    `same_topic`: the reply takes up words of what was just heard. `reason` is what the scenario
    or the clock gives at this moment; it counts only when the reply announces itself.
    """
    if standing.finished:
        return None
    if coded.asserted() == {Code.BACKCHANNEL}:
        return Floor.BACKCHANNEL
    if standing.left <= TRANSITION_WORDS or standing.seconds_left(wpm) <= TRANSITION_SECONDS:
        return Floor.TRANSITION
    if standing.at_completion:
        return Floor.TRANSITION
    if reason is not None and (Mark.TIME_FLAG in coded.marks or _asks_risk(coded)):
        return Floor.JUSTIFIED
    if same_topic and len(text.split()) <= RAPPORT_WORDS:
        return Floor.RAPPORT
    return Floor.TAKING


def _asks_risk(coded: CodedReply) -> bool:
    return Code.RISK_QUESTION in coded.asserted()


WITHHOLDS = frozenset({Floor.TAKING, Floor.JUSTIFIED})
"""After these the unspoken words are withheld; otherwise the client finishes first."""
