"""Cuts an utterance into words as a listener hears them, each tied to its place in the text.

Contractions are opened ("you're", "youre" → "you are"), fillers and stutters dropped, quotes and
case evened out, so that a phrase list needs one spelling only. `Words.line` is what phrases are
matched against: ` . so you are tired . ` — one space between words, `.` or `?` where a sentence
ends, always beginning and ending with ` . `-like marks.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache

from alliance_sim.coding.lazy import lazy

LONGEST_TOKEN = 40
"""Letters after which a run without a space is no word; it is cut there."""

_QUOTES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "＇": "'"})
_TOKEN = re.compile(
    r"(\[[^\[\]\n]{0,60}\])"  # a stage direction
    rf"|([^\W_]{{1,{LONGEST_TOKEN}}}(?:'[^\W_]{{1,12}})*)"  # a word
    r"|([.!?…;؟。？！]+|\n)"  # the end of a sentence
)

_FILLERS = frozenset("um uh uhm er erm eh ah".split())
_OPENED = {
    "i'm": "i am", "im": "i am", "ive": "i have", "i've": "i have", "i'd": "i would",
    "id": "i would", "i'll": "i will", "youre": "you are", "ur": "your", "u": "you",
    "youve": "you have", "youd": "you would", "youll": "you will", "theyre": "they are",
    "theyve": "they have", "theyll": "they will", "weve": "we have", "its": "it is",
    "thats": "that is", "whats": "what is", "hows": "how is", "wheres": "where is",
    "whos": "who is", "theres": "there is", "heres": "here is", "shes": "she is", "hes": "he is",
    "lets": "let us", "let's": "let us", "cannot": "can not", "cant": "can not",
    "can't": "can not", "wont": "will not", "won't": "will not", "shan't": "shall not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "isnt": "is not",
    "arent": "are not", "wasnt": "was not", "werent": "were not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "wouldnt": "would not", "couldnt": "could not",
    "shouldnt": "should not", "mustnt": "must not", "neednt": "need not", "aint": "is not",
    "ain't": "is not", "gonna": "going to", "wanna": "want to", "gotta": "got to",
    "gimme": "give me", "lemme": "let me", "dunno": "do not know", "kinda": "kind of",
    "sorta": "sort of", "hafta": "have to", "oughta": "ought to", "coulda": "could have",
    "shoulda": "should have", "woulda": "would have", "y'know": "you know", "yknow": "you know",
    "c'mon": "come on", "cmon": "come on", "'em": "them", "r": "are", "pls": "please",
    "plz": "please", "teh": "the", "thier": "their", "becuase": "because", "cuz": "because",
    "coz": "because", "'cause": "because", "feelling": "feeling", "realy": "really",
    "definately": "definitely", "suicidial": "suicidal", "sucidal": "suicidal",
    "sucide": "suicide", "suiside": "suicide", "alright": "all right", "ok": "okay", "hm": "hmm",
    "k": "okay", "mhm": "mm hmm", "mmhmm": "mm hmm", "mmhm": "mm hmm", "yall": "you all",
    "y'all": "you all", "ya": "you", "noone": "no one", "alot": "a lot", "thankyou": "thank you",
    "wat": "what", "shouldve": "should have", "wouldve": "would have", "couldve": "could have",
    "understnad": "understand", "undestand": "understand", "tommorow": "tomorrow",
    "sombody": "somebody", "confidental": "confidential", "embarassed": "embarrassed",
}  # fmt: skip
_IS_AFTER = frozenset(
    "it that what who there here how where he she this everything something nothing everyone"
    " when why everybody somebody".split()
)
_ENDINGS = {"re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am"}
_ILL_BEFORE = frozenset(
    "feel feeling felt am is are was were be been being so very mentally terminally seriously"
    " really got get getting fall fell an the become became critically physically".split()
)


@dataclass(frozen=True)
class Words:
    """The words of a text, in order, and the line that phrases are matched against."""

    text: str
    items: tuple[str, ...]
    """Words in lower case and the marks `.` and `?`."""
    places: tuple[tuple[int, int], ...]
    """For each item its start and end in `text`; a mark before the first word is (0, 0)."""
    line: str

    @lazy
    def _starts(self) -> list[int]:
        starts, position = [], 1
        for item in self.items:
            starts.append(position)
            position += len(item) + 1
        return starts

    def verbatim(self, start: int, end: int) -> str:
        """The words of the text behind `line[start:end]`, as they were written."""
        first = bisect_left(self._starts, start)
        last = bisect_right(self._starts, max(start, end - 1)) - 1
        if first > last:
            return ""
        return self.text[self.places[first][0] : self.places[last][1]]


@lru_cache(maxsize=256)
def read(text: str) -> Words:
    """Cut any text into `Words`. Never raises; linear in the length of the text."""
    items: list[str] = ["."]
    places: list[tuple[int, int]] = [(0, 0)]
    for match in _TOKEN.finditer(text.translate(_QUOTES)):
        kind = match.lastindex
        if kind == 2:
            token = match[2].lower()
            ill = token == "ill" and items[-1] not in _ILL_BEFORE
            for word in ("i", "will") if ill else _opened(token):
                if word != items[-1]:
                    items.append(word)
                    places.append(match.span())
        elif kind == 3 and items[-1] not in (".", "?"):
            items.append("?" if "?" in match.group() or "؟" in match.group() else ".")
            places.append(match.span())
    if items[-1] not in (".", "?") or len(items) == 1:
        items.append(".")
        places.append((len(text), len(text)))
    return Words(text, tuple(items), tuple(places), " " + " ".join(items) + " ")


@lru_cache(maxsize=16_384)
def _opened(token: str) -> tuple[str, ...]:
    """The words that a token stands for."""
    if token in _FILLERS:
        return ()
    known = _OPENED.get(token)
    if known is not None:
        return tuple(known.split(" "))
    if "'" not in token:
        return (token,)
    stem, _, ending = token.rpartition("'")
    if ending == "t" and stem.endswith("n"):
        return stem[:-1], "not"
    if ending in _ENDINGS:
        return stem, _ENDINGS[ending]
    if ending == "s":
        return (stem, "is") if stem in _IS_AFTER else (stem,)
    return (token,)
