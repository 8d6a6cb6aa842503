"""Any server that speaks Chat Completions, through the `openai` client. Imported nowhere else.

The client says how a server is addressed, and brings its HTTP client; requests go out over that
directly. The client's own way of sending them and of reading replies takes more time than all else
together, and trusts in shapes that servers do not keep.
"""

import asyncio
import json
import random
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

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
    from openai import AsyncOpenAI

__all__ = ["OpenAIBackend"]

BYTES_ASIDE, BYTES_A_TOKEN = 256 << 10, 1 << 10
"""A reply as it comes over the wire, each token wrapped in an event, is never longer than this."""

CONNECTIONS = 4
"""That a line has when all requests that are allowed are under way."""

LETTERS_A_TOKEN = 64
"""The words of a reply may be as long as its bound in tokens can explain, and no longer."""

_PER_MESSAGE = 4
"""Tokens that a chat format adds to a message, nearly."""


@dataclass(frozen=True)
class _Line:
    """Connections to a server, and how it is addressed over them."""

    http: "httpx2.AsyncClient"
    chat: "httpx2.URL"
    models: "httpx2.URL"
    headers: "httpx2.Headers"

    async def send(
        self, method: Literal["GET", "POST"], url: "httpx2.URL", body: bytes | None, most: int
    ) -> "httpx2.Response":
        """A reply whose head has come, of which at most so many bytes will be read."""
        import httpx2  # noqa: PLC0415 - it takes long to load

        from alliance_sim.llm.bounded import bound  # noqa: PLC0415 - it takes long to load

        request = httpx2.Request(method, url, headers=self.headers, content=body)
        response = await self.http.send(request, stream=True)
        try:
            bound(response, most)
            if not response.is_success:
                await response.aread()  # it is the server that says what is wrong
        except BaseException:
            await response.aclose()
            raise
        return response


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
        self._lines: list[_Line] = []
        self._turn = 0

    @property
    def model(self) -> str:
        return self.endpoint.model

    def count(self, text: str) -> int:
        return tokens.count(text)

    async def close(self) -> None:
        opened, self._lines = self._lines, []
        for line in opened:
            await line.http.aclose()
        closing, self._closing = self._closing, None
        if closing is not None:
            await asyncio.to_thread(closing)

    async def models(self) -> list[str]:
        """The names of the models that the server has. Raises ModelProblem."""
        line = await self._line()
        try:
            async with asyncio.timeout(self.endpoint.timeouts.first):
                response = await line.send("GET", line.models, None, BYTES_ASIDE)
                self._check(response)
                listed: Any = json.loads(await response.aread())
            names = [model["id"] for model in listed["data"]]
        except TimeoutError:
            raise self._where.late("did not list its models in time") from None
        except (KeyError, TypeError, ValueError, RecursionError):
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
        line = await self._line()
        began = deadline.clock()
        most = BYTES_ASIDE + BYTES_A_TOKEN * request.max_tokens
        try:
            body = payload(request, self.endpoint, self.dialect)
            async with asyncio.timeout(deadline.within(timeouts.first)):
                response = await line.send("POST", line.chat, body, most)
            self._check(response)
        except TimeoutError:
            raise self._where.late(f"sent no words in {timeouts.first:.0f} s") from None
        except Exception as problem:
            raise self._translate(problem) from None
        longest = request.max_tokens * LETTERS_A_TOKEN
        answer = Answer(response, self._where, timeouts, deadline, longest, self._translate)
        try:
            piece = await answer.begin(timeouts.first - (deadline.clock() - began))
            if not piece.text:
                raise self._where.no_answer("sent an empty reply")
        except BaseException:
            await answer.close()
            raise
        return answer, piece

    async def _line(self) -> _Line:
        """A line. They are made at their first use, in a thread: the import alone takes long.

        One would do for any number of requests, but looks at each of its connections twice a
        request; with many under way that is most of the work, so they are shared out.
        """
        async with self._connecting:
            if not self._lines:
                self._lines = await asyncio.to_thread(_lines_to, self.endpoint)
        self._turn = (self._turn + 1) % len(self._lines)
        return self._lines[self._turn]

    def _check(self, response: "httpx2.Response") -> None:
        """Raises ModelProblem for a reply that says by its status that it is none."""
        if response.is_success:
            return
        headers = response.headers
        if response.status_code < 400:
            raise self._where.elsewhere(response.status_code, headers.get("location", ""))
        pause = asked_pause(headers.get("retry-after"), headers.get("date"), self._now())
        raise self._where.refused(response.status_code, response.text, pause)

    def _translate(self, problem: Exception) -> ModelProblem:
        import httpx2  # noqa: PLC0415 - it takes long to load
        from anyio import EndOfStream  # noqa: PLC0415 - it takes long to load

        from alliance_sim.llm.bounded import TooLong  # noqa: PLC0415 - it takes long to load

        if isinstance(problem, ModelProblem):
            return problem
        if isinstance(problem, TooLong):
            return self._where.no_answer("sent far more than was asked for")
        if isinstance(problem, httpx2.TimeoutException):
            return self._where.late("did not take the connection in time")
        # The last two come through the client as they are.
        if isinstance(problem, httpx2.RequestError | ssl.SSLError | EndOfStream):
            return self._where.unreachable(problem)
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


def _lines_to(endpoint: Endpoint) -> list[_Line]:
    import httpx2  # noqa: PLC0415 - it takes long to load
    import openai  # noqa: PLC0415 - it takes long to load

    waits = endpoint.timeouts
    room = httpx2.Limits(
        max_connections=endpoint.max_concurrent, max_keepalive_connections=endpoint.max_concurrent
    )
    # A server on this machine is never asked through a proxy.
    trusting = not endpoint.local
    secured = httpx2.create_ssl_context(trust_env=trusting)  # it takes long to make

    def connections() -> httpx2.AsyncClient:
        return openai.DefaultAsyncHttpxClient(
            timeout=httpx2.Timeout(waits.whole, connect=waits.connect),
            limits=room,
            follow_redirects=False,  # what is said goes to the server that was named
            trust_env=trusting,
            verify=secured,
        )

    many = [connections() for _ in range(0, endpoint.max_concurrent, CONNECTIONS)]
    client = openai.AsyncOpenAI(
        base_url=endpoint.base_url,
        api_key=endpoint.key or "none",
        default_headers={"Accept-Encoding": "identity"},
        http_client=many[0],
    )
    headers = _headers(client, keyed=endpoint.key is not None)
    chat, models = (
        httpx2.URL(endpoint.base_url + path) for path in ("/chat/completions", "/models")
    )
    return [_Line(http, chat, models, headers) for http in many]


def _headers(client: "AsyncOpenAI", *, keyed: bool) -> "httpx2.Headers":
    """What the client sends with every request. It insists on a key; where there is none, that is
    left out.
    """
    import httpx2  # noqa: PLC0415 - it takes long to load

    headers = httpx2.Headers({"Connection": "keep-alive"})
    for name, value in {**client.auth_headers, **client.default_headers}.items():
        if isinstance(value, str):
            headers[name] = value
    if not keyed:
        headers.pop("Authorization", None)
    return headers
