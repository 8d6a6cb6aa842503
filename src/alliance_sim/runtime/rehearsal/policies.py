"""The made-up trainees: how they practise, in moves and in words, as data."""

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

EXPECTED = ("skilled", "mixed", "poor")
"""The policies of which a scenario's file says what they must lead to."""

AUTHORED = ("authored", "authored_and_ask")
"""What is said in place of a list of replies: the scenario author's own words for the moment."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Part):
    """What a trainee says, by the names of lists of replies."""

    first: str
    mix: dict[str, float] = Field(min_length=1)
    """Weights, > 0."""
    rupture: str | None = None
    """The list with which a standing rupture is met; None: as any other turn."""
    rupture_chance: float = Field(default=0.0, ge=0, le=1)


class Policy(_Part):
    """A way of practising."""

    title: str
    moves: dict[str, float] = Field(min_length=2)
    """Weights, > 0, of the moves drawn; those that the dynamics do not know move nothing."""
    repairs: float = Field(ge=0, le=1)
    grounds: bool = False
    words: Words


class Separation(_Part):
    """How surely the better trainee must score above the other."""

    better: str
    worse: str
    least: float = Field(ge=0, le=1)
    """AUC, 0.5 is chance."""


class NeverAbove(_Part):
    """One trainee's mean overall score must not lie above another's."""

    policy: str
    than: str


class Policies(_Part):
    """The policies file as a whole."""

    policies: dict[str, Policy] = Field(min_length=1)
    separation: tuple[Separation, ...] = ()
    never_above: tuple[NeverAbove, ...] = ()
    replies: dict[str, tuple[str, ...]]

    @property
    def judged(self) -> tuple[str, ...]:
        """The policies without which some verdict could not be given."""
        named = {name for rule in self.separation for name in (rule.better, rule.worse)}
        named |= {name for rule in self.never_above for name in (rule.policy, rule.than)}
        return tuple(name for name in self.policies if name in {*named, *EXPECTED})

    @model_validator(mode="after")
    def _lists_exist(self) -> "Policies":
        for name, policy in self.policies.items():
            words = policy.words
            used = {words.first, *words.mix, *([words.rupture] if words.rupture else [])}
            unknown = sorted(used - {*self.replies, *AUTHORED})
            if unknown:
                raise ValueError(f"policy {name}: there is no list of replies '{unknown[0]}'")
        named = [n for s in self.separation for n in (s.better, s.worse)]
        named += [n for rule in self.never_above for n in (rule.policy, rule.than)]
        if missing := sorted(set(named) - set(self.policies)):
            raise ValueError(f"there is no policy '{missing[0]}'")
        return self


@cache
def load_policies() -> Policies:
    """The policies that ship with the program."""
    folder = files("alliance_sim.runtime.rehearsal")
    text = folder.joinpath("policies.yaml").read_text(encoding="utf-8")
    return Policies.model_validate(yaml.safe_load(text))
