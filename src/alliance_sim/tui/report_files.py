"""Reports written from the full-screen program, each with its entry in the audit log."""

from pathlib import Path
from typing import TYPE_CHECKING

from alliance_sim.programme.report_audit import note_report
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.written import EVERYBODY, keep_in_mind
from alliance_sim.store.report_selection import Selection

if TYPE_CHECKING:
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


def _write(app: "AllianceApp", subject: str, chosen: Selection, page: str) -> Path:
    # jinja2 only when used
    from alliance_sim.reporting.report_page import write_report  # noqa: PLC0415

    at = app.clock.now()
    name = f"{subject.replace(' ', '-')}-{at:%Y%m%d-%H%M%S}.html"
    note_report(
        app.store,
        at=at,
        who=app.start.user,
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
