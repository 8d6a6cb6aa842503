"""Names what the trainee did with an utterance: codes, marks, empathy, the main behaviour."""

from collections.abc import Collection, Sequence

from alliance_sim.coding.blend import (
    Judgement,
    blend_codes,
    blend_empathy,
    blend_main,
    with_added,
    with_kind,
)
from alliance_sim.coding.features import Features, observe
from alliance_sim.coding.learned import learned
from alliance_sim.coding.model import Model
from alliance_sim.coding.ruled import ruled
from alliance_sim.coding.rules.agreement import agree
from alliance_sim.coding.rules.boundaries import cold
from alliance_sim.coding.rules.empathy import empathy
from alliance_sim.coding.rules.main import main
from alliance_sim.coding.rules.marks import marks
from alliance_sim.coding.rules.reflections import kind
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import (
    ASSERTED,
    Code,
    CodedReply,
    CodedSpan,
    Empathy,
    Main,
    Mark,
)

NO_TALK = frozenset((Mark.NONSENSE, Mark.NOT_ENGLISH))
"""Marks of what is not talk that could be coded."""


def code(
    text: str,
    client_before: str = "",
    *,
    previous: Sequence[CodedReply] = (),
    by: Model | None = None,
) -> CodedReply:
    """Code one utterance of the trainee.

    Pure and deterministic; accepts any text; linear in its length.

    Args:
        text: What the trainee said.
        client_before: The client's last turn; empty at the start of a session.
        previous: Earlier replies of the trainee, oldest first.
        by: Learned models to judge by; those that ship where None.
    """
    features = observe(text, client_before)
    found_marks = marks(features)
    spans = ruled(features, found_marks, previous)
    if cold(features, spans):
        found_marks |= {Mark.COLD}
    which, levels = Main.OTHER, Empathy()
    if found_marks.isdisjoint(NO_TALK) and Code.BACKCHANNEL not in spans:
        prediction = learned(features, spans, [reply.main for reply in previous[-2:]], by)
        found = spans
        which, spans = judged(features, found, previous, prediction)
        levels = blend_empathy(features, found, empathy(features, spans), prediction)
    codes = tuple(sorted(spans.values(), key=lambda span: (-span.p, span.code.value)))
    if not any(span.p >= ASSERTED for span in codes):
        codes = (*codes, CodedSpan(code=Code.OTHER, p=0.6, words=""))
    return CodedReply(main=which, codes=codes, empathy=levels, marks=found_marks)


def surest(text: str, client_before: str, codes: Collection[Code]) -> float:
    """How likely the surest of some codes is in words that stand alone; 0 where none was found.

    As `code` has it, for codes that imply no main behaviour: that is left out, which takes long.
    """
    features = observe(text, client_before)
    found_marks = marks(features)
    spans = ruled(features, found_marks, ())
    if found_marks.isdisjoint(NO_TALK) and Code.BACKCHANNEL not in spans:
        prediction = learned(features, spans, ())
        spans = with_added(features, blend_codes(spans, prediction), prediction)
    return max((span.p for span in spans.values() if span.code in codes), default=0.0)


def judged(
    features: Features, spans: Spans, previous: Sequence[CodedReply], prediction: Judgement
) -> tuple[Main, Spans]:
    """The main behaviour and the codes, by rules and learned models together."""
    _, ruled_shares = main(features, spans, previous[-1:])
    which, shares = blend_main(features, ruled_shares, prediction, spans)
    favoured = kind(features) if which is Main.REFLECTION else None
    blended = with_added(features, blend_codes(spans, prediction), prediction)
    spans = with_kind(blended, which, shares[which], prediction, favoured)
    return agree(features, spans, which, shares)
