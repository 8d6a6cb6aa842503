"""`roster`: who takes part, by pseudonym; names from the key file alone."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.listing import Cell, Form, FormOption, print_rows
from alliance_sim.cli.naming import Names, key_path
from alliance_sim.cli.wiring import acting_user, narrate, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alliance_sim.programme.key_file import KeyFile
    from alliance_sim.programme.roster import Step

app = typer.Typer(
    help="People: pseudonyms in the store, names in a key file of their own.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

STEPS = ("line", "what", "person", "cohort", "changes")
PEOPLE = ("person", "role", "cohorts")
NAMED = ("name", "email", "ID", "SIS User ID", "SIS Login ID", "Section")


class RoleName(StrEnum):
    """What people take part as."""

    TRAINEE = "trainee"
    INSTRUCTOR = "instructor"


@app.command("import")
def import_roster(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A CSV file with a header.")],
    cohort: Annotated[
        str | None,
        typer.Option(help="For those whose row names no cohort.", metavar="ID"),
    ] = None,
    role: Annotated[RoleName, typer.Option(help="What they take part as.")] = RoleName.TRAINEE,
    leave: Annotated[
        bool,
        typer.Option("--leave", help="Who is in the cohort and not in the file leaves the cohort."),
    ] = False,
    others: Annotated[
        bool,
        typer.Option("--others", help="These are further people; the key file names none yet."),
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(help="The file's encoding, where it is not UTF-8 or UTF-16."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be done, and do nothing.")
    ] = False,
    names: Names = None,
    form: FormOption = Form.TABLE,
    store: options.Store = None,
) -> None:
    """Take a roster in: everybody gets a pseudonym and joins the cohort, or nobody does.

    Columns: name, email, ID, SIS User ID, SIS Login ID, Section, cohort, in any order, separated by
    comma, semicolon or tab. Who is in the key file already keeps the pseudonym. One line a person
    on standard output: line of the file, what is done (new, joins, changed, already there, left),
    pseudonym, cohort, what changes in the key file.
    """
    from alliance_sim.domain.programme import Role
    from alliance_sim.programme import roster_import
    from alliance_sim.programme.acting import Act
    from alliance_sim.programme.roster import Wanted
    from alliance_sim.programme.roster_rows import read_roster
    from alliance_sim.runtime.clock import SystemClock, system_randomness

    roster = read_roster(file, encoding)
    if roster.strange:
        narrate(f"columns that are left out: {', '.join(roster.strange)}")
    wanted = Wanted(cohort=cohort, role=Role(role), others=others, leave=leave)
    key, chance = key_path(names, store), system_randomness()
    with open_store(store) as opened:
        if dry_run:
            steps = roster_import.plan_roster(
                opened, key, roster.rows, wanted, path=str(file), randomness=chance
            )
        else:
            steps = roster_import.import_roster(
                opened,
                key,
                roster.rows,
                wanted,
                path=str(file),
                randomness=chance,
                act=Act(acting_user(), SystemClock().now()),
            )
    print_rows(STEPS, _step_rows(steps, leave=leave, drawn=not dry_run), form)
    _tell(steps, key, dry_run=dry_run)


def _step_rows(
    steps: "Sequence[Step]", *, leave: bool, drawn: bool
) -> "Iterator[tuple[Cell, ...]]":
    """`drawn`: the pseudonyms of new people are for good."""
    for step in steps:
        person = step.person if drawn or step.what != "new" else None
        changes = ", ".join(step.changed)
        if step.what == "left":
            changes = "leaves the cohort" if leave else "stays in the cohort"
        yield (step.line, str(step.what), person, step.cohort, changes)


def _tell(steps: "Sequence[Step]", key: Path, *, dry_run: bool) -> None:
    from collections import Counter

    counts = Counter(str(step.what) for step in steps)
    told = ", ".join(f"{count} {what}" for what, count in counts.items())
    if dry_run:
        narrate(f"would be: {told}; nothing was changed")
    else:
        narrate(f"{told}; names are in {key}, and nowhere else")


@app.command()
def add(
    name: Annotated[str, typer.Option(help="For the key file.")] = "",
    email: Annotated[str, typer.Option(help="For the key file.")] = "",
    number: Annotated[
        str, typer.Option("--id", help="The school's number of her, for the key file.")
    ] = "",
    cohort: Annotated[
        str | None,
        typer.Option(help="Which she joins.", metavar="ID"),
    ] = None,
    role: Annotated[RoleName, typer.Option(help="What she takes part as.")] = RoleName.TRAINEE,
    names: Names = None,
    store: options.Store = None,
) -> None:
    """Add one person, and print the pseudonym. Without name, address or number nobody knows who."""
    from alliance_sim.cli.commands.sessions import print_line
    from alliance_sim.domain.clean import printable
    from alliance_sim.domain.programme import Role
    from alliance_sim.programme.acting import Act
    from alliance_sim.programme.identity import Identity
    from alliance_sim.programme.people import add_person
    from alliance_sim.runtime.clock import SystemClock, system_randomness

    told = [printable(text, lines=False) for text in (name, email, number)]
    identity = Identity(name=told[0], email=told[1], sis_user_id=told[2])
    with open_store(store) as opened:
        pseudonym = add_person(
            opened,
            key_path(names, store),
            identity,
            role=Role(role),
            cohort=cohort,
            act=Act(acting_user(), SystemClock().now()),
            randomness=system_randomness(),
        )
    print_line(pseudonym)


@app.command("list")
def list_people(
    cohort: Annotated[
        str | None,
        typer.Option(help="Only its members.", metavar="ID"),
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Show names from this key file; the audit log notes it."),
    ] = None,
    form: FormOption = Form.TABLE,
    store: options.Store = None,
) -> None:
    """One line a person: pseudonym, role, cohorts; with --names who each of them is."""
    from alliance_sim.programme.key_file import needed_key
    from alliance_sim.programme.people import listed, note_names
    from alliance_sim.runtime.clock import SystemClock

    key = None if names is None else needed_key(names.expanduser())
    with open_store(store) as opened:
        found = listed(opened, cohort)
        if key is not None:
            shown = [person for person, _, _ in found if person in key.people]
            note_names(opened, shown, cohort or "roster", acting_user(), SystemClock().now())
    columns = PEOPLE if key is None else (*PEOPLE, *NAMED)
    rows = ((person, role, cohorts, *_who(key, person)) for person, role, cohorts in found)
    if not print_rows(columns, rows, form):
        narrate("Nobody yet. People come by: alliance-sim roster import FILE --cohort ID")


def _who(key: "KeyFile | None", person: str) -> "tuple[str, ...]":
    from alliance_sim.programme.identity import FIELDS, Identity

    if key is None:
        return ()
    identity = key.people.get(person, Identity())
    return tuple(getattr(identity, field) for field in FIELDS)


@app.command("name")
def name_person(
    person: Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonym.")],
    names: Names = None,
    form: FormOption = Form.TABLE,
    store: options.Store = None,
) -> None:
    """Say who somebody is, by the key file. The audit log notes that it was asked."""
    from alliance_sim.programme.key_file import needed_key
    from alliance_sim.programme.people import note_names
    from alliance_sim.runtime.clock import SystemClock

    key = needed_key(key_path(names, store))
    key.need(person)
    with open_store(store) as opened:
        note_names(opened, [person], person, acting_user(), SystemClock().now())
    print_rows(("person", *NAMED), [(person, *_who(key, person))], form)
