"""The command line. Each command imports what it needs when it runs, so that help is quick."""

import sys
from typing import Annotated

import typer

from alliance_sim import __version__
from alliance_sim.cli.commands import (
    appeal,
    assignment,
    audit,
    calibrate,
    cohort,
    config,
    content,
    db,
    doctor,
    evaluate,
    export,
    importing,
    pack,
    practice,
    privacy,
    report,
    roster,
    score,
    serve,
    sessions,
    submit,
    worker,
)

app = typer.Typer(
    name="alliance-sim",
    help="Practise building a therapeutic alliance with a simulated client.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.command("practice")(practice.practice)
app.add_typer(sessions.app, name="sessions")
sessions.app.command("submit")(submit.submit)
app.command("import")(importing.import_bundles)
app.command("score")(score.score)
app.add_typer(content.scenarios, name="scenario")
app.add_typer(content.rubrics, name="rubric")
app.add_typer(pack.packs, name="pack")
app.add_typer(cohort.app, name="cohort")
app.add_typer(roster.app, name="roster")
app.add_typer(assignment.app, name="assignment")
app.command("evaluate")(evaluate.evaluate)
app.add_typer(calibrate.app, name="calibrate")
app.command("export")(export.export)
app.add_typer(report.app, name="report")
app.add_typer(appeal.app, name="appeal")
app.add_typer(db.app, name="db")
app.add_typer(privacy.app, name="privacy")
app.add_typer(audit.app, name="audit")
app.command("doctor")(doctor.doctor)
app.add_typer(config.app, name="config")
app.add_typer(serve.app, name="serve")
app.add_typer(worker.app, name="worker")


def _version(asked: bool) -> None:
    if asked:
        sys.stdout.write(f"alliance-sim {__version__}\n")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    store: Annotated[
        str | None,
        typer.Option("--store", help="Another store: a file, or a database URL.", metavar="URL"),
    ] = None,
    version: Annotated[  # noqa: ARG001
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    """Without a command: the full-screen program."""
    if context.invoked_subcommand is None:
        practice.full_screen(store)
