"""What a roster asks to be done, found without doing it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from alliance_sim.authoring.problems import FileProblems, Problem
from alliance_sim.domain.programme import Role
from alliance_sim.errors import UsageProblem
from alliance_sim.programme.identity import Identity
from alliance_sim.programme.key_file import KeyFile
from alliance_sim.programme.roster_rows import RosterRow


class What(StrEnum):
    """What becomes of somebody."""

    NEW = "new"
    """Gets a pseudonym, and joins the cohort."""
    JOINS = "joins"
    """Has a pseudonym, and was not in the cohort."""
    CHANGED = "changed"
    """Is in the cohort; the roster knows something of her anew."""
    THERE = "already there"
    LEFT = "left"
    """Is in the cohort, and not in the roster."""


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one person."""

    what: What
    person: str
    cohort: str
    line: int | None = None
    """Of the roster; None for those who are not in it."""
    identity: Identity = field(default_factory=Identity)
    """As it will stand in the key file."""
    changed: tuple[str, ...] = ()
    """Columns of the key file that change."""


@dataclass(frozen=True)
class Known:
    """What the key file and the store know before."""

    key: KeyFile
    roles: Mapping[str, Role]
    """Of everybody in the store."""
    members: Mapping[str, frozenset[str]]
    """Of every cohort that there is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a roster is to be taken."""

    cohort: str | None = None
    """Where those belong whose row names no cohort."""
    role: Role = Role.TRAINEE
    others: bool = False
    """They are further people: that the key file knows no member of the cohort is no mistake."""
    leave: bool = False
    """Those who have left the roster leave the cohort."""


def plan(
    rows: Iterable[RosterRow], known: Known, wanted: Wanted, *, path: str, draw: Callable[[], str]
) -> list[Step]:
    """What is to be done, in the order of the roster; those who have left come last.

    `draw` gives a pseudonym that nobody has. Somebody is found in the key file by Canvas's number,
    the school's, the login, and the address. Raises FileProblems, naming `path`, where a row could
    be two people, one person has two rows, somebody has another role, or there is no such cohort;
    UsageProblem where the key file seems to be another's.
    """
    index = {
        key: person for person, identity in known.key.people.items() for key in identity.marks()
    }
    problems: list[Problem] = []
    lines: dict[str, int] = {}
    steps: list[Step] = []
    for row in rows:
        found = sorted({index[key] for key in row.identity.marks() if key in index})
        into = row.cohort or wanted.cohort or ""
        wrong = _no_cohort(into, known) or _no_person(found, known, wanted.role, lines)
        if wrong:
            problems.append(Problem(path, row.line, 1, wrong))
            continue
        steps.append(_step(row, found[0] if found else None, into, known, draw))
        lines[steps[-1].person] = row.line
    if problems:
        raise FileProblems(problems)
    if not wanted.others:
        _check_key_file(steps, known)
    return [*steps, *_left(steps, known, wanted.role)]


def _no_cohort(cohort: str, known: Known) -> str | None:
    if not cohort:
        return "no cohort; name one in the column cohort, or with --cohort"
    if cohort not in known.members:
        add = f"alliance-sim cohort add {cohort} --title TITLE"
        return f"{cohort}: no such cohort; add it first: {add}"
    return None


def _no_person(
    found: Sequence[str], known: Known, role: Role, lines: Mapping[str, int]
) -> str | None:
    """Why a row cannot be whom the key file says it is; None for somebody new."""
    if len(found) > 1:
        who = " and ".join(found)
        return f"its numbers and its address belong to {who}; correct them, or the key file"
    for person in found:
        if person in lines:
            return f"{person} again, as on line {lines[person]}; keep one of the two"
        if known.roles.get(person, role) is not role:
            return f"{person} is here as {known.roles[person]}, not {role}; take the row out"
    return None


def _step(
    row: RosterRow, person: str | None, cohort: str, known: Known, draw: Callable[[], str]
) -> Step:
    if person is None:
        return Step(What.NEW, draw(), cohort, row.line, row.identity)
    before = known.key.people[person]
    after = before.updated(row.identity)
    changed = before.differences(after)
    if person not in known.members[cohort]:
        what = What.JOINS
    else:
        what = What.CHANGED if changed else What.THERE
    return Step(what, person, cohort, row.line, after, changed)


def _check_key_file(steps: list[Step], known: Known) -> None:
    """Somebody else's key file, or an empty one, would make everybody new a second time."""
    for cohort in dict.fromkeys(step.cohort for step in steps):
        members = known.members[cohort]
        if members and members.isdisjoint(known.key.people):
            raise UsageProblem(
                f"{cohort} has {len(members)} members and the key file names none of them; name "
                "the right one with --names FILE, or say --others if these are further people"
            )


def _left(steps: list[Step], known: Known, role: Role) -> Iterator[Step]:
    staying: dict[str, set[str]] = {}
    for step in steps:
        staying.setdefault(step.cohort, set()).add(step.person)
    for cohort, persons in staying.items():
        for person in sorted(known.members[cohort] - persons):
            if known.roles.get(person) is role:
                yield Step(What.LEFT, person, cohort)
