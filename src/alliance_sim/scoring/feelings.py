"""Feelings: which are named or implied in words, and whether a reply names one that fits."""

import re
from functools import cache, lru_cache

from alliance_sim.scoring.words import Phrases, lexicon, phrases_of, plain

_NEAR = {
    "sad": {"hurt", "tired", "stuck", "shame"},
    "fear": {"stuck", "tired"},
    "anger": {"hurt", "stuck"},
    "shame": {"sad", "hurt", "fear"},
    "hurt": {"sad", "anger", "shame"},
    "tired": {"stuck", "sad", "fear"},
    "stuck": {"tired", "fear", "sad", "anger"},
    "good_joy": {"good_relief", "good_hope", "good_pride"},
    "good_relief": {"good_joy", "good_hope", "good_pride"},
    "good_hope": {"good_joy", "good_relief", "good_pride"},
    "good_pride": {"good_joy", "good_relief", "good_hope"},
}
"""Families whose names a client would accept for one another."""

_OTHERS = re.compile(
    r"\b(?:everyone|everybody|they|he|she|people|(?:my|the|his|her) \w+)(?:'s|'re| is| are| was|"
    r" were| seems?| looks?| felt| feels?| sounds?)(?: \w+){0,2}? (?:so |very |really )?\w+"
)
_DENIED = re.compile(
    r"\b(?:supposed to be|should be|not|isn't|wasn't|never|n't feel|n't be|n't|how to be|"
    r"want to be|happy for|tell me to be)(?: so| very| really| feel| feeling| be)* \w+"
)

_TOLD = re.compile(
    r"(?<!not )(?<!isn't )(?<!aren't )\b(?:you|you're|you are|that's|it's|sounds?|so|feel(?:ing)?|"
    r"must be|seems?|pretty|really|very|how)\s+(?:\w+\s+){0,2}?"
    r"(happy|glad|excited|relieved|proud|delighted|pleased|thrilled|cheerful|confident|hopeful|calm|"
    r"relaxed|grateful|lucky|wonderful|great|exciting|fun|lovely|nice|fantastic)\b"
)


@cache
def _phrases() -> Phrases:
    return phrases_of("feelings")


@cache
def moments() -> Phrases:
    """The phrase lists of client moments."""
    return phrases_of("affect", "requests", "complaints")


@lru_cache(maxsize=4096)
def named(text: str) -> frozenset[str]:
    """Families of the feelings named in a text."""
    return frozenset(_phrases().found(text))


@lru_cache(maxsize=4096)
def implied(text: str) -> frozenset[str]:
    """Families of feelings that a client's words carry without naming them."""
    pain = {family for family in _NEAR if not family.startswith("good_")}
    families = {family for family in pain if moments().has(f"implied_{family}", text)}
    return frozenset(families | ({"good_joy"} if moments().has("implied_good", text) else set()))


def plain_name(family: str) -> str:
    """The everyday adjective for a family ("stuck", "worn out")."""
    return lexicon("feelings")[family][0]


def pleasant(families: frozenset[str]) -> frozenset[str]:
    """Those of the families that feel good."""
    return frozenset(family for family in families if family.startswith("good_"))


def fit(reply: frozenset[str], felt: frozenset[str], hinted: frozenset[str]) -> str:
    """How the feelings a reply names fit those the client named or hinted at.

    Same, near, other or none. Where the client named nothing, any guess on the same side of
    pleasant and unpleasant is near.
    """
    if not reply:
        return "none"
    client = felt | hinted
    if reply & client:
        return "same"
    if any(_NEAR[family] & client for family in reply):
        return "near"
    guess = not felt and bool(pleasant(reply)) == bool(pleasant(client))
    return "near" if client and guess else "other"


def opposite(reply: str, client: str) -> bool:
    """Whether a reply tells a client in pain that they feel good, naming none of the pain."""
    own = named(_DENIED.sub(" ", _OTHERS.sub(" ", plain(client))))
    pained = bool(own - pleasant(own)) or not pleasant(implied(client))
    if pleasant(own) or not pained or named(reply) - pleasant(named(reply)):
        return False
    return _TOLD.search(plain(reply)) is not None


_SURE_WHEN_IMPLIED = ("sad", "fear", "hurt")
"""Families whose signs are plain enough for a suggestion to name a feeling nobody has named."""


@lru_cache(maxsize=1024)
def main_feeling(text: str) -> str | None:
    """The everyday name of the feeling that a client's words carry most plainly, or None."""
    own = named(_DENIED.sub(" ", _OTHERS.sub(" ", plain(text))))
    sure = implied(text) & set(_SURE_WHEN_IMPLIED)
    for families in (own, sure):
        chosen = next((family for family in _NEAR if family in families), None)
        if chosen:
            return plain_name(chosen)
    return None
