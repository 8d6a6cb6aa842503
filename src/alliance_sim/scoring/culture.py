"""Cultural humility, one reply: what is made of who the client is among others.

A cue is the client's, in any of the dimensions of ADDRESSING (Hays). Asking what it means, in the
client's own terms, and owning what one does not know are the skill (multicultural orientation,
Cultural Formulation Interview); a general statement about people of a kind is a stereotype, however
kindly it is meant, and so is not wanting to see the difference.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from alliance_sim.domain.codes import Code, Mark
from alliance_sim.domain.rubric import Rubric
from alliance_sim.scoring.asking import asks
from alliance_sim.scoring.client_moments import Moment, may_be
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Finding, Points, Sign
from alliance_sim.scoring.words import Phrases, content, phrases_of, plain, sentences

SAYING = "saying"
"""The list of words that belong to no dimension."""

PLAIN = 2
"""Signs in one turn from which passing them by counts in the session."""

SURE = 0.85
"""How sure the coder must be of a stereotype that no list here knows."""

_FIRST = re.compile(
    r"^(?:(?:so|well|and|but|yes|no|oh|sorry|then)[\s,]+)*(?:i|i'm|i've|i'd|i'll)\b"
)
_OPEN = re.compile(
    r"\b(?:what|how|which|where|who|whose|why)\b"
    r"(?! (?:many|much|often|old|long|time|did you bring))|\btell me\b"
)
_TELLS = frozenset({Code.ADVICE, Code.PERSUADE, Code.MINIMISE})
"""Codes of replies that know better than the client."""

_TAKEN_UP = frozenset({"meaning", "terms", "limits"})
"""Criteria of replies that take a cue up."""

_QUOTED = re.compile(r"(?<!\w)(?:'[^']{1,60}'|\"[^\"]{1,60}\"|[‘“][^’”]{1,60}[’”])(?!\w)")


@dataclass(frozen=True)
class Regard:
    """What a reply does with a cue; words are verbatim sentences, None where nothing does it."""

    stereotype: str | None
    unseeing: str | None
    patronises: str | None
    imposes: str | None
    explores: str | None
    """A question about the cue, or in the client's own terms."""
    wonders: str | None
    """An open question in words that no list knows."""
    asks_at_large: bool
    mirrors: str | None
    humble: str | None
    links: str | None
    taken_up: int
    """Words of the cue's sentences that the reply takes up."""
    shared: int


@cache
def _cues() -> Phrases:
    return phrases_of("cultural_cues")


@cache
def _phrases() -> Phrases:
    return phrases_of("culture_replies")


@lru_cache(maxsize=4096)
def dimensions(text: str) -> frozenset[str]:
    """The dimensions of identity that a client's words touch."""
    return frozenset(_cues().found(_meant(text))) - {SAYING}


@lru_cache(maxsize=4096)
def plainly(text: str) -> bool:
    """Whether who the client is shows in more than a passing word."""
    meant = _meant(text)
    return sum(_cues().count(name, meant) for name in dimensions(text)) >= PLAIN


def _meant(text: str) -> str:
    """The words without sayings: "thank God" tells of no faith."""
    return _cues().without(SAYING, text)


@lru_cache(maxsize=4096)
def _cue_words(text: str) -> frozenset[str]:
    """Stems of the content words of the sentences that touch an identity."""
    touching = [s for s in sentences(text) if dimensions(s)]
    return content(" ".join(touching))


def level(exchange: Exchange, rubric: Rubric) -> Finding | None:
    """The level of one reply; None where the client gave no cue and no stereotype came.

    Identity that the trainee brings up unasked earns nothing; a stereotype does harm anyway.
    """
    if not exchange.readable or not exchange.answers or exchange.client is None:
        return None
    points = Points(rubric)
    found = dimensions(exchange.before)
    marked = exchange.client.offers("cultural_humility")
    if found or marked or may_be(Moment.CULTURE, exchange.before):
        finding = _answered(exchange, read(exchange), points)
        if not found and not marked and finding.criterion not in _TAKEN_UP:
            # Learned only: unless the reply takes it up, the session does not count it.
            return replace(finding, signs=finding.signs | {Sign.UNCOUNTED})
        if finding.criterion == "cue" and not marked and not plainly(exchange.before):
            finding = replace(finding, signs=finding.signs | {Sign.UNCOUNTED})
        first = next((name for name in _cues() if name in found), "")
        return replace(finding, moment=f"cue_{first}")
    return _unprompted(exchange, points)


def read(exchange: Exchange) -> Regard:
    """What a reply does with who the client is."""
    said = sentences(exchange.text)
    asked = [s for s in said if s.rstrip("\"')").endswith("?") or asks(s)]
    stated = [s for s in said if s not in asked]
    heard = content(exchange.before)
    humble = _first("humble", said)
    own = [s for s in map(_unquoted, said) if content(s) - heard]
    own_stated = [s for s in map(_unquoted, stated) if content(s) - heard]
    return Regard(
        stereotype=_first("stereotype", [s for s in own_stated if s != humble]) or _coded(exchange),
        unseeing=_first("unseeing", own_stated),
        patronises=_first("patronise", [s for s in own if s != humble]),
        imposes=_first("impose", [s for s in map(_unquoted, said) if not _about_trainee(s)]),
        explores=next((s for s in asked if _explores(s)), None),
        wonders=next((s for s in asked if _wonders(s)), None),
        asks_at_large=bool(asked) and not all(_phrases().has("generic", s) for s in asked),
        mirrors=_first("mirror", said),
        humble=humble,
        links=_first("link", [s for s in asked if _explores(s)] or asked),
        taken_up=len(content(exchange.text) & _cue_words(exchange.before)),
        shared=len(content(exchange.text) & heard),
    )


def _first(category: str, said: list[str]) -> str | None:
    return next((sentence for sentence in said if _phrases().has(category, sentence)), None)


def _unquoted(sentence: str) -> str:
    """A sentence without what it quotes: the client's words are no stereotype of the trainee's."""
    return _QUOTED.sub(" ", sentence)


def _about_trainee(sentence: str) -> bool:
    words = plain(sentence)
    return _FIRST.match(words) is not None and _phrases().has("humble", sentence)


def _explores(sentence: str) -> bool:
    return _phrases().has("ask", sentence) and not _phrases().has("generic", sentence)


def _wonders(sentence: str) -> bool:
    """Whether a question is open by its form, and not one that might be put to anyone."""
    return _OPEN.search(plain(sentence)) is not None and not _phrases().has("generic", sentence)


def _coded(exchange: Exchange) -> str | None:
    span = exchange.coded.span(Code.STEREOTYPE)
    if Mark.HOSTILE in exchange.coded.marks:
        return exchange.text.strip()
    if span is None or span.p < SURE:
        return None
    words = span.words or exchange.text.strip()
    return words if content(words) - content(exchange.before) else None


def _answered(exchange: Exchange, regard: Regard, points: Points) -> Finding:
    harm = _harm(regard, points)
    good = _good(regard, points)
    if harm is None and exchange.codes & _TELLS and not (regard.explores or regard.humble):
        harm = (points["told"], exchange.text.strip(), "imposed")
    if harm is not None:
        base, words, situation = harm
        eased = points["eased"] if regard.explores and regard.humble else 0.0
        return Finding(base + eased, words, "stereotype", situation=situation)
    if good == 0.0:
        return _passed_over(exchange, regard, points)
    quote = regard.explores or regard.mirrors or regard.humble or exchange.text.strip()
    total = (points["explored"] if regard.explores else points["noted"]) + good
    criterion = "meaning" if regard.explores else "terms" if regard.mirrors else "limits"
    return Finding(total, quote, criterion, situation="noted")


def _harm(regard: Regard, points: Points) -> tuple[float, str, str] | None:
    """The heaviest harm: level, words, situation. Humble words beside it do not undo it."""
    if regard.stereotype:
        return points["stereotype"], regard.stereotype, "stereotype"
    if regard.unseeing:
        return points["unseeing"], regard.unseeing, "unseeing"
    if regard.patronises:
        return points["patronised"], regard.patronises, "stereotype"
    if regard.imposes and not (regard.explores and (regard.mirrors or regard.humble)):
        asked = points["eased"] if regard.explores else 0.0
        return points["imposed"] + asked, regard.imposes, "imposed"
    return None


def _good(regard: Regard, points: Points) -> float:
    """What is added for the client's words, terms, one's limits, and the tie to the work; 0 where
    the cue was not taken.
    """
    if not (regard.explores or regard.mirrors or regard.humble):
        return 0.0
    total = points["taken_up"] * min(regard.taken_up, 2)
    total += points["mirrored"] if regard.mirrors else 0.0
    total += points["owned"] if regard.humble else 0.0
    total += points["linked"] if regard.links else 0.0
    return max(total, 0.05)


def _passed_over(exchange: Exchange, regard: Regard, points: Points) -> Finding:
    base = points["noted" if regard.taken_up else "ignored"]
    base += points["wondered"] if regard.wonders else 0.0
    base += points["taken_up"] if regard.asks_at_large else 0.0
    base += points["taken_up"] * (regard.taken_up > 1)
    situation = "noted" if regard.taken_up else "ignored"
    return Finding(base, exchange.text.strip(), "cue", situation=situation)


def _unprompted(exchange: Exchange, points: Points) -> Finding | None:
    uncounted = frozenset({Sign.UNCOUNTED})
    if Code.STEREOTYPE in exchange.codes:
        words = _coded(exchange)
        if words:
            return Finding(points["stereotype"], words, "stereotype", situation="stereotype")
    if Code.CULTURE_ASK in exchange.codes:
        span = exchange.coded.span(Code.CULTURE_ASK)
        quote = (span.words if span else "") or exchange.text.strip()
        return replace(Finding(points["unprompted"], quote, "cue"), signs=uncounted)
    return None
