"""The key with which this machine signs what is handed in (Ed25519, RFC 8032).

The private key is made when it is first needed, stays in a file of the data folder that only its
owner can read, and is written nowhere else. The public key goes along with every bundle.
"""

import base64
import binascii
import contextlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.errors import UsageProblem
from alliance_sim.programme.private_file import MODE, written_beside

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FILE = "signing-key.pem"

LARGEST = 10_000
"""Bytes of the file; a key has some 120."""


class SigningKey:
    """A private key, ready to sign."""

    def __init__(self, private: "Ed25519PrivateKey") -> None:
        self._private = private

    @property
    def public(self) -> str:
        """The public key: its 32 bytes in base64."""
        return _text(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> str:
        """The signature: its 64 bytes in base64."""
        return _text(self._private.sign(message))


def signing_key(folder: Path) -> SigningKey:
    """The key of this machine, made now if there is none; programs at once make but one.

    `folder` is the data folder. Raises UsageProblem where the file cannot be used.
    """
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & ~MODE:
            path.chmod(MODE)
        with path.open("rb") as file:
            return _read(file.read(LARGEST), path)
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise UsageProblem(f"{path}: the key to sign with cannot be used ({reason})") from problem


def is_signed(message: bytes, signature: str, public: str) -> bool:
    """Whether the signature was made of the message by the owner of the public key."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - seldom needed
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - seldom needed

    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(_bytes(public))
        key.verify(_bytes(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """The beginning of a public key, enough to compare two of them by eye."""
    return public[:12]


def _make(path: Path) -> None:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - seldom needed
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - seldom needed

    data = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with written_beside(path, data) as new, contextlib.suppress(FileExistsError):
        _put_first(new, path, data)


def _put_first(new: Path, path: Path, data: bytes) -> None:
    """Put the file in place. Raises FileExistsError where there is one: of programs at once the
    first one's key stays."""
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:
        # A disk on which a file has but one name, as many a stick.
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE), "wb") as file:
            file.write(data)


def _read(data: bytes, path: Path) -> SigningKey:
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - seldom needed
    from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - seldom needed

    try:
        key = serialization.load_pem_private_key(data, password=None)
    except (ValueError, TypeError) as problem:
        raise _not_a_key(path) from problem
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _not_a_key(path)
    return SigningKey(key)


def _not_a_key(path: Path) -> UsageProblem:
    return UsageProblem(
        f"{path}: this is not an Ed25519 key; put the file back from a backup, or move it away for "
        "a new key, which the coordinator must then trust (import --trust-new-key)"
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as problem:
        raise ValueError("not base64") from problem
