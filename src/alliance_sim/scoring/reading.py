"""One reply read once for listening, collaboration and pacing: its sentences, and its stance."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from alliance_sim.coding.lazy import lazy
from alliance_sim.domain.codes import Code, Main
from alliance_sim.scoring.cues import Cues, moment, stance
from alliance_sim.scoring.earned import earned
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.once import once
from alliance_sim.scoring.sentence import Kind, Sentence, read
from alliance_sim.scoring.words import content, plain

STEERS = ("directs", "imposes", "persuades", "judges")
"""Labels of words that take the client's say away."""

INVITES = ("elicits", "options", "permission", "autonomy", "checks")
"""Labels of words that give it."""

GIVES = (*INVITES, "tentative")
"""With those that put a view so that it can be refused."""

ASKING = frozenset({Kind.EXPLORE, Kind.OPEN, Kind.QUESTION})
SAID_BACK = frozenset({Kind.REFLECT, Kind.VALIDATE})
_HARSH = frozenset({Code.CONFRONT, Code.MINIMISE, Code.BLAME, Code.PERSUADE})
_LEFT_FREE = ("slows", "grounds", "autonomy", "permission", "options", "adapts", "ends")
_MAY = re.compile(r"\byou(?: can| may| could|'re free to)\b")
_SURE = 0.7
"""How sure the coder must be of what no list has found."""


@dataclass(frozen=True)
class Reading:
    """What a reply does with the client's words and say."""

    exchange: Exchange
    sentences: tuple[Sentence, ...]
    said: Cues
    heard: Cues

    @lazy
    def steering(self) -> int:
        """Places at which the reply decides for the client: told, set, argued or judged."""
        told = [s.text for s in self.sentences if self._tells(s)]
        quotes = [words for label in STEERS for words in self.said.found.get(label, ())]
        quotes = [words for words in quotes if not self._taken_up(words)]
        quotes += [words for words in self.said.found.get("commands", ()) if self._commands(words)]
        free = [words for label in _LEFT_FREE for words in self.said.found.get(label, ())]
        unlisted = sum(
            not any(words in sentence for words in (*quotes, *free)) for sentence in told
        )
        found = len(quotes) + unlisted
        return found or int(self.harsh)

    @property
    def imposes(self) -> bool:
        """Whether the reply sets a goal, a task or the course by itself."""
        return any(not self._taken_up(words) for words in self.said.found.get("imposes", ()))

    def _taken_up(self, words: str) -> bool:
        """Whether "let's ..." goes along with what the client said, or changes course for it."""
        if not words.lower().startswith("let"):
            return False
        near = self._sentence_with(words)
        adapted = self.said.found.get("adapts", ()) + self.said.found.get("slows", ())
        return near is not None and (
            2 * near.shared > near.new or any(words in near.text for words in adapted)
        )

    def _commands(self, words: str) -> bool:
        """Whether a verb at the start of a sentence tells the client what to do: not in a question,
        nor where the same sentence slows, grounds or leaves the choice, or says back.
        """
        near = self._sentence_with(words)
        if near is None or near.kind in ASKING or near.shared > 1:
            return False
        free = (found for label in _LEFT_FREE for found in self.said.found.get(label, ()))
        counted = any(words in found for found in self.said.found.get("directs", ()))
        return not counted and not any(found in near.text for found in free)

    def _sentence_with(self, words: str) -> Sentence | None:
        return next((s for s in self.sentences if words and words in s.text), None)

    def _tells(self, sentence: Sentence) -> bool:
        """Whether a sentence advises: not where it goes along with the client's own plan, nor where
        "you can" answers what the client asked.
        """
        if sentence.kind is not Kind.ADVICE or sentence.shared > sentence.new:
            return False
        asked = self.exchange.before.rstrip().endswith("?") and not self.heard.has("asks_advice")
        return not (asked and _MAY.search(plain(sentence.text)))

    @property
    def harsh(self) -> bool:
        """Whether the coder is sure of confrontation, minimising, blame or persuasion. What leaves
        the client the choice persuades of nothing.
        """
        codes = self.exchange.codes
        found = _HARSH - {Code.PERSUADE} if Code.EMPHASIZE_AUTONOMY in codes else _HARSH
        spans = [self.exchange.coded.span(code) for code in found & codes]
        return any(span is not None and span.p >= _SURE for span in spans)

    @property
    def inviting(self) -> int:
        """How many different ways of giving the client a say the reply has."""
        return sum(self.said.has(label) for label in INVITES)

    @property
    def questions(self) -> int:
        return sum(sentence.kind in ASKING for sentence in self.sentences)

    @property
    def mirrored(self) -> int:
        """Content words of the client that the reply says back."""
        return len(content(self.exchange.text) & content(self.exchange.before))

    def first(self, *kinds: Kind) -> Sentence | None:
        """The first sentence of these kinds."""
        return next((s for s in self.sentences if s.kind in kinds), None)

    def quote(self, *labels: str) -> str:
        """The sentence in which the first of these labels was found; the reply where none was."""
        words = self.said.quote(*labels)
        whole = self._sentence_with(words)
        return whole.text if whole else words or self.exchange.text.strip()


@lru_cache(maxsize=2048)
def sentences_of(text: str, before: str) -> tuple[Sentence, ...]:
    """The sentences of a reply beside the client's words; words for a scorer are left out."""
    return tuple(s for s in read(text, before) if s.kind is not Kind.IGNORED)


@once
def reading(exchange: Exchange) -> Reading:
    """Read one reply."""
    sentences = sentences_of(exchange.text, exchange.before)
    said = stood(exchange)
    read_so = (_as_told(s, said) for s in _as_coded(sentences, exchange))
    return Reading(
        exchange=exchange,
        sentences=earned(read_so, exchange),
        said=said,
        heard=moment(exchange.before),
    )


@once
def stood(exchange: Exchange) -> Cues:
    """How a reply stands to the client's say; what was practised gives none."""
    said = stance(exchange.text)
    if not exchange.practised:
        return said
    lost = GIVES if exchange.copies else ("tentative",)
    return replace(said, found={key: v for key, v in said.found.items() if key not in lost})


def _as_told(sentence: Sentence, said: Cues) -> Sentence:
    """What begins by telling the client what to do, or to describe, says nothing back."""
    if sentence.kind is not Kind.REFLECT:
        return sentence
    for label, kind in (("details", Kind.QUESTION), ("commands", Kind.ADVICE)):
        begun = any(sentence.text.startswith(words) for words in said.found.get(label, ()))
        if begun and sentence.shared <= sentence.new:
            return sentence.seen_as(kind)
    return sentence


_CLOSED = frozenset({Code.QUESTION_CLOSED})
_TOLD = frozenset({Code.ADVICE, Code.PERSUADE, Code.CONFRONT, Code.MINIMISE})


def _of_client(sentence: Sentence) -> bool:
    """Whether what looks like telling may say back: to "you", or in the client's words."""
    if sentence.kind is Kind.INFORM:
        return sentence.tied or sentence.addressed
    steered = stance(sentence.text).has(*STEERS, "commands")
    return sentence.kind is Kind.ADVICE and sentence.addressed and not steered


def _as_coded(found: tuple[Sentence, ...], exchange: Exchange) -> tuple[Sentence, ...]:
    """The sentences, where the coder sees the reply as a whole more surely: what looks like
    information is a reflection in the client's words, and a closed question an open one.
    """
    if exchange.coded.main is Main.REFLECTION and not exchange.codes & _TOLD:
        return tuple(s.seen_as(Kind.REFLECT) if _of_client(s) else s for s in found)
    if Code.QUESTION_OPEN in exchange.codes and not exchange.codes & _CLOSED:
        return tuple(s.seen_as(Kind.OPEN) if s.kind is Kind.QUESTION else s for s in found)
    return found
