"""Moments at which a rubric can be observed: marked by a scenario, else found in the words."""

import re
from functools import lru_cache

from alliance_sim.scoring.words import plain
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.feelings import implied, moments, named

_BAITS = tuple(category for category in moments() if category.startswith("bait_"))
PERSONAL_WORDS = 5
"""A client turn shorter than this, with no sign of feeling, gives no opportunity for empathy."""

_PERSONAL = re.compile(r"\b(?:i|i'm|i've|i'd|my|me|he|she|they|her|him|them|we|us)\b")


@lru_cache(maxsize=4096)
def affect(text: str) -> int:
    """How much feeling a client's words carry: 0 none, 1 some, 2 strong (named, or many signs)."""
    signs = len(named(text)) * 2 + len(implied(text))
    signs += moments().count("affect_any", text) + moments().directed("stage_affect", text) * 2
    return 0 if signs == 0 else 1 if signs == 1 else 2


def carries_affect(exchange: Exchange) -> bool:
    """Whether the client turn gives an opportunity for empathy that a session counts."""
    client = exchange.client
    return client is not None and (client.offers("empathy") or affect(exchange.before) > 0)


def empathy_due(exchange: Exchange) -> bool:
    """Whether a reply can be levelled for empathy: the client turn carries affect, or tells of
    the client's own life so that feeling may stand behind it.
    """
    if exchange.client is None or not exchange.answers:
        return False
    if carries_affect(exchange):
        return True
    words = plain(exchange.before)
    return len(words.split()) >= PERSONAL_WORDS and _PERSONAL.search(words) is not None


@lru_cache(maxsize=4096)
def baits(text: str) -> tuple[str, ...]:
    """Kinds of request in a client's words that touch the frame (contact, social, gift …)."""
    return tuple(
        category.removeprefix("bait_") for category in _BAITS if moments().has(category, text)
    )


def boundary_tested(exchange: Exchange) -> bool:
    """Whether the client turn asks for something outside the frame of the work."""
    client = exchange.client
    if client is None or not exchange.answers:
        return False
    return client.offers("boundaries") or bool(baits(exchange.before))


def owning_due(exchange: Exchange) -> bool:
    """Whether the client turn calls on the trainee to speak for herself: a complaint,
    disagreement or provocation, or a request that needs a limit.
    """
    client = exchange.client
    if client is None or not exchange.answers:
        return False
    marked = client.offers("i_statements") or client.offers("rupture_repair")
    return marked or complaint(exchange.before)


def complaint(text: str) -> bool:
    """Whether a client's words are about the trainee or the work, and against them."""
    return moments().has("owning", text)
