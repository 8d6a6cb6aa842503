"""A model of tests: says what it was given to say, and remembers what it was asked.

    backend = FakeBackend("Not much to tell.", Reset("I went"), {"level": 2}, ModelProblem(...))
    backend = FakeBackend(lambda request: "You said: " + request.messages[-1].content)

Each call takes the next item; a callable alone answers every call. `requests` holds what came,
`cancelled` counts calls that were ended early by whoever asked.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from alliance_sim.llm.port import (
    Delta,
    Fault,
    Finish,
    Finished,
    ModelProblem,
    Reply,
    Request,
    Usage,
)


@dataclass(frozen=True)
class Cut:
    """A reply that ends by its bound, in the middle."""

    text: str


@dataclass(frozen=True)
class Reset:
    """A reply whose connection breaks after these words."""

    text: str
    problem: ModelProblem | None = None


@dataclass(frozen=True)
class Hanging:
    """These words, then nothing until the caller gives up."""

    text: str


Item = str | Mapping[str, Any] | Cut | Reset | Hanging | Exception
Script = Item | Callable[[Request], Item]


class FakeBackend:
    """Implements `alliance_sim.llm.port.Backend` without a network."""

    def __init__(self, *script: Script, model: str = "fake-model") -> None:
        self._script = list(script)
        self._model = model
        self.requests: list[Request] = []
        self.cancelled = 0
        self.closed = 0

    @property
    def model(self) -> str:
        return self._model

    def count(self, text: str) -> int:
        return max(1, len(text.split())) if text else 0

    async def close(self) -> None:
        self.closed += 1

    async def stream(self, request: Request) -> AsyncIterator[Delta | Finished]:
        item = self._next(request)
        done = False
        try:
            for piece in _pieces(_text(item)):
                await asyncio.sleep(0)
                yield Delta(piece)
            await _fail(item)
            done = True
            yield self._finished(request, item)
        except (asyncio.CancelledError, GeneratorExit):
            self.cancelled += not done
            raise

    async def complete(self, request: Request) -> Reply:
        item = self._next(request)
        try:
            await _fail(item)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        text = _text(item)
        end = self._finished(request, item)
        data = _data(text) if request.schema is not None else None
        return Reply(text, end.finish, end.usage, end.model, data)

    def _next(self, request: Request) -> Item:
        self.requests.append(request)
        if not self._script:
            raise AssertionError("the fake model was asked more often than the test foresaw")
        if len(self._script) == 1 and callable(self._script[0]):
            item = self._script[0](request)
        else:
            item = self._script.pop(0)
            item = item(request) if callable(item) else item
        if isinstance(item, Exception):
            raise item
        return item

    def _finished(self, request: Request, item: Item) -> Finished:
        finish: Finish = "length" if isinstance(item, Cut) else "stop"
        asked = sum(self.count(message.content) for message in request.messages)
        usage = Usage(1, 0, asked, self.count(_text(item)))
        return Finished(finish, usage, self._model)


def _text(item: Item) -> str:
    if isinstance(item, str):
        return item
    return item.text if isinstance(item, Cut | Reset | Hanging) else json.dumps(item)


async def _fail(item: Item) -> None:
    if isinstance(item, Hanging):
        await asyncio.Event().wait()
    if isinstance(item, Reset):
        raise item.problem or ModelProblem("the reply broke off", Fault.REPLY)


def _data(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        raise ModelProblem("the reply is not JSON", Fault.REPLY) from None
    if not isinstance(data, dict):
        raise ModelProblem("the reply is no JSON object", Fault.REPLY)
    return data


def _pieces(text: str) -> list[str]:
    """As a server would send it: words, each with the space before it."""
    words = text.split(" ")
    return [words[0], *(f" {word}" for word in words[1:])] if text else []
