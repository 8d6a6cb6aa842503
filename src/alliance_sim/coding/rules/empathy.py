"""EPITOME's three mechanisms (Sharma 2020), each none, weak or strong."""

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import ASSERTED, Code, Empathy

_QUESTIONS = (Code.QUESTION_OPEN, Code.QUESTION_CLOSED)
_COLD_CODES = (Code.BLAME, Code.CONFRONT, Code.MINIMISE, Code.STEREOTYPE)
_CLIENT = frozenset(("you", "your", "yourself"))


def empathy(features: Features, spans: Spans) -> Empathy:
    """Levels of one utterance; `spans` are the codes it has."""
    sure = {code for code, span in spans.items() if span.p >= ASSERTED}
    return Empathy(
        emotional_reaction=_emotional_reaction(features, sure),
        interpretation=_interpretation(features, sure),
        exploration=_exploration(features, sure),
    )


def _emotional_reaction(features: Features, sure: set[Code]) -> int:
    """Strong: a feeling for what happened to the client; weak: warmth without one."""
    if not sure.isdisjoint(_COLD_CODES):
        return 0
    if features.has("warmth_strong") and Code.OWN_PART not in sure:
        return 2
    if Code.VALIDATE in sure:
        return 2 if features.emotions else 1
    return 1 if features.has("warmth_weak") or Code.AFFIRM in sure else 0


def _interpretation(features: Features, sure: set[Code]) -> int:
    """Strong: what it is like, said in own words or by a like experience; weak: understanding."""
    if features.has("shared_experience") or Code.SELF_DISCLOSURE in sure:
        return 2
    if Code.REFLECTION_COMPLEX in sure or Code.VALIDATE in sure:
        return 2
    if Code.REFLECTION_SIMPLE in sure:
        return 2 if features.emotions else 1
    return 1 if features.has("understanding") else 0


def _exploration(features: Features, sure: set[Code]) -> int:
    """Strong: a question about this client's experience; weak: a plain one."""
    if sure.isdisjoint(_QUESTIONS) or _CLIENT.isdisjoint(features.vocabulary):
        return 1 if Code.QUESTION_OPEN in sure else 0
    return 1 if features.has("plain_asking") and Code.RISK_QUESTION not in sure else 2
