"""Moments at which a rubric can be observed: marked by a scenario, else found in the words."""

import re
from functools import lru_cache

from alliance_sim.domain.codes import Code, Mark
from alliance_sim.scoring.directed import captioned
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.feelings import implied, moments, named
from alliance_sim.scoring.once import once
from alliance_sim.scoring.words import plain, sentences

_LISTENER = re.compile(r"\b(?:you|your|you're|you've|you'd|you'll|yours)\b")
_FILLER = re.compile(
    r"\b(?:you know|thank you|thanks to you|do you know|as you|like you said|you said|"
    r"if you (?:get|have|go|drink|don't)|when you(?:'re)?|you can't|mind you|tell you)\b"
)

_ASIDE = re.compile(
    r"\b(?:do )?you (?:know|see)\b(?! (?:what|nothing|everything|better|me))|\bthank you\b"
)

WELCOME_WORDS = 8
"""A greeting up to this long welcomes and does nothing else."""

PERSONAL_WORDS = 5
"""A client turn shorter than this, with no sign of feeling, gives no opportunity for empathy."""

_MEETS = frozenset({Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX, Code.VALIDATE})
_GREETS = re.compile(
    r"^(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks|thank you|yes|yeah|oh|well|um|"
    r"i'm|i am|im|doing|good|fine|okay|ok|alright|all right|great|not bad|pretty|very well|here|"
    r"nice to meet you|you too|how are you|how about you|and you|yourself|doctor|sir|ma'am|just|so|"
    r"too|today|to see you|likewise)[\s,.!?]*){1,9}$"
)
_REQUESTED = re.compile(
    r"^(?:(?:so|and|but|well|okay|um|oh|please) )*"
    r"(?:can|could|may|would|will|do|are|have) (?:i|you|we)\b"
)
_PERSONAL = re.compile(
    r"\b(?:i|i'm|i've|i'd|my|me|he|she|they|her|him|them|we|us|our|mine|myself|everyone|everybody|"
    r"nobody|no one|wife|husband|mum|mam|mom|dad|kids|son|daughter|sister|brother|nan|gran|grandad|"
    r"boss|mate|mates)\b"
)


@lru_cache(maxsize=4096)
def affect(text: str) -> int:
    """How much feeling a client's words carry: 0 none, 1 some, 2 strong (named, or many signs)."""
    signs = len(named(text)) * 2 + len(implied(text))
    signs += moments().count("affect_any", text) + moments().directed("stage_affect", text) * 2
    return 0 if signs == 0 else 1 if signs == 1 else 2


@once
def empathy_due(exchange: Exchange) -> bool:
    """Whether a reply is levelled for empathy: the client turn carries affect, or tells of the
    client's own life, where feeling stands behind most of what is said. Arriving is no such moment.
    """
    if exchange.client is None or not exchange.answers or arrival(exchange):
        return False
    if exchange.client.offers("empathy") or affect(exchange.before) > 0:
        return True
    if baits(exchange.before) or complaint(exchange.before):
        return False
    words = plain(exchange.before)
    return len(words.split()) >= PERSONAL_WORDS and _PERSONAL.search(words) is not None


@once
def arrival(exchange: Exchange) -> bool:
    """Whether the two only greet: a hello and a chair, or "fine, thanks" in answer to one."""
    if exchange.client is not None and exchange.client.offers("empathy"):
        return False
    if _GREETS.match(plain(exchange.before)):
        return True
    welcomes = Mark.GREETING in exchange.coded.marks
    brief = len(exchange.text.split()) <= WELCOME_WORDS
    return welcomes and (brief or not exchange.codes & _MEETS)


@lru_cache(maxsize=4096)
def baits(text: str) -> tuple[str, ...]:
    """Kinds of request in a client's words that touch the frame (contact, social, gift …).

    Only what is put to the listener counts: "we get a coffee after work" is a story.
    """
    put = [
        _FILLER.sub(" ", plain(sentence))
        for sentence in sentences(text)
        if _to_listener(sentence, strict=captioned(text))
    ]
    found = []
    for category in moments():
        if category.startswith("bait_"):
            heard = put if category != "bait_personal" or any(map(_asks, put)) else []
            if any(moments().has(category, sentence) for sentence in [*heard, " ".join(heard)]):
                found.append(category.removeprefix("bait_"))
    return tuple(found)


@lru_cache(maxsize=4096)
def requested(text: str) -> bool:
    """Whether a client asks or invites outright, so that a bare "yes" would grant something."""
    return any(
        moments().has("request", sentence) or sentence.endswith("?")
        for sentence in sentences(text)
        if _to_listener(sentence) and baits(sentence)
    )


@lru_cache(maxsize=4096)
def asked_in_person(text: str) -> bool:
    """Whether a client asks something of the trainee in person that is no ordinary part of the
    work, and that the lists of requests do not know. Only the reply tells if it was a test.

    A request stands at the end of a turn, in its last two sentences.
    """
    return not captioned(text) and any(
        moments().has("in_person", sentence) and not moments().has("ordinary", sentence)
        for sentence in sentences(text)[-2:]
    )


def _asks(sentence: str) -> bool:
    return sentence.endswith("?") or moments().has("asking", sentence)


def _to_listener(sentence: str, *, strict: bool = False) -> bool:
    """Whether a sentence is put to the trainee. `strict`: only an outright request is, because
    captions do not show where a story about others ends.
    """
    words = _FILLER.sub(" ", plain(sentence))
    if strict:
        return _REQUESTED.match(words) is not None and _LISTENER.search(words) is not None
    return _LISTENER.search(words) is not None or moments().has("request", sentence)


@once
def boundary_tested(exchange: Exchange) -> bool:
    """Whether the client turn asks for something outside the frame of the work."""
    client = exchange.client
    if client is None or not exchange.answers:
        return False
    return client.offers("boundaries") or bool(baits(exchange.before))


@once
def owning_due(exchange: Exchange) -> bool:
    """Whether the client turn calls on the trainee to speak for herself: a complaint,
    disagreement or provocation, or a request that needs a limit.
    """
    client = exchange.client
    if client is None or not exchange.answers:
        return False
    marked = client.offers("i_statements") or client.offers("rupture_repair")
    return marked or complaint(exchange.before)


@lru_cache(maxsize=4096)
def addressed(text: str) -> bool:
    """Whether a client speaks of the trainee ("you"), fillers such as "you know" aside."""
    return any(
        _LISTENER.search(_ASIDE.sub(" ", plain(sentence))) is not None
        for sentence in sentences(text)
    )


@lru_cache(maxsize=4096)
def complaint(text: str) -> bool:
    """Whether a client's words are about the trainee or the work, and against them."""
    return not captioned(text) and moments().has("owning", _ASIDE.sub(" ", plain(text)))
