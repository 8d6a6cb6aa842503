"""What a client puts to the trainee in person: requests and complaints that no list knows.

Only the form is read here. A story about others has it too at times, so the reply decides with it:
a limit, a grant or an answer about oneself shows that something was asked; blame, excuses or owning
show that something was held against the trainee.
"""

import re
from functools import cache, lru_cache

from alliance_sim.scoring.captions import LONG
from alliance_sim.scoring.words import Phrases, phrases_of, plain, sentences

MARKED_EVERY = 45
"""Words a mark of punctuation; whoever writes uses more of them."""

_MARKS = re.compile(r"[.,;:!?…—–]")

LAST = 4
"""Sentences of a client's turn, from the end, in which something is put to the trainee."""

REMARK = 14
"""Words up to which a client's turn is a remark and no account of the client's own life."""

FEWEST = 3
"""Words below which a turn is a mere "okay"."""

_ME = re.compile(r"\b(?:i|i'm|i've|i'd|i'll|me|my|mine|we|our|us|he|she|they|his|her|him|them)\b")
_YOU = re.compile(r"\b(?:you|your|you're|you've|you'd|you'll|yours|u|ur)\b")
_FILLER = re.compile(
    r"\b(?:(?:do )?you (?:know|see)\b(?! (?:what|nothing|everything|better|me|how))|thank you|"
    r"mind you|if you (?:like|will|want)|like you said|as you (?:know|said)|tell you)\b"
)


@cache
def _forms() -> Phrases:
    return phrases_of("directed")


@lru_cache(maxsize=4096)
def captioned(text: str) -> bool:
    """Whether a text has next to no punctuation, so that its sentences are a guess."""
    return len(text.split()) >= max(LONG, MARKED_EVERY * len(_MARKS.findall(text)))


@lru_cache(maxsize=4096)
def put_to_trainee(text: str) -> tuple[str, ...]:
    """The sentences at the end of a client's turn that ask, offer or claim something in person."""
    if captioned(text):
        return ()
    found = []
    for sentence in sentences(text)[-LAST:]:
        words = _FILLER.sub(" ", plain(sentence)).strip()
        if _forms().has("everyday", words):
            continue
        if any(_forms().has(form, words) for form in ("asked", "offered", "claimed")):
            found.append(sentence)
    return tuple(found)


@lru_cache(maxsize=4096)
def asks_outright(text: str) -> bool:
    """Whether something is asked, told to do or offered, so that a bare "sure" grants it."""
    return any(
        _forms().has(form, sentence)
        for sentence in put_to_trainee(text)
        for form in ("asked", "offered")
    )


@lru_cache(maxsize=4096)
def held_against(text: str) -> bool:
    """Whether the end of a client's turn may be a complaint, a refusal or a provocation."""
    if captioned(text):
        return False
    return any(
        _forms().has("against", _FILLER.sub(" ", plain(sentence)).strip())
        for sentence in sentences(text)[-LAST:]
    )


@lru_cache(maxsize=4096)
def near_trainee(text: str) -> bool:
    """Whether the end of a client's turn turns to the trainee at all: "you", or telling to do."""
    if captioned(text):
        return False
    return any(
        _YOU.search(words) is not None or _forms().has("told_to", words)
        for words in (_FILLER.sub(" ", plain(s)).strip() for s in sentences(text)[-LAST:])
    )


@lru_cache(maxsize=4096)
def remark(text: str) -> bool:
    """Whether a client's turn is a short remark on something that is not the client."""
    words = plain(text)
    short = FEWEST <= len(words.split()) <= REMARK
    return short and not captioned(text) and _ME.search(words) is None
