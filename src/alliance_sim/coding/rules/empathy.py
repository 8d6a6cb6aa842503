"""EPITOME's three mechanisms (Sharma 2020), each none, weak or strong."""

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import ASSERTED, Code, Empathy


def empathy(features: Features, spans: Spans) -> Empathy:
    """Levels of one utterance."""

    def sure(code: Code) -> bool:
        return code in spans and spans[code].p >= ASSERTED

    warm = features.has("sorry") or sure(Code.VALIDATE)
    emotional = (2 if features.emotions or sure(Code.VALIDATE) else 1) if warm else 0
    complex_ = sure(Code.REFLECTION_COMPLEX)
    interpretation = (
        2 if complex_ else 1 if sure(Code.REFLECTION_SIMPLE) or features.has("stock") else 0
    )
    asked = sure(Code.QUESTION_OPEN) or sure(Code.QUESTION_CLOSED)
    exploration = (2 if features.overlap > 0.2 or features.emotions else 1) if asked else 0
    return Empathy(
        emotional_reaction=emotional, interpretation=interpretation, exploration=exploration
    )
