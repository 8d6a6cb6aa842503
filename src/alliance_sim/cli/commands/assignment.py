"""`assignment`: what a cohort is asked to practise, and who has."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.listing import Cell, Form, FormOption, print_rows
from alliance_sim.cli.wiring import acting_user, narrate, open_library, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from alliance_sim.domain.programme import Assignment
    from alliance_sim.programme.standing import Standing

app = typer.Typer(
    help="Assignments: what a cohort is asked to practise.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The assignment's id.")]

COLUMNS = (
    *("id", "cohort", "title", "clients", "attempts"),
    *("exam", "opens", "due", "keep", "rubrics"),
)
HERS = ("assignment", "title", "state", "clients", "due", "used", "left", "exam", "overall")
THEIRS = ("trainee", "state", "used", "left", "last", "late", "session", "overall")


class Keep(StrEnum):
    BEST = "best"
    LAST = "last"


@app.command()
def add(
    assignment: Id,
    cohort: Annotated[str, typer.Option(help="Who is asked.", metavar="ID")],
    title: Annotated[str, typer.Option(help="What the trainees read.")],
    scenario: Annotated[
        list[str],
        typer.Option(help="A client; again for others that earn equal credit.", metavar="ID"),
    ],
    rubric: Annotated[
        list[str] | None,
        typer.Option(help="A rubric that counts (default: all of the client's).", metavar="ID"),
    ] = None,
    attempts: Annotated[
        int | None,
        typer.Option(
            min=1, max=options.MOST, help="How many sessions count (default: any number)."
        ),
    ] = None,
    exam: Annotated[bool, typer.Option("--exam", help="No hints, no panel, no retry.")] = False,
    opens: Annotated[
        str | None,
        typer.Option(help="2026-03-02 or 2026-03-02T09:00; local time.", metavar="DATE"),
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(help="The same; a day alone counts to its end.", metavar="DATE"),
    ] = None,
    keep: Annotated[
        Keep, typer.Option(help="Which attempt counts where one number is wanted.")
    ] = Keep.LAST,
    store: options.Store = None,
) -> None:
    """Ask a cohort to practise with a client, or with one of several."""
    from alliance_sim.programme.assignments import add_assignment
    from alliance_sim.programme.dates import read_date
    from alliance_sim.runtime.clock import SystemClock

    now = SystemClock().now()
    asked = _assignment(
        id=assignment,
        cohort=cohort,
        title=printable(title, lines=False),
        scenarios=tuple(scenario),
        rubrics=tuple(rubric or ()),
        attempts=attempts,
        exam=exam,
        opens_at=read_date(opens) if opens else None,
        due_at=read_date(due, last=True) if due else None,
        keep=keep.value,
        created_at=now,
    )
    library = open_library()
    loaded = [library.scenario(name) for name in scenario if name in library.scenario_ids()]
    with open_store(store) as opened:
        add_assignment(
            opened,
            asked,
            scenarios=library.scenario_ids(),
            rubrics=library.rubric_ids(),
            clients=loaded,
        )
    _say_back(asked, now)
    if len(loaded) == 1 and (others := loaded[0].alternatives):
        narrate(f"by its author {', '.join(others)} earn equal credit; --scenario names them too")


def _assignment(**values: object) -> "Assignment":
    from pydantic import ValidationError

    from alliance_sim.domain.programme import Assignment

    try:
        return Assignment.model_validate(values)
    except ValidationError as problem:
        slip = problem.errors(include_url=False, include_input=False)[0]
        where = str(slip["loc"][0])
        if where in {"id", "cohort"}:
            right = "write small letters, digits, - and _, as in week-3"
            raise UsageProblem(f"{values[where]!r} is no id; {right}") from None
        raise UsageProblem(f"--{where}: {slip['msg']}") from None


def _say_back(asked: "Assignment", now: "datetime") -> None:
    from alliance_sim.programme.dates import said_twice

    narrate(f"cohort {asked.cohort} is asked for {asked.id}: {asked.title}")
    if asked.opens_at:
        narrate(f"opens {said_twice(asked.opens_at)}")
    if asked.due_at:
        over = "; that is over" if asked.due_at < now else ""
        narrate(f"due {said_twice(asked.due_at)}{over}")


@app.command("list")
def list_assignments(
    cohort: Annotated[
        str | None,
        typer.Option(help="Only what it is asked.", metavar="ID"),
    ] = None,
    trainee: Annotated[
        str | None,
        typer.Option(help="What she is asked, and where she stands.", metavar="ID"),
    ] = None,
    form: FormOption = Form.TABLE,
    store: options.Store = None,
) -> None:
    """One line an assignment, what is due first; with --trainee where she stands with each."""
    from alliance_sim.programme.standing import of_trainee
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import assignments, cohorts, people

    with open_store(store) as opened, opened.reading() as connection:
        if cohort is not None:
            cohorts.need(connection, cohort)
        if trainee is not None:
            people.need(connection, trainee)
            hers = of_trainee(connection, trainee, SystemClock().now())
            asked = [each for each in hers if cohort in {None, each.assignment.cohort}]
            kept = _graded(connection, asked)
            count = print_rows(HERS, (_her_row(each, form) for each in kept), form)
        else:
            found = assignments.every(connection, cohorts=None if cohort is None else [cohort])
            count = print_rows(COLUMNS, (_row(each, form) for each in found), form)
    if not count:
        narrate("No assignments. Add one with: alliance-sim assignment add ID")


@app.command()
def show(assignment: Id, form: FormOption = Form.TABLE, store: options.Store = None) -> None:
    """Where each trainee of the cohort stands: to do, begun, done, done late, overdue."""
    from alliance_sim.programme.standing import of_assignment
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import assignments

    now = SystemClock().now()
    with open_store(store) as opened, opened.reading() as connection:
        found = assignments.need(connection, assignment)
        standings = _graded(connection, of_assignment(connection, found, now))
    _describe(found, standings)
    print_rows(THEIRS, (_their_row(each, form) for each in standings), form)


def _graded(connection: "Connection", standings: "list[Standing]") -> "list[Standing]":
    """With what the rubrics that count give to each attempt."""
    from alliance_sim.programme.grades import graded, grades

    asked = {each.assignment.id: each.assignment for each in standings if each.assignment.rubrics}
    if not asked:
        return standings
    return graded(standings, grades(connection, asked.values(), open_library()))


def _describe(found: "Assignment", standings: "Sequence[Standing]") -> None:
    from alliance_sim.programme.dates import said

    most = "any number of attempts" if found.attempts is None else f"{found.attempts} attempts"
    clients = " or ".join(found.scenarios)
    exam = ", as an exam" if found.exam else ""
    narrate(
        f"{found.title}: cohort {found.cohort}, {clients}{exam}, {most}, keeps the {found.keep}"
    )
    narrate(f"opens {said(found.opens_at)}, due {said(found.due_at)}")
    if found.rubrics:
        narrate(f"what counts: {', '.join(found.rubrics)}")
    begun = sum(bool(each.used) for each in standings)
    done = sum(bool(each.ended) for each in standings)
    narrate(f"{len(standings)} trainees: {begun} have begun, {done} are done")


@app.command()
def remove(
    assignment: Id,
    force: Annotated[
        bool, typer.Option("--force", help="Even where somebody has begun it.")
    ] = False,
    store: options.Store = None,
) -> None:
    """Take an assignment back. Sessions that were held for it stay."""
    from alliance_sim.programme.acting import Act
    from alliance_sim.programme.assignments import remove_assignment
    from alliance_sim.runtime.clock import SystemClock

    act = Act(acting_user(), SystemClock().now())
    with open_store(store) as opened:
        count = remove_assignment(opened, assignment, force=force, act=act)
    narrate(
        f"{assignment} is removed" + (f"; {count} sessions count for nothing now" if count else "")
    )


# ---- rows ------------------------------------------------------------------------------------


def _row(each: "Assignment", form: Form) -> "tuple[Cell, ...]":
    return (
        each.id,
        each.cohort,
        each.title,
        each.scenarios,
        each.attempts,
        each.exam,
        _time(each.opens_at, form),
        _time(each.due_at, form),
        each.keep,
        each.rubrics,
    )


def _her_row(each: "Standing", form: Form) -> "tuple[Cell, ...]":
    asked, counting = each.assignment, each.counting
    return (
        asked.id,
        asked.title,
        str(each.state),
        asked.scenarios,
        _time(asked.due_at, form),
        len(each.used),
        each.left,
        asked.exam,
        counting.overall if counting else None,
    )


def _their_row(each: "Standing", form: Form) -> "tuple[Cell, ...]":
    from alliance_sim.programme.standing import is_late

    counting = each.counting
    last = each.held[-1] if each.held else None
    return (
        each.trainee,
        str(each.state),
        len(each.used),
        each.left,
        _time(last.opened_at if last else None, form),
        is_late(last, each.assignment) if last else None,
        counting.session_id if counting else None,
        counting.overall if counting else None,
    )


def _time(at: "datetime | None", form: Form) -> str | None:
    """For people by their clock, for programs in UTC."""
    from datetime import UTC

    from alliance_sim.programme.dates import said

    if at is None:
        return None
    return said(at) if form is Form.TABLE else at.astimezone(UTC).isoformat()
