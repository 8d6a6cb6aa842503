"""Where the server listens, and which pages are its own."""

import errno
import os
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from alliance_sim.errors import UsageProblem

REMOTE = (
    "other machines can reach this server, and what is typed, tokens too, crosses the network "
    "unencrypted unless a proxy with TLS stands before it"
)


def listen(host: str, port: int, *, allow_remote: bool = False) -> socket.socket:
    """A bound socket. Port 0 takes any that is free.

    Raises UsageProblem for an address that is none, is taken or may not be used, and for one that
    other machines can reach unless `allow_remote`.
    """
    family, address = _resolved(host, port)
    if not allow_remote and not is_loopback(str(address[0])):
        raise UsageProblem(f"--host {host}: {REMOTE}; --allow-remote if that is meant")
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # elsewhere it would let two programs share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except (OSError, OverflowError) as problem:
        listening.close()
        raise UsageProblem(_why(host, port, problem)) from problem
    return listening


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, tuple[Any, ...]]:
    try:
        if not host.strip():
            raise OSError
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError, OverflowError) as problem:
        raise UsageProblem(
            f"--host {host}: no such address on this machine; 127.0.0.1 is always one"
        ) from problem
    # IPv4 first: `localhost` is then what everybody writes it as.
    family, *_, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    return family, address


def _why(host: str, port: int, problem: Exception) -> str:
    match getattr(problem, "errno", None):
        case errno.EADDRINUSE:
            return f"--port {port}: another program listens there; choose another, or 0 for any"
        case errno.EACCES | errno.EPERM:
            return f"--port {port}: only an administrator may listen there; choose one from 1024"
        case errno.EADDRNOTAVAIL:
            return f"--host {host}: no such address on this machine; 127.0.0.1 is always one"
    return f"--host {host} --port {port}: {problem}"


def is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(address.partition("%")[0]).is_loopback
    except ValueError:
        return False


def url_of(listening: socket.socket) -> str:
    """The address to open in a browser."""
    host, port = listening.getsockname()[:2]
    if ip_address(str(host).partition("%")[0]).is_unspecified:
        host = socket.gethostname()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@dataclass(frozen=True)
class PublicUrl:
    """The address that a proxy gives to the outside."""

    origin: str
    """Scheme, host and port, as a browser writes them."""

    @property
    def secure(self) -> bool:
        """Whether browsers reach it by TLS."""
        return self.origin.startswith("https://")


def public_url(given: str) -> PublicUrl:
    """Read `--public-url`. Raises UsageProblem for anything but a scheme, a host and a port."""
    try:
        parts = urlsplit(given)
        whole = (
            parts.scheme in {"http", "https"}
            and parts.hostname
            and parts.path in {"", "/"}
            and not (parts.query or parts.fragment or parts.username or parts.password)
        )
        port = parts.port
    except ValueError:
        whole = False
    if not whole:
        raise UsageProblem(
            f"--public-url {given}: give scheme and host, without a path, as https://sim.example.edu"
        )
    usual = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return PublicUrl(f"{parts.scheme}://{host}" + (f":{port}" if port not in {None, usual} else ""))


def own_page(origin: str | None, host: str, public: PublicUrl | None) -> bool:
    """Whether a request comes from a page of this server.

    `origin` and `host` are the headers of the request. A browser always sends the first with a
    websocket and a form; what sends none is no page.
    """
    if not origin:
        return False
    if public and origin.casefold() == public.origin.casefold():
        return True
    scheme, _, where = origin.partition("://")
    return scheme in {"http", "https"} and bool(where) and where.casefold() == host.casefold()
