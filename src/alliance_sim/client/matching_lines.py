"""Which of several lines answers a particular question best.

A question says what kind of answer it wants: "when" a time, "who" a person, "how often" a
frequency, "how does it feel" a body or a feeling. Lines that have it come first; then those that
share rare words with the question.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from alliance_sim.client.matching_cues import lexicon
from alliance_sim.client.stems import stems
from alliance_sim.domain.speech import spoken

WANTED = 1.0
"""Credit for a line with the kind of thing asked for, against 1 for a shared word of one line."""
SHARED_MOST = 3.0


def _any(*words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)


_NUMBER = (
    r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    r"fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|hundred|dozen|half"
)
_UNIT = r"seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|summers?|winters?"
_PERSON = (
    r"mom|mum|mother|dad|father|parents?|sisters?|brothers?|wife|husband|partner|girlfriend|"
    r"boyfriend|son|daughter|kids?|children|aunt|uncle|cousins?|grand\w+|friends?|boss|"
    r"neighbou?r|teacher|doctor|nurse|judge|lawyer|foreman|pastor|priest|coach"
)

_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        _any(r"how long", r"since when", r"how many (?:\w+ )?(?:years|months|weeks|hours)"),
        _any(
            rf"(?:{_NUMBER}|few|couple of|whole|every|all) (?:\w+ )?(?:{_UNIT})",
            rf"(?:for|since|until) (?:\w+ )?(?:{_UNIT})",
            r"since \w+",
            r"long time",
            r"always",
        ),
    ),
    (
        _any(r"how often", r"how many times", r"how frequent\w*", r"how regular\w*", r"how much"),
        _any(
            rf"(?:{_NUMBER}|once|twice|times?) (?:\w+ ){{0,2}}(?:a|per|each|every) (?:{_UNIT})",
            r"once",
            r"twice",
            r"times",
            r"every \w+",
            r"most (?:\w+ )?(?:days|nights|mornings)",
            r"always",
            r"never",
            r"sometimes",
            r"usually",
            r"weekly",
            r"daily",
            r"(?:mon|tues|wednes|thurs|fri|satur|sun)days",
            _NUMBER,
        ),
    ),
    (
        _any(
            r"when (?:did|was|were|is|do|does|have|has)",
            r"what (?:time|year|day)",
            r"how old",
            r"when",
            r"how recent\w*",
            r"at what age",
        ),
        _any(
            r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
            r"january|february|march|april|june",
            r"july|august|september|october|november|december|spring|summer|autumn|winter",
            rf"(?:{_NUMBER}) (?:{_UNIT}) ago",
            r"last \w+",
            r"yesterday|tonight|this morning",
            r"when I was",
            r"at (?:\w+ )?(?:o'clock|night|noon|midnight)",
            r"(?:19|20)\d\d",
            r"ago",
            r"christmas|thanksgiving|easter|birthday",
            rf"(?:about|around|at|was) (?:{_NUMBER})",
        ),
    ),
    (
        _any(r"who", r"whom", r"whose", r"anyone", r"anybody", r"someone", r"with you"),
        re.compile(rf"\b(?:{_PERSON})\b|(?<=[a-z,;] )(?!I\b)[A-Z][a-z]{{2,}}"),
    ),
    (
        _any(
            r"how (?:do|did|does|are|were|is|was) (?:\w+ ){0,3}(?:feel|feeling|affect|affecting)",
            r"feel(?:s|ing|ings)?",
            r"what (?:was|is|'s) (?:it|that|this) like",
            r"emotion\w*",
            r"what goes on (?:in|inside)",
            r"in your body",
            r"what(?:'s| is) it like",
        ),
        _any(
            r"feel\w*",
            r"felt",
            r"scared|afraid|frightened|angry|mad|furious|sad|ashamed|proud",
            r"lonely|alone|tired|numb|sick|sorry|guilty|relieved|nervous|worried|glad|happy|empty",
            r"chest|stomach|throat|hands?|heart|jaw|neck|shoulders?|teeth|skin|breath\w*|shak\w+",
            r"hot|cold|tight|heavy|cr(?:y|ied|ying)|hate[ds]?|love[ds]?|miss(?:ed)?",
        ),
    ),
    (
        _any(r"where", r"what place", r"which (?:room|place|school|hospital|part)"),
        _any(
            r"(?:in|at|on|by|behind|outside|near|over|under|across) (?:the|my|a|his|her|our) \w+",
            r"street|road|house|apartment|kitchen|garage|car|truck|room|school|town|city|church",
        ),
    ),
    (
        _any(r"why", r"what made", r"how come", r"for what reason", r"what (?:led|caused)"),
        _any(r"because", r"so (?:that|I|he|she|they)", r"the reason", r"'cause", r"that's why"),
    ),
    (
        _any(
            r"what (?:do|did|have) you (?:do|try|tried|done)",
            r"how do you (?:cope|manage|deal)",
            r"how did you (?:cope|manage|respond|react)",
            r"what helps",
            r"tried",
            r"how (?:do|did) you handle",
            r"get through",
        ),
        _any(
            r"I (?:just )?(?:go|went|walk\w*|sit|sat|drive|drove|count\w*|call\w*|turn\w*|put|"
            r"try|tried|start\w*|stop\w*|take|took|make|made|keep|kept|listen\w*|clean\w*|left)",
            r"helps?",
            r"works?",
        ),
    ),
)


def best_line(question: str, candidates: Sequence[tuple[str, str]]) -> list[tuple[str, float]]:
    """Candidates as (key, score ≥ 0), the best answer to the question first.

    `candidates`: (key, line). Equal scores keep the order of the candidates, so that a caller can
    break ties in its own way. Depends on nothing but its arguments.
    """
    lines = [_stems_of(line) for _, line in candidates]
    spread = Counter(word for line in lines for word in line)
    asked = frozenset(stems(question)) - lexicon().never
    wanted = [answer for ask, answer in _KINDS if ask.search(question)]
    scored = []
    for (key, text), line in zip(candidates, lines, strict=True):
        shared = sum(_rarity(spread[word], len(lines)) for word in asked & line)
        kinds = sum(1.0 for answer in wanted if answer.search(spoken(text)))
        score = min(shared, SHARED_MOST) + WANTED * kinds / max(1, len(wanted))
        scored.append((key, round(score, 6)))
    return sorted(scored, key=lambda pair: -pair[1])


def _rarity(lines_with_it: int, lines: int) -> float:
    """1 for a word of one line only, near 0 for a word of all."""
    return math.log(1 + lines / lines_with_it) / math.log(1 + lines)


@lru_cache(maxsize=4096)
def _stems_of(line: str) -> frozenset[str]:
    return frozenset(stems(spoken(line)))
