"""The key file: which pseudonym is whom. The one place where names are, apart from every store.

A CSV table (`trainee, name, email, ID, SIS User ID, SIS Login ID, Section`, and whatever further
columns somebody keeps in it) with rights for its owner alone. It is replaced as a whole or not at
all, and by one program at a time.
"""

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from glob import escape
from io import StringIO
from pathlib import Path
from shutil import copyfile

from alliance_sim.authoring.files import open_regular
from alliance_sim.authoring.problems import FileProblems, Problem
from alliance_sim.domain.clean import printable
from alliance_sim.domain.pseudonym import is_pseudonym
from alliance_sim.errors import AllianceError, InputProblem, StoreProblem, UsageProblem
from alliance_sim.programme.columns import TRAINEE, field_of, fields_of, title_of
from alliance_sim.programme.delimited import UTF8, Record, records
from alliance_sim.programme.identity import COLUMNS, FIELDS, Identity
from alliance_sim.programme.private_file import MODE, alone_with, write_private
from alliance_sim.store.transactions import FateUnknown

NAME = "names.csv"
_SIGN = r"(?=[\s']*[=+\-@＝＋－＠])"
_FORMULA, _DISARMED = re.compile(f"(^|;){_SIGN}"), re.compile(f"(^|;)'{_SIGN}")
"""What a spreadsheet would run, also where it cuts a cell at its semicolons; and what was."""


@dataclass(frozen=True)
class KeyFile:
    """What a key file says. Never changed; `with_people` and `without` give another one."""

    people: Mapping[str, Identity] = field(default_factory=dict)
    """By pseudonym."""
    further: tuple[str, ...] = ()
    """Titles of columns that the program does nothing with, and keeps."""
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What stands in them, by pseudonym."""

    def with_people(self, new: Mapping[str, Identity]) -> "KeyFile":
        """With these people in it, each in place of what it said of her."""
        return replace(self, people={**self.people, **new})

    def without(self, pseudonyms: Iterable[str]) -> "KeyFile":
        """Without these people."""
        gone = set(pseudonyms)
        left = {name: who for name, who in self.people.items() if name not in gone}
        notes = {name: said for name, said in self.notes.items() if name not in gone}
        return replace(self, people=left, notes=notes)

    def need(self, pseudonym: str) -> Identity:
        """Who somebody is. Raises UsageProblem where it does not say."""
        found = self.people.get(pseudonym)
        if found is None:
            raise UsageProblem(f"{pseudonym}: the key file does not say who this is")
        return found


def default_path(store: Path | None, data_folder: Path) -> Path:
    """Where a store's key file is: beside its file, or in the data folder where it is a server."""
    return (store.parent if store else data_folder) / NAME


def read_key(path: Path) -> KeyFile:
    """Read a key file; an empty one where there is none.

    Raises FileProblems where it is no key file, or says two things of one person.
    """
    if not _is_there(path):
        return KeyFile()
    with (
        open(open_regular(path), "rb") as file,
        closing(records(file, str(path), lambda title: field_of(title) is not None)) as table,
    ):
        header = next(table, None)
        return KeyFile() if header is None else _read(header, table, str(path))


def needed_key(path: Path) -> KeyFile:
    """Read a key file that has to be there. Raises InputProblem where it is not."""
    if not _is_there(path):
        raise InputProblem(f"{path}: there is no such key file; name it with --names FILE")
    return read_key(path)


@contextmanager
def held(path: Path) -> Iterator[Path]:
    """The key file for this program alone; gives where it truly is, links followed.

    What others are about to write is waited for. Raises StoreProblem where that takes too long,
    or its folder cannot be used.
    """
    true = Path(os.path.realpath(path))
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_with(true))
        except TimeoutError:
            waited = "another program works with it; wait for that one"
            raise StoreProblem(f"{path}: {waited}") from None
        except OSError as problem:
            raise _unwritable(path, problem) from None
        _clear(true)
        yield true


@contextmanager
def kept_if_saved(path: Path, key: KeyFile) -> Iterator[None]:
    """Put another key file in the place of the one at `path`, which is `held`, and save the rest.

    The names are written first: a program that is killed in between leaves names of people whom
    the store has not, who get the same pseudonyms next time; the other way round there would be
    people of whom nobody knows who they are. Where saving fails, the old file is put back. Raises
    StoreProblem where the file cannot be written; then nothing has changed.
    """
    old = _before(path)
    try:
        _keep(path, old)
        write_private(path, key_text(key).encode(UTF8))
    except OSError as problem:
        old.unlink(missing_ok=True)
        raise _unwritable(path, problem) from None
    try:
        yield
    except FateUnknown:
        raise  # it may have been saved
    except AllianceError:
        _put_back(path, old)
        raise
    finally:
        old.unlink(missing_ok=True)


def forget(path: Path, pseudonyms: Iterable[str]) -> int:
    """Take people out of a key file; how many were in it. Nothing is done where there is none."""
    gone = set(pseudonyms)
    if not _is_there(path):
        return 0
    with held(path) as true:
        key = read_key(true)
        found = len(gone & key.people.keys())
        if found:
            with kept_if_saved(true, key.without(gone)):
                pass
    return found


def key_text(key: KeyFile) -> str:
    """A key file's text. A cell that a spreadsheet would take for a formula begins with a quote."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([TRAINEE, *COLUMNS.values(), *(_guarded(title) for title in key.further)])
    for pseudonym, who in key.people.items():
        told = [getattr(who, name) for name in COLUMNS]
        notes = key.notes.get(pseudonym, ("",) * len(key.further))
        writer.writerow([pseudonym, *(_guarded(cell) for cell in (*told, *notes))])
    return out.getvalue()


# ---- inside ----------------------------------------------------------------------------------


def _read(header: Record, table: Iterator[Record], path: str) -> KeyFile:
    fields = fields_of(header.cells)
    if TRAINEE not in fields:
        message = "this is no key file: it has no column trainee; name the file with the names"
        raise FileProblems([Problem(path, header.line, 1, message)])
    kept = [name if name in {TRAINEE, *FIELDS} else None for name in fields]
    for name in (TRAINEE, *FIELDS):
        if kept.count(name) > 1:
            message = f"two columns are the {title_of(name)}; keep one of them"
            raise FileProblems([Problem(path, header.line, 1, message)])
    further = tuple(title for title, name in zip(header.cells, kept, strict=True) if name is None)
    people: dict[str, Identity] = {}
    notes: dict[str, tuple[str, ...]] = {}
    lines: dict[tuple[str, str], int] = {}
    problems: list[Problem] = []
    for record in table:
        cells = [_literal(cell) for cell in record.cells] + [""] * len(kept)
        pairs = list(zip(kept, cells, strict=False))
        told = {known: printable(cell, lines=False) for known, cell in pairs if known}
        pseudonym = told.pop(TRAINEE)
        who = Identity(**told)
        clash = _clash(pseudonym, who, record.line, lines)
        if clash:
            problems.append(Problem(path, record.line, 1, clash))
        people[pseudonym] = who
        notes[pseudonym] = tuple(cell for known, cell in pairs if known is None)
    if problems:
        raise FileProblems(problems)
    return KeyFile(people, further, notes if further else {})


def _clash(
    pseudonym: str, who: Identity, line: int, lines: dict[tuple[str, str], int]
) -> str | None:
    """What a row says that an earlier one says of somebody else."""
    if not is_pseudonym(pseudonym):
        return "no pseudonym under trainee, as in t-k3f9ab; write it, or delete the row"
    for name, key in ((TRAINEE, pseudonym), *who.marks()):
        first = lines.setdefault((name, key), line)
        if first != line:
            return f"the same {title_of(name)} as on line {first}; keep one of them"
    return None


def _guarded(cell: str) -> str:
    return _FORMULA.sub(r"\1'", cell)


def _literal(cell: str) -> str:
    """What was written by `_guarded`. A name that begins with an apostrophe keeps it."""
    return _DISARMED.sub(r"\1", cell)


def _keep(path: Path, old: Path) -> None:
    """Give what is there now a second name; a copy where the disk knows no such thing."""
    if not path.exists():
        return
    try:
        os.link(path, old)
    except OSError:
        with suppress(FileExistsError):
            os.close(os.open(old, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))
        copyfile(path, old)


def _clear(path: Path) -> None:
    """Delete what programs that were killed have left beside the file: it holds names."""
    for left in path.parent.glob(f".{escape(path.name)}.*"):
        left.unlink(missing_ok=True)


def _before(path: Path) -> Path:
    return path.with_name(f".{path.name}.before")


def _put_back(path: Path, old: Path) -> None:
    with suppress(OSError):
        if old.exists():
            os.replace(old, path)
        else:
            path.unlink(missing_ok=True)


def _is_there(path: Path) -> bool:
    """Whether there is something; also where that cannot be told, so that reading it says why."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError):
        return True
    return True


def _unwritable(path: Path, problem: OSError) -> StoreProblem:
    reason = (problem.strerror or type(problem).__name__).lower()
    return StoreProblem(f"{path}: {reason}; the key file cannot be written there")
