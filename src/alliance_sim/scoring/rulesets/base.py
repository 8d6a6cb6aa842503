"""How the offline scorer applies one rubric: what every rubric shares, and what each may change."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric, Scope
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Sign
from alliance_sim.scoring.session import Found

Findings = list[Finding | None]
"""One place a therapist utterance: its level, or None where it gave no opportunity."""


class Rules(ABC):
    """The rules of one rubric. Holds no state: everything is passed in."""

    of_the_whole = False
    """Whether it is about the hour as a whole, so that murmurs alone are no way of doing it."""

    @abstractmethod
    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        """The level of each reply; as long as `replies`."""

    @abstractmethod
    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        """The session's score, 0–4, from what is counted and from `figures`. `found` has items."""

    def counted(self, replies: Sequence[Exchange], levels: Findings) -> list[Found]:
        """The levels that a session counts: those of moments that were surely opportunities."""
        pairs = zip(replies, levels, strict=True)
        return [(r, f) for r, f in pairs if f is not None and Sign.UNCOUNTED not in f.signs]

    def sure(self, reply: Exchange, rubric: Rubric, *, captions: bool) -> bool:
        """Whether a moment was surely one. What is observed at single events rests on single words
        of the client: they must be marked by a scenario, or stand in sentences that show where they
        end. Captions do not: "my wife in the church he was dying to" may be anything.
        """
        return rubric.scope is not Scope.EVENT or self.clear(reply, rubric, captions=captions)

    def clear(self, reply: Exchange, rubric: Rubric, *, captions: bool) -> bool:
        """Whether a moment is marked by a scenario, or told in words with punctuation."""
        return not captions or (reply.client is not None and reply.client.offers(rubric.id))

    def opportunities(self, replies: Sequence[Exchange], found: Sequence[Found]) -> int:
        """In how many client turns the rubric could be observed; the rubric's `minimum` is of
        these."""
        del replies
        return len({reply.index for reply, _ in found})

    def figures(
        self, replies: Sequence[Exchange], found: Sequence[Found], rubric: Rubric
    ) -> dict[str, float]:
        """Numbers of the session beside the opportunities, for the rubric's table and the
        debrief."""
        del replies, found, rubric
        return {}

    def not_observable(self, transcript: Transcript) -> str | None:
        """Why this transcript cannot show the rubric whatever was said in it; None: it can."""
        del transcript
        return None
