"""What a judge is asked: rubrics and rules in the system message, the conversation as data."""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import PackageLoader, StrictUndefined, Template
from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.domain.rubric import Rubric
from alliance_sim.llm.port import Message, Request, Schema
from alliance_sim.scoring.judging.data import Count, Part
from alliance_sim.scoring.judging.replies import Wanted, everything, schema

MARKER_BITS = 128

REPLY_TOKENS_CRITERION = 150
REPLY_TOKENS_RUBRIC = 90
REPLY_TOKENS_FRAME = 100
"""What an answer takes, usually; it bounds how many rubrics go into one request."""

REPLY_SPARE = 2
"""A wordy model may take so many times as much, within the limits."""

RUBRICS_SHARE = 0.6
"""Of the room for a prompt, at most this share goes to rubrics, where there are several."""

_MARKER_SLOT = "\0"


@dataclass(frozen=True)
class Limits:
    """How much one request may hold, in tokens."""

    prompt: int = 24_000
    reply: int = 12_000

    def halved(self) -> "Limits":
        return Limits(self.prompt // 2, self.reply // 2)


@dataclass(frozen=True)
class Brief:
    """Rubrics that are judged in one request, and what is asked about them."""

    rubrics: tuple[Rubric, ...]
    wanted: Wanted
    system: str
    """The system message, with a slot for the marker."""
    schema: Schema
    reply_tokens: int
    """Room for the answer."""
    system_tokens: int

    def request(
        self,
        part: Part,
        randomness: random.Random,
        *,
        temperature: float,
        seed: int,
        refused: Sequence[Mapping[str, Any]] = (),
    ) -> Request:
        """The request for one part of a conversation. `refused`: quotes it is asked about again."""
        data = part.text(refused)
        marker = new_marker(data, randomness)
        user = _template("user").render(marker=marker, data=data, again=bool(refused))
        return Request(
            messages=(
                Message("system", self.system.replace(_MARKER_SLOT, marker)),
                Message("user", user),
            ),
            max_tokens=self.reply_tokens,
            temperature=temperature,
            seed=seed,
            schema=self.schema,
        )

    def only(self, wanted: Wanted) -> "Brief":
        """A brief that asks for some of the criteria again."""
        kept = tuple(
            rubric.model_copy(
                update={"criteria": tuple(c for c in rubric.criteria if c.id in wanted[rubric.id])}
            )
            for rubric in self.rubrics
            if wanted.get(rubric.id)
        )
        return brief(kept, self.reply_tokens)


def brief(rubrics: Sequence[Rubric], reply_tokens: int, count: Count = len) -> Brief:
    """What is asked about these rubrics in one request."""
    wanted = everything(rubrics)
    system = _system(rubrics)
    return Brief(
        rubrics=tuple(rubrics),
        wanted=wanted,
        system=system,
        schema=Schema("judgement", schema(wanted)),
        reply_tokens=min(reply_tokens, REPLY_SPARE * _reply_tokens(rubrics)),
        system_tokens=count(system),
    )


def briefs(rubrics: Sequence[Rubric], limits: Limits, count: Count) -> tuple[Brief, ...]:
    """All rubrics in one brief where they fit, else in as few as are needed, in order."""
    made: list[Brief] = []
    group: list[Rubric] = []
    for rubric in rubrics:
        if group and not _fits([*group, rubric], limits, count):
            made.append(brief(group, limits.reply, count))
            group = []
        group.append(rubric)
    return (*made, brief(group, limits.reply, count)) if group else tuple(made)


def _fits(rubrics: Sequence[Rubric], limits: Limits, count: Count) -> bool:
    if _reply_tokens(rubrics) > limits.reply:
        return False
    system = _system(rubrics)
    room = limits.prompt * RUBRICS_SHARE
    return len(system) <= room or count(system) <= room


def _system(rubrics: Sequence[Rubric]) -> str:
    return _template("system").render(rubrics=rubrics, marker=_MARKER_SLOT)


def _reply_tokens(rubrics: Sequence[Rubric]) -> int:
    criteria = sum(len(rubric.criteria) for rubric in rubrics)
    return (
        REPLY_TOKENS_FRAME + REPLY_TOKENS_RUBRIC * len(rubrics) + REPLY_TOKENS_CRITERION * criteria
    )


def prompt_hash(asked: Sequence[Brief]) -> str:
    """SHA-256, 16 hex digits, of all that is asked but the conversation and its marker."""
    texts = [_template_source("user")]
    for each in asked:
        texts += [each.system, json.dumps(each.schema.schema, sort_keys=True)]
    return hashlib.sha256("\0\0".join(texts).encode("utf-8")).hexdigest()[:16]


def new_marker(data: str, randomness: random.Random) -> str:
    """A random marker that does not occur in the data."""
    while True:
        marker = f"{randomness.getrandbits(MARKER_BITS):032x}"
        if marker not in data:
            return marker


@cache
def _template(name: str) -> Template:
    return _environment().get_template(f"{name}.j2")


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=PackageLoader("alliance_sim.scoring.judging", "prompts"),
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
    return environment


def _template_source(name: str) -> str:
    folder = files("alliance_sim.scoring.judging").joinpath("prompts")
    return folder.joinpath(f"{name}.j2").read_text("utf-8")
