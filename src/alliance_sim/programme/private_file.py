"""Files that only their owner can read: written whole or not at all, by one program at a time."""

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

MODE = 0o600

PATIENCE = 30.0
"""Seconds to wait while another program works with a file."""


def write_private(path: Path, data: bytes) -> None:
    """Put a file in place in one step, with rights for its owner alone; folders are made (0700).

    Until then its name shows what was there before, whatever happens. Raises OSError where it
    cannot be written; nothing is left behind then.
    """
    with written_beside(path, data) as new:
        os.replace(new, path)


@contextlib.contextmanager
def written_beside(path: Path, data: bytes) -> Iterator[Path]:
    """The data in a new file in the folder of `path`, safe on the disk; gone in the end, unless it
    was moved. Raises OSError where it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield new
    finally:
        with contextlib.suppress(OSError):
            new.unlink()


@contextlib.contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Work with a file while no other program does that asks in this way; folders are made (0700).

    A file `.lock` beside it stays. Raises TimeoutError where others take longer than `PATIENCE`,
    and OSError where its folder cannot be used.
    """
    from filelock import FileLock  # noqa: PLC0415 - only where such a file is changed

    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(path.with_name(f"{path.name}.lock"), timeout=PATIENCE, mode=MODE):
        yield


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
