"""Suggested replies that take up only what the client has said.

An author writes a topic's suggestions with all of its lines in view; an hour hears some of them.
A word that the client has in one place alone, and has not said, shows that a suggestion answers
that place, where it is spoken of as known ("the raccoon") or where several come together: such a
suggestion would tell the trainee what they did not hear.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from math import log

from alliance_sim.client.triggers import content
from alliance_sim.domain.scenario import Scenario

Words = frozenset[str]

_AS_KNOWN = re.compile(
    r"\b(?:the|that|those|these|this|your|his|her|their|its)\s+((?:[\w'-]+\s+)?[\w'-]+)",
    re.IGNORECASE,
)
"""What is spoken of as known to both, with one word before it."""

SEVERAL, WEIGHT = 2, 1.6
"""Words that a suggestion shares with one line, and what they weigh together, from which it answers
that line. A word of that line alone weighs 1, one that stands in every line nothing."""

MORE = 1.3
"""How much better it must fit a line not said than any that was."""


class Presuming:
    """The words of each line of one scenario. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        # What the trainee reads beforehand is no secret.
        client = scenario.client
        known = content(" ".join((client.identity, client.referral_source, client.presentation)))
        self._lines = {key: content(line) - known for key, line in _told(scenario)}
        often = Counter(word for words in self._lines.values() for word in words)
        whole = log(max(len(self._lines), 2))
        self._weights = {word: 1 - log(often[word]) / whole for word in often}
        self._only = {word for word in often if often[word] == 1}

    def fitting(self, replies: Sequence[str], spoken: Collection[str]) -> tuple[str, ...]:
        """Those of the replies that presume none of the lines that were not `spoken` (keys)."""
        heard = [words for key, words in self._lines.items() if key in spoken]
        unheard = [words for key, words in self._lines.items() if key not in spoken]
        return tuple(reply for reply in replies if not self._presumes(reply, heard, unheard))

    def _presumes(self, reply: str, heard: list[Words], unheard: list[Words]) -> bool:
        words = content(reply)
        named = content(" ".join(_AS_KNOWN.findall(reply))) & self._only
        if any(named & line for line in unheard):
            return True
        best = max((self._weight(words & line) for line in heard), default=0.0)
        return any(
            len(words & line) >= SEVERAL and self._weight(words & line) >= max(WEIGHT, best * MORE)
            for line in unheard
        )

    def _weight(self, words: Words) -> float:
        return sum(self._weights[word] for word in words)


def _told(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Keys and texts of what the client may tell, as `scripted` has them."""
    for topic in scenario.topics:
        for openness, lines in topic.lines:
            yield from ((f"topic/{topic.id}/{openness}/{i}", line) for i, line in enumerate(lines))
    for told in scenario.disclosures:
        yield from ((f"disclosure/{told.id}/{i}", line) for i, line in enumerate(told.lines))
        yield from ((f"follow/{told.id}/{i}", line) for i, line in enumerate(told.follow_up))
