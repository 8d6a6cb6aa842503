"""A stand-in for the program in a tab: speaks as it does on its pipes, and does as it is told.

A first word says how it behaves: `echo`, `wild` (asked to end, it does not), `broken` (an
unexpected end), `no-store` (a plain line and exit code 5), `flood` (writes without end).
"""

import json
import os
import sys


def send(kind: bytes, data: bytes) -> None:
    os.write(1, kind + len(data).to_bytes(4, "big") + data)


def packets():
    while head := sys.stdin.buffer.read(5):
        yield head[:1], sys.stdin.buffer.read(int.from_bytes(head[1:], "big"))


def tell(name: str) -> None:
    """A variable or argument of this process, as text on the screen."""
    about = {"words": sys.argv[1:], "pid": os.getpid(), "group": os.getpgid(0)}
    send(b"D", f"{name}={about.get(name, os.environ.get(name))};".encode())


def obey(kind: bytes, data: bytes, manner: str) -> bool:
    """Do as a packet says; whether to go on."""
    if kind == b"D":
        word = data.decode()
        if word.startswith("?"):
            tell(word[1:])
        elif word == "offer":
            about = {"path": "/somewhere/page.html", "open_method": "download", "encoding": "utf-8"}
            told = {"type": "deliver_file_start", "key": "k1", "mime_type": "text/html", **about}
            send(b"M", json.dumps(told | {"name": None}).encode())
        elif word == "leave":
            send(b"M", b'{"type": "exit"}')
            return False
        else:
            send(b"D", b"<" + data + b">")
        return True
    told = json.loads(data)
    if told["type"] == "deliver_chunk_request":
        chunk = b"" if obey.sent else b"the page"
        obey.sent = True
        packed = b"t" + b"s13:deliver_chunk" + b"s2:k1" + b"%d:%s" % (len(chunk), chunk) + b"e"
        send(b"P", packed)
    elif told["type"] != "quit":
        send(b"D", json.dumps(told).encode())
    return told["type"] != "quit" or manner == "wild"


obey.sent = False


def main(manner: str) -> int:
    if manner == "no-store":
        sys.stderr.write("/srv/s.db: it cannot be read\n")
        return 5
    sys.stdout.write("__GANGLION__\n")
    sys.stdout.flush()
    tell("pid")
    while manner == "flood":
        send(b"D", b"." * 4096)
    if manner == "broken":
        raise RuntimeError("out of order")
    for kind, data in packets():
        if not obey(kind, data, manner):
            break
    while manner == "wild":
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
