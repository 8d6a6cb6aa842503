"""A server for `bench.judging`: answers every chat with the same words, so many milliseconds late.

    python -m bench.judging_server REPLY_FILE LATENCY_MS PIECES

It listens on a free port of this machine and prints the port. It counts how many requests are
under way at once; `GET /most` tells the largest number so far.
"""

import asyncio
import json
import sys
from pathlib import Path

EVENT = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "bench"}


def streamed(text: str, pieces: int) -> list[bytes]:
    """The reply as server-sent events in so many pieces."""
    size = -(-len(text) // pieces)
    cut = [text[at : at + size] for at in range(0, len(text), size)]
    deltas: list[dict[str, object]] = [
        {"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
        for piece in cut
    ]
    deltas.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    deltas.append({"choices": [], "usage": {"prompt_tokens": 5000, "completion_tokens": 1500}})
    events = [f"data: {json.dumps(EVENT | delta)}\n\n".encode() for delta in deltas]
    return [*events, b"data: [DONE]\n\n"]


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Chat(asyncio.Protocol):
    """One connection."""

    under_way = most = 0

    def __init__(self, body: bytes, latency: float) -> None:
        self.body = body
        self.latency = latency
        self.buffer = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = bytes(self.buffer[:end]).lower()
            length = 0
            for line in head.split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.partition(b":")[2])
            if len(self.buffer) < end + 4 + length:
                return
            del self.buffer[: end + 4 + length]
            if head.startswith(b"get /most"):
                self.tell(str(Chat.most).encode())
                continue
            Chat.under_way += 1
            Chat.most = max(Chat.most, Chat.under_way)
            asyncio.get_running_loop().call_later(self.latency, self.answer)

    def answer(self) -> None:
        Chat.under_way -= 1
        self.transport.write(self.body)

    def tell(self, text: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n".encode()
        self.transport.write(head + text)


async def serve(text: str, latency: float, pieces: int) -> None:
    chunks = [b"%x\r\n%s\r\n" % (len(event), event) for event in streamed(text, pieces)]
    body = HEAD + b"".join(chunks) + b"0\r\n\r\n"
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Chat(body, latency), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    reply, latency, pieces = sys.argv[1:]
    asyncio.run(serve(Path(reply).read_text("utf-8"), int(latency) / 1000, int(pieces)))
