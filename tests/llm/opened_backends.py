"""Backends on the server that misbehaves, as the tests of the port open and ask them."""

import random
from datetime import UTC, datetime

import pytest

from alliance_sim.llm.endpoint import Endpoint, Timeouts
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Message, ModelProblem, Request

KEY = "sk-very-secret-0123456789"
PATIENT = Timeouts(connect=10.0, first=20.0, between=20.0, whole=60.0)
SOON = Timeouts(connect=10.0, first=0.3, between=20.0, whole=60.0)
SHORT = Timeouts(connect=10.0, first=20.0, between=0.3, whole=60.0)
"""For what never begins, and for what stops; all else may take its time on a busy machine."""
ASK = Request((Message("system", "Be Dee."), Message("user", "Hello.")), 60)


class Pauses:
    """In place of sleeping: remembers how long it would have been."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def opened(misbehaving, pauses):
    """Opens backends on the server; all are closed in the end."""
    made = []

    def make(**changes) -> OpenAIBackend:
        given = {"base_url": misbehaving.url, "model": "m", "key": KEY, "timeouts": PATIENT}
        endpoint = Endpoint(**{**given, **changes})
        backend = OpenAIBackend(
            endpoint,
            sleep=pauses,
            chance=random.Random(3).random,
            now=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        )
        made.append(backend)
        return backend

    yield make
    for backend in made:
        await backend.close()


async def everything(backend, request=ASK):
    return [item async for item in backend.stream(request)]


async def problem_of(backend, request=ASK) -> ModelProblem:
    with pytest.raises(ModelProblem) as caught:
        await backend.complete(request)
    problem = caught.value
    assert "\n" not in str(problem)
    assert KEY not in f"{problem} {problem.body} {problem!r} {problem.__cause__!r}"
    assert backend.endpoint.base_url in str(problem)
    return problem
