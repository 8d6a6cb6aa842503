"""Whether an endpoint can be used, and what it cannot do: two small questions, asked for real."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from alliance_sim.llm.dialect import Structured
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Delta, Finished, Message, ModelProblem, Reply, Request, Schema

__all__ = ["Finding", "Kind", "probe"]

_HELLO = Request(
    (Message("user", "Say hello in one short sentence."),), 40, temperature=0.0, seed=1
)
_SHAPED = Request(
    (Message("user", "How much is two and two? Answer with the number."),),
    60,
    temperature=0.0,
    seed=1,
    schema=Schema(
        "sum",
        {
            "type": "object",
            "properties": {"number": {"type": "integer"}},
            "required": ["number"],
            "additionalProperties": False,
        },
    ),
)
_MISSING = {
    "seed": "takes no seed: its replies cannot be reproduced",
    "temperature": "takes no temperature: it uses its own",
    "stop": "takes no stop words",
    "stream_options": "takes no stream options: tokens are counted here",
}


class Kind(StrEnum):
    """What a finding means for whoever wants to use the endpoint."""

    WORKS = "works"
    LIMIT = "limit"
    """It can be used, with less."""
    FAILS = "fails"


@dataclass(frozen=True)
class Finding:
    """One line of a report."""

    kind: Kind
    about: Literal["completion", "structured", "limits"]
    text: str
    problem: ModelProblem | None = None


async def probe(
    backend: OpenAIBackend, clock: Callable[[], float] = time.monotonic
) -> list[Finding]:
    """Ask for a tiny reply and a structured one. Never raises for what an endpoint does wrong.

    The first finding is whether it answers at all; if not, it is the only one.
    """
    began = clock()
    first = None
    text = ""
    try:
        async for item in backend.stream(_HELLO):
            if isinstance(item, Delta):
                first = first or clock() - began
                text += item.text
            else:
                end = item
    except ModelProblem as problem:
        return [Finding(Kind.FAILS, "completion", str(problem), problem)]
    findings = [Finding(Kind.WORKS, "completion", _answered(end, first or 0.0, text))]
    findings.append(await _structured(backend))
    return findings + [Finding(Kind.LIMIT, "limits", told) for told in _limits(backend)]


def _answered(end: Finished, first: float, text: str) -> str:
    shown = " ".join(text.split())[:60]
    return f"answered after {first:.2f} s as {end.model}: {shown}"


async def _structured(backend: OpenAIBackend) -> Finding:
    try:
        reply: Reply = await backend.complete(_SHAPED)
    except ModelProblem as problem:
        told = f"no structured reply, so it cannot judge: {problem}"
        return Finding(Kind.LIMIT, "structured", told, problem)
    how = {
        Structured.SCHEMA: "by JSON schema",
        Structured.OBJECT: "as JSON, the schema in the prompt",
        Structured.PROMPT: "by the prompt alone",
    }[backend.dialect.structured]
    kind = Kind.WORKS if isinstance((reply.data or {}).get("number"), int) else Kind.LIMIT
    told = "structured reply" if kind is Kind.WORKS else "structured reply with wrong types"
    return Finding(kind, "structured", f"{told}, asked for {how}")


def _limits(backend: OpenAIBackend) -> list[str]:
    dialect, endpoint = backend.dialect, backend.endpoint
    plain = endpoint.base_url.startswith("http:") and not endpoint.local
    told = []
    if plain:
        told.append("http, not https: what is said and the key can be read on the way")
    if not dialect.streams:
        told.append("does not stream: the whole reply comes at once")
    if not dialect.tells_usage:
        told.append("tells no usage: tokens are counted here")
    if dialect.structured is not Structured.SCHEMA:
        told.append("takes no JSON schema")
    return told + [_MISSING[name] for name in _MISSING if name in dialect.left_out]
