"""Marks: what the engine must notice that is not a therapist behaviour."""

import re

from alliance_sim.coding.features import Features
from alliance_sim.coding.rules.listed import standing
from alliance_sim.domain.codes import Mark

_BY_PHRASE = (
    Mark.GREETING, Mark.CLOSING, Mark.HANDOVER, Mark.TIME_FLAG, Mark.APOLOGY, Mark.OWN_RISK,
    Mark.HOSTILE, Mark.STOCK,
)  # fmt: skip
_CODE = re.compile(
    r"[{\[]\s*\"[^\"\n]{1,60}\"\s*:|</?[a-z]+>|\bdef \w+\(|\bimport \w+|\bSELECT \S+ FROM\b|=>|\(\)\s*[;{]"
)
_MASH = re.compile(r"([^\W\d_])\1{3,}|[bcdfghjklmnpqrstvwxz]{6,}|asdf|qwer|hjkl|sdfg|zxcv")


def marks(features: Features) -> frozenset[Mark]:
    """Every mark of the utterance but those that depend on its codes."""
    found = {mark for mark in _BY_PHRASE if standing(features, mark.value)}
    if features.has("machine") or _nonsense(features):
        found.add(Mark.NONSENSE)
    if _foreign(features):
        found.add(Mark.NOT_ENGLISH)
    return frozenset(found)


def _nonsense(features: Features) -> bool:
    text = features.words.text
    if _CODE.search(text):
        return True
    words = [word for sentence in features.sentences for word in sentence.words]
    if not words:
        return bool(text.strip())
    mashed = sum(bool(_MASH.search(word)) for word in words)
    return mashed * 2 >= len(words)


_FOREIGN = frozenset(
    "el la los las que de en un una es por con para como pero muy yo tu esta le les des du et est"
    " une dans pour pas vous je il elle nous ist und der die das nicht ich sie wir ein eine mit auf"
    " zu wie geht che di sono non mi ti il della perche como voce nao uma muito estou het een niet"
    " van ik je hoe gaat jak sie nie jest czy ve bir bu ne icin".split()
)
_ENGLISH = frozenset(
    "the you i to and a it that is of in are do what so how was have be not for on with this your my"
    " me we can would like just about if there no yes okay mm at they he she am up all one".split()
)


def _foreign(features: Features) -> bool:
    words = [word for sentence in features.sentences for word in sentence.words]
    letters = [character for character in features.words.text if character.isalpha()]
    if letters and sum(character > "\u024f" for character in letters) * 2 > len(letters):
        return True
    if len(words) < 3:
        return False
    foreign = sum(word in _FOREIGN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return foreign >= 2 and foreign > english
