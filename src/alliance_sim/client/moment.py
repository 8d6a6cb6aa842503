"""What the plan of a turn looks at, and what the reply in it is about."""

import random
import re
from dataclasses import dataclass

from alliance_sim.client.dynamics import Profile
from alliance_sim.client.memory import Memory
from alliance_sim.client.reactions import WHOLE, reaction_of
from alliance_sim.client.state import Step, openness
from alliance_sim.client.telling import HEARD
from alliance_sim.client.topics import TopicIndex
from alliance_sim.client.triggers import question_of
from alliance_sim.domain.codes import Code, CodedReply
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.state import Openness

ASKS = frozenset(
    {
        Code.QUESTION_OPEN,
        Code.QUESTION_CLOSED,
        Code.RISK_QUESTION,
        Code.CULTURE_ASK,
        Code.PRESS_DETAIL,
    }
)

EXPLAINS = frozenset(
    {
        Code.LIMITS_STATED,
        Code.ORIENT,
        Code.INFORMATION,
        Code.OWN_PART,
        Code.BOUNDARY_HOLD,
        Code.IMMEDIACY,
        Code.GROUND,
    }
)
"""After these only the question itself names a topic, not what was said before it: neither "abuse
of a child" nor "you went quiet" is a subject."""

OWN_WORDS = 1.0
"""Evidence from which a question with "that" in it leaves what has just been told."""
BARELY = 1.2
"""Evidence below which the words of a reflection name no topic for the question after it."""

FAINT = 1.6
"""Evidence below which a question after an explanation is about that ("Where did I lose you?")."""

MOVES_ON = 3.0
"""Evidence from which a reflection, or a question about "that", leaves the topic at hand."""

CHECKS = re.compile(
    r"(?:(?:is|was|does|did|would|am|do|have) (?:that|it|this|i) (?:\w+ ){0,3}\w+|"
    r"(?:am i )?close|right|yes|no|what do you think)\?",
    re.IGNORECASE,
)
"""Questions that ask about what was just said back, and nothing else."""


@dataclass(frozen=True)
class Moment:
    """All that the plan of one turn may look at."""

    scenario: Scenario
    index: TopicIndex
    profile: Profile
    memory: Memory
    step: Step
    coded: CodedReply
    text: str
    took_floor: bool
    time_up: bool
    rng: random.Random

    @property
    def asks(self) -> bool:
        return bool(self.coded.asserted() & ASKS) or self.text.rstrip().endswith("?")

    @property
    def openness(self) -> Openness:
        return openness(self.step.state, self.profile)


def names(moment: Moment, least: float = 0.0) -> bool:
    """Whether a reply names its topic, rather than going on with the one at hand."""
    score = moment.index.match(_naming(moment), moment.memory.topic).score
    return score > least and not (_is_explained(moment) and score < FAINT)


def only_checks(moment: Moment) -> bool:
    """Whether all that a reply asks is whether it has understood: "Is that near it?".

    "Is it your mother?" has the same form, and names somebody.
    """
    question = question_of(moment.text).strip()
    if question == moment.text.strip() or not CHECKS.fullmatch(question):
        return False
    return moment.index.match(question, moment.memory.topic).score < OWN_WORDS


def _naming(moment: Moment) -> str:
    """The words of a reply that may name a topic."""
    explains = bool(moment.coded.asserted() & EXPLAINS)
    return question_of(moment.text) if explains and moment.asks else moment.text


def asked_in(moment: Moment) -> str | None:
    """The topic that was asked about or named; None where the reply names none.

    What the trainee explains or owns names no topic, and a question about just that none either
    ("Is there anything you'd ask about that?"). A reflection is about what has just been said,
    unless it clearly names something else.
    """
    match = moment.index.match(_naming(moment), moment.memory.topic)
    if match.topic is None or (match.score < FAINT and _is_explained(moment)):
        return None
    if moment.asks and only_checks(moment) and match.score < MOVES_ON:
        return moment.memory.topic
    if moment.asks:
        if Code.RISK_QUESTION in moment.coded.asserted() and _on_safety(moment):
            return moment.memory.topic
        return moment.memory.topic if _follows_up(moment, match.score) else match.topic
    stays = match.topic == moment.memory.topic or reaction_of(moment.coded) in WHOLE
    if moment.coded.asserted() & HEARD and match.score < MOVES_ON:
        stays = True
    return None if stays else match.topic


def _is_explained(moment: Moment) -> bool:
    """Whether a reply is an explanation that calls for an answer to itself."""
    return bool(moment.coded.asserted() & EXPLAINS) and reaction_of(moment.coded) in WHOLE


def _on_safety(moment: Moment) -> bool:
    """Whether danger is what is being spoken of: "any plan?" is then not about the future."""
    topic = moment.memory.topic
    return topic is not None and moment.scenario.topic(topic).subject == "safety"


def _follows_up(moment: Moment, score: float) -> bool:
    """Whether a question with nothing of its own to go by asks on about what it reflects.

    "A coin each morning. What is that like?" is not about mornings.
    """
    if not moment.coded.asserted() & HEARD or score >= BARELY or moment.memory.topic is None:
        return False
    own = moment.index.match(question_of(moment.text), moment.memory.topic)
    return own.score == 0
