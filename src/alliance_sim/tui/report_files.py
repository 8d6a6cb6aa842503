"""Reports and scores written from the full-screen program, each told of in the audit log."""

from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.programme.acting import Act
from alliance_sim.programme.report_audit import note_report
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.written import EVERYBODY, keep_in_mind, this_machine
from alliance_sim.store.report_selection import Selection

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from alliance_sim.tui.app import AllianceApp

FOLDER = "reports"


def write_trainee(app: "AllianceApp", trainee: str) -> Path:
    """The report of a trainee as a page; gives where it is.

    Raises AllianceError, and OSError where it cannot be written.
    """
    # jinja2 only when used
    from alliance_sim.programme.trainee_report import trainee_report  # noqa: PLC0415
    from alliance_sim.reporting.trainee_page import trainee_page  # noqa: PLC0415

    chosen, now = Selection(trainee=trainee), app.clock.now()
    made = trainee_report(app.store, app.library, chosen, now, load_rules().trainee)
    return _write(app, trainee, chosen, trainee_page(made))


def write_cohort(app: "AllianceApp", chosen: Selection) -> Path:
    """The report of a selection as a page; gives where it is. Raises as `write_trainee`."""
    # jinja2 only when used
    from alliance_sim.programme.cohort_report import cohort_report  # noqa: PLC0415
    from alliance_sim.reporting.cohort_page import cohort_page  # noqa: PLC0415

    now = app.clock.now()
    made = cohort_report(app.store, app.library, chosen, now, load_rules().cohort)
    return _write(app, chosen.cohort or "all trainees", chosen, cohort_page(made))


def write_scores(app: "AllianceApp", chosen: Selection) -> Path:
    """The scores of a selection as CSV, a row a session and rubric; gives where they are.

    Raises as `write_trainee`.
    """
    # csv, and what tells of exports, only when used
    from alliance_sim.programme.export_audit import (  # noqa: PLC0415
        Exported,
        note_export,
        remember_export,
    )
    from alliance_sim.reporting.tables.columns import COLUMNS  # noqa: PLC0415
    from alliance_sim.reporting.tables.comma_separated import write_csv  # noqa: PLC0415
    from alliance_sim.reporting.tidy import tidy  # noqa: PLC0415
    from alliance_sim.reporting.whole_file import digest_of_stream, whole_file  # noqa: PLC0415
    from alliance_sim.store import export_rows  # noqa: PLC0415

    at, wanted = app.clock.now(), export_rows.Wanted(chosen)
    path = app.data_folder / FOLDER / f"scores-{at:%Y%m%d-%H%M%S}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        with app.store.reading() as connection:
            count = export_rows.count(connection, wanted)
            rows = tidy(export_rows.rows(connection, wanted), cohort=chosen.cohort)
            write_csv(rows, COLUMNS, file)
        digest = digest_of_stream(file)
        made = Exported(at, app.start.user, "csv", count, wanted, file=path.name)

        def note(connection: "Connection") -> None:
            note_export(connection, made)
            remember_export(
                connection, made, host=this_machine(), path=str(path.resolve()), digest=digest
            )

        # The file is in place only once the audit log tells of it.
        app.store.transact(note)
    return path


def _write(app: "AllianceApp", subject: str, chosen: Selection, page: str) -> Path:
    # jinja2 only when used
    from alliance_sim.reporting.report_page import write_report  # noqa: PLC0415

    at = app.clock.now()
    name = f"{subject.replace(' ', '-')}-{at:%Y%m%d-%H%M%S}.html"
    note_report(
        app.store,
        Act(app.start.user, at),
        subject=subject,
        selection=chosen,
        format_="html",
        file=name,
        named=False,
    )
    path = app.data_folder / FOLDER / name
    write_report(page, path)
    person = chosen.trainee or EVERYBODY
    keep_in_mind(app.store, path, person=person, kind="report", clock=app.clock)
    return path
