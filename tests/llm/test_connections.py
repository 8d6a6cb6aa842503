"""Connections are kept: a reply is read to its end, and the next request goes over the same one."""

import asyncio
import json

import pytest
from tests.llm.opened_backends import ASK, PATIENT

from alliance_sim.llm.endpoint import Endpoint
from alliance_sim.llm.openai_backend import OpenAIBackend

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: str) -> bytes:
    event = f"data: {data}\n\n".encode()
    return b"%x\r\n%s\r\n" % (len(event), event)


def words(text: str, finish: str | None) -> str:
    return json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": finish}]})


class Keeping:
    """A server that keeps its connections. `ends`: whether the body ends after its last event."""

    def __init__(self, *, ends: bool = True) -> None:
        self.ends = ends
        self.opened = 0
        self.heads: list[str] = []
        self._held: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> "Keeping":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._held:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self._held.append(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                self.heads.append(head)
                length = int(head.split("content-length:")[1].split("\r\n")[0])
                await reader.readexactly(length)
                events = [words("Not much.", None), words("", "stop"), "[DONE]"]
                body = b"".join(map(chunk, events)) + (b"0\r\n\r\n" if self.ends else b"")
                writer.write(HEAD + body)
        except asyncio.IncompleteReadError:
            writer.close()


@pytest.fixture
async def asking(loopback):
    """Asks a server so many times, one after the other."""

    async def ask(server: Keeping, times: int) -> list[str]:
        backend = OpenAIBackend(Endpoint(server.url, "m", timeouts=PATIENT, max_concurrent=1))
        try:
            return [(await backend.complete(ASK)).text for _ in range(times)]
        finally:
            await backend.close()

    return ask


async def test_requests_that_follow_each_other_share_a_connection(asking):
    async with Keeping() as server:
        assert await asking(server, 3) == ["Not much."] * 3
    assert server.opened == 1


async def test_a_body_that_does_not_end_is_left(asking):
    async with Keeping(ends=False) as server:
        assert await asking(server, 2) == ["Not much."] * 2
    assert server.opened == 2


async def test_what_is_sent_is_json_and_nothing_comes_packed(asking):
    async with Keeping() as server:
        await asking(server, 1)
    (head,) = server.heads
    assert "content-type: application/json\r\n" in head
    assert "accept-encoding: identity\r\n" in head
