"""Plain words: normalised text, sentences, stems of content words, and authored phrase lists."""

import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from alliance_sim.coding.stemming import porter2
from alliance_sim.domain.speech import spoken
from alliance_sim.scoring.captions import pieces
from alliance_sim.scoring.spotting import Spotter

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DIRECTION = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"[a-z0-9][a-z0-9'-]*")
_TITLE = r"(?:(?<=\bM[rsx])|(?<=\bDr)|(?<=\bSt)|(?<=\bMrs)|(?<=\bProf))\."
"""Its full stop ends no sentence."""
_SENTENCE = re.compile(rf"(?=[\s\S])[^.!?…]*(?:{_TITLE}[^.!?…]*)*(?:[.!?…]+[\"')\]]*|$)")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_GAP = r"(?:[\s,;:-]+[\w'-]+){0,5}?[\s,;:-]+"
_UNMARKED = {
    "dont": "don't", "cant": "can't", "wont": "won't", "didnt": "didn't", "doesnt": "doesn't",
    "isnt": "isn't", "wasnt": "wasn't", "couldnt": "couldn't", "wouldnt": "wouldn't",
    "shouldnt": "shouldn't", "havent": "haven't", "im": "i'm", "ive": "i've", "youre": "you're",
    "youve": "you've", "thats": "that's", "theres": "there's", "whats": "what's", "its": "it's",
    "hes": "he's", "shes": "she's", "theyre": "they're", "cannot": "can't",
    "u": "you", "ur": "your",
}  # fmt: skip
_OPEN_FORMS = re.compile(
    r"\b(do|does|did|is|are|was|were|could|would|should|have|has|had|will|can) not\b"
)
_BARE = re.compile(r"\b(" + "|".join(_UNMARKED) + r")\b")


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """The spoken words in lower case with straight quotes; stage directions are left out.

    Contractions that captions write without an apostrophe get it back, and "do not" is "don't", so
    that the phrase files need one form only.
    """
    lowered = " ".join(spoken(text).translate(_QUOTES).lower().split())
    marked = _BARE.sub(lambda match: _UNMARKED[match.group()], lowered)
    return _OPEN_FORMS.sub(_contracted, marked)


def _contracted(match: re.Match[str]) -> str:
    return {"will": "won't", "can": "can't"}.get(match[1], f"{match[1]}n't")


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, normalised, in order."""
    return tuple(_WORD.findall(plain(text)))


def sentences(text: str) -> list[str]:
    """The sentences, verbatim, each once: a sentence said twice in one reply is one sentence.

    Captions without punctuation are cut where a new sentence plausibly begins.
    """
    return list(_sentences(text))


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[str, ...]:
    seen: set[str] = set()
    kept: list[str] = []
    for piece in pieces(spoken(text)):
        for match in _SENTENCE.finditer(piece):
            sentence = match.group().strip()
            key = " ".join(tokens(sentence))
            if key and key not in seen:
                seen.add(key)
                kept.append(sentence)
    return tuple(kept)


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of one lower-case word (Porter 2)."""
    bare = word.removesuffix("'s").replace("'", "")
    return porter2(bare)


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Stems of the words that carry content; function words, fillers and feeling-frames are out."""
    empty = _function_words()
    told = [word for word in tokens(text) if word not in empty]
    return frozenset([stem(word) for word in told if len(word.strip("'-")) > 2])


@cache
def _function_words() -> frozenset[str]:
    return frozenset(" ".join(lexicon("function_words")["words"]).split())


@cache
def lexicon(name: str) -> dict[str, tuple[str, ...]]:
    """A phrase file of this package: lists of phrases by category."""
    text = files("alliance_sim.scoring").joinpath("lexicon", f"{name}.yaml").read_text("utf-8")
    raw = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    return {category: tuple(phrases) for category, phrases in raw.items()}


class Phrases(Spotter):
    """Phrase lists, by category. In a phrase `*` stands for any ending, ` ... ` for up to five
    words, `(a|b)` for either, `(a )*` for any number of them; a space also matches a comma or a
    dash. Texts are normalised before a phrase is looked for.
    """

    def __init__(self, *names: str) -> None:
        sources = {
            category: "|".join(map(pattern, phrases))
            for name in names
            for category, phrases in lexicon(name).items()
        }
        super().__init__(sources, plain)

    def count(self, category: str, text: str) -> int:
        """How many places of `text` the category's phrases match."""
        if not self.has(category, text):
            return 0
        return sum(1 for _ in self.whole(category).finditer(plain(text)))

    def directed(self, category: str, text: str) -> bool:
        """Whether a stage direction of the text, in square brackets, holds such a phrase."""
        said = _DIRECTION.findall(text)
        return any(self.whole(category).search(part.lower()) for part in said)

    def without(self, category: str, text: str) -> str:
        """`text`, normalised, with the matches of a category taken out."""
        words = plain(text)
        return self.whole(category).sub(" ", words) if self.has(category, text) else words


@cache
def phrases_of(*names: str) -> Phrases:
    """The phrase files of these names, compiled once."""
    return Phrases(*names)


@cache
def client_answers() -> Phrases:
    """The phrase lists of what a client says back: confirms, corrects, asks to be let finish."""
    return phrases_of("answers")


@cache
def replies() -> Phrases:
    """The phrase lists of what a trainee's sentence does."""
    return phrases_of("replies")


@lru_cache(maxsize=4096)
def for_the_scorer(sentence: str) -> bool:
    """Whether a sentence speaks to a scorer, or only strings words of the trade together."""
    if replies().has("to_the_judge", sentence):
        return True
    said = tokens(sentence)
    trade = sum([word.startswith(_TRADE) for word in said])
    return trade >= 2 and trade * 2 >= len(said)


_TRADE = (
    "empath", "validat", "boundar", "reflect", "rapport", "attun", "congruen", "warmth",
    "non-judg", "nonjudg", "unconditional", "i-statement", "therapeutic", "listening", "alliance",
)  # fmt: skip


_ANY_ENDING = re.compile(r"(?<!\))\*")
"""A star that stands for an ending; after a bracket it repeats the group."""


def pattern(phrase: str) -> str:
    """A phrase as the source of a regular expression."""
    gapped = phrase.strip().lower().replace("\n", "").replace(" ... ", "\x00")
    gapped = gapped.replace(" ?", r"(?:[\s,;:-]+)?")
    gapped = _ANY_ENDING.sub(r"[\\w'-]*", gapped).replace(" ", r"[\s,;:-]+")
    return gapped.replace("\x00", _GAP)
