"""Marks: what the engine must notice that is not a therapist behaviour."""

import re

from alliance_sim.coding.features import FUNCTION_WORDS, Features
from alliance_sim.coding.lexicon import lexicon
from alliance_sim.coding.rules.listed import standing
from alliance_sim.domain.codes import Mark

_BY_PHRASE = (
    Mark.GREETING, Mark.CLOSING, Mark.HANDOVER, Mark.TIME_FLAG, Mark.APOLOGY, Mark.OWN_RISK,
    Mark.HOSTILE, Mark.STOCK,
)  # fmt: skip

_CODE = re.compile(
    r"[{\[]\s*\"[^\"\n]{1,60}\"\s*[:,\]]|</?[a-zA-Z]{1,20}[ >]|\b(?:def|function) \w{1,40}\(|"
    r"^\s*(?:import|from) \w{1,40}(?: import|$)|\bSELECT\s\S{1,60}\sFROM\b|=>|\w\(\)\s*[;{:]|"
    r"^\s*(?:SYSTEM|ASSISTANT|USER)\s*:|```",
    re.MULTILINE,
)
_MASHED = re.compile(
    r"([^\W\d_])\1{4,}|[bcdfghjklmnpqrstvwxz]{6,}|asdf|sdfg|dfgh|fghj|ghjk|hjkl|qwer|wert|zxcv|xcvb|"
    r"jklq|(\w{2,3})\2{3,}"
)
_DRAWN_OUT = re.compile(
    r"(?:h+m+|m+h*m*|n+o+|y+e+s+|y+e+a+h*|s+o+|o+h+|a+w+|w+o+w+|a+h+|u+m*|e+r*m*|o+k+a*y*|r+e+a+l+y+|"
    r"p+l+e+a+s+e+|w+h+a+t+|h+e+y+|h+i+|s+h+|a+r+g+h+|g+r+|l+o+n+g+|v+e+r+y+|w+e+l+|h(?:a*h*)+)"
)
_SYMBOLS = re.compile(r"[!?#$%^&*@=+<>\\/|~_-]")
KNOWN_LEAST = 4
"""Words from which an utterance without a single known English word says nothing."""

_FOREIGN = frozenset(
    "el la los las que de del en un una es por con para como pero muy yo tu tus su te le les des du"
    " et est une dans pour pas vous je il elle nous ist und der die das nicht ich sie wir ein eine"
    " mit auf zu wie geht che di sono non mi ti il della perche perché come voce você nao não uma"
    " muito estou isso sobre quer het een niet van ik je hoe gaat jou jak sie nie jest czy ve bir bu"
    " ne icin için sen ben var qué cómo está estás siento hoy pasó familia ce cette avec qui sais"
    " moi toi sehr für dich mich oggi senti sembra tu voglia sei dat en dit maar ook men att det"
    " och är jag inte dig hur på det er ikke jeg hvordan har han hun mig".split()
)
_ENGLISH = frozenset(
    "the you i to and a it that is of in are do what so how was have be not for on with this your my"
    " me we can would like just about if there no yes okay mm at they he she am up all one as by"
    " did or but his her him us them too really feel want know then when who where why".split()
)
_LOANED = frozenset(
    "café naïve fiancé fiancée résumé cliché touché déjà née señor jalapeño".split()
)
_BEYOND_LATIN = "\u024f"


def marks(features: Features) -> frozenset[Mark]:
    """Every mark of the utterance but those that depend on its codes."""
    found = {mark for mark in _BY_PHRASE if standing(features, mark.value)}
    if _foreign(features):
        found.add(Mark.NOT_ENGLISH)
    elif features.has("machine") or _nonsense(features):
        found.add(Mark.NONSENSE)
    return frozenset(found)


def _nonsense(features: Features) -> bool:
    text = features.words.text
    if _CODE.search(text):
        return True
    words = [word for sentence in features.sentences for word in sentence.words]
    if not any(word.isalpha() for word in words):
        return sum(map(str.isdigit, text)) >= 5 or len(_SYMBOLS.findall(text)) >= 4
    mashed = sum(1 for word in words if _MASHED.search(word) and not _DRAWN_OUT.fullmatch(word))
    if mashed * 2 >= len(words):
        return True
    return len(words) >= KNOWN_LEAST and _known().isdisjoint(words)


def _known() -> frozenset[str]:
    return FUNCTION_WORDS | lexicon().known


def _foreign(features: Features) -> bool:
    words = [word for sentence in features.sentences for word in sentence.words]
    letters = [letter for letter in features.words.text if letter.isalpha()]
    beyond = sum(letter > _BEYOND_LATIN for letter in letters)
    if beyond * 2 > len(letters):
        return True
    if len(words) < 3:
        return False
    foreign = sum(word in _FOREIGN or not word.isascii() and word not in _LOANED for word in words)
    english = sum(word in _ENGLISH and word not in _FOREIGN for word in words)
    return foreign >= 2 and foreign > english and foreign * 5 >= len(words)
