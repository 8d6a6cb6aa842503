"""What in a reply lands hardest."""

import pytest

from alliance_sim.client.reactions import GENTLE, HARMFUL, WHOLE, reaction_of
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main, Mark
from alliance_sim.domain.scenario import Reaction


def coded(*codes: Code, marks=(), p=0.9) -> CodedReply:
    spans = tuple(CodedSpan(code=code, p=p, words="") for code in codes)
    return CodedReply(main=Main.OTHER, codes=spans, marks=frozenset(marks))


@pytest.mark.parametrize(
    ("reply", "reaction"),
    [
        (coded(Code.VALIDATE, Code.BLAME), Reaction.BLAME),
        (coded(Code.ADVICE, Code.BOUNDARY_BREAK), Reaction.BOUNDARY_BREAK),
        (coded(Code.REFLECTION_COMPLEX, Code.ADVICE), Reaction.ADVICE),
        (coded(Code.REFLECTION_SIMPLE, Code.RISK_QUESTION), Reaction.RISK_ASKED),
        (coded(Code.QUESTION_OPEN), None),
        (coded(Code.BLAME, p=0.49), None),
        (coded(Code.QUESTION_OPEN, marks={Mark.GREETING}), Reaction.GREETING),
        (coded(Code.VALIDATE, marks={Mark.HOSTILE}), Reaction.HOSTILE),
    ],
)
def test_what_hurts_comes_before_what_builds_and_both_before_a_greeting(reply, reaction):
    assert reaction_of(reply) is reaction


@pytest.mark.parametrize(
    ("main", "reaction"),
    [(Main.INPUT, Reaction.INFORMATION), (Main.REFLECTION, Reaction.REFLECTION)],
)
def test_to_say_back_a_little_and_then_explain_is_to_explain(main, reaction):
    reply = coded(Code.REFLECTION_SIMPLE, Code.INFORMATION).model_copy(update={"main": main})
    assert reaction_of(reply) is reaction


def test_no_reaction_is_both_gentle_and_a_turn_of_its_own():
    assert not GENTLE & WHOLE
    assert HARMFUL < WHOLE
