"""What is strung to a reply and says nothing to this client: it neither adds nor takes away.

Phrases in rows, one thing many times over, somebody's words in quotes, the client's own words as
they came, a passage that belongs to another story. Each is seen by its form and by what it has in
common with what the client said; only praise is known by its phrases. What is left is the reply.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import groupby

from alliance_sim.coding.lazy import lazy
from alliance_sim.scoring.cues import stance
from alliance_sim.scoring.hollow import hollow
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.sentence import Kind
from alliance_sim.scoring.words import content, phrases_of, plain, sentences, stem, tokens

SHORT = 6
"""Words up to which a sentence, or a part of one, may be one of a row."""

ROW, ROW_FOR_ANYONE, LIST = 4, 3, 6
"""Such sentences in a row, such that would all fit anyone, and parts of one sentence, that nobody
strings together in speech."""

PASTED, TAKEN = 5, 8
"""Words of a sentence that stands in the client's turn as it is, and of a stretch of one."""

MOSTLY = 0.6
"""Share of a sentence that such a stretch makes up."""

OVER_AND_OVER = 4
"""Times that one word with content stands in one sentence."""

ELSEWHERE = 8
"""Words with content, none of them the client's so far, that make another story."""

_FIRST_PERSON = frozenset("i i'm i've i'd i'll me my mine myself".split())
_ABOUT_CLIENT = frozenset(
    {Kind.REFLECT, Kind.VALIDATE, Kind.WARMTH, Kind.STOCK, Kind.OTHER, Kind.EXPLORE, Kind.OPEN}
)
_ACTS = frozenset({Kind.ADVICE, Kind.DISMISS, Kind.REASSURE})
_QUOTED = re.compile(r'["“][^"“”]*["”]')
_PARTS = re.compile(r"[,;]| and | - ")


@dataclass(frozen=True)
class _Part:
    """One sentence of a reply."""

    text: str
    kind: Kind | None
    """None: words of the trade."""
    heard: frozenset[str]
    """Stems of the words with content in the client's turn."""

    @lazy
    def said(self) -> frozenset[str]:
        return content(self.text)

    @lazy
    def idle(self) -> bool:
        """Whether it is short, or would fit anyone, and takes up nothing of the client's. What
        advises, dismisses or asks for a fact is an act, however short.
        """
        asks = self.kind is Kind.QUESTION and self.text.endswith("?")
        if asks or self.kind in _ACTS or self.said & self.heard or stance(self.text).has("grounds"):
            return False
        return len(tokens(self.text)) <= SHORT or hollow(self.text)


def without_padding(text: str, before: str, heard: Set[str]) -> str | None:
    """What is left of a reply without its padding; None where it has none.

    Where all of it is padding, its first sentence is what was said.

    Args:
        text: The part of the reply that is spoken to the client.
        before: The client's turn that it answers.
        heard: Stems of the words with content that the client has said so far.
    """
    said = sentences(text)
    if len(said) < 2:
        return None
    kinds = {sentence.text: sentence.kind for sentence in sentences_of(text, before)}
    parts = [_Part(sentence, kinds.get(sentence), content(before)) for sentence in said]
    padding = {place for find in _KINDS for place in find(parts, text, before)}
    padding.update(_elsewhere(parts, heard))
    if not padding:
        return None
    return " ".join(p.text for n, p in enumerate(parts) if n not in padding) or parts[0].text


def _pasted(parts: Sequence[_Part], text: str, before: str) -> Iterator[int]:
    """Sentences that are the client's, with "I" as it was or several times over."""
    client = f" {' '.join(tokens(before))} "
    whole = f" {' '.join(tokens(text))} "
    for place, part in enumerate(parts):
        said = tokens(part.text)
        run = f" {' '.join(said)} "
        if len(said) >= PASTED and run in client:
            if _FIRST_PERSON.isdisjoint(said) and whole.count(run) < 2:
                continue
            yield place
        elif _taken(said, client):
            yield place


def _taken(said: Sequence[str], client: str) -> bool:
    """Whether most of a sentence is one stretch of the client's turn."""
    length = max(TAKEN, int(MOSTLY * len(said)))
    runs = (said[n : n + length] for n in range(len(said) - length + 1))
    return any(f" {' '.join(run)} " in client for run in runs)


def _over_and_over(parts: Sequence[_Part], *_: str) -> Iterator[int]:
    for place, part in enumerate(parts):
        said = Counter(map(stem, tokens(part.text)))
        most = max((n for word, n in said.items() if word in part.said), default=0)
        if most >= OVER_AND_OVER or (said.total() >= LIST and 3 * len(said) <= said.total()):
            yield place


def _rows(parts: Sequence[_Part], *_: str) -> Iterator[int]:
    """Sentences in a row, and sentences that are such a row by themselves."""
    for idle, run in groupby(range(len(parts)), key=lambda place: parts[place].idle):
        places = list(run)
        least = ROW_FOR_ANYONE if all(hollow(parts[n].text) for n in places) else ROW
        if idle and len(places) >= least:
            yield from places
    for place, part in enumerate(parts):
        pieces = [piece for piece in _PARTS.split(plain(part.text)) if piece.strip()]
        short = all(len(piece.split()) <= SHORT for piece in pieces)
        if short and len(pieces) >= LIST and len(part.said & part.heard) < 2:
            yield place


def _quoted(parts: Sequence[_Part], speech: str, _: str) -> Iterator[int]:
    """Sentences that stand in quotes as a whole, and are not the client's words."""
    outside = _QUOTED.sub(lambda quote: " " * len(quote[0]), speech)
    for place, part in enumerate(parts):
        start = speech.find(part.text)
        if start >= 0 and not part.said & part.heard:
            left = outside[start : start + len(part.text)]
            if left != part.text and not any(map(str.isalnum, left)):
                yield place


def _praised(parts: Sequence[_Part], *_: str) -> Iterator[int]:
    """Sentences that tell of praise for the trainee."""
    phrases = phrases_of("to_scorer")
    said = (plain(part.text).replace('"', "") for part in parts)
    return (n for n, words in enumerate(said) if phrases.has("praise", words))


def _elsewhere(parts: Sequence[_Part], heard: Set[str]) -> Iterator[int]:
    """Sentences in a row that say back, or ask about, things the client never spoke of. Of danger
    and of secrecy one speaks in words of one's own.
    """
    apart = [
        p.kind in _ABOUT_CLIENT and not p.said & heard and not _of_safety(p.text) for p in parts
    ]
    for alone, run in groupby(range(len(parts)), key=apart.__getitem__):
        places = list(run)
        if alone and len({word for n in places for word in parts[n].said}) >= ELSEWHERE:
            yield from places


def _of_safety(sentence: str) -> bool:
    phrases = phrases_of("risk_replies")
    return any(phrases.has(category, sentence) for category in _SAFETY)


_SAFETY = ("named", "named_others", "asks_harm", "plan", "means", "exceptions", "of_privacy")
"""Categories of what is asked and said about danger, and about what stays between the two."""


_KINDS: tuple[Callable[[Sequence[_Part], str, str], Iterator[int]], ...] = (
    _pasted,
    _over_and_over,
    _rows,
    _quoted,
    _praised,
)
