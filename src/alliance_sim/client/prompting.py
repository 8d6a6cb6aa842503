"""The prompt of one client turn: who they are, how they are, what they mean to say, what was heard.

What is the same in every turn comes first: servers that keep what they have read need not read it
again. Nothing that is locked is looked at here: disclosures that are not out, events that have not
happened, numbers of the state, scores, rubrics. The trainee's words go in as messages of the user
and nowhere else.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from alliance_sim.client.dynamics import Profile
from alliance_sim.client.locked import KeptBack
from alliance_sim.client.memory import Memory
from alliance_sim.client.prompting_history import Count, history
from alliance_sim.client.prompting_words import manner, moment, task, wording
from alliance_sim.domain.events import ClientPlanned
from alliance_sim.domain.names import called
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.speech import Clause, spoken
from alliance_sim.domain.state import ClientState
from alliance_sim.domain.transcript import Utterance
from alliance_sim.llm.port import Message

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = "prompts/client.j2"
DIGEST = 16
"""Hexadecimal digits that are kept of a prompt's hash."""


@dataclass(frozen=True)
class Brief:
    """All that the wording of one turn may know. Everything in it may be heard or seen."""

    scenario: Scenario
    planned: ClientPlanned
    script: tuple[Clause, ...]
    """The authored words of the turn."""
    manner: tuple[str, ...]
    told: tuple[str, ...]
    """Ids of what is out, this turn's disclosure not among them."""
    facts: tuple[str, ...]
    """The same as sentences."""
    heard: tuple[Utterance, ...]
    """The conversation as it was heard, this turn not in it."""
    limit: int
    """Words that this turn may have."""

    @property
    def meaning(self) -> str:
        """What is to be said, as its author would say it; stage directions left out."""
        return spoken(" ".join(clause.text for clause in self.script))

    @property
    def reply(self) -> str:
        """The trainee's words that the turn answers; empty where the client spoke last."""
        last = self.heard[-1] if self.heard else None
        return last.text if last and last.speaker == "therapist" else ""


@dataclass(frozen=True)
class Prompt:
    """What a model is sent."""

    messages: tuple[Message, ...]
    digest: str
    """The beginning of the SHA-256 of the messages."""
    tokens: int


def brief_of(
    scenario: Scenario,
    profile: Profile,
    memory: Memory,
    state: ClientState,
    heard: Sequence[Utterance],
) -> Brief:
    """The brief of the client's latest turn, which a model is to word.

    `heard`: the transcript so far. Raises ValueError where no turn is to be worded.
    """
    planned = memory.planned
    if planned is None or not memory.script:
        raise ValueError("no turn is to be worded")
    told = tuple(name for name in memory.told if name != planned.disclosure)
    facts = {disclosure.id: disclosure.fact for disclosure in scenario.disclosures}
    words = sum(clause.words for clause in memory.script)
    return Brief(
        scenario=scenario,
        planned=planned,
        script=memory.script,
        manner=manner(state, profile, planned.openness),
        told=told,
        facts=tuple(facts[name] for name in told),
        heard=tuple(said for said in heard if said.turn < planned.turn),
        limit=longest(words, scenario.client.voice.typical_words),
    )


def longest(script_words: int, typical_words: int) -> int:
    """Words that a turn may have: half as many again as usual, or as its author gave it."""
    return 8 + round(1.5 * max(script_words, typical_words))


def compose(
    brief: Brief, kept: KeptBack, count: Count, *, corrections: Collection[str] = ()
) -> Prompt:
    """The messages for a turn. The same brief gives the same bytes.

    `count` gives the tokens of a text; `corrections` names what was wrong with an earlier draft.
    """
    words = wording()
    before = history(brief.heard, brief.facts, moment(brief.planned), count, words.limits)
    name = called(brief.scenario.client.name)
    fill = {"NAME": name, "LIMIT": str(brief.limit)}
    system = _template().render(
        **_persona(brief, kept),
        called=name,
        told=brief.facts,
        earlier=before.earlier,
        manner=brief.manner,
        task=task(brief.planned),
        meaning=json.dumps(brief.meaning, ensure_ascii=False),
        rules=[_filled(rule, fill) for rule in words.rules],
        length=_filled(words.length, fill),
        corrections=[_filled(words.corrections[kind], fill) for kind in corrections],
    )
    messages = (Message("system", system.strip()), *before.messages)
    shown = json.dumps([(m.role, m.content) for m in messages], ensure_ascii=False)
    digest = hashlib.sha256(shown.encode()).hexdigest()[:DIGEST]
    return Prompt(messages, digest, sum(count(m.content) for m in messages))


def prepare(count: Count) -> None:
    """Load what the first prompt would otherwise wait for."""
    _template()
    wording()
    count("Good morning.")


def _persona(brief: Brief, kept: KeptBack) -> dict[str, object]:
    """The client as the intake sheet shows them, less any sentence that gives something away."""
    client, setting = brief.scenario.client, brief.scenario.setting
    told = {*brief.told, brief.planned.disclosure or ""}
    seen = {
        "identity": client.identity,
        "referral": client.referral_source,
        "presentation": client.presentation,
        "prior_therapy": client.prior_therapy,
        "room": setting.room,
        "register": client.voice.register_,
    }
    return {
        "name": client.name,
        "age": client.age,
        "pronouns": client.pronouns,
        "typical_words": client.voice.typical_words,
        "tics": client.voice.tics,
        **{name: kept.without(" ".join(text.split()), told) for name, text in seen.items()},
    }


def _filled(sentence: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        sentence = sentence.replace(name, value)
    return sentence


@cache
def _template() -> "Template":
    from jinja2 import StrictUndefined  # noqa: PLC0415
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    # Not HTML: what is filled in is never parsed as a template, and never as markup.
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files("alliance_sim.client").joinpath(TEMPLATE).read_text("utf-8")
    return environment.from_string(text)
