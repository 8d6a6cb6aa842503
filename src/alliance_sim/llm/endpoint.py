"""Where a model is asked, and how patiently: plain values, checked."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlsplit

from alliance_sim.errors import EndpointProblem

__all__ = ["Endpoint", "Timeouts", "checked_key", "checked_url", "is_local"]

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True)
class Timeouts:
    """Seconds after which waiting ends; all above 0."""

    connect: float = 5.0
    first: float = 30.0
    """From sending to the first words, for one try."""
    between: float = 15.0
    """From one piece of a reply to the next."""
    whole: float = 120.0
    """For a call with all its retries and pauses."""


@dataclass(frozen=True)
class Endpoint:
    """A server that speaks Chat Completions, a model on it, and the usual settings of a call."""

    base_url: str
    """Up to and without `/chat/completions`; see `checked_url`."""
    model: str
    key: str | None = field(default=None, repr=False)
    """Sent as a bearer token; None: no such header. Never shown, see `redaction`."""
    temperature: float | None = None
    """0–2; None: the server's own."""
    seed: int | None = None
    timeouts: Timeouts = Timeouts()
    max_concurrent: int = 8
    """Requests under way at once; others wait their turn."""
    retries: int = 2
    """Further tries after a fault that may pass."""
    longest_pause: float = 20.0
    """Seconds: a server that asks for a longer pause than this is not waited for."""

    def __post_init__(self) -> None:
        """Raises EndpointProblem for an address or a key that cannot be one."""
        object.__setattr__(self, "base_url", checked_url(self.base_url))
        object.__setattr__(self, "key", checked_key(self.key))
        if not self.model.strip():
            raise EndpointProblem("no model is named; name one, as the server calls it")

    @property
    def local(self) -> bool:
        """Whether the server is on this machine."""
        return is_local(self.base_url)


def checked_url(url: str) -> str:
    """The address without a trailing slash or `/chat/completions`.

    Raises EndpointProblem where it is no http(s) address, or holds a password, a query or a
    fragment: those would end up in logs.
    """
    cleaned = url.strip().rstrip("/").removesuffix("/chat/completions")
    try:
        parts = urlsplit(cleaned)
        host, _ = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or re.search(r"[\s\x00-\x1f]", cleaned):
        raise EndpointProblem(
            "the address of the model is not one; it would look like https://host/v1"
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise EndpointProblem(
            f"the address of the model on {host} may hold no password, query or fragment; "
            "a key goes into OPENAI_API_KEY or the keyring"
        )
    return cleaned


def checked_key(key: str | None) -> str | None:
    """The key without surrounding white space; None for an empty one.

    Raises EndpointProblem where it could not be sent in a header; the key is not repeated.
    """
    stripped = (key or "").strip()
    if not stripped:
        return None
    if not _KEY.fullmatch(stripped):
        raise EndpointProblem(
            "the key has spaces, line ends or letters that a key cannot have; copy it again"
        )
    return stripped


def is_local(url: str) -> bool:
    """Whether an address is this machine's own: such servers need no key."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
