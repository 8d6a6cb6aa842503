"""What `export` writes in each format, from a connection to a stream."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from alliance_sim.cli.exporting import Counted, Done, tidy_rows
from alliance_sim.cli.wiring import narrate, open_library
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from alliance_sim.domain.programme import Assignment
    from alliance_sim.programme.identity import Identity
    from alliance_sim.reporting.interop.xapi import Home
    from alliance_sim.reporting.tables.columns import Column, Row
    from alliance_sim.store.export_rows import Wanted

SAMPLE = 5
"""Rows that a preview shows."""
LARGEST = 50_000_000
"""Bytes of a gradebook."""

WriteRows = Callable[["Iterable[Row]", BinaryIO], None]


@dataclass(frozen=True)
class Table:
    """An export of tidy rows."""

    wanted: "Wanted"
    redact: tuple[str, ...]
    write_rows: WriteRows
    sample_rows: WriteRows

    def count(self, connection: "Connection") -> int:
        from alliance_sim.store.export_rows import count

        return count(connection, self.wanted)

    def write(self, connection: "Connection", out: BinaryIO, done: Done) -> int:
        rows = Counted(tidy_rows(connection, self.wanted, self.redact), done)
        self.write_rows(rows, out)
        return rows.count

    def sample(self, connection: "Connection") -> str:
        out = BytesIO()
        rows = tidy_rows(connection, self.wanted, self.redact)
        self.sample_rows(islice(rows, SAMPLE), out)
        return out.getvalue().decode()


def row_writer(format_: str, columns: tuple["Column", ...], home: "Home") -> WriteRows:
    """The writer of a format of tidy rows. Raises UsageProblem where its extra is missing."""
    from alliance_sim.reporting.interop.xapi import write_xapi
    from alliance_sim.reporting.tables.comma_separated import write_csv
    from alliance_sim.reporting.tables.json_lines import write_jsonl
    from alliance_sim.reporting.tables.parquet import need_pyarrow, write_parquet
    from alliance_sim.reporting.tables.workbook import write_xlsx

    if format_ == "parquet":
        need_pyarrow()
    writers: dict[str, WriteRows] = {
        "csv": lambda rows, out: write_csv(rows, columns, out),
        "jsonl": lambda rows, out: write_jsonl(rows, columns, out),
        "parquet": lambda rows, out: write_parquet(rows, columns, out),
        "xlsx": lambda rows, out: write_xlsx(rows, columns, out),
        "xapi": lambda rows, out: write_xapi(rows, home, out),
    }
    return writers[format_]


@dataclass(frozen=True)
class Gradebook:
    """An export of grades for Canvas."""

    wanted: "Wanted"
    points: float
    names: "Mapping[str, Identity]" = field(default_factory=dict)
    filled: Path | None = None
    """A gradebook that Canvas exported, to be filled in."""

    def count(self, connection: "Connection") -> int:
        """Of trainees."""
        from alliance_sim.store.counted_attempts import asked

        ids = [each.id for each in self._assignments(connection)]
        return len(asked(connection, ids, self.wanted))

    def write(self, connection: "Connection", out: BinaryIO, done: Done) -> int:
        from alliance_sim.programme.grades import graded_attempts
        from alliance_sim.programme.grades import grades as grades_of
        from alliance_sim.reporting.interop.canvas import kept, write_gradebook
        from alliance_sim.store.counted_attempts import asked, counted

        chosen = self._assignments(connection)
        ids = [each.id for each in chosen]
        attempts = counted(connection, self.wanted, ids)
        if any(each.rubrics for each in chosen):
            attempts = graded_attempts(attempts, grades_of(connection, chosen, open_library()))
        grades = kept(attempts, chosen)
        people = asked(connection, ids, self.wanted)
        done(len(people))
        if self.filled is not None:
            self._fill(self.filled, chosen, grades, out)
        else:
            write_gradebook(people, chosen, grades, self.points, self.names, out)
        return len(people)

    def sample(self, connection: "Connection") -> str:
        out = BytesIO()
        self.write(connection, out, lambda _done: None)
        lines = out.getvalue().decode("utf-8-sig").splitlines()
        return "\n".join(lines[: SAMPLE + 2])

    def _assignments(self, connection: "Connection") -> "list[Assignment]":
        from alliance_sim.store import assignments

        asked_for = self.wanted.sessions
        if asked_for.assignment is not None:
            return [assignments.need(connection, asked_for.assignment)]
        cohorts = None if asked_for.cohort is None else [asked_for.cohort]
        found = assignments.every(connection, cohorts=cohorts)
        if not found:
            raise UsageProblem(
                "--format canvas: there are no assignments, and each is a column; one is made by: "
                "alliance-sim assignment add"
            )
        return found

    def _fill(
        self,
        path: Path,
        chosen: "list[Assignment]",
        grades: "Mapping[str, Mapping[str, float]]",
        out: BinaryIO,
    ) -> None:
        from alliance_sim.reporting.interop.canvas_gradebook import fill

        made = fill(_bytes_of(path), str(path), chosen, grades, self.points, self.names)
        out.write(made.data)
        if made.without_column:
            narrate(f"{path}: no column of {', '.join(made.without_column)}")
        if made.without_line:
            count = len(made.without_line)
            narrate(f"{path}: {count} trainee(s) with a grade are not in it")
        narrate(f"{made.cells} grade(s) put in")


def _bytes_of(path: Path) -> bytes:
    from alliance_sim.authoring.files import open_regular

    with open(open_regular(path), "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise InputProblem(f"{path}: larger than {LARGEST // 1_000_000} MB; is it a gradebook?")
    return data
