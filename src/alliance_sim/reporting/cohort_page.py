"""A cohort's report as one HTML page: no scripts, nothing is loaded, every word is escaped."""

from collections.abc import Iterator, Mapping
from typing import Any

from alliance_sim.domain.names import called
from alliance_sim.programme.cohort_figures import Change, Passes
from alliance_sim.programme.cohort_report import CohortReport
from alliance_sim.programme.progress import OVERALL
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.spread import Spread
from alliance_sim.reporting import cohort_charts as charts
from alliance_sim.reporting.report_page import report_environment
from alliance_sim.reporting.report_wording import (
    report_wording,
    selection_text,
    title_text,
)

Names = Mapping[str, str]
"""Names by pseudonym, from the key file."""


def cohort_page(report: CohortReport, *, names: Names | None = None) -> str:
    """The page as text. Without `names` everybody appears by pseudonym."""
    template = report_environment().get_template("cohort_report.html.j2")
    text: str = template.render(**_values(report, names or {}), **_sentences(report))
    return text


def headline(report: CohortReport) -> str:
    """What the report is of."""
    return report.title or report.cohort or "All trainees"


def notes(report: CohortReport, names: Names) -> Iterator[str]:
    """How to read the figures, and what they leave out."""
    words, totals = report_wording(), report.totals
    yield words.of_cohort("interval")
    yield words.of_cohort("suppressed_note", smallest=report.smallest)
    yield words.of_cohort("named" if names else "pseudonyms")
    if totals.again:
        yield words.of_cohort("again", count=f"{totals.again:,}")
    if totals.running:
        yield words.of_cohort("running", count=f"{totals.running:,}")


def change_rows(report: CohortReport) -> list[tuple[str, Change]]:
    """The overall and the rubrics, by title."""
    growth = report.growth
    found = [*([growth.overall] if growth.overall else []), *growth.rubrics]
    return [(title(each.rubric, report), each) for each in found]


def spread_rows(report: CohortReport) -> list[tuple[str, Spread | None, int | None]]:
    """Title, spread (None: too few), and in how many sessions it was not observed."""
    unscored = report.totals.sessions - report.totals.scored
    rows: list[tuple[str, Spread | None, int | None]] = [("Overall", report.overall, unscored)]
    return rows + [(title(e.rubric, report), e.spread, e.unobserved) for e in report.rubrics]


def passing(report: CohortReport) -> list[tuple[str, Passes | None]]:
    """Trainees and sessions against the mark."""
    found = report.passing
    return [("Trainees, by their last session", found.trainees), ("Sessions", found.sessions)]


def title(rubric: str, report: CohortReport) -> str:
    """A rubric's title, or `Overall`."""
    return "Overall" if rubric == OVERALL else title_text(rubric, report.titles)


def client_of(scenario: str, report: CohortReport) -> str:
    """What a client is called; the scenario's id where its file is gone."""
    return called(report.clients[scenario]) if scenario in report.clients else scenario


def _values(report: CohortReport, names: Names) -> Mapping[str, Any]:
    mark = report.passing.mark
    spreads = [(name, spread) for name, spread, _ in spread_rows(report) if spread]
    clients = [
        (client_of(each.scenario, report), each.spread) for each in report.difficulty if each.spread
    ]
    return {
        "report": report,
        "who": headline(report),
        "names": names,
        "chosen": selection_text(report.selection),
        "mark": mark,
        "rubric_boxes": charts.boxes(spreads, mark),
        "scenario_boxes": charts.boxes(clients, mark),
        "spread_rows": spread_rows(report),
        "growth": charts.growth(report.growth.by_number, mark),
        "changes": charts.changes(change_rows(report)),
        "change_rows": change_rows(report),
        "passing": [
            (caption, found, charts.parts(found) if found else (), f"pass{place}")
            for place, (caption, found) in enumerate(passing(report))
        ],
        "blocked": [
            (title(name, report), count) for name, count in sorted(report.passing.blocked.items())
        ],
        "client": lambda scenario: client_of(scenario, report),
        "rubric_title": lambda rubric: title(rubric, report),
        "notes": list(notes(report, names)),
    }


def _sentences(report: CohortReport) -> Mapping[str, str]:
    words, rules = report_wording(), load_rules().cohort
    more = report.practised.idle_count - len(report.practised.idle)
    return {
        "small": words.of_cohort("small", smallest=report.smallest),
        "suppressed": words.of_cohort("suppressed", smallest=report.smallest),
        "idle_none": words.of_cohort("idle_none"),
        "idle_more": words.of_cohort("idle_more", count=f"{more:,}"),
        "box_note": words.of_cohort("box"),
        "by_number_note": words.of_cohort("by_number"),
        "change_note": words.of_cohort("change"),
        "passing_note": words.of_cohort("passing", mark=report.passing.mark),
        "difficulty_note": words.of_cohort("difficulty"),
        "worrying": words.of_cohort("worrying"),
        "overrides_none": words.of_cohort("overrides_none"),
        "agreement_none": words.of_cohort("agreement_none"),
        "agreement_note": words.of_cohort(
            "agreement", resamples=rules.resamples, least=rules.least_rated
        ),
    }
