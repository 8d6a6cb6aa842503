"""What of a coded reply reaches the client: where two readings of it compete, the surer one."""

from alliance_sim.domain.codes import Code, CodedReply

UNSURE = 0.6
"""Below this probability a harm gives way to a surer sign of having been heard."""

HEARING = frozenset({Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX, Code.VALIDATE})

RESEMBLING = frozenset({Code.ADVICE, Code.MINIMISE, Code.CONFRONT, Code.PERSUADE, Code.INFORMATION})
"""What a reflection in the client's own terms may be mistaken for ("You measure it out.")."""


def felt(coded: CodedReply) -> frozenset[Code]:
    """The asserted codes, less those that a surer reading of the same words contradicts."""
    asserted = coded.asserted()
    heard = max((_p(coded, code) for code in asserted & HEARING), default=0.0)
    doubtful = {code for code in asserted & RESEMBLING if _p(coded, code) < min(heard, UNSURE)}
    return asserted - doubtful


def _p(coded: CodedReply, code: Code) -> float:
    span = coded.span(code)
    return span.p if span else 0.0
