"""A real HTTP server on loopback that speaks Chat Completions, well or badly.

    def test_something(misbehaving, loopback):
        misbehaving.script(status(429, retry_after="1"), says("Hello."))
        ... use misbehaving.url as the base URL ...
        assert len(misbehaving.requests) == 2

Each request takes the next behaviour of the script; the last one stays for all that follow.
A behaviour is any function of an Exchange. `loopback` lifts the tests' ban on connections for
127.0.0.1 only. Import both fixtures into the conftest.py of the folder that uses them.
"""

import _socket
import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

__all__ = [
    "Exchange",
    "Misbehaving",
    "Seen",
    "broken_json",
    "context_exceeded",
    "empty",
    "event",
    "expired_key",
    "hangs",
    "hangs_after",
    "huge",
    "huge_error",
    "loopback",
    "misbehaving",
    "model_not_found",
    "refuses_parameter",
    "resets",
    "says",
    "slowly",
    "status",
    "truncated",
    "unfinished",
    "unstreamed",
    "wrong_type",
]

MODEL = "served-model"


@dataclass(frozen=True)
class Seen:
    """A request that reached the server."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class Exchange:
    """One request and the means to answer it, byte by byte."""

    seen: Seen
    handler: BaseHTTPRequestHandler
    stopped: threading.Event
    gone: threading.Event = field(default_factory=threading.Event)
    """Set when the caller was found to have closed the connection."""

    def head(self, code: int, kind: str, **headers: str) -> None:
        self.handler.send_response(code)
        self.handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            self.handler.send_header("Connection", "close")
            self.handler.close_connection = True
        self.handler.end_headers()

    def write(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def whole(self, code: int, data: bytes, kind: str = "application/json", **extra: str) -> None:
        self.head(code, kind, Content_Length=str(len(data)), **extra)
        self.write(data)

    def error(self, code: int, message: str, *, name: str = "", **extra: str) -> None:
        told = {"error": {"message": message, "type": "invalid_request_error", "code": name}}
        self.whole(code, json.dumps(told).encode(), **extra)

    def begin(self) -> None:
        self.head(200, "text/event-stream; charset=utf-8")

    def say(self, text: str) -> None:
        self.write(event({"content": text}))

    def end(self, finish: str = "stop", usage: dict[str, int] | None = None) -> None:
        self.write(event({}, finish))
        asked = self.seen.body.get("stream_options") or {}
        if usage is not None and asked.get("include_usage"):
            last = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
            self.write(_sse({**last, "choices": [], "usage": usage}))
        self.write(b"data: [DONE]\n\n")

    def reset(self) -> None:
        """Break the connection as a crashed process does: RST, no goodbye."""
        linger = struct.pack("ii", 1, 0)
        self.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.handler.close_connection = True
        self.handler.connection.close()

    def hang(self) -> None:
        """Say nothing more until the caller hangs up (seen in `gone`) or the test is over."""
        self.handler.connection.settimeout(0.02)
        while not self.stopped.is_set():
            try:
                if self.handler.connection.recv(1) == b"":
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        self.gone.set()
        self.handler.close_connection = True


Behaviour = Callable[[Exchange], None]


class Misbehaving:
    """The server: its URL, its script, and what it has seen."""

    def __init__(self, server: ThreadingHTTPServer, scheme: str = "http") -> None:
        self.url = f"{scheme}://127.0.0.1:{server.server_port}/v1"
        self.requests: list[Seen] = []
        self.exchanges: list[Exchange] = []
        self.under_way = 0
        self.most_under_way = 0
        self._script: list[Behaviour] = [says("Hello.")]
        self._lock = threading.Lock()
        self.stopped = threading.Event()

    def script(self, *behaviours: Behaviour) -> None:
        self._script = list(behaviours)

    def answer(self, exchange: Exchange) -> None:
        with self._lock:
            self.requests.append(exchange.seen)
            self.exchanges.append(exchange)
            self.under_way += 1
            self.most_under_way = max(self.most_under_way, self.under_way)
            behave = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        try:
            behave(exchange)
        finally:
            with self._lock:
                self.under_way -= 1


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is what many tests are about."""


def serve() -> tuple[Misbehaving, ThreadingHTTPServer]:
    """A server that answers in threads of its own; shut it down after use."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            seen = Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
            told.answer(Exchange(seen, self, told.stopped))

        def do_GET(self) -> None:
            seen = Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, {})
            told.answer(Exchange(seen, self, told.stopped))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = _Quiet(("127.0.0.1", 0), Handler)
    told = Misbehaving(server)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    return told, server


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch, _no_network: None) -> None:
    """Connections to this machine are allowed in this test; to any other they are not."""

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
            raise AssertionError(f"a test tried to connect to {address}")
        _socket.socket.connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def misbehaving(loopback: None) -> Iterator[Misbehaving]:
    told, server = serve()
    yield told
    told.stopped.set()
    server.shutdown()
    server.server_close()


def _sse(data: object) -> bytes:
    return f"data: {json.dumps(data)}\n\n".encode()


def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    """One event of a streamed reply."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    return _sse({**chunk, "choices": [choice]})


def says(
    text: str,
    *,
    finish: str = "stop",
    usage: dict[str, int] | None = None,
) -> Behaviour:
    """A good reply, word by word; `usage` is told where it was asked for."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.write(event({"role": "assistant", "content": ""}))
        words = text.split(" ")
        for index, word in enumerate(words):
            exchange.say(word if index == 0 else f" {word}")
        exchange.end(finish, usage)

    return behave


def unstreamed(text: str) -> Behaviour:
    """A whole reply as one JSON object, although a stream was asked for."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    used = {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10}
    reply = {"id": "1", "object": "chat.completion", "created": 1, "model": MODEL}
    data = json.dumps({**reply, "choices": [choice], "usage": used}).encode()
    return lambda exchange: exchange.whole(200, data)


def status(code: int, message: str = "no", *, retry_after: str | None = None) -> Behaviour:
    extra = {} if retry_after is None else {"Retry_After": retry_after}
    return lambda exchange: exchange.error(code, message, **extra)


def refuses_parameter(name: str, then: Behaviour) -> Behaviour:
    """400 as long as the request has this parameter, then another behaviour."""

    def behave(exchange: Exchange) -> None:
        if name in exchange.seen.body:
            exchange.error(400, f"Unsupported parameter: '{name}' is not supported")
        else:
            then(exchange)

    return behave


def hangs(exchange: Exchange) -> None:
    """Takes the request and says nothing at all."""
    exchange.hang()


def hangs_after(text: str) -> Behaviour:
    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.say(text)
        exchange.hang()

    return behave


def resets(after: str = "") -> Behaviour:
    """RST: before any byte of the reply, or in the middle of the stream."""

    def behave(exchange: Exchange) -> None:
        if after:
            exchange.begin()
            exchange.say(after)
        exchange.reset()

    return behave


def slowly(text: str, seconds: float) -> Behaviour:
    """A word, a wait, a word: for one token a second, and for tests a hundredth of that."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        for index, word in enumerate(text.split(" ")):
            if exchange.stopped.wait(seconds):
                return
            exchange.say(word if index == 0 else f" {word}")
        exchange.end()

    return behave


def truncated(text: str) -> Behaviour:
    """The stream closes in good order, in the middle of an event."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.say(text)
        exchange.write(event({"content": " more"})[:40])

    return behave


def unfinished(text: str, *, done: bool = True) -> Behaviour:
    """A reply whose end is told by `[DONE]`, or by nothing but the end of the stream."""

    def behave(exchange: Exchange) -> None:
        exchange.begin()
        exchange.say(text)
        if done:
            exchange.write(b"data: [DONE]\n\n")

    return behave


def broken_json(exchange: Exchange) -> None:
    exchange.begin()
    exchange.write(b'data: {"choices": [{"delta": {"content": "I"\n\n')
    exchange.end()


def empty(exchange: Exchange) -> None:
    exchange.begin()
    exchange.end()


def wrong_type(exchange: Exchange) -> None:
    exchange.whole(200, b"<html><body>Welcome to the proxy</body></html>", "text/html")


def huge(exchange: Exchange, size: int = 10_000_000) -> None:
    """A reply of 10 MB, in one stream without an end in sight."""
    exchange.begin()
    piece = event({"content": "word " * 2_000})
    for _ in range(size // len(piece) + 1):
        exchange.write(piece)
    exchange.end()


def huge_error(exchange: Exchange, size: int = 10_000_000) -> None:
    exchange.head(500, "text/plain")
    for _ in range(size // 10_000):
        exchange.write(b"trouble! " * 1_111)


def expired_key(exchange: Exchange) -> None:
    """401 that repeats the key, as some servers do."""
    key = exchange.seen.headers.get("authorization", "").removeprefix("Bearer ")
    exchange.error(401, f"The key {key} has expired", name="invalid_api_key")


def model_not_found(exchange: Exchange) -> None:
    name = exchange.seen.body.get("model")
    exchange.error(404, f"The model '{name}' does not exist", name="model_not_found")


def context_exceeded(exchange: Exchange) -> None:
    told = "This model's maximum context length is 2048 tokens, however you requested 9000 tokens"
    exchange.error(400, told, name="context_length_exceeded")
