"""An export from the store to a file or standard output: noted in the audit log, whole or not."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from alliance_sim.cli.progress import progress
from alliance_sim.cli.wiring import acting_user, narrate, open_library
from alliance_sim.domain.clean import printable
from alliance_sim.errors import InputProblem, StoreProblem, UsageProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alliance_sim.programme.export_audit import Exported
    from alliance_sim.reporting.tables.columns import Column, Row
    from alliance_sim.store.export_rows import Wanted
    from alliance_sim.store.repository import Store

BINARY = frozenset(("xlsx", "parquet"))
"""Formats that no terminal shows."""

EVERY = 500
"""Rows between two movements of the progress bar."""

Done = Callable[[int], None]
"""To be called with the number of rows so far."""


class Content(Protocol):
    """What is exported."""

    def count(self, connection: "Connection") -> int:
        """How many rows there are."""
        ...

    def write(self, connection: "Connection", out: BinaryIO, done: Done) -> int:
        """Write them; how many they were."""
        ...

    def sample(self, connection: "Connection") -> str:
        """The beginning of it as text."""
        ...


@dataclass(frozen=True)
class Order:
    """What is to be exported, and how."""

    format: str
    wanted: "Wanted"
    columns: tuple["Column", ...]
    content: Content
    redact: tuple[str, ...] = ()
    out: Path | None = None
    named: bool = False


def carry_out(store: "Store", order: Order) -> None:
    """Export. Raises UsageProblem where the file cannot be written, which is then as it was."""
    if order.out is None and order.format in BINARY and sys.stdout.isatty():
        raise UsageProblem(f"--format {order.format}: name a file with --out FILE, or use a pipe")
    _check(store, order.wanted)
    score_the_rest(store, order.wanted)
    count = _to_stdout(store, order) if order.out is None else _to_file(store, order, order.out)
    if order.out is not None:
        narrate(f"{count:,} row(s) in {order.out}")


def show(store: "Store", order: Order) -> None:
    """Print what the export would hold. Writes nothing, to the store neither."""
    from alliance_sim.reporting.export_preview import preview, told
    from alliance_sim.store import export_rows

    _check(store, order.wanted)
    with store.reading() as connection:
        made = preview(tidy_rows(connection, order.wanted, order.redact), order.columns)
        waiting = len(export_rows.waiting(connection, order.wanted))
        strangers = export_rows.strangers(connection, order.wanted)
        sample = order.content.sample(connection).splitlines()
    lines = told(made, order.columns, waiting=waiting, strangers=strangers)
    sys.stdout.write("".join(f"{printable(line)}\n" for line in (*lines, "", *sample)))


def tidy_rows(connection: "Connection", wanted: "Wanted", redact: Iterable[str]) -> "Iterator[Row]":
    """The rows of the store, made ready."""
    from alliance_sim.reporting.tidy import tidy
    from alliance_sim.store.export_rows import rows

    return tidy(rows(connection, wanted), cohort=wanted.sessions.cohort, redact=redact)


class Counted:
    """Rows that are counted as they go by."""

    def __init__(self, rows: "Iterable[Row]", done: Done) -> None:
        self._rows, self._done = rows, done
        self.count = 0

    def __iter__(self) -> "Iterator[Row]":
        for row in self._rows:
            self.count += 1
            if self.count % EVERY == 0:
                self._done(self.count)
            yield row


def _check(store: "Store", wanted: "Wanted") -> None:
    """Raises UsageProblem for a cohort, an assignment or a trainee that there is not."""
    from alliance_sim.store import assignments, cohorts, people

    chosen = wanted.sessions
    with store.reading() as connection:
        if chosen.cohort is not None:
            cohorts.need(connection, chosen.cohort)
        if chosen.assignment is not None:
            assignments.need(connection, chosen.assignment)
        known = chosen.trainee is None or people.get(connection, chosen.trainee) is not None
    if not known and not store.sessions(limit=1, trainee=chosen.trainee):
        raise UsageProblem(f"{chosen.trainee}: no such trainee, and no session of theirs")


def score_the_rest(store: "Store", wanted: "Wanted") -> None:
    """Score sessions that ended before they could be: the program was closed, say.

    One that cannot be scored, or is damaged, keeps no other from being exported.
    """
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.runtime.results import debrief_of
    from alliance_sim.store import export_rows

    with store.reading() as connection:
        waiting = export_rows.waiting(connection, wanted)
    if not waiting:
        return
    library = open_library()
    for session_id in waiting:
        try:
            debrief_of(store, session_id, library, SystemClock())
        except (InputProblem, UsageProblem, StoreProblem) as problem:
            if isinstance(problem, StoreProblem):
                store.count()  # whether it is the session that is damaged, or the store is gone
            narrate(f"{session_id} has no scores: {problem}")


def _to_stdout(store: "Store", order: Order) -> int:
    total = _note_first(store, order)
    try:
        sys.stdout.flush()
        with store.reading() as connection, _bar(total) as done:
            written = order.content.write(connection, sys.stdout.buffer, done)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as problem:
        raise UsageProblem(f"standard output: {_reason(problem)}") from problem
    return written


def _bar(total: int) -> AbstractContextManager[Done]:
    """None where it would run into the rows: they go to the same terminal."""
    if sys.stdout.isatty():
        return nullcontext(lambda _done: None)
    return progress("exporting", total)


def _to_file(store: "Store", order: Order, out: Path) -> int:
    from alliance_sim.reporting.whole_file import is_stream, whole_file

    streamed = is_stream(out)
    if streamed:
        _note_first(store, order)
    with _plain(out), whole_file(out) as file:
        with store.reading() as connection:
            total = order.content.count(connection)
            with progress("exporting", total) as done:
                written = order.content.write(connection, file, done)
        if not streamed:
            # The file is in place only once the audit log tells of it.
            _note_file(store, _made(order, written), file, out)
    return written


def _note_first(store: "Store", order: Order) -> int:
    """What was handed out cannot be taken back, so the audit log comes first. Gives the rows."""
    from alliance_sim.programme.export_audit import note_export

    with store.reading() as connection:
        total = order.content.count(connection)
    store.transact(lambda connection: note_export(connection, _made(order, total)))
    return total


def _note_file(store: "Store", made: "Exported", file: BinaryIO, out: Path) -> None:
    from alliance_sim.programme.export_audit import note_export, remember_export
    from alliance_sim.programme.written import this_machine
    from alliance_sim.reporting.whole_file import digest_of_stream

    digest, path = digest_of_stream(file), str(out.resolve())

    def write(connection: "Connection") -> None:
        note_export(connection, made)
        remember_export(connection, made, host=this_machine(), path=path, digest=digest)

    store.transact(write)


def _made(order: Order, rows: int) -> "Exported":
    from alliance_sim.programme.export_audit import Exported
    from alliance_sim.reporting.tables.columns import COLUMNS

    some = order.columns != COLUMNS
    return Exported(
        at=datetime.now(UTC),
        who=acting_user(),
        format=order.format,
        rows=rows,
        wanted=order.wanted,
        redacted=order.redact,
        columns=tuple(column.name for column in order.columns) if some else (),
        file=order.out.name if order.out else None,
        named=order.named,
    )


@contextmanager
def _plain(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise UsageProblem(f"--out {out}: cannot be written ({_reason(problem)})") from problem


def _reason(problem: OSError) -> str:
    return (problem.strerror or str(problem)).lower()
