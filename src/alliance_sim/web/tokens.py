"""Tokens: made at random, kept as hashes, compared without telling how far they fit."""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without 0, 1, i, l and o, which are taken for one another."""

GROUPS, LETTERS = 6, 4
"""Six groups of four: 31²⁴, some 119 bits. So much chance needs no slow hash."""


@dataclass(frozen=True)
class Key:
    """The hash of a token, and whom the token lets in."""

    digest: str
    trainee: str | None
    """None: whoever runs the server; all that the program can do on it."""


def new_token() -> str:
    """A token like `k3f9-ab2c-…`, from the system's own source of chance."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))
    return "-".join(groups)


def digest_of(token: str) -> str:
    """What is kept of a token: SHA-256, as 64 hexadecimal digits."""
    return hashlib.sha256(token.strip().encode("utf-8", "surrogatepass")).hexdigest()


def fitting(token: str, keys: Iterable[Key]) -> Key | None:
    """The key that a token fits. Takes as long whichever it is, and where it is none."""
    asked = digest_of(token)
    found = None
    for key in keys:
        if hmac.compare_digest(asked, key.digest):
            found = key
    return found
