"""`worker`: scores what `score --enqueue` has left to workers; how far that is."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import acting_user, narrate, open_store

if TYPE_CHECKING:
    from alliance_sim.runtime.batches.status import Status

app = typer.Typer(
    name="worker",
    help="Score stored sessions that were enqueued, on as many machines as you start it on.",
)


class Format(StrEnum):
    TABLE = "table"
    JSON = "json"


Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=1000, help="Sessions at a time; the cores' or the model's number."),
]
Once = Annotated[bool, typer.Option("--once", help="End when nothing waits any more.")]
Limit = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=10_000,
        envvar="ALLIANCE_SIM_WORKER_LIMIT",
        help="Requests under way at a time, of all workers together.",
    ),
]
PerMinute = Annotated[
    float | None,
    typer.Option(
        min=0.1,
        max=1e6,
        envvar="ALLIANCE_SIM_WORKER_PER_MINUTE",
        help="Requests a minute, of all workers together.",
    ),
]
Grace = Annotated[
    float,
    typer.Option(min=0, max=3600, help="Seconds that sessions under way have when it is to stop."),
]
Name = Annotated[str, typer.Argument(metavar="BATCH", help="Its id, the beginning of it, or last.")]


@app.callback(invoke_without_command=True)
def worker(
    context: typer.Context,
    jobs: Jobs = None,
    once: Once = False,
    limit: Limit = None,
    per_minute: PerMinute = None,
    grace: Grace = 30.0,
    store: options.Store = None,
) -> None:
    """Score stored sessions that were enqueued. Without a command: run."""
    if context.invoked_subcommand is not None:
        options.check_before(context)
        return
    run(jobs, once, limit, per_minute, grace, store)


@app.command("run")
def run(
    jobs: Jobs = None,
    once: Once = False,
    limit: Limit = None,
    per_minute: PerMinute = None,
    grace: Grace = 30.0,
    store: options.Store = None,
) -> None:
    """Work until told to stop. A worker that dies loses nothing: others go on with what it had."""
    from alliance_sim.cli.working import Hands
    from alliance_sim.cli.working import run as work

    raise typer.Exit(work(store, Hands(jobs, limit, per_minute, grace, once)))


@app.command("status")
def status(
    batch: Annotated[
        str | None,
        typer.Argument(metavar="BATCH", help="Its id, the beginning of it, or last; else all."),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to print.")] = Format.TABLE,
    store: options.Store = None,
) -> None:
    """Print how far batches are, the newest first."""
    from alliance_sim.plain.batch_status import as_json, as_text
    from alliance_sim.runtime.batches.status import status as ask
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import batches

    now = SystemClock().now()
    with open_store(store) as opened, opened.reading() as connection:
        wanted = [batches.need(connection, batch)] if batch else batches.every(connection)
        found: list[Status] = [ask(connection, each, now) for each in wanted]
    if format_ is Format.JSON:
        sys.stdout.write(as_json(found))
        return
    if not found:
        narrate("there is no batch yet; one is made by: alliance-sim score --enqueue")
    sys.stdout.write(as_text(found))


@app.command("stop")
def stop(batch: Name, store: options.Store = None) -> None:
    """Let no worker take up what still waits in a batch; what is under way is finished."""
    from alliance_sim.runtime.batches import enqueueing
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import batches

    with open_store(store) as opened:
        with opened.reading() as connection:
            found = batches.need(connection, batch)
        enqueueing.stop(opened, found.id, who=acting_user(), clock=SystemClock())
    narrate(f"{found.id} is stopped; it goes on with: alliance-sim worker retry {found.id}")


@app.command("retry")
def retry(batch: Name, store: options.Store = None) -> None:
    """Take up again what failed in a batch, and let one that was stopped go on."""
    from alliance_sim.runtime.batches import enqueueing
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store import batches

    with open_store(store) as opened:
        with opened.reading() as connection:
            found = batches.need(connection, batch)
        waiting = enqueueing.take_up(opened, found, who=acting_user(), clock=SystemClock())
    narrate(f"{found.id}: {waiting} session(s) wait for a worker")
