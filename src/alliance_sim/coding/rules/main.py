"""The one main behaviour of an utterance."""

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.relations import Spans
from alliance_sim.domain.codes import Code, Main

_INPUT = (Code.INFORMATION, Code.ADVICE, Code.ASK_THEN_TELL, Code.PERSUADE)
_REFLECTION = (Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX)
_QUESTION = (Code.QUESTION_OPEN, Code.QUESTION_CLOSED, Code.RISK_QUESTION)


def main(features: Features, spans: Spans) -> Main:
    """Question before input before reflection, each where it is sure enough."""

    def surest(codes: tuple[Code, ...]) -> float:
        return max((spans[code].p for code in codes if code in spans), default=0.0)

    given, said_back, asked = surest(_INPUT), surest(_REFLECTION), surest(_QUESTION)
    if max(given, said_back, asked) < 0.5:
        return Main.OTHER
    if given > 0.8 and given >= asked - 0.15:
        return Main.INPUT
    if asked >= 0.7:
        return Main.QUESTION
    if said_back >= max(given, asked):
        return Main.REFLECTION
    return Main.QUESTION if asked > given else Main.INPUT
