"""The file of who may log in: a trainee's pseudonym and the hash of her token, no token itself."""

import json
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from alliance_sim.domain.pseudonym import checked_pseudonym, is_pseudonym
from alliance_sim.errors import InputProblem
from alliance_sim.programme.private_file import alone_with, write_private
from alliance_sim.web.tokens import Key, digest_of, new_token

DIGEST: Final = re.compile(r"[0-9a-f]{64}")
FORMAT: Final = "alliance-sim people 1"
LARGEST: Final = 10_000_000
"""Bytes; a line is some 90, so that this is a hundred thousand people."""

Digests = Mapping[str, str]
"""Hashes of tokens by pseudonym."""


def read_people(path: Path) -> Digests:
    """Who may log in. Raises InputProblem where the file is missing or is no such file."""
    try:
        about = path.stat()
        if about.st_size > LARGEST:
            raise InputProblem(f"{path}: too large for a file of people ({LARGEST} bytes at most)")
        if os.name == "posix" and about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise InputProblem(f"{path}: others may change it, and so let themselves in: chmod 600")
        data = json.loads(path.read_text("utf-8"))
    except OSError as problem:
        raise _unreadable(path, problem) from problem
    except (ValueError, RecursionError):
        data = None
    digests = data.get("people") if isinstance(data, dict) else None
    if not isinstance(digests, dict) or data.get("format") != FORMAT:
        raise InputProblem(
            f"{path}: not a file of people; alliance-sim serve invite ID --people FILE makes one"
        )
    for name, digest in digests.items():
        if not (is_pseudonym(name) and isinstance(digest, str) and DIGEST.fullmatch(digest)):
            raise InputProblem(f"{path}: the entry {name[:80]!r} is damaged; invite that id again")
    return digests


def invite(path: Path, names: Iterable[str], without: Iterable[str] = ()) -> dict[str, str]:
    """Give each a new token and keep the hashes; gives the tokens, which are kept nowhere.

    `names`: an earlier token of the same person stops working. `without`: those who have a token
    keep it, and get none. Raises UsageProblem for what is no pseudonym and InputProblem where the
    file cannot be read or written; then nothing is changed.
    """
    named, others = (dict.fromkeys(map(checked_pseudonym, each)) for each in (names, without))
    with _alone_with(path):
        known = read_people(path) if path.exists() else {}
        new = (name for name in others if name not in known)
        tokens = {name: new_token() for name in (*named, *new)}
        digests = {name: digest_of(token) for name, token in tokens.items()}
        _write(path, {**known, **digests})
    return tokens


def revoke(path: Path, names: Iterable[str]) -> list[str]:
    """Let these people in no longer; gives those that the file had. Raises InputProblem."""
    read_people(path)  # where it is no such file, no lock is left beside it
    with _alone_with(path):
        known = dict(read_people(path))
        gone = [name for name in names if known.pop(name, None) is not None]
        _write(path, known)
    return gone


@contextmanager
def _alone_with(path: Path) -> Iterator[None]:
    """Nobody is invited or revoked meanwhile: of two at once neither undoes what the other did."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_with(path))
        except TimeoutError:
            raise InputProblem(f"{path}: another program works with it; try again") from None
        except OSError as problem:
            raise _unreadable(path, problem) from problem
        yield


def _write(path: Path, digests: Digests) -> None:
    text = json.dumps({"format": FORMAT, "people": dict(sorted(digests.items()))}, indent=1)
    try:
        write_private(path, f"{text}\n".encode())
    except OSError as problem:
        raise _unreadable(path, problem) from problem


def _unreadable(path: Path, problem: OSError) -> InputProblem:
    return InputProblem(f"{path}: {(problem.strerror or type(problem).__name__).lower()}")


class People:
    """The file, read again when it has changed: who is invited or revoked need not wait."""

    def __init__(self, path: Path, narrate: Callable[[str], None]) -> None:
        """Raises InputProblem where the file cannot be read now."""
        self._path = path
        self._narrate = narrate
        self._seen = _mark(path)
        self._keys = _keys(read_people(path))

    def keys(self) -> tuple[Key, ...]:
        """One a person. A file that has become unreadable leaves those of before, and says so."""
        seen = _mark(self._path)
        if seen != self._seen:
            self._seen = seen
            try:
                self._keys = _keys(read_people(self._path))
            except InputProblem as problem:
                self._narrate(f"{problem}; until it is mended those may log in who could before")
        return self._keys


def _keys(digests: Digests) -> tuple[Key, ...]:
    return tuple(Key(digest, trainee) for trainee, digest in digests.items())


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        about = path.stat()
    except OSError:
        return None
    return about.st_mtime_ns, about.st_size, about.st_ino
