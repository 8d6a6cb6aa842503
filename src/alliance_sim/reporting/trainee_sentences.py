"""What a trainee's report says besides figures: the same on a page and in a terminal.

Nothing here is made safe for HTML or a terminal: that is for whoever renders it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from alliance_sim.domain.names import called
from alliance_sim.programme.practice_next import Suggestion
from alliance_sim.programme.progress import OVERALL, Progress, SelfView
from alliance_sim.programme.rules import load_rules
from alliance_sim.programme.trainee_report import TraineeReport
from alliance_sim.reporting.report_wording import day_text, report_wording, title_text
from alliance_sim.store.trainee_rows import OpenAssignment


@dataclass(frozen=True)
class Line:
    """A heading and the sentences beneath it."""

    head: str
    said: tuple[str, ...]


def notes(report: TraineeReport) -> tuple[str, ...]:
    """How to read the figures, and what they leave out."""
    words, rules = report_wording(), load_rules().trainee
    return (
        words.of_trainee("fallible"),
        words.of_trainee("not_observed"),
        words.of_trainee("interval", window=rules.window, least=rules.least_for_interval),
        *_counted("again", report.again),
        *_counted("unscored", report.unscored),
    )


def _counted(name: str, count: int) -> Iterator[str]:
    if count:
        key = f"{name}_one" if count == 1 else name
        yield report_wording().of_trainee(key, count=count)


def own_view(found: SelfView | None) -> tuple[str, ...]:
    """How her own ratings stand to the scores."""
    words = report_wording()
    if found is None:
        return (words.of_trainee("own_none"),)
    mean = found.difference.value
    close = abs(mean) <= load_rules().trainee.within
    key = "own_close" if close else "own_higher" if mean > 0 else "own_lower"
    return (
        words.of_trainee(key, difference=f"{abs(mean):.1f}"),
        words.of_trainee(
            "own_pairs", pairs=found.pairs, sessions=found.sessions, apart=f"{found.apart:.1f}"
        ),
    )


def title_of(progress: Progress, report: TraineeReport) -> str:
    """`Overall`, or the rubric's title."""
    return "Overall" if progress.rubric == OVERALL else title_text(progress.rubric, report.titles)


def ranked(report: TraineeReport, standing: str) -> list[Progress]:
    """Rubrics of a standing: the strongest first, of weak ones the weakest."""
    found = [each for each in report.rubrics if each.standing == standing]
    best_first = standing != "weak"
    return sorted(found, key=lambda p: p.recent.value if p.recent else 0.0, reverse=best_first)


def suggested(report: TraineeReport) -> list[Line]:
    """The clients to practise with, and why."""
    return [
        Line(f"{called(each.client)}: {each.title}", tuple(_why(each, report)))
        for each in report.suggestions
    ]


def _why(each: Suggestion, report: TraineeReport) -> Iterator[str]:
    words = report_wording()
    if each.assignment:
        titles = {assignment.id: assignment.title for assignment in report.assignments}
        yield words.of_trainee("because_assigned", assignment=titles[each.assignment])
    if each.rubrics:
        weak = [_within(title_text(name, report.titles)) for name in each.rubrics]
        rubrics = "; ".join(weak)
        yield words.of_trainee("because_rubrics", rubrics=rubrics)
    if each.practises:
        yield words.of_trainee("because_claims", claims="; ".join(each.practises))
    if not each.held:
        yield words.of_trainee("because_new")
    elif each.best is not None:
        times = {1: "once", 2: "twice"}.get(each.held, f"{each.held} times")
        yield words.of_trainee("because_met", held=times, best=f"{each.best:.1f}")
    if each.goal and not each.practises:
        yield words.of_trainee("because_goal", goal=each.goal)


def _within(title: str) -> str:
    """A title within a sentence: a small letter, but for what is a word by itself, as I."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title


def assigned(report: TraineeReport) -> list[Line]:
    """Open assignments, what is due first."""
    return [
        Line(each.title, (_due(each, report), _left(each, report))) for each in report.assignments
    ]


def _due(each: OpenAssignment, report: TraineeReport) -> str:
    words = report_wording()
    if each.due_at is None:
        return words.of_trainee("no_due")
    key = "overdue" if each.due_at < report.made_at else "due"
    return words.of_trainee(key, date=day_text(each.due_at))


def _left(each: OpenAssignment, report: TraineeReport) -> str:
    clients = _or([called(report.clients.get(name, name)) for name in each.scenarios])
    if each.attempts is None:
        return f"with {clients}"
    if each.used == each.attempts:
        return f"with {clients}; {report_wording().of_trainee('last_begun')}"
    return f"with {clients}; attempt {each.used + 1} of {each.attempts}"


def _or(names: Sequence[str]) -> str:
    return " or ".join([*([", ".join(names[:-1])] if names[1:] else []), *names[-1:]])
