"""Which of two readings of a reply the client goes by."""

import pytest

from alliance_sim.client.dynamics import load_dynamics, profile_of
from alliance_sim.client.felt import felt
from alliance_sim.client.reactions import reaction_of
from alliance_sim.client.state import moves_of
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main
from alliance_sim.domain.scenario import Reaction


def reply(**codes: float) -> CodedReply:
    spans = tuple(CodedSpan(code=Code(name), p=p, words="") for name, p in codes.items())
    return CodedReply(main=Main.OTHER, codes=spans)


@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        ({"advice": 0.5, "reflection_simple": 0.62}, {Code.REFLECTION_SIMPLE}),
        ({"advice": 0.75, "reflection_simple": 0.9}, {Code.ADVICE, Code.REFLECTION_SIMPLE}),
        ({"advice": 0.55, "reflection_simple": 0.5}, {Code.ADVICE, Code.REFLECTION_SIMPLE}),
        ({"advice": 0.5}, {Code.ADVICE}),
        ({"advice": 0.5, "reflection_simple": 0.45}, {Code.ADVICE}),
        ({"blame": 0.5, "validate": 0.8}, {Code.BLAME, Code.VALIDATE}),
    ],
)
def test_a_doubtful_harm_gives_way_to_a_surer_reflection(codes, kept):
    assert felt(reply(**codes)) == kept


def test_it_neither_moves_the_client_nor_is_answered(library):
    scenario = library.scenario("mandated")
    profile = profile_of(scenario, load_dynamics())
    doubtful = reply(advice=0.5, reflection_simple=0.62)
    moves = moves_of(doubtful, profile, took_floor=False, closed_before=0)
    assert moves == {"reflect_simple"}
    assert reaction_of(doubtful) is Reaction.REFLECTION
