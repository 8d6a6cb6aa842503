"""Reading a whole text file that somebody else made: bounded, and never stuck on it."""

import errno
import os
import stat
from pathlib import Path

from alliance_sim.authoring.problems import FileProblems, Problem, whole_file
from alliance_sim.errors import InputProblem

UTF8_BOM = b"\xef\xbb\xbf"
WIDE_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
"""The marks with which UTF-16 and UTF-32 begin."""

_REASONS = {
    errno.ENOENT: "there is no such file; check the name and the folder",
    errno.ENOTDIR: "there is no such file; a part of the path is not a folder",
    errno.ELOOP: "a link that leads back to itself; put the file itself here",
    errno.EACCES: "may not be read; give yourself permission to read it",
    errno.EPERM: "may not be read; give yourself permission to read it",
    errno.ENAMETOOLONG: "the name is too long for a file; check the path",
    errno.EISDIR: "a folder, not a file; name the file in it",
}


def open_regular(path: Path) -> int:
    """A descriptor for reading a regular file. Never waits, as opening a pipe would.

    Raises FileProblems, with one plain line.
    """
    # O_NONBLOCK and O_BINARY exist on some systems only.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise FileProblems([whole_file(path, _reason(path, error))]) from None
    except ValueError:
        raise FileProblems([whole_file(path, "not a name a file can have")]) from None
    kind = os.fstat(descriptor).st_mode
    if stat.S_ISREG(kind):
        return descriptor
    os.close(descriptor)
    what = "a folder, not a file" if stat.S_ISDIR(kind) else "not a regular file"
    raise FileProblems([whole_file(path, f"{what}; name a text file")])


def read_text(path: Path, most_bytes: int) -> str:
    """The text of a UTF-8 file of at most `most_bytes`; a byte order mark is left out.

    Raises FileProblems: missing, not readable, not a regular file, too large, not UTF-8.
    """
    descriptor = open_regular(path)
    with open(descriptor, "rb") as stream:
        size = os.fstat(descriptor).st_size
        data = b"" if size > most_bytes else stream.read(most_bytes + 1)
    if max(size, len(data)) > most_bytes:
        limit = f"{most_bytes / 1_000_000:g} MB"
        message = f"the file is larger than {limit}; split it, or check that it is the right file"
        raise FileProblems([whole_file(path, message)])
    return decode(data, str(path))


def decode(data: bytes, path: str) -> str:
    """UTF-8 bytes as text, without a byte order mark. Raises FileProblems."""
    if data.startswith(WIDE_BOMS):
        raise FileProblems([whole_file(path, "the file is UTF-16; save it as UTF-8")])
    try:
        return data.removeprefix(UTF8_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line = before.count(b"\n") + 1
        col = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        byte = error.object[error.start]
        message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8 in your editor"
        raise FileProblems([Problem(path, line, col, message)]) from None


def _reason(path: Path, error: OSError) -> str:
    if os.path.isdir(path):
        return _REASONS[errno.EISDIR]
    known = _REASONS.get(error.errno or 0)
    return known or f"cannot be read ({error.strerror or 'unknown reason'}); check the file"


def replace_text(path: Path, text: str) -> None:
    """Put a new text in a file's place, whole or not at all; its permissions are kept.

    Raises InputProblem where it cannot be written.
    """
    new = path.with_name(f".{path.name}.new")
    try:
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o644
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as file:
            file.write(text.encode("utf-8"))
        os.replace(new, path)
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise InputProblem(f"{path}: cannot be written ({reason}); check the folder") from None
