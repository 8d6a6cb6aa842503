"""Writing a file that only its owner can read, whole or not at all."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

MODE = 0o600


def write_private(path: Path, data: bytes) -> None:
    """Put a file in place in one step, with rights for its owner alone; folders are made (0700).

    Until then its name shows what was there before, whatever happens. Raises OSError where it
    cannot be written; nothing is left behind then.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:40]}.", dir=path.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, path)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def digest_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
