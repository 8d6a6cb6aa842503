"""What the learned coder looks at: runs of words, their skeleton, and what was observed.

Everything is a bucket of `hashing`, in three blocks that are weighed apart: the more there is in a
block of runs, the less each counts, so that long replies are not surer than short ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

from alliance_sim.coding.features import FUNCTION_WORDS, Features
from alliance_sim.coding.hashing import bucket, grams, run_buckets, tokens
from alliance_sim.coding.rules.evidence import evidence
from alliance_sim.coding.rules.listed import BY_PHRASE
from alliance_sim.coding.rules.settled import Spans
from alliance_sim.domain.codes import Main

BLOCKS = ("words", "skeleton", "observed")
SCALES = (2.0, 1.5, 0.3)
"""Weight of a block before fitting: a block of runs is this long, an observation this large."""
NORMED = (True, True, False)

WORDS, SKELETON, STARTS = 1, 2, 5
"""Salts of the blocks of runs."""
LONGEST_RUN = 3
LONGEST_SKELETON = 4
KEPT_ENDS = 200
"""Words kept at each end of a reply that is longer than both."""

_KEPT = FUNCTION_WORDS | frozenset(
    "should must might may need feel feeling felt sounds sound seems hear wondering wonder tell try"
    " because though although important help makes made sense perhaps question ask"
    " lot kind . ?".split()
)
_KEPT_PARTS = {word: word.encode() + b" " for word in _KEPT}
_DROPPABLE = frozenset(code.value for code in BY_PHRASE)
"""Codes whose phrases may be said and yet not meant (reported, negated, asked)."""
_TOLD = frozenset(
    "ask avoid be begin breathe bring call choose come consider do do eat enjoy explain find focus"
    " forget get give go hang have imagine join just keep learn leave let listen look make maybe"
    " meet move pick plan please practice practise put read relax remember say seek see set sleep"
    " speak spend start stay stop take talk tell think treat trust try use visit wait walk work"
    " write never always".split()
)
"""Words that a sentence begins with when it tells somebody to do something."""
_OWN = frozenset("i me my mine myself".split())
_YOURS = frozenset("you your yours yourself".split())
_MOST_COUNTED = 3
_CROSSED = (
    "question", "closed_", "open_", "begins_", "words_", "repeats", "says_", "overlap:", "new:",
    "stem", "client_words:",
)  # fmt: skip
"""Beginnings of observations that mean another thing with marks, without, and in a question."""


@dataclass(frozen=True, slots=True)
class Signals:
    """Buckets by block, in the order of `BLOCKS`, each once; how they lie in the reply."""

    blocks: tuple[frozenset[int], ...]
    parts: tuple[bytes, ...]
    """What the runs of words are made of."""
    left_out: int
    """Words in the middle of a very long reply that are not among the parts."""


def signals(features: Features, spans: Spans, previous: Sequence[Main]) -> Signals:
    """Observe a reply; `spans` are the rules' codes, `previous` the trainee's last behaviours."""
    items = features.words.items
    left_out = max(0, len(items) - 2 * KEPT_ENDS)
    if left_out:
        items = items[:KEPT_ENDS] + items[-KEPT_ENDS:]
    parts = tokens(items)
    blocks = (
        frozenset(grams(parts, 1, LONGEST_RUN, WORDS)),
        frozenset(grams(_skeleton(items, features), 2, LONGEST_SKELETON, SKELETON)),
        frozenset((*_observed(features, spans, tuple(previous[-2:])), *_starts(features))),
    )
    return Signals(blocks, tuple(parts), left_out)


def _skeleton(items: Sequence[str], features: Features) -> list[bytes]:
    """Function words as they are; runs of other words as one sign, another if the client's."""
    said = features.client.vocabulary if features.client else frozenset()
    found: list[bytes] = []
    last = b""
    for word in items:
        kept = _KEPT_PARTS.get(word)
        if kept is not None:
            last = kept
        else:
            sign = b"* " if word in said else b"_ "
            if sign == last:
                continue
            last = sign
        found.append(last)
    return found


def _observed(features: Features, spans: Spans, previous: tuple[Main, ...]) -> Iterator[int]:
    names = [*_named(features, spans), *_context(features, previous)]
    manner = _manner(features)
    yield from map(bucket, names)
    yield bucket("manner:" + manner)
    marked = "bare " if manner == "bare" else "marked "
    asked = manner == "asked_last"
    for name in names:
        if name.startswith(_CROSSED):
            yield bucket(marked + name)
            if asked:
                yield bucket("asked " + name)


def _manner(features: Features) -> str:
    """How it is written: ends in a question mark, holds one, other marks only, none at all."""
    text = features.words.text
    if "?" in text:
        return "asked_last" if features.sentences[-1].asked else "asked"
    marked = text[:1].isupper() or any(mark in text for mark in ".,!;")
    return "not_asked" if marked else "bare"


def _named(features: Features, spans: Spans) -> Iterator[str]:
    yield from evidence(features, spans, ())
    codes = {code.value for code in spans}
    for code, span in spans.items():
        yield f"code:{code.value}:{int(span.p * 5)}"
    for label in features.hits:
        yield "said:" + label
        if label in _DROPPABLE and label not in codes:
            yield "dropped:" + label
    if features.emotions:
        yield "emotion"
    yield from _persons(features.words.items)
    yield f"sentences:{min(5, len(features.sentences))}"
    yield f"length:{min(8, int(2 * log2(features.length + 1)))}"
    text = features.words.text
    if text[:1] == "-":
        yield "goes_on"


def _persons(items: Sequence[str]) -> Iterator[str]:
    """Whom it is about; pronouns say little by themselves and much about other words."""
    own = sum(map(_OWN.__contains__, items))
    yours = sum(map(_YOURS.__contains__, items))
    yield f"own:{min(_MOST_COUNTED, own)}"
    yield f"yours:{min(_MOST_COUNTED, yours)}"
    if own or yours:
        yield "about:" + ("own" if own > yours else "both" if own == yours else "yours")


def _starts(features: Features) -> Iterator[int]:
    """How each sentence begins after its openers, and how the last one does."""
    last = len(features.sentences) - 1
    for place, sentence in enumerate(features.sentences[:20]):
        words = sentence.bare()[:3]
        if not words:
            continue
        parts = tokens(words)
        for salt in (STARTS, STARTS + 1 + sentence.asked) if place == last else (STARTS,):
            yield from run_buckets(parts, salt)
        if words[0] in _TOLD:
            yield bucket("tells")


def _context(features: Features, previous: tuple[Main, ...]) -> Iterator[str]:
    client = features.client
    before = previous[-1].value if previous else "none"
    yield "before:" + before
    if len(previous) > 1:
        yield "second_before:" + previous[-2].value
    if client is None:
        return
    brief = "brief" if client.length < 4 else "long"
    yield f"before:{before}:{brief}"
    for label in client.hits:
        yield "client_said:" + label
    shared = features.content & client.content
    yield f"client_words:{min(6, int(log2(client.length + 1)))}"
    yield f"overlap:{int(features.overlap * 5)}"
    yield f"shared:{min(5, len(shared))}"
    yield f"new:{min(5, len(features.content - client.content) // 2)}"
    if client.emotions:
        yield "client_emotion"
    if features.emotions - client.emotions:
        yield "new_emotion"
