"""`cohort`: those who are asked to practise the same things."""

from typing import Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.listing import Form, FormOption, print_rows
from alliance_sim.cli.wiring import acting_user, narrate, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

app = typer.Typer(
    help="Cohorts: people who are asked to practise the same things.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The cohort's id.")]
People = Annotated[list[str], typer.Argument(metavar="PERSON...", help="Pseudonyms.")]

COLUMNS = ("id", "title", "members", "assignments", "retention_days")


@app.command()
def add(
    cohort: Id,
    title: Annotated[str, typer.Option(help="What people call it.")],
    retention: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=options.MOST_DAYS,
            help="Days after which its sessions may be deleted.",
            metavar="DAYS",
        ),
    ] = None,
    store: options.Store = None,
) -> None:
    """Add a cohort. Its id is of small letters, digits, - and _, as in spring-26."""
    from pydantic import ValidationError

    from alliance_sim.domain.programme import Cohort
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import cohorts

    now = SystemClock().now()
    try:
        new = Cohort(
            id=cohort, title=printable(title, lines=False), retention_days=retention, created_at=now
        )
    except ValidationError as problem:
        raise UsageProblem(_slip(problem, cohort)) from None
    with open_store(store) as opened:
        opened.transact(lambda connection: cohorts.add(connection, new))
    narrate(f"cohort {cohort} is there; people join by: alliance-sim roster import FILE --cohort")


def _slip(problem: Exception, cohort: str) -> str:
    if "title" in str(problem):
        return "the title is longer than 200 characters; shorten it"
    return f"{cohort!r} is no id; write small letters, digits, - and _, as in spring-26"


@app.command("list")
def list_cohorts(form: FormOption = Form.TABLE, store: options.Store = None) -> None:
    """One line a cohort: id, title, members, assignments, days of retention."""
    from alliance_sim.store import assignments, cohorts

    with open_store(store) as opened, opened.reading() as connection:
        sizes = cohorts.sizes(connection)
        asked = [each.cohort for each in assignments.every(connection)]
        rows = [
            (each.id, each.title, sizes.get(each.id, 0), asked.count(each.id), each.retention_days)
            for each in cohorts.every(connection)
        ]
    if not print_rows(COLUMNS, rows, form):
        narrate("No cohorts yet. Add one with: alliance-sim cohort add ID --title TITLE")


@app.command()
def show(cohort: Id, form: FormOption = Form.TABLE, store: options.Store = None) -> None:
    """Who is in a cohort, one line a person; what it was asked is told on standard error."""
    from alliance_sim.programme.dates import said
    from alliance_sim.store import assignments, cohorts, memberships, people

    with open_store(store) as opened, opened.reading() as connection:
        found = cohorts.need(connection, cohort)
        members = memberships.members(connection, cohort)
        roles = people.roles(connection)
        asked = assignments.every(connection, cohorts=[cohort])
    narrate(f"{found.title}: {len(members)} members, {_retention(found.retention_days)}")
    for each in asked:
        narrate(f"assignment {each.id}: {each.title}, due {said(each.due_at)}")
    print_rows(("person", "role"), ((name, roles.get(name)) for name in members), form)


def _retention(days: int | None) -> str:
    return "sessions are kept" if days is None else f"sessions are kept {days} days"


@app.command()
def remove(
    cohort: Id,
    force: Annotated[bool, typer.Option("--force", help="Its assignments go with it.")] = False,
    store: options.Store = None,
) -> None:
    """Remove a cohort. People and sessions stay."""
    from alliance_sim.programme.acting import Act
    from alliance_sim.programme.assignments import remove_cohort
    from alliance_sim.runtime.clock import SystemClock

    act = Act(acting_user(), SystemClock().now())
    with open_store(store) as opened:
        gone = remove_cohort(opened, cohort, force=force, act=act)
    also = f", and with it {', '.join(gone)}" if gone else ""
    narrate(f"cohort {cohort} is removed{also}; people and sessions stay")


@app.command()
def join(
    cohort: Id,
    persons: People,
    new: Annotated[
        bool, typer.Option("--new", help="Add those who are not there yet, as trainees.")
    ] = False,
    store: options.Store = None,
) -> None:
    """Add people to a cohort, by their pseudonyms."""
    from alliance_sim.programme.people import join_cohort
    from alliance_sim.runtime.clock import SystemClock

    with open_store(store) as opened:
        joined = join_cohort(opened, cohort, persons, new=new, now=SystemClock().now())
    there = len(set(persons)) - len(joined)
    narrate(f"{len(joined)} joined {cohort}" + (f"; {there} were in it already" if there else ""))


@app.command()
def leave(cohort: Id, persons: People, store: options.Store = None) -> None:
    """Take people out of a cohort. They and their sessions stay in the store."""
    from alliance_sim.store import cohorts, memberships

    with open_store(store) as opened:
        with opened.reading() as connection:
            cohorts.need(connection, cohort)
        gone = opened.transact(lambda connection: memberships.leave(connection, cohort, persons))
    strangers = sorted(set(persons) - set(gone))
    narrate(
        f"{len(gone)} left {cohort}" + (f"; not in it: {', '.join(strangers)}" if strangers else "")
    )
