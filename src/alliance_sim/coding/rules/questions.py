"""Open and closed questions, with and without a question mark."""

import re

from alliance_sim.coding.features import Features
from alliance_sim.domain.codes import Code, CodedSpan

_SUBJECT = (
    "(?:you|i|we|he|she|it|that|they|this|these|those|there|your|my|our|the|a|any[^ ]*|some[^ ]*)"
)
_AUXILIARY = (
    "(?:do|does|did|are|is|was|were|have|has|had|would|could|can|will|should|might|may|shall|am)"
)
_WH = "(?:what|how|why|where|which|who|when|whose)"
_OPEN = re.compile(
    rf" (?P<open>{_WH}(?: (?!you |i |we |he |she |they )[^ .?]+){{0,3}}? {_AUXILIARY}(?: not)?"
    rf" {_SUBJECT} [^ .?]+(?: [^ .?]+){{0,8}}|"
    r"what (?:happened|happens|brings|brought|else|about|made|makes|keeps|helps|helped|would|got|"
    r"comes|might|is|are|was|were|concerns|worries|led|kind|kinds|sort|sorts|other)"
    r"(?: [^ .?]+){0,8}|"
    r"how (?:about|so|come|important|confident|ready|do|did|does|was|is|are)(?: [^ .?]+){0,8}|"
    r"(?:tell me|say|share|hear|talk to me|talk a (?:little )?bit|speak) (?:a (?:little|bit) (?:bit )?)?"
    r"(?:some )?(?:more|about|what|how|why)(?: [^ .?]+){0,8}|"
    r"(?:help me understand|describe|walk me through|give me an? (?:idea|example|sense))"
    r"(?: [^ .?]+){0,8})(?= )"
)
_CLOSED = re.compile(
    rf" (?P<closed>{_AUXILIARY}(?: not)? {_SUBJECT} [^ .?]+(?: [^ .?]+){{0,8}})(?= )"
)
_CLOSED_WH = re.compile(
    r"^(?:how (?:many|much|long|old|often|far|tall|big)|when|where|who|which|what (?:time|year|day|age|is your name))\b"
)
_START = re.compile(
    r"[.?](?: (?:so|well|okay|all right|right|yeah|yes|and|but|oh|hmm|mm|no|sure|now|then|great|good|i see|hi|hey|hello|because|or))*$"
)
_YOU = frozenset("do did are were have would could can will is does was has".split())


def questions(features: Features) -> list[CodedSpan]:
    """Question codes with their probability."""
    found: list[CodedSpan] = []
    taken: list[tuple[int, int]] = []
    line = features.line
    for match in _OPEN.finditer(line):
        sentence = features.sentence_at(match.start())
        p = _open_p(features, match, sentence.asked)
        if p:
            code = Code.QUESTION_CLOSED if _CLOSED_WH.match(match["open"]) else Code.QUESTION_OPEN
            found.append(_span(features, code, p, match.start("open"), match.end("open")))
            taken.append((match.start(), match.end()))
    for match in _CLOSED.finditer(line):
        if any(start <= match.start() < end for start, end in taken):
            continue
        p = _closed_p(features, match)
        if p:
            found.append(
                _span(features, Code.QUESTION_CLOSED, p, match.start("closed"), match.end("closed"))
            )
            taken.append((match.start(), match.end()))
    for sentence in features.sentences:
        if sentence.asked and not any(sentence.start <= start < sentence.end for start, _ in taken):
            p = 0.45 if _reflective(sentence.words) else 0.75
            found.append(_span(features, Code.QUESTION_CLOSED, p, sentence.start + 1, sentence.end))
    return found


def _open_p(features: Features, match: re.Match[str], asked: bool) -> float:
    at_start = bool(_START.search(features.line[max(0, match.start() - 60) : match.start()]))
    words = match["open"]
    inverted = bool(
        re.match(
            rf"{_WH}(?: [^ ]+){{0,3}}? {_AUXILIARY}(?: not)? (?:you|we|they|he|she|it|that|your|this)\b",
            words,
        )
    )
    imperative = not re.match(rf"{_WH}\b", words)
    if asked:
        return 0.92
    if imperative:
        return (
            0.85
            if at_start
            or re.search(
                r" (?:can|could|would|will) you(?: [^ ]+){0,3}$",
                features.line[: match.start()][-40:],
            )
            else 0.0
        )
    if inverted:
        return 0.85
    return 0.7 if at_start else 0.0


def _closed_p(features: Features, match: re.Match[str]) -> float:
    sentence = features.sentence_at(match.start())
    before = features.line[sentence.start : match.start()]
    at_start = bool(_START.search(features.line[max(0, match.start() - 60) : match.start()]))
    if at_start:
        return 0.92 if sentence.asked else 0.75
    if sentence.asked:
        return 0.85
    first, second = match["closed"].split(" ")[:2]
    if (
        second == "you"
        and first in _YOU
        and not re.search(r" (?:what|how|why|where|when|who|which|so|nor|neither|than|as)$", before)
    ):
        return 0.6
    return 0.0


def _reflective(words: tuple[str, ...]) -> bool:
    start = [
        word
        for word in words
        if word not in ("so", "okay", "and", "but", "well", "yeah", "right", "oh")
    ][:2]
    return bool(start) and (
        start[0] in ("you", "your")
        or start[0] in ("sounds", "seems")
        or start == ["it", "sounds"]
        or start == ["it", "seems"]
    )


def _span(features: Features, code: Code, p: float, start: int, end: int) -> CodedSpan:
    return CodedSpan(code=code, p=p, words=features.words.verbatim(start, end))
