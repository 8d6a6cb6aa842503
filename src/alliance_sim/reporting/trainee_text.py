"""A trainee's report in lines, for a terminal or a screen reader. Nothing in it can act there."""

from collections.abc import Iterable, Iterator

from alliance_sim.programme.progress import Progress, Shown
from alliance_sim.programme.trainee_report import TraineeReport
from alliance_sim.reporting import trainee_sentences as sentences
from alliance_sim.reporting.report_wording import (
    NONE,
    day_text,
    interval_text,
    one_line,
    report_wording,
    selection_text,
    title_text,
)

LATEST = 8
"""Scores of a rubric that stand in its line."""


def trainee_text(report: TraineeReport, *, name: str = "", quotes: bool = True) -> str:
    """The report; `name` is from the key file, `quotes`: with her words."""
    lines = _lines(report, name, quotes=quotes)
    return "".join(one_line(line) for line in lines)


def _lines(report: TraineeReport, name: str, *, quotes: bool) -> Iterator[str]:
    words = report_wording()
    who = name or report.trainee or "Your sessions"
    chosen = selection_text(report.selection)
    yield f"Progress report: {who}" + (f" ({chosen})" if chosen else "")
    number = len(report.sessions)
    yield f"{number} session{'' if number == 1 else 's'}, {day_text(report.made_at)}"
    if report.assignments:
        yield from _part("What you are asked to practise", _assigned(report))
    if report.sessions:
        progress = [_progress(each, report) for each in report.progress]
        yield from _part("Recent mean [95 %], latest scores (oldest first)", progress)
        strong = [_standing(each, report) for each in sentences.ranked(report, "strength")]
        strong += list(_shown(report.strong, report, quotes=quotes))
        yield from _part("What goes well", strong or [words.of_trainee("no_strength")])
        weak = [_standing(each, report) for each in sentences.ranked(report, "weak")]
        weak += list(_shown(report.weak, report, quotes=quotes))
        yield from _part("What to work on", weak or [words.of_trainee("no_weak")])
    suggested = [f"{line.head}. {' '.join(line.said)}" for line in sentences.suggested(report)]
    suggested = suggested or [words.of_trainee("no_suggestion")]
    yield from _part("Whom to practise with next", suggested)
    if report.sessions:
        yield from _part("Your own ratings beside the scores", sentences.own_view(report.own))
    yield from _part("How to read this", sentences.notes(report))


def _part(head: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield head
    for line in lines:
        yield f"  {line}"


def _assigned(report: TraineeReport) -> Iterator[str]:
    for line in sentences.assigned(report):
        yield f"{line.head}: {'; '.join(line.said)}"


def _progress(each: Progress, report: TraineeReport) -> str:
    latest = [
        NONE if point.score is None else f"{point.score:.1f}{'*' if point.changed else ''}"
        for point in each.points[-LATEST:]
    ]
    standing = report_wording().standing(each.standing)
    title = sentences.title_of(each, report)
    return f"{title:28}{interval_text(each.recent):20} {' '.join(latest)}  {standing}"


def _standing(each: Progress, report: TraineeReport) -> str:
    title = sentences.title_of(each, report)
    return f"{title}: {interval_text(each.recent)} on average lately"


def _shown(found: Iterable[Shown], report: TraineeReport, *, quotes: bool) -> Iterator[str]:
    for each in found:
        rubric = title_text(each.rubric, report.titles)
        said = f"{each.indicator} ({rubric}, {each.level:.1f} over {each.moments} moments)"
        if quotes and each.example.quote:
            place = f"session {each.example.number}, turn {each.example.turn}"
            said += f" - {place}: “{each.example.quote}”"
        yield said
