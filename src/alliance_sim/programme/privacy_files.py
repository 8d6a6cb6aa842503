"""Files about a person that the program wrote beside the store, and deleting them.

Those in the register, each only as it was written; and what stands in the program's own folders by
her pseudonym or by the id of a session of hers.
"""

import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alliance_sim.programme.private_file import digest_of
from alliance_sim.programme.written import EVERYBODY, this_machine
from alliance_sim.store.repository import Store
from alliance_sim.store.written_files import WrittenFile

PAGES = "debriefs"
"""Folder of saved debriefs in the data folder, a page a session."""

CHOICES = "trainees"
"""Folder in the data folder with what trainees of a server have chosen, a folder each."""

_PSEUDONYM = re.compile(r"[A-Za-z0-9][\w.\-]*")


@dataclass(frozen=True)
class FilesGone:
    """What became of the files about a person."""

    deleted: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    """Path and why, for those which are still there."""
    settled: tuple[WrittenFile, ...] = ()
    """Those of the register that are there no more, be it since long ago."""


def delete_files(
    registered: Sequence[WrittenFile], data_folder: Path, person: str, sessions: Iterable[str]
) -> FilesGone:
    """Delete what can be deleted of a person's files, and tell what is left and why."""
    deleted: list[str] = []
    left: list[str] = []
    settled: list[WrittenFile] = []
    for file in registered:
        why = "holds rows of others too" if file.person == EVERYBODY else _delete(file)
        if why:
            left.append(f"{file.path}: {why}")
            continue
        settled.append(file)
        if why is None:
            deleted.append(file.path)
    for path in own_places(data_folder, person, sessions):
        try:
            _remove(path)
            deleted.append(str(path))
        except OSError as problem:
            left.append(f"{path}: cannot be deleted ({problem.strerror})")
    return FilesGone(tuple(deleted), tuple(left), tuple(settled))


def delete_session(store: Store, session_id: str, data_folder: Path) -> FilesGone:
    """Delete one session, and first its saved debriefs, which nobody would find without it.

    Raises what `Store.delete` raises.
    """
    files = delete_files((), data_folder, "", [session_id])
    store.delete(session_id)
    return files


def own_places(data_folder: Path, person: str, sessions: Iterable[str]) -> list[Path]:
    """What there is about a person in the program's own folders."""
    folders = [data_folder / PAGES, *(data_folder / CHOICES).glob(f"*/{PAGES}")]
    pages = [folder / f"{session}.html" for folder in folders for session in sessions]
    found = [page for page in pages if page.is_file()]
    choices = data_folder / CHOICES / person
    # What is no pseudonym could lead to another folder.
    return [*found, choices] if _PSEUDONYM.fullmatch(person) and choices.is_dir() else found


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _delete(file: WrittenFile) -> str | None:
    """Delete one: None where that was done, else why not; empty where it was gone already."""
    if file.host != this_machine():
        return f"written on the machine {file.host or 'without a name'}; delete it there"
    path = Path(file.path)
    try:
        if not path.exists():
            return ""
        if not path.is_file() or digest_of(path.read_bytes()) != file.digest:
            return "changed since it was written; look at it and delete it yourself"
        path.unlink()
    except OSError as problem:
        return f"cannot be deleted ({problem.strerror})"
    return None
