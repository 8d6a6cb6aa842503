"""What the client can tell now of what it has kept back, and how it comes to it."""

from collections.abc import Set
from dataclasses import dataclass

from alliance_sim.client.dynamics import Profile
from alliance_sim.client.memory import Memory
from alliance_sim.client.reactions import HARMFUL, reaction_of
from alliance_sim.client.state import gate_opens
from alliance_sim.domain.codes import Code
from alliance_sim.domain.scenario import Disclosure, Scenario
from alliance_sim.domain.state import ClientState

INVITES = frozenset(
    {
        Code.QUESTION_OPEN,
        Code.REFLECTION_SIMPLE,
        Code.REFLECTION_COMPLEX,
        Code.VALIDATE,
        Code.CULTURE_ASK,
        Code.RISK_QUESTION,
        Code.BACKCHANNEL,
    }
)
"""After these a client may tell what it has kept back; a closed question gets its answer only."""

HEARD = frozenset({Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX, Code.VALIDATE})
"""After these a client may bring up by itself what it has kept back."""

OUTRIGHT = frozenset({Code.CULTURE_ASK, Code.RISK_QUESTION})
"""Questions so particular that the answer may be the thing itself; others lead up to it."""

HURT_LATELY = 3
"""Replies, this one among them, none of which may have hurt."""

EARLIEST = 5
"""The trainee turn before which nothing is told that was not asked for outright."""

APART = 2
"""Trainee turns between two disclosures at least."""

UNASKED_AFTER = 5
"""Trainee turns without a disclosure after which one that is ready is brought up unasked."""


@dataclass(frozen=True)
class Telling:
    """A disclosure to come now."""

    told: Disclosure
    outright: bool = False
    """It answers a question so particular that it needs no words that lead to it."""


def to_tell(
    scenario: Scenario,
    memory: Memory,
    state: ClientState,
    profile: Profile,
    asserted: Set[Code],
    asked: str | None,
    *,
    unasked: bool = True,
) -> Telling | None:
    """What is told in answer to a reply: its gate open, its topic at hand, the reply an invitation.

    A topic is at hand once something ordinary has been said on it: nobody begins with what weighs
    most, and nobody goes on to it from what has just hurt. A client who has felt heard for a while
    brings it up unasked, unless `unasked` is false. `asked` is the topic that the reply named.
    """
    since = memory.turns - memory.disclosure_turn
    hurt = any(reaction_of(coded) in HARMFUL for coded in memory.coded[-HURT_LATELY:])
    if not asserted & INVITES or since < APART or hurt:
        return None
    if memory.turns < EARLIEST and not asserted & OUTRIGHT:
        return None
    ready = [told for told in scenario.disclosures if _can_tell(told, memory, state, profile)]
    here = asked or memory.topic
    for told in ready:
        if here in told.topics and (asserted & OUTRIGHT or _led_up_to(told, memory)):
            return Telling(told, outright=bool(asserted & OUTRIGHT))
    if unasked and asked is None and asserted & HEARD and min(memory.turns, since) >= UNASKED_AFTER:
        return _unasked(ready, scenario, memory.topic)
    return None


def _unasked(ready: list[Disclosure], scenario: Scenario, topic: str | None) -> Telling | None:
    """What has words to come to it by; what lies nearest to the topic at hand first."""
    near = set(scenario.topic(topic).leads_to) if topic else set()
    can = [told for told in ready if told.brought_up]
    can.sort(key=lambda told: near.isdisjoint(told.topics))
    return Telling(can[0]) if can else None


def _led_up_to(told: Disclosure, memory: Memory) -> bool:
    """Whether something has been said already on one of its topics, the opening aside."""
    return any(key.startswith(f"topic/{topic}/") for topic in told.topics for key in memory.used)


def _can_tell(told: Disclosure, memory: Memory, state: ClientState, profile: Profile) -> bool:
    """Whether a disclosure is still to come, nothing must come before it, and its gate is open."""
    spoken = sum(key.startswith(f"disclosure/{told.id}/") for key in memory.used)
    return (
        told.id not in memory.disclosed
        and set(told.requires) <= set(memory.disclosed)
        and gate_opens(told.gate, state, profile)
        and spoken < len(told.lines)
    )
