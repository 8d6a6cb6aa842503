"""Accusations by form: an absolute about the client that nothing the client said bears out."""

import re

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.guards import denied_or_reported
from alliance_sim.domain.codes import Code, CodedSpan

_PERMISSION = r"(?!you (?:never (?:have|need) to|are always (?:free|welcome|allowed)) )"
_ABSOLUTE = re.compile(
    rf" (?P<said>{_PERMISSION}you (?:are )?(?:just )?(?:always|never|constantly|only ever)"
    r"(?: [^ .?]+){2,8})"
)
_BETWEEN_US = frozenset("me my here us session sessions therapy homework".split())


def accusations(features: Features) -> list[CodedSpan]:
    """ "You never …" said about the work together, or out of nothing, blames.

    After a client who said so it is a reflection and left to its rules.
    """
    found = []
    for match in _ABSOLUTE.finditer(features.line):
        sentence = features.sentence_at(match.start("said"))
        before = features.line[sentence.start : match.start("said")]
        if sentence.asked or denied_or_reported(before):
            continue
        p = 0.0
        if not _BETWEEN_US.isdisjoint(sentence.words) and features.overlap < 0.3:
            p = 0.7
        elif features.client is None:
            p = 0.55
        if p:
            words = features.words.verbatim(*match.span("said"))
            found.append(CodedSpan(code=Code.BLAME, p=p, words=words))
    return found
