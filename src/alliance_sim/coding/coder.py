"""Names what the trainee did with an utterance: codes, marks, empathy, the main behaviour."""

from collections.abc import Sequence

from alliance_sim.coding.features import observe
from alliance_sim.coding.rules.accusations import accusations
from alliance_sim.coding.rules.agreement import agree
from alliance_sim.coding.rules.boundaries import cold
from alliance_sim.coding.rules.empathy import empathy
from alliance_sim.coding.rules.listed import listed
from alliance_sim.coding.rules.main import main
from alliance_sim.coding.rules.marks import marks
from alliance_sim.coding.rules.questions import questions
from alliance_sim.coding.rules.reflections import reflections
from alliance_sim.coding.rules.relations import settle
from alliance_sim.domain.codes import ASSERTED, Code, CodedReply, CodedSpan, Main, Mark


def code(text: str, client_before: str = "", *, previous: Sequence[CodedReply] = ()) -> CodedReply:
    """Code one utterance of the trainee.

    Pure and deterministic; accepts any text; linear in its length.

    Args:
        text: What the trainee said.
        client_before: The client's last turn; empty at the start of a session.
        previous: Earlier replies of the trainee, oldest first.
    """
    features = observe(text, client_before)
    found_marks = marks(features)
    spans = _surest(
        [
            *listed(features).values(),
            *questions(features),
            *reflections(features),
            *accusations(features),
        ]
    )
    settled = settle(features, spans, found_marks, previous)
    if cold(features, settled):
        found_marks |= {Mark.COLD}
    if Mark.NONSENSE in found_marks or Mark.NOT_ENGLISH in found_marks:
        which = Main.OTHER
    else:
        which, shares = main(features, settled, previous[-1:])
        which, settled = agree(features, settled, which, shares)
    codes = tuple(sorted(settled.values(), key=lambda span: (-span.p, span.code.value)))
    if not any(span.p >= ASSERTED for span in codes):
        codes = (*codes, CodedSpan(code=Code.OTHER, p=0.6, words=""))
    return CodedReply(
        main=which, codes=codes, empathy=empathy(features, settled), marks=found_marks
    )


def _surest(spans: Sequence[CodedSpan]) -> dict[Code, CodedSpan]:
    found: dict[Code, CodedSpan] = {}
    for span in spans:
        if span.code not in found or span.p > found[span.code].p:
            found[span.code] = span
    return found
