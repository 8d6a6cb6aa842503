"""What speaks for each of the four main behaviours: named observations that hold or do not.

The names are those of `lexicon/main.yaml`, where what each counts can be read and changed.
"""

from collections.abc import Iterator, Sequence

from alliance_sim.coding.features import Features
from alliance_sim.coding.lexicon import main_weights
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Code, CodedReply

_LENGTHS = ((1, "words_1"), (3, "words_2_3"), (6, "words_4_6"), (12, "words_7_12"),
            (25, "words_13_25"), (50, "words_26_50"))  # fmt: skip
_BEGINNINGS = frozenset("i we you your that there it if".split())
_QUESTIONS = ((Code.QUESTION_OPEN, "open"), (Code.QUESTION_CLOSED, "closed"))
_LABELS = (("reflection_stem", "stem"), ("greeting", "greeting"), ("closing", "closing"))


def evidence(features: Features, spans: Spans, previous: Sequence[CodedReply]) -> Iterator[str]:
    """The names of the observations that hold, each once."""
    yield "always"
    yield next((name for most, name in _LENGTHS if features.length <= most), "words_more")
    yield from _asked(features, spans)
    yield from _opening(features)
    vocabulary = features.vocabulary
    for name, words in main_weights().says.items():
        if not vocabulary.isdisjoint(words):
            yield name
    for code, span in spans.items():
        if span.p >= 0.5:
            yield code.value
    for label, name in _LABELS:
        if features.has(label):
            yield name
    yield from _context(features, previous)


def _asked(features: Features, spans: Spans) -> Iterator[str]:
    if any(sentence.asked for sentence in features.sentences):
        yield "asked"
        if features.sentences[-1].asked:
            yield "asked_last"
    for code, name in _QUESTIONS:
        if code in spans:
            p = spans[code].p
            yield f"{name}_sure" if p >= 0.8 else f"{name}_likely" if p >= 0.5 else f"{name}_maybe"


def _opening(features: Features) -> Iterator[str]:
    rests = [rest for sentence in features.sentences if (rest := sentence.bare())]
    if not rests:
        yield "only_openers"
        return
    for first in sorted({rest[0] for rest in rests} & _BEGINNINGS):
        yield f"begins_{first}"
    if any("so" in sentence.words[:2] for sentence in features.sentences):
        yield "begins_so"
    if features.words.text.rstrip()[-1:] in ("-", "–", "—"):
        yield "breaks_off"


def _context(features: Features, previous: Sequence[CodedReply]) -> Iterator[str]:
    overlap = features.overlap
    if overlap > 0.15:
        yield "repeats_most" if overlap >= 0.5 else "repeats_some"
    client = features.client
    if client is None:
        yield "nothing_before"
        return
    if client.sentences[-1].asked:
        yield "client_asked"
    if client.length <= 3 and previous:
        yield f"after_{previous[-1].main.value}"
