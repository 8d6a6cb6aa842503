"""Reading transcripts for scoring: JSON lines, CSV, `T:` and `C:` text, folders of them, a pipe.

What `practice --plain --json` prints can be read as it stands: lines of the kinds `therapist` and
`client` carry the words, `opened` the pace, and all other kinds are passed over.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from alliance_sim.authoring.bounded_lines import bounded_lines
from alliance_sim.authoring.files import open_regular
from alliance_sim.authoring.problems import FileProblems, Problem, whole_file
from alliance_sim.authoring.transcript_rows import rows
from alliance_sim.authoring.transcript_utterances import Gatherer
from alliance_sim.domain.transcript import Transcript

MOST_PROBLEMS = 50
"""Reading stops after so many."""

ENDINGS = (".jsonl", ".ndjson", ".csv", ".txt")
"""What a transcript in a folder may end in."""


def read_transcripts(source: Path | TextIO, name: str = "stdin") -> Iterator[Transcript]:
    """The transcripts of a file, of a folder, or of a stream whose form is told by its first line.

    A file or a folder is read through once before anything is yielded, so that either all of it
    is sound or nothing comes; a stream is yielded as it comes, up to the first problem. Memory
    holds one transcript at a time. `name` is for a stream's messages, and is the transcript's id
    where plain text has none.

    Raises FileProblems with all problems, at most `MOST_PROBLEMS`, each at its line and column.
    """
    if not isinstance(source, Path):
        yield from _Pass().stream(source, name)
        return
    paths = list(_files(source)) if os.path.isdir(source) else [source]
    for _ in _Pass().files(paths):
        pass
    yield from _Pass().files(paths)


def _files(folder: Path) -> Iterator[Path]:
    """Transcript files of a folder and of the folders in it, in the order of their names."""
    found = False
    for inside, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                found = True
                yield Path(inside, name)
    if not found:
        message = f"no transcripts in this folder; they end in {', '.join(ENDINGS)}"
        raise FileProblems([whole_file(folder, message)])


class _Enough(Exception):
    """So many problems that reading on would not help."""


class _Pass:
    """Reads some texts once, and gathers what is wrong with any of them."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._gatherer = Gatherer(self._report)

    def files(self, paths: list[Path]) -> Iterator[Transcript]:
        """The transcripts of all files. Raises FileProblems at the end, or once it is enough."""
        for path in paths:
            try:
                descriptor = open_regular(path)
            except FileProblems as stopped:
                self._problems += stopped.problems
                continue
            with open(descriptor, "rb") as opened:
                yield from self._sound(opened, str(path))
        self._finish()

    def stream(self, stream: TextIO, name: str) -> Iterator[Transcript]:
        """As `files`, of one stream."""
        yield from self._sound(stream, name)
        self._finish()

    def _sound(self, stream: TextIO | BinaryIO, name: str) -> Iterator[Transcript]:
        """The transcripts of one text, but none after a problem."""
        any_words = bool(self._problems)
        try:
            for row in rows(bounded_lines(stream, name), name, self._report):
                for transcript in self._gatherer.take(row):
                    any_words = True
                    if not self._problems:
                        yield transcript
            for transcript in self._gatherer.close():
                any_words = True
                if not self._problems:
                    yield transcript
            if not any_words and not self._problems:
                self._report(whole_file(name, "no utterances in it; a transcript was expected"))
        except FileProblems as stopped:
            self._problems += stopped.problems
        except _Enough:
            self._finish()

    def _report(self, problem: Problem) -> None:
        self._problems.append(problem)
        if len(self._problems) >= MOST_PROBLEMS:
            raise _Enough

    def _finish(self) -> None:
        if len(self._problems) >= MOST_PROBLEMS:
            last = self._problems[MOST_PROBLEMS - 1]
            message = f"reading stopped here after {MOST_PROBLEMS} problems; mend these first"
            self._problems[MOST_PROBLEMS:] = [Problem(last.path, last.line, last.col, message)]
        if self._problems:
            raise FileProblems(self._problems)
