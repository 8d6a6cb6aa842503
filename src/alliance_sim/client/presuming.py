"""Suggested replies that take up only what the client has said.

An author writes a topic's suggestions with all of its lines in view; an hour hears some of them.
A word that the client has in one place alone, and has not said, shows that a suggestion answers
that place, where it is spoken of as known ("the raccoon") or where several come together: such a
suggestion would tell the trainee what they did not hear.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from alliance_sim.client.triggers import content
from alliance_sim.domain.scenario import Scenario

_AS_KNOWN = re.compile(
    r"\b(?:the|that|those|these|this|your|his|her|their|its)\s+((?:[\w'-]+\s+)?[\w'-]+)",
    re.IGNORECASE,
)
"""What is spoken of as known to both, with one word before it."""

SEVERAL = 2
"""Words of one line that make a suggestion an answer to it."""


class Presuming:
    """The words that each line of one scenario has for its own. Immutable once built."""

    def __init__(self, scenario: Scenario) -> None:
        told = {key: content(line) for key, line in _told(scenario)}
        often = Counter(word for words in told.values() for word in words)
        # What the trainee reads beforehand is no secret.
        client = scenario.client
        known = content(" ".join((client.identity, client.referral_source, client.presentation)))
        self._own = {
            word: key for key, words in told.items() for word in words - known if often[word] == 1
        }

    def fitting(self, replies: Sequence[str], spoken: Collection[str]) -> tuple[str, ...]:
        """Those of the replies that presume none of the lines that were not `spoken` (keys)."""
        return tuple(
            reply for reply in replies if all(key in spoken for key in self._answered(reply))
        )

    def _answered(self, reply: str) -> set[str]:
        """Keys of lines that a reply answers by their own words."""
        found = Counter(self._own[word] for word in content(reply) if word in self._own)
        known = content(" ".join(_AS_KNOWN.findall(reply)))
        named = {self._own[word] for word in known if word in self._own}
        return named | {key for key, number in found.items() if number >= SEVERAL}


def _told(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Keys and texts of what the client may tell, as `scripted` has them."""
    for topic in scenario.topics:
        for openness, lines in topic.lines:
            yield from ((f"topic/{topic.id}/{openness}/{i}", line) for i, line in enumerate(lines))
    for told in scenario.disclosures:
        yield from ((f"disclosure/{told.id}/{i}", line) for i, line in enumerate(told.lines))
        yield from ((f"follow/{told.id}/{i}", line) for i, line in enumerate(told.follow_up))
