"""A scenario proposed by a model from a few sentences: a draft, which nobody meets unread.

The model fills in a part of the schema; the rest is the starter's. What it proposes is checked like
any file, once sent back with what was found, and marked as a draft: the library does not offer it
until an instructor has taken the mark out.
"""

import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from alliance_sim.domain.clean import storable
from alliance_sim.llm.port import Backend, Message, Request, Schema

MOST_TOKENS = 6_000
"""Of a draft."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=700)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,47}$")]
Few = Annotated[tuple[Text, ...], Field(min_length=3, max_length=8)]
Some = Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ProposedTopic(_Part):
    id: Name
    title: Text
    cues: Some
    guarded: Few
    opening: Few
    open: Few
    instead: Some


class ProposedDisclosure(_Part):
    id: Name
    gate: Literal["facts", "feelings", "painful", "core_secret"]
    topics: Annotated[tuple[Name, ...], Field(min_length=1)]
    fact: Text
    tripwires: Some
    lines: Some
    follow_up: Some
    instead: Some


class Proposal(_Part):
    """The part of a scenario that a model proposes."""

    title: Text
    summary: Annotated[str, StringConstraints(min_length=1, max_length=240)]
    content_notes: Some
    name: Text
    age: int = Field(ge=6, le=110)
    pronouns: Text
    identity: Text
    referral_source: Text
    presentation: Text
    prior_therapy: Text
    register_: Text = Field(alias="register")
    typical_words: int = Field(ge=3, le=120)
    arrival: Text
    opening: Annotated[str, StringConstraints(min_length=1, max_length=2500)]
    opening_instead: Some
    topics: Annotated[tuple[ProposedTopic, ...], Field(min_length=3, max_length=20)]
    disclosures: Annotated[tuple[ProposedDisclosure, ...], Field(min_length=1, max_length=12)]


Check = Callable[[str], Sequence[str]]
"""From the text of a file to what is wrong with it, a line each; nothing where it may stand."""


async def draft(
    wish: str,
    starter: dict[str, Any],
    backend: Backend,
    check: Check,
    randomness: random.Random,
) -> tuple[str, Sequence[str]]:
    """The text of a draft, and what is still wrong with it.

    `starter` is the data of a new scenario, whose id and type stay. Raises ModelProblem.
    """
    messages = _messages(wish, randomness)
    text, found = await _proposed(messages, starter, backend, check)
    if found:
        again = Message("user", "\n".join([_words()["mend"], *found[:30]]))
        second, remaining = await _proposed(
            (*messages, Message("assistant", text), again), starter, backend, check
        )
        if len(remaining) <= len(found):
            return second, remaining
    return text, found


async def _proposed(
    messages: tuple[Message, ...], starter: dict[str, Any], backend: Backend, check: Check
) -> tuple[str, Sequence[str]]:
    schema = Schema("scenario_draft", Proposal.model_json_schema(by_alias=True))
    reply = await backend.complete(Request(messages, MOST_TOKENS, schema=schema))
    try:
        proposal = Proposal.model_validate(reply.data)
    except ValidationError as invalid:
        problems = [
            f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in invalid.errors()
        ]
        return text_of(starter | {"draft": True}), problems
    text = text_of(merged(proposal, starter))
    return text, check(text)


def merged(proposal: Proposal, starter: dict[str, Any]) -> dict[str, Any]:
    """The starter's data with what was proposed in its place."""
    topics = [_topic(topic) for topic in proposal.topics]
    first = topics[0]["id"]
    known = {topic["id"] for topic in topics}
    events = [
        event | {"when": {k: v for k, v in event["when"].items() if k not in ("topic", "after")}}
        for event in starter["events"]
    ]
    return starter | {
        "draft": True,
        "title": proposal.title[:120],
        "summary": proposal.summary,
        "content_notes": [note[:120] for note in proposal.content_notes],
        "client": starter["client"]
        | {
            "name": proposal.name[:120],
            "age": proposal.age,
            "pronouns": proposal.pronouns[:120],
            "identity": proposal.identity,
            "referral_source": proposal.referral_source,
            "presentation": proposal.presentation,
            "prior_therapy": proposal.prior_therapy,
            "voice": {"register": proposal.register_, "typical_words": proposal.typical_words},
        },
        "arrival": {"line": proposal.arrival},
        "opening": {
            "text": proposal.opening,
            "topic": first,
            "instead": list(proposal.opening_instead),
        },
        "topics": topics,
        "disclosures": [
            told.model_dump(mode="json") | {"topics": [t for t in told.topics if t in known]}
            for told in proposal.disclosures
        ],
        "events": events,
    }


def _topic(topic: ProposedTopic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "title": topic.title[:120],
        "cues": [cue[:120] for cue in topic.cues],
        "lines": {
            "guarded": list(topic.guarded),
            "opening": list(topic.opening),
            "open": list(topic.open),
        },
        "instead": list(topic.instead),
    }


def text_of(data: dict[str, Any]) -> str:
    """The data as a scenario file's text, with the mark of a draft at its head."""
    head = (
        "# A DRAFT proposed by a model. Read each line, mend it, run `check` and `rehearse`.\n"
        "# Nobody is offered this client until the line `draft: true` has been taken out.\n"
    )
    clean = json.loads(storable(json.dumps(data, ensure_ascii=False)))
    return head + yaml.safe_dump(clean, sort_keys=False, allow_unicode=True, width=100)


def _messages(wish: str, randomness: random.Random) -> tuple[Message, ...]:
    marker = f"<<{randomness.getrandbits(64):016x}>>"
    words = _words()
    quoted = json.dumps(wish, ensure_ascii=True)
    return (
        Message("system", words["system"]),
        Message("user", f"{words['wish']}\n{marker}\n{quoted}\n{marker}"),
    )


@cache
def _words() -> dict[str, str]:
    text = files("alliance_sim.runtime").joinpath("drafting.yaml").read_text(encoding="utf-8")
    loaded: dict[str, str] = yaml.safe_load(text)
    return loaded
