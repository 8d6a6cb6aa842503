"""Open and closed questions, with and without a question mark.

Captions carry no marks, so the order of words decides first: a question word before an auxiliary
and its subject, an auxiliary before its subject, an invitation ("tell me about"). A mark alone,
on words in the order of a statement, is a statement with a rising voice: most often a reflection.
"""

import re
from collections.abc import Iterator
from itertools import islice

from alliance_sim.coding.features import Features, Sentence
from alliance_sim.domain.codes import Code, CodedSpan

_TAGGED = 0.4
"""Probability that a checked or raised statement is a question."""
_TAG_WORDS = 6

MOST = 40
"""Matches of one form that are looked at; no reply asks more, a pasted text may."""

_AUX = "(?:do|does|did|are|is|was|were|have|has|had|would|could|can|will|should|might|may|shall|am)"
_WH = "(?:what|how|why|where|which|who|when|whose|whom)"
_PERSON = "(?:you|i|we|he|she|they|it|that|this|there)"
_NOUN = "(?:your|my|our|his|her|their|the|a|an|any[^ ]*|some[^ ]*|these|those|people)"
_SUBJECT = f"(?:{_PERSON}|{_NOUN})"
_TAIL = "(?: [^ .?]+){0,9}"

_WH_FIRST = re.compile(
    rf" (?P<said>{_WH}(?: (?!{_PERSON} )[^ .?]+){{0,3}}? {_AUX}(?: not)? {_SUBJECT}(?= ){_TAIL})"
    "(?= )"
)
_WH_OTHER = re.compile(
    r" (?P<said>(?:what (?:happen(?:s|ed)|brings|brought|else|about|if|made|makes|keeps|kept|helps|"
    r"helped|would|could|might|seems|feels|comes|came|concerns|worries|led|is|are|was|were|other|"
    r"kinds?|sorts?)|"
    rf"how (?:about|so|come|else|important|confident|ready)|why not){_TAIL})(?= )"
)
_INVITE = re.compile(
    r" (?P<said>(?:(?:tell me|tell us|say|share|hear|talk to me|speak|talk)"
    r" (?:(?:a )?(?:little|bit|lot) (?:bit )?)?(?:some )?(?:more|about|what|how|why)|"
    r"(?:help me (?:to )?understand|describe|walk me through|take me through|"
    r"give me (?:an?|some|another) (?:idea|example|sense|picture)))"
    rf"{_TAIL})(?= )"
)
_WONDER = re.compile(
    rf" (?P<said>(?:wondering|wonder|curious|interested|like to know|love to hear|love to know)"
    rf" (?:about |to know )?{_WH}{_TAIL})(?= )"
)
_ANYTHING = re.compile(
    r" (?P<said>(?:(?:is|are) there )?any(?:thing| other) (?:else|concerns?|questions?|thoughts?|"
    rf"ideas?|reasons?|ways?|things?|you){_TAIL})(?= \?)"
)
_AUX_FIRST = re.compile(rf" (?P<said>{_AUX}(?: not)? {_SUBJECT} [^ .?]+{_TAIL})(?= )")
_TAG = re.compile(
    rf" (?P<said>{_AUX}(?: not)? {_PERSON}(?: not)?|(?:is|was|have) (?:that|this|it|i)(?: got)?"
    r"(?: it| that| this)? (?:right|it|correct|fair|so|accurate|close)|right|yeah|huh|"
    r"correct|close|no|yes|okay)(?= \?)"
)
"""What only asks whether the rest is right."""
_COUNTED = re.compile(
    r"(?:how (?:many|much|long|old|often|far|tall|big)|when|"
    r"where (?:do|does|did|is|are) (?:you|he|she|they|your|it) (?:live|work|go|from|born|now)|"
    r"who|whose|which (?:one|day)|what (?:time|year|day|age|is your name))\b"
)
_INVITING = re.compile(
    r" (?:can|could|would|will|let|please|like|love|want|like you|want you)"
    r"(?: (?:to|you|me|us|maybe|just|mind))*$"
)
_OPENERS = (
    "so|well|okay|all|right|yeah|yes|and|but|oh|hmm|mm|no|sure|now|then|great|good|i see|hi|hey|"
    "hello|because|or|i mean|you know|just|first|also|today|maybe|um"
)
_OPEN_START = re.compile(rf"(?: (?:{_OPENERS}))* (?:what|how|why) ")
_AT_START = re.compile(rf"[.?](?: (?:{_OPENERS}|hi [^ ]+|okay [^ ]+))*$")
_SEATED = re.compile(r"have a (?:seat|chair|look|think)\b")
_DIRECT = frozenset("do did are were have would could can will does".split())
_TIED = frozenset(
    "what how why where when who which whose so nor neither than as that there if because they we"
    " he she it i people like whatever things everything to the and not just all".split()
)


def questions(features: Features) -> list[CodedSpan]:
    """Question spans with their probability, in order of kind."""
    found: list[tuple[int, int, CodedSpan]] = []
    for needed, pattern, weigh in _OPEN_KINDS:
        if features.vocabulary.isdisjoint(needed):
            continue
        for match in islice(pattern.finditer(features.line), MOST):
            p = weigh(features, match)
            if p and not _within(match.start("said"), found):
                kind = Code.QUESTION_CLOSED if _COUNTED.match(match["said"]) else Code.QUESTION_OPEN
                found.append(_found(features, match, kind, p))
    may_ask = not features.vocabulary.isdisjoint(_AUXILIARIES)
    for match in islice(_AUX_FIRST.finditer(features.line) if may_ask else (), MOST):
        if not _within(match.start("said"), found):
            p = _aux_p(features, match)
            if p:
                found.append(_found(features, match, Code.QUESTION_CLOSED, p))
    found += _marked(features, found)
    return [span for _, _, span in found]


def _wh_p(features: Features, match: re.Match[str]) -> float:
    if features.sentence_at(match.start("said")).asked:
        return 0.93
    return 0.85 if _begins(features, match) else 0.7


def _other_p(features: Features, match: re.Match[str]) -> float:
    asked = features.sentence_at(match.start("said")).asked
    if _begins(features, match):
        return 0.9 if asked else 0.7
    return 0.6 if asked else 0.0


def _invite_p(features: Features, match: re.Match[str]) -> float:
    before = features.line[max(0, match.start() - 30) : match.start()]
    return 0.85 if _begins(features, match) or _INVITING.search(before) else 0.0


def _wonder_p(features: Features, match: re.Match[str]) -> float:
    sentence = features.sentence_at(match.start("said"))
    return 0.75 if "i" in sentence.words or "would" in sentence.words else 0.0


def _anything_p(_features: Features, _match: re.Match[str]) -> float:
    return 0.65


_OPEN_KINDS = (
    (frozenset(_WH[3:-1].split("|")), _WH_FIRST, _wh_p),
    (frozenset(("what", "how", "why")), _WH_OTHER, _other_p),
    (frozenset("tell say share hear talk speak help describe walk take give".split()),
     _INVITE, _invite_p),
    (frozenset("wondering wonder curious interested like love".split()), _WONDER, _wonder_p),
    (frozenset(("any", "anything")), _ANYTHING, _anything_p),
)  # fmt: skip
"""Words of which one must be there, the form, and how likely it asks."""
_AUXILIARIES = frozenset(_AUX[3:-1].split("|"))


def _aux_p(features: Features, match: re.Match[str]) -> float:
    if _SEATED.match(match["said"]):
        return 0.0
    sentence = features.sentence_at(match.start("said"))
    asked = sentence.asked
    if _is_tag(features, match.start()):
        return _TAGGED
    if _begins(features, match):
        return 0.93 if asked else 0.75
    auxiliary, subject = match["said"].split(" ")[:2]
    before = features.line[max(0, match.start() - 40) : match.start()].rsplit(" ", 1)[-1]
    if before in _TIED or subject not in (
        "you",
        "he",
        "she",
        "they",
        "it",
        "that",
        "there",
        "your",
    ):
        return 0.0
    if asked:
        return 0.85 if subject == "you" or auxiliary not in ("have", "had") else 0.0
    return 0.6 if subject == "you" and auxiliary in _DIRECT else 0.0


def _marked(
    features: Features, found: list[tuple[int, int, CodedSpan]]
) -> Iterator[tuple[int, int, CodedSpan]]:
    """Sentences that only their mark makes a question."""
    for sentence in features.sentences[:MOST]:
        if sentence.asked and not _within(None, found, sentence):
            words = features.words.verbatim(sentence.start + 1, sentence.end)
            if _OPEN_START.match(features.line, sentence.start):
                span = CodedSpan(code=Code.QUESTION_OPEN, p=0.8, words=words)
            else:
                stated = _states(features, sentence) or _is_tag(features, sentence.start)
                p = _TAGGED if stated else 0.7
                span = CodedSpan(code=Code.QUESTION_CLOSED, p=p, words=words)
            yield sentence.start, sentence.end, span


def _states(features: Features, sentence: Sentence) -> bool:
    """Words in the order of a statement, long enough to be one, and something to say back."""
    return (
        features.client is not None
        and len(sentence.words) > 2
        and not sentence.words[0].startswith("any")
    )


def _is_tag(features: Features, start: int) -> bool:
    """A check at the end of something longer ("…, is that right?")."""
    return bool(_TAG.match(features.line, start)) and features.length > _TAG_WORDS


def _begins(features: Features, match: re.Match[str]) -> bool:
    start = match.start()
    return bool(_AT_START.search(features.line[max(0, start - 80) : start]))


def _within(
    position: int | None, found: list[tuple[int, int, CodedSpan]], sentence: Sentence | None = None
) -> bool:
    if sentence is not None:
        return any(sentence.start <= start < sentence.end for start, _, _ in found)
    return any(start <= (position or 0) < end for start, end, _ in found)


def _found(
    features: Features, match: re.Match[str], code: Code, p: float
) -> tuple[int, int, CodedSpan]:
    start, end = match.span("said")
    return start, end, CodedSpan(code=code, p=p, words=features.words.verbatim(start, end))
