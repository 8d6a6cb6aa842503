"""I-statements: levelled where the trainee is called on to speak for herself."""

from collections.abc import Mapping, Sequence

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Transcript
from alliance_sim.scoring import i_statements, session
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Sign
from alliance_sim.scoring.opportunities import boundary_tested, owning_due
from alliance_sim.scoring.rulesets.base import Findings, Rules
from alliance_sim.scoring.session import Found


class IStatementsRules(Rules):
    """A moment that called for owning words is one even where none came."""

    def levels(
        self, replies: Sequence[Exchange], transcript: Transcript, rubric: Rubric
    ) -> Findings:
        del transcript
        return [i_statements.level(reply, rubric) for reply in replies]

    def session(
        self, found: Sequence[Found], rubric: Rubric, figures: Mapping[str, float]
    ) -> float:
        del figures
        return session.i_statements(found, rubric)

    def counted(self, replies: Sequence[Exchange], levels: Findings) -> list[Found]:
        pairs = zip(replies, levels, strict=True)
        found = [(reply, level) for reply, level in pairs if level is not None]
        return [p for p in found if Sign.UNCOUNTED not in p[1].signs or owning_due(p[0])]

    def sure(self, reply: Exchange, rubric: Rubric, *, captions: bool) -> bool:
        return self.clear(reply, rubric, captions=captions)

    def opportunities(self, replies: Sequence[Exchange], found: Sequence[Found]) -> int:
        turns = {reply.index for reply, _ in found}
        turns |= {r.index for r in replies if owning_due(r) or boundary_tested(r)}
        return len(turns)
