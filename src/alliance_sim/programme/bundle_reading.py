"""Reading a bundle: everything about it is verified before anything is made of it."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from alliance_sim import __version__
from alliance_sim.authoring.files import open_regular
from alliance_sim.domain.clean import printable
from alliance_sim.domain.events import StoredEvent
from alliance_sim.errors import InputProblem
from alliance_sim.programme.bundle import (
    FORMAT,
    MOST_BYTES,
    MOST_LINE_BYTES,
    MOST_LINES,
    SUFFIX,
    VERSION,
    Bundle,
    EventLine,
    Header,
    Held,
    Signature,
    Text,
    digest,
)
from alliance_sim.programme.bundle_sense import why_senseless
from alliance_sim.programme.signing import is_signed

AGAIN = "ask for it to be handed in again"

Line = TypeVar("Line", bound=BaseModel)


class _AnyVersion(BaseModel):
    """What every version of the format begins with."""

    model_config = ConfigDict(extra="ignore")

    format: str
    version: int


def bundle_files(path: Path) -> list[Path]:
    """The bundles that a name stands for: a file, or all `*.bundle` in a folder and in those in it.

    Raises InputProblem for a folder without any, or one that cannot be read.
    """
    if not path.is_dir():
        return [path]

    def fails(problem: OSError) -> None:
        raise InputProblem(f"{problem.filename}: cannot be read ({problem.strerror})") from problem

    # A learning platform gives out a folder a trainee. Links are not followed.
    walk = os.walk(path, onerror=fails)
    found = [Path(folder, name) for folder, _, names in walk for name in names]
    bundles = sorted(each for each in found if each.suffix == SUFFIX)
    if not bundles:
        raise InputProblem(f"{path}: there is no *{SUFFIX} in this folder")
    return bundles


def load_bundle(path: Path) -> Bundle:
    """Read and verify a file. Raises InputProblem, with one plain line."""
    descriptor = open_regular(path)
    try:
        with open(descriptor, "rb") as file:
            size = os.fstat(descriptor).st_size
            data = b"" if size > MOST_BYTES else file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise InputProblem(f"{path}: cannot be read ({problem.strerror})") from problem
    if max(size, len(data)) > MOST_BYTES:
        raise InputProblem(f"{path}: larger than {MOST_BYTES // 1_000_000} MB; no bundle is")
    return read_bundle(data, str(path))


def read_bundle(data: bytes, name: str) -> Bundle:
    """Verify the bytes of a file, called `name` in messages.

    Its format and version, its signature by the key in its header, the numbers and digests of its
    events, and that they make up ended sessions of that trainee. Whether the key is hers is not
    known here. Raises InputProblem, with one plain line.
    """
    whole = data.removesuffix(b"\n")
    end = whole.rfind(b"\n") + 1
    body, last = data[:end], whole[end:]
    lines = _lines(whole, name)
    _check_format(lines[0], name)
    signature = _signature(last, name)
    header = _parsed(Header, lines[0], name, 1)
    if not is_signed(body, signature.signature, header.key):
        raise InputProblem(f"{name}: it was changed after it was signed; {AGAIN}")
    rest = enumerate(lines[1:-1], 2)
    texts = _texts(rest, header, name)
    sessions = {held.id: _session(rest, held, header, name) for held in header.sessions}
    if len(sessions) < len(header.sessions):
        raise InputProblem(f"{name}: it holds a session twice; {AGAIN}")
    if extra := next(rest, None):
        raise InputProblem(f"{name}:{extra[0]}: more lines than the header tells of; {AGAIN}")
    return Bundle(name, digest(data), header, texts, sessions)


def _lines(whole: bytes, name: str) -> list[bytes]:
    if whole.count(b"\n") >= MOST_LINES:
        raise InputProblem(f"{name}: more than {MOST_LINES:,} lines; no bundle has so many")
    lines = whole.split(b"\n")
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_LINE_BYTES:
            most = MOST_LINE_BYTES // 1_000_000
            raise InputProblem(f"{name}:{number}: a line of more than {most} MB; no bundle has one")
    return lines


def _check_format(line: bytes, name: str) -> None:
    try:
        found = _AnyVersion.model_validate_json(line)
    except ValidationError:
        found = None
    if found is None or found.format != FORMAT:
        raise InputProblem(
            f"{name}: not a bundle of alliance-sim; it is made by: alliance-sim sessions submit"
        )
    if found.version > VERSION:
        raise InputProblem(
            f"{name}: made by a newer version of the program (bundles of version {found.version}; "
            f"this one reads {VERSION}); upgrade alliance-sim"
        )


def _signature(last: bytes, name: str) -> Signature:
    try:
        return Signature.model_validate_json(last)
    except ValidationError:
        raise InputProblem(
            f"{name}: it ends before its signature, so a part is missing; {AGAIN}"
        ) from None


def _parsed(kind: type[Line], line: bytes, name: str, number: int, made_by: str = "") -> Line:
    try:
        return kind.model_validate_json(line)
    except ValidationError as problem:
        # Pydantic's own text quotes the value, which may be words of the conversation.
        first = problem.errors(include_input=False, include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the line"
        what = printable(f"{name}:{number}: {where}: {first['msg']}", lines=False)
    if made_by and made_by != __version__:
        other = printable(made_by, lines=False)
        what += f"; made by version {other} of the program, and this is {__version__}: upgrade it"
    raise InputProblem(what)


def _texts(rest: Iterator[tuple[int, bytes]], header: Header, name: str) -> tuple[Text, ...]:
    found = (_next(rest, name) for _ in range(header.texts))
    return tuple(_parsed(Text, line, name, number, header.program) for number, line in found)


def _session(
    rest: Iterator[tuple[int, bytes]], held: Held, header: Header, name: str
) -> tuple[StoredEvent, ...]:
    numbered = [_next(rest, name) for _ in range(held.events)]
    if digest(b"".join(line + b"\n" for _, line in numbered)) != held.digest:
        raise InputProblem(f"{name}: session {held.id} is not the one of the header; {AGAIN}")
    events = []
    for seq, (number, line) in enumerate(numbered, 1):
        found = _parsed(EventLine, line, name, number, header.program)
        if (found.session, found.seq) != (held.id, seq):
            raise InputProblem(
                f"{name}:{number}: event {found.seq} of {found.session}, where event {seq} of "
                f"{held.id} should be; {AGAIN}"
            )
        events.append(_stored(found))
    _check_sense(events, held.id, header, name)
    return tuple(events)


def _stored(found: EventLine) -> StoredEvent:
    return StoredEvent(session_id=found.session, seq=found.seq, at=found.at, event=found.event)


def _check_sense(events: Sequence[StoredEvent], session_id: str, header: Header, name: str) -> None:
    if why := why_senseless(events, header.trainee):
        raise InputProblem(printable(f"{name}: session {session_id} {why}", lines=False))


def _next(rest: Iterator[tuple[int, bytes]], name: str) -> tuple[int, bytes]:
    try:
        return next(rest)
    except StopIteration:
        raise InputProblem(f"{name}: fewer lines than the header tells of; {AGAIN}") from None
