"""Deleting a trainee: her sessions and all that was made of them, and who she was."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from alliance_sim.domain.programme import Role
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.key_file import forget, read_key
from alliance_sim.programme.privacy_files import FilesGone, delete_files, own_places
from alliance_sim.programme.privacy_login import end_login
from alliance_sim.programme.privacy_verify import Look, Trail, looked_at, phrases_in_files
from alliance_sim.programme.privacy_wipe import Wiped, wipe
from alliance_sim.programme.privacy_words import sampled_phrases
from alliance_sim.programme.written import EVERYBODY
from alliance_sim.runtime.clock import Clock
from alliance_sim.store import memberships, people
from alliance_sim.store.audit import note
from alliance_sim.store.erasing import erase, erase_person, sessions_of
from alliance_sim.store.repository import Store
from alliance_sim.store.written_files import WrittenFile, files_about


@dataclass(frozen=True)
class Belongings:
    """What there is of a person."""

    person: str
    known: bool
    """She is in the store by herself, not only by her sessions."""
    sessions: tuple[str, ...]
    cohorts: tuple[str, ...]
    files: tuple[WrittenFile, ...]
    """In the register about her; those about everybody come last."""
    places: tuple[Path, ...]
    """In the program's own folders."""
    named: bool
    """The key file says who she is."""


@dataclass(frozen=True)
class Deleted:
    """What was deleted, and what is left."""

    sessions: int
    files: FilesGone
    named: bool
    """A line of the key file was taken out."""
    wiped: Wiped
    login: str | None = None
    """Why she still has a login on the server; None where she has none."""

    @property
    def left(self) -> tuple[str, ...]:
        """What is still there, and why."""
        return (*self.files.left, self.login) if self.login else self.files.left


@dataclass(frozen=True)
class Proof:
    """What a look for her found after the deletion."""

    looks: tuple[Look, ...]
    phrases: int
    """Phrases of hers that were looked for."""
    before: int
    """How many of these stood in the database's files before."""


def belongings(store: Store, person: str, names: Path, data_folder: Path) -> Belongings:
    """What there is of a person. Raises UsageProblem for an instructor, or where there is nothing.

    `names` is the key file, `data_folder` the program's own.
    """
    if not person.strip() or person == EVERYBODY:
        raise UsageProblem("name a pseudonym, like t-k3f9ab")
    with store.reading() as connection:
        known = people.get(connection, person)
        sessions = tuple(sessions_of(connection, person, thoroughly=True))
        cohorts = tuple(memberships.cohorts_of(connection, person))
        files = sorted(
            files_about(connection, [person, EVERYBODY]), key=lambda file: file.person == EVERYBODY
        )
    if known and known.role is not Role.TRAINEE:
        raise UsageProblem(
            f"{person} is an {known.role.value}: overrides and answers belong to the records of "
            "trainees and stay with them"
        )
    places = tuple(own_places(data_folder, person, sessions))
    named = person in read_key(names).people
    about_her = [file for file in files if file.person == person]
    if not (known or sessions or cohorts or about_her or places or named):
        raise UsageProblem(f"{person}: there is nothing here of anybody by this pseudonym")
    return Belongings(person, known is not None, sessions, cohorts, tuple(files), places, named)


def delete_person(
    store: Store, found: Belongings, names: Path, data_folder: Path, clock: Clock, who: str
) -> Deleted:
    """Delete all that there is of a person.

    Her login first, so that nothing is added meanwhile, then files, and the key file last, with one
    transaction between: whatever happens on the way, the pseudonym is still known and the same
    command goes on from there.
    """
    person = found.person
    login = end_login(store, person)
    files = delete_files(found.files, data_folder, person, found.sessions)

    def work(connection: Connection) -> int:
        # Those that were added since are hers, too.
        sessions = {*found.sessions, *sessions_of(connection, person)}
        for session_id in sorted(sessions):
            erase(connection, session_id)
        erase_person(connection, person)
        detail = {
            "sessions": len(sessions),
            "files_deleted": len(files.deleted),
            "files_left": len(files.left),
        }
        note(connection, at=clock.now(), who=who, action="delete", subject=person, detail=detail)
        return len(sessions)

    count = store.transact(work)
    wiped = wipe(store)
    return Deleted(count, files, bool(forget(names, [person])), wiped, login)


def trail_of(store: Store, found: Belongings) -> tuple[Trail, int]:
    """What to look for after a deletion, taken before it; and how many of its phrases stand in
    the database's files now."""
    with store.reading() as connection:
        phrases = sampled_phrases(connection, found.sessions)
    before = phrases_in_files(store, phrases)
    return Trail(found.person, found.sessions, phrases), before


def proof(store: Store, trail: Trail, before: int, names: Path, files: Sequence[str]) -> Proof:
    """Look for what is left; `files` are those that were deleted."""
    looks = looked_at(store, trail, names)
    for path in files:
        there = ("the file is there again",) if Path(path).exists() else ()
        looks.append(Look(path, "gone" if not there else "there", there))
    return Proof(tuple(looks), len(trail.phrases), before)
