"""Any server that speaks Chat Completions, through the `openai` client. Imported nowhere else."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from alliance_sim.llm import tokens
from alliance_sim.llm.answer import Answer, Deadline
from alliance_sim.llm.dialect import Dialect, payload
from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.faults import Where
from alliance_sim.llm.pieces import Piece
from alliance_sim.llm.port import (
    Delta,
    Fault,
    Finished,
    ModelProblem,
    Reply,
    Request,
    Usage,
)
from alliance_sim.llm.retrying import asked_pause, pause_before
from alliance_sim.llm.structured import extract

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI, RequestOptions

__all__ = ["OpenAIBackend"]

BYTES_ASIDE, BYTES_A_TOKEN = 256 << 10, 1 << 10
"""A reply as it comes over the wire, each token wrapped in an event, is never longer than this."""

CONNECTIONS = 8
"""That a client has when all requests that are allowed are under way."""

LETTERS_A_TOKEN = 64
"""The words of a reply may be as long as its bound in tokens can explain, and no longer."""

MOST_BYTES: ContextVar[int] = ContextVar("MOST_BYTES", default=BYTES_ASIDE)
"""Of the reply that is asked for in this task."""

_PER_MESSAGE = 4
"""Tokens that a chat format adds to a message, nearly."""


class OpenAIBackend:
    """A Backend. Belongs to one event loop; connects when it is first asked."""

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        closing: Callable[[], None] | None = None,
    ) -> None:
        """sleep, chance (0–1) and now (for a Retry-After date only) are replaced in tests.

        closing: called once when the backend is closed, as what it asks may end with it.
        """
        self.endpoint = endpoint
        self.dialect = Dialect()
        self._where = Where(endpoint.base_url, endpoint.model, endpoint.key)
        self._sleep = sleep
        self._chance = chance
        self._now = now
        self._closing = closing
        self._under_way = asyncio.Semaphore(endpoint.max_concurrent)
        self._connecting = asyncio.Lock()
        self._clients: list[AsyncOpenAI] = []
        self._turn = 0

    @property
    def model(self) -> str:
        return self.endpoint.model

    def count(self, text: str) -> int:
        return tokens.count(text)

    async def close(self) -> None:
        opened, self._clients = self._clients, []
        for client in opened:
            await client.close()
        closing, self._closing = self._closing, None
        if closing is not None:
            await asyncio.to_thread(closing)

    async def models(self) -> list[str]:
        """The names of the models that the server has. Raises ModelProblem."""
        client = await self._client()
        try:
            async with asyncio.timeout(self.endpoint.timeouts.first):
                listed: Any = await client.get(
                    "/models", cast_to=object, options=_options(self.endpoint)
                )
            names = [model["id"] for model in listed["data"]]
        except TimeoutError:
            raise self._where.late("did not list its models in time") from None
        except (KeyError, TypeError, ValueError):
            raise self._where.no_answer("did not list its models") from None
        except Exception as problem:
            raise self._translate(problem) from None
        return [name for name in names if isinstance(name, str)]

    async def stream(self, request: Request) -> AsyncGenerator[Delta | Finished, None]:
        """See Backend. A request with a schema is streamed as the server words it, unchecked."""
        async with self._under_way, aclosing(self._stream(request)) as items:
            async for item in items:
                yield item

    async def complete(self, request: Request) -> Reply:
        """See Backend. A server that ignores the shape is asked again in a humbler way."""
        used = Usage()
        while True:
            try:
                reply = await self._reply(request)
            except ModelProblem as problem:
                problem.calls += used.calls
                raise
            used += reply.usage
            if request.schema is None:
                return replace(reply, usage=used)
            data = extract(reply.text, request.schema)
            if data is not None:
                return replace(reply, usage=used, data=data)
            if reply.finish == "length" or not self.dialect.step_down():
                raise self._shapeless(reply, used.calls)

    async def _reply(self, request: Request) -> Reply:
        text: list[str] = []
        async with aclosing(self.stream(request)) as items:
            async for item in items:
                if isinstance(item, Finished):
                    return Reply("".join(text), item.finish, item.usage, item.model)
                text.append(item.text)
        raise self._where.no_answer("sent an empty reply")

    async def _stream(self, request: Request) -> AsyncGenerator[Delta | Finished, None]:
        loop = asyncio.get_running_loop()
        deadline = Deadline(loop.time() + self.endpoint.timeouts.whole, loop.time)
        answer, piece, calls = await self._begin(request, deadline)
        try:
            if piece.text:
                yield Delta(piece.text)
            async for further in answer.rest():
                yield Delta(further.text)
        except ModelProblem as problem:
            problem.calls = calls
            raise
        finally:
            await answer.close()
        self.dialect.streams = answer.streamed
        self.dialect.tells_usage = answer.told is not None
        usage = replace(self._usage(request, answer), calls=calls, retries=calls - 1)
        yield Finished(answer.finish or "other", usage, answer.model or self.model)

    async def _begin(self, request: Request, deadline: Deadline) -> tuple[Answer, Piece, int]:
        """A reply that has begun, its first words, and how many requests it took.

        Until words came nothing was shown to anyone, so faults that may pass are tried again.
        """
        calls = failed = 0
        while True:
            calls += 1
            try:
                answer, piece = await self._try(request, deadline)
            except ModelProblem as problem:
                problem.calls = calls
                if self.dialect.adapt(problem, request):
                    continue
                failed += 1
                await self._pause(failed, problem, deadline)
                continue
            return answer, piece, calls

    async def _pause(self, failed: int, problem: ModelProblem, deadline: Deadline) -> None:
        """Wait before another try; raises the problem where there will be none."""
        pause = pause_before(failed, problem, self._chance(), self.endpoint.longest_pause)
        if failed > self.endpoint.retries or pause is None or deadline.within(pause) < pause:
            raise problem
        await self._sleep(pause)

    async def _try(self, request: Request, deadline: Deadline) -> tuple[Answer, Piece]:
        timeouts = self.endpoint.timeouts
        client = await self._client()
        from openai import AsyncStream  # noqa: PLC0415

        began = deadline.clock()
        MOST_BYTES.set(BYTES_ASIDE + BYTES_A_TOKEN * request.max_tokens)
        try:
            async with asyncio.timeout(deadline.within(timeouts.first)):
                # As plain data both ways: the client's typed form of requests and replies takes
                # more time than all else together, and trusts in shapes that servers do not keep.
                events = await client.post(
                    "/chat/completions",
                    cast_to=object,
                    body=payload(request, self.endpoint, self.dialect),
                    options=_options(self.endpoint),
                    stream=True,
                    stream_cls=AsyncStream[object],
                )
        except TimeoutError:
            raise self._where.late(f"sent no words in {timeouts.first:.0f} s") from None
        except Exception as problem:
            raise self._translate(problem) from None
        longest = request.max_tokens * LETTERS_A_TOKEN
        answer = Answer(events, self._where, timeouts, deadline, longest, self._translate)
        try:
            piece = await answer.begin(timeouts.first - (deadline.clock() - began))
            if not piece.text:
                raise self._where.no_answer("sent an empty reply")
        except BaseException:
            await answer.close()
            raise
        return answer, piece

    async def _client(self) -> "AsyncOpenAI":
        """A client. They are made at their first use, in a thread: the import alone takes long.

        One would do for any number of requests, but looks at each of its connections twice a
        request; with many under way that is most of the work, so they are shared out.
        """
        async with self._connecting:
            if not self._clients:
                self._clients = await asyncio.to_thread(_clients_for, self.endpoint)
        self._turn = (self._turn + 1) % len(self._clients)
        return self._clients[self._turn]

    def _translate(self, problem: Exception) -> ModelProblem:
        import openai  # noqa: PLC0415

        from alliance_sim.llm.bounded import TooLong  # noqa: PLC0415

        if isinstance(problem, ModelProblem):
            return problem
        if isinstance(problem, TooLong) or isinstance(problem.__cause__, TooLong):
            return self._where.no_answer("sent far more than was asked for")
        if isinstance(problem, openai.APIStatusError):
            headers = problem.response.headers
            if problem.status_code < 400:
                return self._where.elsewhere(problem.status_code, headers.get("location", ""))
            pause = asked_pause(headers.get("retry-after"), headers.get("date"), self._now())
            return self._where.refused(problem.status_code, _body(problem.response), pause)
        if isinstance(problem, openai.APITimeoutError):
            return self._where.late("did not take the connection in time")
        if isinstance(problem, openai.APIConnectionError):
            return self._where.unreachable(problem.__cause__ or problem)
        if isinstance(problem, openai.APIError):
            return self._where.in_stream(problem.body, problem.message)
        return self._where.problem(f"could not be asked: {problem}", Fault.REQUEST)

    def _usage(self, request: Request, answer: Answer) -> Usage:
        if answer.told is not None:
            return answer.told.usage()
        asked = sum(self.count(message.content) + _PER_MESSAGE for message in request.messages)
        return Usage(0, 0, asked, self.count(answer.text), estimated=True)

    def _shapeless(self, reply: Reply, calls: int) -> ModelProblem:
        cut = ", cut off by its bound" if reply.finish == "length" else ""
        problem = self._where.no_answer(
            f"did not answer with the JSON that was asked for{cut}", body=reply.text
        )
        problem.calls = calls
        problem.cut = reply.finish == "length"
        return problem


def _clients_for(endpoint: Endpoint) -> "list[AsyncOpenAI]":
    return [_client_for(endpoint) for _ in range(0, endpoint.max_concurrent, CONNECTIONS)]


def _client_for(endpoint: Endpoint) -> "AsyncOpenAI":
    import httpx2  # noqa: PLC0415
    import openai  # noqa: PLC0415

    from alliance_sim.llm.bounded import bound  # noqa: PLC0415

    async def bounded(response: httpx2.Response) -> None:
        bound(response, MOST_BYTES.get())

    waits = endpoint.timeouts
    room = httpx2.Limits(
        max_connections=endpoint.max_concurrent, max_keepalive_connections=endpoint.max_concurrent
    )
    http = openai.DefaultAsyncHttpxClient(
        timeout=httpx2.Timeout(waits.whole, connect=waits.connect),
        limits=room,
        event_hooks={"response": [bounded]},
        follow_redirects=False,  # what is said goes to the server that was named
        # A server on this machine is never asked through a proxy.
        trust_env=not endpoint.local,
    )
    return openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.key or "none",
        default_headers={"Accept-Encoding": "identity"},
        max_retries=0,
        http_client=http,
    )


def _options(endpoint: Endpoint) -> "RequestOptions":
    """The client insists on a key; where there is none it has to be told to send none."""
    from openai import Omit  # noqa: PLC0415

    return {} if endpoint.key else {"headers": {"Authorization": Omit()}}


def _body(response: "httpx2.Response") -> str:
    return response.text if response.is_stream_consumed or response.is_closed else ""
