"""A file that is there as a whole or not at all, written as a stream."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_PIECE = 1 << 20


def is_stream(path: Path) -> bool:
    """Whether there is a pipe, a terminal or another device, which takes what comes at once."""
    return path.exists() and not path.is_file() and not path.is_dir()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a file that takes the place of the one at `path` when the block ends well.

    Its owner alone can read it. What is no regular file (a pipe, a terminal) is written to as it
    comes. Raises OSError where it cannot be written; then `path` is as it was, and nothing is left
    beside it.
    """
    if is_stream(path):
        with path.open("wb") as file:
            yield file
        return
    true = Path(os.path.realpath(path))
    if true.is_dir():
        raise IsADirectoryError(21, "it is a folder", str(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{true.name[:40]}.", dir=true.parent)
    new = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, true)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise


def digest_of_stream(file: BinaryIO) -> str:
    """SHA-256 in hexadecimal of all that was written to a file; it stands at its end then."""
    file.flush()
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()
