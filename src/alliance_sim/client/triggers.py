"""When events happen, and how the trainee met them."""

import random
import re
from collections.abc import Iterable
from functools import lru_cache

from alliance_sim.client.felt import felt
from alliance_sim.client.matching_cues import lexicon
from alliance_sim.client.memory import Memory
from alliance_sim.client.stems import stems
from alliance_sim.domain.codes import Code, CodedReply, Mark
from alliance_sim.domain.scenario import Event, EventKind, Scenario, When
from alliance_sim.domain.state import ClientState

APART = 3
"""Trainee turns between two events at least: a client is not a string of incidents."""

AFTER_DISCLOSURE = 2
"""Trainee turns for which what has just been told is left in peace."""


def due(
    scenario: Scenario, memory: Memory, state: ClientState, rng: random.Random
) -> tuple[Event, bool] | None:
    """The event to happen now, and whether it can wait no longer; None where there is none.

    Within its turns an event falls at random, so that it is not foreseen, and at the last for sure.
    """
    turn = memory.turns
    if turn - memory.event_turn < APART:
        return None
    fresh = turn - memory.disclosure_turn < AFTER_DISCLOSURE
    for event in _ordered(scenario.events):
        if event.id in memory.events or event.when.rupture is not None:
            continue
        if not holds(event.when, memory, state) or (fresh and event.when.after is None):
            continue
        last = event.when.turns[1] if event.when.turns else turn
        if turn >= last:
            return event, True
        if rng.random() < 1 / (last - turn + 1):
            return event, False
    return None


def _ordered(events: Iterable[Event]) -> list[Event]:
    """Those whose time runs out first come first."""
    return sorted(events, key=lambda event: event.when.turns[1] if event.when.turns else 0)


def holds(when: When, memory: Memory, state: ClientState) -> bool:
    """Whether all conditions but `rupture` hold; an event whose turns have passed still may."""
    return (
        (when.turns is None or memory.turns >= when.turns[0])
        and (when.topic is None or when.topic == memory.topic)
        and (when.after is None or when.after in memory.disclosed)
        and (when.trust_below is None or state.trust < when.trust_below)
        and (when.trust_above is None or state.trust > when.trust_above)
    )


def rupture_event(scenario: Scenario, memory: Memory, state: ClientState) -> Event | None:
    """The authored rupture that fits how this client moves, or None."""
    from_style = [
        event
        for event in scenario.events
        if event.when.rupture and event.id not in memory.events and holds(event.when, memory, state)
    ]
    wanted = style(state)
    return next((event for event in from_style if event.style == wanted), None)


CONFRONTS_FROM = 55
"""Reactance from which a rupture takes the style of moving against rather than away."""


def style(state: ClientState) -> str:
    """`confrontation` or `withdrawal`: reactant clients move against, the others away."""
    return "confrontation" if state.reactance >= CONFRONTS_FROM else "withdrawal"


GENERIC = frozenset({Code.QUESTION_OPEN, Code.QUESTION_CLOSED})
"""Codes that meet a moment only when they are about it."""


def outcome(event: Event, coded: CodedReply, *, elsewhere: bool = False) -> str:
    """How the trainee met an event: `met`, `missed` or `hurt`.

    `elsewhere`: the reply asks about something that has nothing to do with the event.
    """
    asserted = felt(coded)
    harmful = {Code.BLAME, Code.BOUNDARY_BREAK, Code.STEREOTYPE} | set(event.hurt_by)
    if asserted & harmful or Mark.HOSTILE in coded.marks:
        return "hurt"
    cold = Mark.COLD in coded.marks and event.kind is EventKind.BOUNDARY_BAIT
    meets = asserted & set(event.met_by)
    if elsewhere:
        meets -= GENERIC
    return "met" if meets and not cold else "missed"


ABOUT = {
    EventKind.RISK_CUE: frozenset({"safety"}),
    EventKind.SUBSTANCE_CUE: frozenset({"substances"}),
    EventKind.CULTURAL_CUE: frozenset({"culture", "faith"}),
    EventKind.AMBIENT: frozenset({"room"}),
}
"""Subjects that an event of a kind is about, whatever it is said in."""

POINTS_BACK = re.compile(r"\b(?:that|this|it)\b", re.IGNORECASE)
"""Words that may stand for what has just been said."""

_QUESTION = re.compile(r"[^.!?…]*[^.!?…\s][^.!?…]*\?")


def is_elsewhere(event: Event, text: str, asked: str | None, current: str | None) -> bool:
    """Whether a reply leaves an event aside: it names a topic, and no word of the event.

    `asked`: the topic that it names; None where it goes on with what was said. "How is that at
    work?" may be about the event even while work is what was spoken of.
    """
    if asked is None or asked == event.when.topic:
        return False
    if asked == current and POINTS_BACK.search(question_of(text)):
        return False
    return not content(text) & content(event.line)


def question_of(text: str) -> str:
    """The sentences of a reply that ask, else its last: "Tell me about work." asks, too."""
    asking = _QUESTION.findall(text)
    return " ".join(asking) if asking else re.split(r"(?<=[.!…])\s+", text.strip())[-1]


def is_another_matter(
    event: Event, scenario: Scenario, question: str, asked: str | None, current: str | None
) -> bool:
    """Whether the question in a reply to an event is about something that is not the event's."""
    if asked is None or not content(question):
        return False
    own = scenario.topic(asked).subject in ABOUT.get(event.kind, frozenset())
    return not own and is_elsewhere(event, question, asked, current)


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Stems of the words that say something about a subject, those of what is seen among them."""
    return frozenset(stems(text)) - lexicon().never
