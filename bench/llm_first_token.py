"""Time to the first words of a model: this program's backend, less the bare client it uses.

    python -m bench.llm_first_token [--pairs N] [--url URL --model NAME]

Both ask the same server in turn, each over one connection that stays open. Without --url the
server is a process on loopback that answers at once, in 40 pieces. Prints the medians and the
median difference of the pairs, in milliseconds (wanted: at most 15).
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from multiprocessing.connection import Connection

import openai
from tests.llm.misbehaving import says, serve

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend
from alliance_sim.llm.port import Message, Request

REPLY = " ".join(["word"] * 40)
ASK = Request((Message("system", "Be brief."), Message("user", "How was the week? " * 200)), 60)
WARM_UP = 3


def _serve(ready: Connection) -> None:
    told, server = serve()
    told.script(says(REPLY))
    ready.send(told.url)
    ready.recv()
    server.shutdown()


@contextmanager
def _server() -> Iterator[str]:
    ready, other = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(other,))
    process.start()
    yield ready.recv()
    ready.send(None)
    process.join()


async def _bare(client: openai.AsyncOpenAI, model: str) -> float:
    began = time.perf_counter()
    first = 0.0
    events = await client.chat.completions.create(
        model=model,
        messages=[
            {"role": "system", "content": ASK.messages[0].content},
            {"role": "user", "content": ASK.messages[1].content},
        ],
        max_tokens=ASK.max_tokens,
        stream=True,
        stream_options={"include_usage": True},
    )
    async for event in events:
        if not first and event.choices and event.choices[0].delta.content:
            first = time.perf_counter() - began
    return first


async def _ours(backend: OpenAIBackend) -> float:
    began = time.perf_counter()
    first = 0.0
    async with aclosing(backend.stream(ASK)) as items:
        async for _ in items:
            first = first or time.perf_counter() - began
    return first


async def _measure(url: str, model: str, pairs: int) -> None:
    client = openai.AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    backend = OpenAIBackend(Endpoint(url, model))
    taken = [(await _bare(client, model), await _ours(backend)) for _ in range(pairs + WARM_UP)]
    await backend.close()
    await client.close()
    bare, ours = zip(*taken[WARM_UP:], strict=True)
    apart = [mine - theirs for theirs, mine in taken[WARM_UP:]]
    figures = [statistics.median(values) * 1000 for values in (bare, ours, apart)]
    print(
        f"bare client {figures[0]:.1f} ms, backend {figures[1]:.1f} ms, apart {figures[2]:.1f} ms"
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pairs", type=int, default=100)
    options.add_argument("--url", help="another server")
    options.add_argument("--model", default="m")
    given = options.parse_args()
    if given.url:
        asyncio.run(_measure(given.url, given.model, given.pairs))
        return
    with _server() as url:
        asyncio.run(_measure(url, given.model, given.pairs))


if __name__ == "__main__":
    main()
