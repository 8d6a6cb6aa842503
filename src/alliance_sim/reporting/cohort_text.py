"""A cohort's report in lines, for a terminal or a screen reader. Nothing in it can act there."""

from collections.abc import Iterable, Iterator

from alliance_sim.programme.cohort_agreement import Agreement
from alliance_sim.programme.cohort_figures import Difficulty
from alliance_sim.programme.cohort_report import CohortReport
from alliance_sim.programme.spread import Spread
from alliance_sim.reporting import cohort_page as shared
from alliance_sim.reporting.agreement_text import interval as estimate_text
from alliance_sim.reporting.report_wording import (
    day_text,
    interval_text,
    one_line,
    report_wording,
    selection_text,
    share_text,
)

NAME = 28
"""Width of the column of names."""


def cohort_text(report: CohortReport, *, names: shared.Names | None = None) -> str:
    """The report. Without `names` everybody appears by pseudonym."""
    lines = _lines(report, names or {})
    return "".join(one_line(line) for line in lines)


def _lines(report: CohortReport, names: shared.Names) -> Iterator[str]:
    words, totals = report_wording(), report.totals
    chosen = selection_text(report.selection)
    yield f"Cohort report: {shared.headline(report)}" + (f" ({chosen})" if chosen else "")
    yield (
        f"{report.members:,} trainees, {totals.trainees:,} have practised; {totals.sessions:,} "
        f"session{'' if totals.sessions == 1 else 's'}, {totals.scored:,} scored; "
        f"{day_text(report.made_at)}"
    )
    yield from _part("Who has not practised", _idle(report, names))
    asked = [
        f"{each.title} ({each.id}), due {day_text(each.due_at)}: {each.done:,} of {each.members:,}"
        for each in report.practised.asked
    ]
    if asked:
        yield from _part("Assignments done", asked)
    if report.small:
        yield from _part("Scores", [words.of_cohort("small", smallest=report.smallest)])
    else:
        yield from _scores(report)
    yield from _part("How to read this", shared.notes(report, names))


def _scores(report: CohortReport) -> Iterator[str]:
    words = report_wording()
    heads = f"{'':{NAME}}sessions  tenth quarter median quarter  tenth  not observed"
    spreads = [_spread(*row, report) for row in shared.spread_rows(report)]
    yield from _part("How scores are spread", [heads, *spreads])
    numbers = [
        f"session {each.number:>2}: {interval_text(each.mean)}  n {each.count:,}"
        for each in report.growth.by_number
    ]
    yield from _part("Mean overall by the number of the session", numbers or ["too few"])
    changed = [
        f"{name:{NAME}}{interval_text(each.mean, signed=True):24} n {each.trainees:,}"
        for name, each in shared.change_rows(report)
    ]
    yield from _part("From the first session to the last", changed or ["too few"])
    passed = [
        f"{caption}: {share_text(found.share)} passed; {found.blocked:,} blocked, {found.below:,} "
        f"below {report.passing.mark}; n {found.count:,}"
        for caption, found in shared.passing(report)
        if found
    ]
    yield from _part("Against the pass mark", passed or ["too few"])
    yield from _part("Which client is hard (hardest first)", _difficulty(report))
    yield from _part("What instructors changed", _overrides(report))
    agreed = [line for each in report.agreement for line in _agreement(each, report)]
    yield from _part("How far instructors agree", agreed or [words.of_cohort("agreement_none")])


def _part(head: str, lines: Iterable[str]) -> Iterator[str]:
    yield ""
    yield head
    for line in lines:
        yield f"  {line}"


def _idle(report: CohortReport, names: shared.Names) -> Iterator[str]:
    words, practised = report_wording(), report.practised
    if not practised.idle_count:
        yield words.of_cohort("idle_none")
    for each in practised.idle:
        who = f"{names[each.person]} ({each.person})" if names.get(each.person) else each.person
        due = f", {each.assignment} due {day_text(each.due_at)}" if each.assignment else ""
        yield f"{who}{due}"
    if more := practised.idle_count - len(practised.idle):
        yield words.of_cohort("idle_more", count=f"{more:,}")


def _spread(name: str, found: Spread | None, unobserved: int | None, report: CohortReport) -> str:
    if found is None:
        return f"{name:{NAME}}{_few(report)}"
    values = (found.tenth, found.quarter, found.median, found.three_quarters, found.ninetieth)
    told = "".join(f"{value:7.2f}" for value in values)
    return f"{name:{NAME}}{found.count:8,}{told}  {unobserved or 0:12,}"


def _difficulty(report: CohortReport) -> Iterator[str]:
    for each in report.difficulty:
        name = f"{shared.client_of(each.scenario, report)} ({each.scenario})"
        yield f"{name:{NAME}}{_told(each, report)}"


def _told(each: Difficulty, report: CohortReport) -> str:
    if each.sessions is None:
        return _few(report)
    spread = each.spread
    middle = f"median {spread.median:.2f}, mean {spread.mean:.2f}" if spread else "not scored"
    left = f"left {share_text(each.walked_out)}; stopped {each.stopped:,}"
    mark = f"; {report_wording().of_cohort('worrying')}" if each.worrying else ""
    return f"{middle}; {left}; n {each.sessions:,}{mark}"


def _overrides(report: CohortReport) -> Iterator[str]:
    if not report.overrides:
        yield report_wording().of_cohort("overrides_none")
    for each in report.overrides:
        moved = "" if each.moved is None else f", {each.moved:+.2f} on average"
        count = _few(report) if each.changed is None else f"{each.changed:,}"
        yield f"{shared.title(each.rubric, report):{NAME}}{count} of {each.scored:,}{moved}"


def _agreement(each: Agreement, report: CohortReport) -> Iterator[str]:
    for between, found in (("instructors", each.among), ("scorer", each.scorer)):
        name = f"{shared.title(each.rubric, report):{NAME}}{between:12}"
        if found is None:
            yield f"{name} too few moments"
            continue
        kappa, icc, alpha = (estimate_text(e) for e in (found.kappa, found.icc, found.alpha))
        yield f"{name} kappa {kappa}, ICC {icc}, alpha {alpha}, n {found.count}"


def _few(report: CohortReport) -> str:
    return report_wording().of_cohort("suppressed", smallest=report.smallest)
