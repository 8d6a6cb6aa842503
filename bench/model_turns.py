"""A client in the words of a model: size of the prompts, calls a turn, time to the first words.

    python -m bench.model_turns [--turns N] [--pairs N]

The sizes are those of whole hours, in which a model says what it is meant to say: the median tokens
of the prompts around turns 10, 50 and 200 of each shipped client (wanted: flat within 15 %, one
call a turn). The time is from sending a reply to the client's first clause, less that of the bare
`openai` client to its first token, both from one server on loopback that answers at once (wanted: a
median of at most 15 ms).
"""

import argparse
import asyncio
import json
import multiprocessing
import random
import re
import statistics
import time
from collections.abc import AsyncIterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import openai
from tests.llm.misbehaving import Exchange, says, serve

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import ClientPlanned, Worded
from alliance_sim.domain.scenario import Scenario
from alliance_sim.llm import tokens
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Delta, Finished, Reply, Request, Usage
from alliance_sim.runtime.clock import SystemClock, system_randomness
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.runtime.wording import Wording
from alliance_sim.store.repository import Store
from bench.latency import REPLIES

AT = (10, 50, 200)
AROUND = 5
"""Turns on either side, over which the median is taken: turns differ in what there is to say."""
MEANING = re.compile(r'what you have to say: (".*")$', re.MULTILINE)
WARM_UP = 3
NAMED = (
    "truck door blind street kettle radio phone boots cooler shift supper window stairs lamp coat "
    "heater bus corner shop rain bread sink chair clock"
).split()


class Obedient:
    """A model that says what it was told to say."""

    model = "obedient"

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def count(self, text: str) -> int:
        return tokens.count(text)

    async def stream(self, request: Request) -> AsyncIterator[Delta | Finished]:
        size = sum(self.count(message.content) for message in request.messages)
        self.sizes.append(size)
        found = MEANING.search(request.messages[0].content)
        text = json.loads(found.group(1)) if found else "Well."
        yield Delta(text)
        yield Finished("stop", Usage(1, 0, size, self.count(text)), self.model)

    async def complete(self, request: Request) -> Reply:
        text = ""
        async for item in self.stream(request):
            if isinstance(item, Finished):
                return Reply(text, item.finish, item.usage, item.model)
            text += item.text
        raise AssertionError("a stream ends with Finished")

    async def close(self) -> None:
        """Nothing is held."""


def speak(session: LiveSession, words: Wording) -> None:
    while session.next_clause() or session.awaits_words:
        if session.awaits_words:
            words.wait(5)
    session.finish()


def sizes(scenario: Scenario, turns: int, store: Store) -> tuple[dict[int, int], int, int]:
    """Tokens of the prompt by trainee turn; calls, and turns that a model was to word."""
    model = Obedient()
    words = Wording(model)
    options = Options(seed=1, max_turns=turns + 9, voice="model")
    clock, rng = SystemClock(), system_randomness()
    session = LiveSession.begin(store, scenario, options, clock, rng, words)
    found: dict[int, int] = {}
    for turn in range(turns):
        speak(session, words)
        if session.ended:
            break
        asked = len(model.sizes)
        said = session.client_turn
        written = said.instead[turn % len(said.instead)] if said and said.instead else ""
        session.send(f"{written} {REPLIES[turn % len(REPLIES)]}")
        speak(session, words)
        if len(model.sizes) > asked:
            found[turn + 1] = model.sizes[-1]
    words.close()
    planned = [e for e in session.events if isinstance(e, ClientPlanned) and e.voice == "model"]
    calls = sum(e.calls for e in session.events if isinstance(e, Worded))
    return found, calls, len(planned)


def around(found: dict[int, int], turn: int) -> float:
    near = [size for at, size in found.items() if abs(at - turn) <= AROUND]
    return statistics.median(near) if near else float("nan")


def serving(ready: Connection) -> None:
    """A server on loopback that answers at once, until it is told to stop."""
    told, server = serve()
    pick = random.Random(4)

    def answer(exchange: Exchange) -> None:
        # A client who says the same as in an earlier turn is corrected, which would be timed, too.
        one, two = (" and the ".join(pick.sample(NAMED, 5)) for _ in range(2))
        says(f"I hear the {one}. Then the {two}.")(exchange)

    told.script(answer)
    ready.send(told.url)
    ready.recv()
    server.shutdown()


async def bare(client: openai.AsyncOpenAI, model: str) -> float:
    """Seconds to the first token."""
    began = time.perf_counter()
    first = 0.0
    events = await client.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": "You are a client. " * 200},
            {"role": "user", "content": "How was the week? " * 100},
        ],
        max_tokens=60,
        stream=True,
    )
    async for event in events:
        if not first and event.choices and event.choices[0].delta.content:
            first = time.perf_counter() - began
    return first


def ours(session: LiveSession, words: Wording, turn: int) -> float | None:
    """Seconds from sending to the first clause; None where no model words the turn."""
    speak(session, words)
    began = time.perf_counter()
    session.send(REPLIES[turn % len(REPLIES)])
    while not session.next_clause():
        words.wait(1)
    taken = time.perf_counter() - began
    planned = session.standing.memory.planned
    worded = planned is not None and planned.voice == "model" and not planned.clauses[0].stage
    return taken if worded else None


def first_words(scenario: Scenario, pairs: int, store: Store) -> list[tuple[float, float]]:
    """(bare, ours) in seconds, measured in turn."""
    processes = multiprocessing.get_context("spawn")
    ready, other = processes.Pipe()
    server = processes.Process(target=serving, args=(other,))
    server.start()
    url = ready.recv()
    with asyncio.Runner() as runner:
        client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
        words = Wording(OpenAIBackend(Endpoint(url, "served-model")))
        options = Options(seed=1, max_turns=999, voice="model")
        session = LiveSession.begin(
            store, scenario, options, SystemClock(), system_randomness(), words
        )
        taken: list[tuple[float, float]] = []
        for turn in range(pairs * 3):
            there = runner.run(bare(client, "served-model"))
            here = ours(session, words, turn)
            if here is not None:
                taken.append((there, here))
            if session.ended or len(taken) >= pairs + WARM_UP:
                break
        words.close()
        runner.run(client.close())
    ready.send(None)
    server.join()
    return taken[WARM_UP:]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--turns", type=int, default=max(AT) + AROUND)
    options.add_argument("--pairs", type=int, default=40)
    asked = options.parse_args()
    library = Library([shipped_root()])
    with TemporaryDirectory() as folder, Store.open(Path(folder) / "s.db") as store:
        for scenario in library.scenarios():
            found, calls, planned = sizes(scenario, asked.turns, store)
            told = [around(found, turn) for turn in AT]
            spread = max(told) / min(told) - 1
            listed = ", ".join(f"{size:.0f}" for size in told)
            print(
                f"{scenario.id}: {listed} tokens at turns {AT} (spread {spread:.0%}; most "
                f"{max(found.values())}); {calls / planned:.2f} calls a turn over {planned} turns"
            )
        pairs = first_words(library.scenario("wary"), asked.pairs, store)
    there, here = (statistics.median(side) for side in zip(*pairs, strict=True))
    over = statistics.median(b - a for a, b in pairs)
    print(
        f"first words: bare client {there * 1000:.1f} ms, in a session {here * 1000:.1f} ms, "
        f"median difference {over * 1000:.1f} ms over {len(pairs)} turns"
    )


if __name__ == "__main__":
    main()
