"""The state of a client and the task of a turn in everyday words, from `prompts/wording.yaml`."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field

from alliance_sim.client.dynamics import Profile
from alliance_sim.domain.events import Act, ClientPlanned, Ending
from alliance_sim.domain.state import ClientState, Openness, Phase

FIXED = frozenset({Act.ARRIVE, Act.OPEN, Act.RAISE_RISK, Act.HAND_OVER})
"""Turns that are never worded by a model: every trainee meets the same opening account, and words
about danger are the author's."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Part):
    """Tokens of the conversation in one prompt, and words of an older utterance."""

    history: int = Field(ge=100)
    least_recent: int = Field(ge=50)
    earlier: int = Field(ge=0)
    utterance: int = Field(ge=50)
    earlier_words: int = Field(ge=4)


class High(_Part):
    shame: float
    reactance: float


class Arousal(_Part):
    above: str
    below: str


class Moments(_Part):
    begins: str
    waits: str
    closes: str


class Wording(_Part):
    """The file as a whole."""

    limits: Limits
    high: High
    openness: dict[Openness, str]
    arousal: Arousal
    rupture: str
    shame: str
    reactance: str
    warned: str
    compliant: str
    acts: dict[Act, str]
    moments: Moments
    cut_off: str
    rules: tuple[str, ...]
    length: str
    corrections: dict[str, str]


@cache
def wording() -> Wording:
    """The sentences that ship."""
    text = files("alliance_sim.client").joinpath("prompts/wording.yaml").read_text("utf-8")
    return Wording.model_validate(yaml.safe_load(text))


def manner(state: ClientState, profile: Profile, openness: Openness) -> tuple[str, ...]:
    """How it is for the client at this moment, a sentence each; no number and no variable."""
    words = wording()
    low, high = profile.window
    phases = {Phase.WARNED: words.warned, Phase.COMPLIANT: words.compliant}
    found = (
        words.openness[openness],
        words.arousal.above if state.arousal > high else None,
        words.arousal.below if state.arousal < low else None,
        words.rupture if state.rupture else None,
        words.shame if state.shame >= words.high.shame else None,
        words.reactance if state.reactance >= words.high.reactance else None,
        phases.get(state.phase),
    )
    return tuple(sentence for sentence in found if sentence)


def task(planned: ClientPlanned) -> str:
    """What a turn is for. Raises KeyError for turns that no model words."""
    return wording().acts[planned.act]


def moment(planned: ClientPlanned) -> str:
    """What stands in the place of the therapist's words where there are none."""
    moments = wording().moments
    return (
        moments.closes if planned.ending in {Ending.PLANNED_CLOSE, Ending.TIME} else moments.waits
    )
