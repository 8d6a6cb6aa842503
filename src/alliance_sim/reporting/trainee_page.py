"""A trainee's report as one HTML page: no scripts, nothing is loaded, every word is escaped."""

from collections.abc import Mapping
from typing import Any

from alliance_sim.domain.names import called
from alliance_sim.programme.progress import Progress
from alliance_sim.programme.trainee_report import TraineeReport
from alliance_sim.reporting import trainee_sentences as sentences
from alliance_sim.reporting.progress_chart import progress_chart
from alliance_sim.reporting.report_page import report_environment
from alliance_sim.reporting.report_wording import (
    report_wording,
    score_text,
    selection_text,
    title_text,
)

LARGE, SMALL = (680.0, 230.0), (330.0, 150.0)
"""Sizes of the drawings of the overall and of a rubric."""


def trainee_page(report: TraineeReport, *, name: str = "", quotes: bool = True) -> str:
    """The page as text.

    `name` is from the key file; without it she appears by pseudonym. `quotes`: with her words.
    """
    template = report_environment().get_template("trainee_report.html.j2")
    text: str = template.render(**_values(report, name, quotes=quotes))
    return text


def _values(report: TraineeReport, name: str, *, quotes: bool) -> Mapping[str, Any]:
    words = report_wording()
    overall = report.overall
    every = [point for each in report.rubrics for point in each.points]
    charts = [
        (each, progress_chart(each, width=SMALL[0], height=SMALL[1])) for each in report.rubrics
    ]
    return {
        "report": report,
        "who": name or report.trainee or "Your sessions",
        "name": name,
        "quotes": quotes,
        "chosen": selection_text(report.selection),
        "overall": overall,
        "overall_chart": progress_chart(overall, width=LARGE[0], height=LARGE[1]),
        "charts": charts,
        "with_own": any(point.own is not None for point in every),
        "with_changed": any(point.changed for point in every),
        "changed_note": words.of_trainee("changed"),
        "strengths": sentences.ranked(report, "strength"),
        "weak": sentences.ranked(report, "weak"),
        "no_strength": words.of_trainee("no_strength"),
        "no_weak": words.of_trainee("no_weak"),
        "suggested": sentences.suggested(report),
        "no_suggestion": words.of_trainee("no_suggestion"),
        "assigned": sentences.assigned(report),
        "own": sentences.own_view(report.own),
        "notes": sentences.notes(report),
        "standing": words.standing,
        "title": lambda each: sentences.title_of(each, report),
        "rubric_title": lambda rubric: title_text(rubric, report.titles),
        "client": lambda scenario: called(str(report.clients.get(scenario, scenario))),
        "described": described,
    }


def described(progress: Progress) -> str:
    """What a drawing shows, for whoever does not see it."""
    seen = [(p.number, p.score) for p in progress.points if p.score is not None]
    if not seen:
        return "Not observed in any session."
    recent = progress.recent
    mean = f" Mean of the latest: {recent.value:.1f}." if recent else ""
    if recent and recent.low is not None and recent.high is not None:
        mean += f" Its interval: {recent.low:.1f} to {recent.high:.1f}."
    (first, start), (last, end) = seen[0], seen[-1]
    return (
        f"Observed in {len(seen)} of {len(progress.points)} sessions: {score_text(start)} in "
        f"session {first}, {score_text(end)} in session {last}.{mean} All scores are in the table "
        "of sessions."
    )
