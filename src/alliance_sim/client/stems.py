"""Words of English speech brought to a common form, so that "drank" and "drinking" are one.

Stems are the Porter 2 stems of Snowball, with the irregular forms that talk is full of mapped
first. Everything here is pure and cached.
"""

import re
from functools import lru_cache

from alliance_sim.coding.stemming import porter2

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "ʼ": "'"})
POSSESSIVE = re.compile(
    r"(?<!what)(?<!that)(?<!who)(?<!how)(?<!where)(?<!when)(?<!why)(?<!it)(?<!he)(?<!here)"
    r"(?<!there)(?<!let)'s$"
)
"""The end of a word that owns what follows ("your father's health"), unlike "what's"."""


def word_set(listed: str) -> frozenset[str]:
    """The words of a list written as one string."""
    return frozenset(listed.split())


NOISE = word_set(
    "a an the your ur this these those such own actually also any currently "
    "ever just maybe perhaps please quite really so some still to very am are is was were im"
)
"""Words that may come anywhere without changing what is asked; left out of both sides."""

_FORMS = {
    "be": "am are is was were been being im youre",
    "do": "does did done doing",
    "have": "has had having got",
    "you": "u ya yall",
    "go": "goes went gone",
    "get": "gets getting gotten",
    "see": "saw seen sees",
    "feel": "felt",
    "think": "thought thoughts",
    "tell": "told",
    "say": "said",
    "bring": "brought",
    "come": "came",
    "keep": "kept",
    "leave": "left",
    "lose": "lost",
    "meet": "met",
    "find": "found",
    "give": "gave given",
    "take": "took taken",
    "make": "made",
    "know": "knew known",
    "grow": "grew grown",
    "drink": "drank drunk",
    "drive": "drove driven",
    "sleep": "slept",
    "wake": "woke woken awake",
    "eat": "ate eaten",
    "fight": "fought",
    "hit": "hits hitting",
    "hurt": "hurts hurting",
    "die": "died dies dying dead death deaths",
    "fall": "fell fallen",
    "spend": "spent",
    "teach": "taught",
    "buy": "bought",
    "pay": "paid",
    "break": "broke broken",
    "write": "wrote written",
    "understand": "understood",
    "begin": "began begun",
    "deal": "dealt",
    "quit": "quits quitting",
    "child": "children",
    "woman": "women",
    "man": "men",
    "wife": "wives",
    "happy": "happiest happier",
    "guilt": "guilty guiltily",
    "anger": "angry angrier angrily",
    "anxious": "anxiety",
    "religion": "religious",
    "depress": "depression",
    "friend": "friendship friendships",
    "marry": "married marriage marriages",
    "kin": "relatives relative",
    "proud": "proudest prouder",
    "close": "closest closer",
    "manager": "managers",
    "building": "buildings",
    "therapy": "therapies",
    "therapist": "therapists",
    "mom": "mum mother mommy mummy mama moms mothers",
    "dad": "father daddy papa dads fathers",
}
_KEPT = word_set("being manager apartment business police news training building")
"""Words whose stem would be that of another ("manage", "apart", "busy", "policy")."""
_IRREGULAR = {form: base for base, forms in _FORMS.items() for form in forms.split()}


def forms(stemmed: str) -> frozenset[str]:
    """The irregular words that have this stem."""
    return _BY_STEM.get(stemmed, frozenset())


def words(text: str) -> list[str]:
    """Lower-case words in order. `don't` becomes `not`; other clitics are cut off (`what's`)."""
    return [_plain(word) for word in spelt(text)]


def spelt(text: str) -> list[str]:
    """Lower-case words in order as they are written, one for each of `words`."""
    return _WORD.findall(text.lower().translate(_APOSTROPHES))


def _plain(word: str) -> str:
    if "'" not in word:
        return word
    return "not" if word.endswith("n't") else word.partition("'")[0]


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The common form of one lower-case word."""
    known = _IRREGULAR.get(word)
    if known is not None:
        return stem(known)
    return word if len(word) < 3 or word in _KEPT else porter2(word)


def all_stems(text: str) -> list[str]:
    """Stems in order, noise words and all."""
    return [stem(word) for word in words(text)]


def stems(text: str) -> list[str]:
    """Stems in order, noise words left out."""
    return [stem(w) for w in words(text) if w not in NOISE]


_BY_STEM = {stem(base): frozenset((base, *listed.split())) for base, listed in _FORMS.items()}
