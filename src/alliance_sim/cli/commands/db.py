"""`db copy|rebuild|roles|grant|revoke`: the store as a whole, and who may do what on a server."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.progress import progress
from alliance_sim.cli.wiring import acting_user, narrate, open_store, store_name
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alliance_sim.domain.programme import Role
    from alliance_sim.store.repository import Store

app = typer.Typer(
    help="The store: copied, rebuilt, and on a server who may do what.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Person = Annotated[str, typer.Argument(help="Whose login: a trainee's or instructor's id.")]


@app.command("copy")
def copy(
    source: Annotated[str, typer.Argument(help="The store that is copied: a file or a URL.")],
    target: Annotated[str, typer.Argument(help="A new store: a file or a URL.")],
) -> None:
    """Copy everything into an empty store, between files and servers, and compare both."""
    from alliance_sim.store.copying import copy_store, count_rows
    from alliance_sim.store.place import locate

    origin = locate(store_name(source))
    if origin == locate(store_name(target)):
        raise UsageProblem("source and target are the same store")
    if origin.path and not origin.path.exists():
        raise InputProblem(f"{origin.label}: there is no such store to copy")
    with open_store(source) as reader, open_store(target) as writer:
        with reader.reading() as connection:
            total = sum(count_rows(connection).values())
        with progress("copying", total) as step:
            counts = copy_store(reader, writer, step)
        detail = {"from": reader.label, "rows": sum(counts.values())}
        writer.transact(lambda connection: _note(connection, "copy", writer.label, detail))
        narrate(f"everything is in {writer.label}, and compared row by row")
    for name, rows in counts.items():
        sys.stdout.write(f"{name}\t{rows}\n")


@app.command("rebuild")
def rebuild(store: options.Store = None) -> None:
    """Make the index of sessions, scores and appeals again from the events."""
    with open_store(store) as opened:
        opened.rebuild_index()
    narrate("the index is made again from the events")


@app.command("roles")
def roles(store: options.Store = None) -> None:
    """Set up the rights on a server: of trainees, of instructors, of coordinators."""
    from alliance_sim.store.rights import COORDINATOR, GROUPS, secure

    def work(connection: "Connection") -> None:
        secure(connection)
        _note(connection, "grant", "roles", {"groups": [*GROUPS.values(), COORDINATOR]})

    with open_store(store) as opened:
        opened.transact(work)
    narrate("the rights are set up; let people in with: alliance-sim db grant PERSON")


@app.command("grant")
def grant(
    person: Person,
    instructor: Annotated[
        bool, typer.Option("--instructor", help="Reads all sessions, changes scores, imports.")
    ] = False,
    coordinator: Annotated[
        bool, typer.Option("--coordinator", help="An instructor who keeps people, and deletes.")
    ] = False,
    served_by: Annotated[
        str | None,
        typer.Option(
            "--served-by", metavar="LOGIN", help="A trainee: serve --own-rights has this login."
        ),
    ] = None,
    store: options.Store = None,
) -> None:
    """Let a person in, and print the address of the store for her, with a new password."""
    from alliance_sim.domain.programme import Role
    from alliance_sim.store.place import locate
    from alliance_sim.store.rights import grant as let_in
    from alliance_sim.store.rights import lend

    role = Role.INSTRUCTOR if instructor or coordinator else Role.TRAINEE
    if served_by is not None and role is not Role.TRAINEE:
        raise UsageProblem("--served-by is for trainees: tabs are theirs")

    def work(connection: "Connection") -> str:
        password = let_in(connection, person, role, coordinates=coordinator)
        if served_by is not None:
            lend(connection, person, served_by)
        _note(connection, "grant", person, {"role": "coordinator" if coordinator else role.value})
        return password

    with open_store(store) as opened:
        _known(opened, person, role)
        password = opened.transact(work)
    url = locate(store_name(store)).url.set(
        drivername="postgresql", username=person, password=password
    )
    sys.stdout.write(url.render_as_string(hide_password=False) + "\n")
    narrate(
        "this address is hers alone and its password is shown once: give it to her as "
        "ALLIANCE_SIM_STORE, by a way that others do not read"
    )


@app.command("revoke")
def revoke(person: Person, store: options.Store = None) -> None:
    """Let a person in no more. Her sessions stay."""
    from alliance_sim.store.rights import revoke as let_out

    def work(connection: "Connection") -> None:
        let_out(connection, person)
        _note(connection, "revoke", person, {})

    with open_store(store) as opened:
        opened.transact(work)
    narrate(f"{person} is let in no more; her sessions stay")


def _known(opened: "Store", person: str, role: "Role") -> None:
    """That the person is in the programme, and is what she is let in as. Raises UsageProblem."""
    from sqlalchemy import select

    from alliance_sim.store.tables import people

    with opened.reading() as connection:
        found = connection.scalar(select(people.c.role).where(people.c.id == person))
    if found is None:
        raise UsageProblem(
            f"{person}: nobody in the programme has this id; add her first (roster import)"
        )
    if found != role:
        raise UsageProblem(f"{person} is in the programme as {found}, not as {role}")


def _note(connection: "Connection", action: str, subject: str, detail: dict[str, object]) -> None:
    """Note in the audit log what the same transaction does."""
    from datetime import UTC, datetime

    from alliance_sim.store.audit import note

    at, who = datetime.now(UTC), acting_user()
    note(connection, at=at, who=who, action=action, subject=subject, detail=detail)
