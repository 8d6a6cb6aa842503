"""The report of a cohort, from the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from alliance_sim.authoring.library import Library
from alliance_sim.errors import UsageProblem
from alliance_sim.programme import cohort_figures as figures
from alliance_sim.programme.cohort_agreement import Agreement, agreements
from alliance_sim.programme.rules import CohortRules
from alliance_sim.programme.spread import Spread, spread
from alliance_sim.scoring.overall import PASS
from alliance_sim.store import assignments, practised_rows
from alliance_sim.store import cohort_rows as rows
from alliance_sim.store.practised_rows import Asked, Idle
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.repository import Store

OVERALL = "overall"


@dataclass(frozen=True)
class Growth:
    """How scores change with practice."""

    by_number: tuple[figures.AtNumber, ...]
    overall: figures.Change | None
    rubrics: tuple[figures.Change, ...]


@dataclass(frozen=True)
class PassMark:
    """Against the mark, and what blocks."""

    mark: float
    sessions: figures.Passes | None
    trainees: figures.Passes | None
    """By their last scored session."""
    blocked: dict[str, int | None]
    """Sessions in which each blocking rubric stands at 0, whatever the overall; None: too few to
    tell."""


@dataclass(frozen=True)
class Practised:
    """Who was asked, and who has not practised."""

    asked: tuple[Asked, ...]
    idle: tuple[Idle, ...]
    """The first of them: who has something due comes first."""
    idle_count: int


@dataclass(frozen=True)
class CohortReport:
    """All that a cohort's report tells. Names are none of it."""

    cohort: str | None
    """None: the whole store."""
    title: str
    made_at: datetime
    selection: Selection
    members: int
    totals: rows.Totals
    smallest: int
    """Trainees, or sessions, below which a figure is not shown."""
    titles: dict[str, str]
    """Of rubrics by id."""
    clients: dict[str, str]
    """Names of the clients by scenario; one that is gone is missing."""
    overall: Spread | None
    rubrics: tuple[figures.RubricSpread, ...]
    growth: Growth
    passing: PassMark
    difficulty: tuple[figures.Difficulty, ...]
    overrides: tuple[figures.Overrides, ...]
    agreement: tuple[Agreement, ...]
    practised: Practised

    @property
    def small(self) -> bool:
        """Whether so few practised that no figure of scores is shown."""
        return self.totals.trainees < self.smallest


@dataclass(frozen=True)
class _Read:
    """What the database counted."""

    totals: rows.Totals
    members: int
    overall: list[rows.Count]
    rubrics: list[rows.Count]
    trainees: dict[str, int]
    """With a score, of rubrics of which few may have one."""
    endings: list[rows.Endings]
    numbered: dict[int, rows.Sums]
    first_last: rows.Sums
    rubrics_first_last: dict[str, rows.Sums]
    last: Mapping[str, int]
    blocked: dict[str, int]
    changed: list[rows.Changed]
    ratings: list[rows.SessionRating]
    practised: Practised


def cohort_report(
    store: Store, library: Library, selection: Selection, now: datetime, rules: CohortRules
) -> CohortReport:
    """Read and work out the report of a cohort, or of the whole store.

    Raises UsageProblem for a cohort or an assignment that the store does not have, and where it
    holds no ended session and no people at all.
    """
    rubrics, scenarios = library.rubrics(), library.scenarios()
    order = [rubric.id for rubric in rubrics]
    with store.reading() as connection:
        title = _title(connection, selection.cohort)
        if selection.assignment is not None:
            assignments.need(connection, selection.assignment)
        found = _read(connection, selection, [r.id for r in rubrics if r.blocks_pass], rules)
    if not found.totals.sessions and not found.members:
        raise UsageProblem("there is nothing to report: no ended session fits, and nobody is there")
    found = _of_enough(found, rules)
    return CohortReport(
        cohort=selection.cohort,
        title=title,
        made_at=now,
        selection=selection,
        members=found.members,
        totals=found.totals,
        smallest=rules.smallest_group,
        titles={rubric.id: rubric.title for rubric in rubrics},
        clients={scenario.id: scenario.client.name for scenario in scenarios},
        overall=spread(figures.values(found.overall)),
        rubrics=tuple(figures.rubric_spreads(found.rubrics, order, rules, found.trainees)),
        growth=_growth(found, order, rules),
        passing=PassMark(
            mark=PASS,
            sessions=figures.session_passes(found.overall, rules),
            trainees=figures.passes(found.last, rules),
            blocked={name: figures.if_enough(n, rules) for name, n in found.blocked.items()},
        ),
        difficulty=tuple(figures.difficulties(found.overall, found.endings, rules)),
        overrides=tuple(figures.overrides(found.changed, _scored(found.rubrics), rules)),
        agreement=tuple(agreements(found.ratings, order, rules)),
        practised=found.practised,
    )


def _of_enough(found: _Read, rules: CohortRules) -> _Read:
    """Without scores that so few have that they could be told apart."""
    if found.totals.trainees < rules.smallest_group:
        return _without_scores(found)
    if sum(found.last.values()) < rules.smallest_group:
        # Many have practised, and few of them have a score.
        return replace(found, overall=[])
    return found


def _title(connection: Connection, cohort: str | None) -> str:
    if cohort is None:
        return ""
    title = practised_rows.cohort_title(connection, cohort)
    if title is None:
        raise UsageProblem(f"there is no cohort {cohort}; `cohort list` shows those there are")
    return title


def _read(
    connection: Connection, selection: Selection, blocking: Sequence[str], rules: CohortRules
) -> _Read:
    count, idle = practised_rows.idle(connection, selection, rules.idle_listed)
    asked = practised_rows.asked(connection, selection.cohort, selection.assignment)
    rubrics = rows.rubric_counts(connection, selection)
    scarce = figures.scarce(rubrics, rows.busiest(connection, selection), rules)
    return _Read(
        totals=rows.totals(connection, selection),
        members=practised_rows.members(connection, selection.cohort),
        overall=rows.overall_counts(connection, selection, blocking),
        rubrics=rubrics,
        trainees=rows.trainees_scored(connection, selection, scarce),
        endings=rows.endings(connection, selection),
        numbered=rows.by_number(connection, selection, rules.sessions_followed),
        first_last=rows.first_to_last(connection, selection),
        rubrics_first_last=rows.rubrics_first_to_last(connection, selection),
        last=rows.last_sessions(connection, selection, blocking, PASS),
        blocked=rows.blocked_counts(connection, selection, blocking),
        changed=rows.changed_scores(connection, selection),
        ratings=rows.session_ratings(connection, selection),
        practised=Practised(tuple(asked), tuple(idle), count),
    )


def _without_scores(found: _Read) -> _Read:
    """So few practised that any figure would be somebody's own."""
    return replace(
        found,
        overall=[],
        rubrics=[],
        endings=[],
        numbered={},
        first_last=rows.Sums(0, 0.0, 0.0),
        rubrics_first_last={},
        last={},
        blocked={},
        changed=[],
        ratings=[],
    )


def _growth(found: _Read, order: Sequence[str], rules: CohortRules) -> Growth:
    by_rubric = found.rubrics_first_last
    names = [name for name in order if name in by_rubric] + sorted(by_rubric.keys() - set(order))
    made = [figures.change(name, by_rubric[name], rules) for name in names]
    return Growth(
        by_number=tuple(figures.at_numbers(found.numbered, rules)),
        overall=figures.change(OVERALL, found.first_last, rules),
        rubrics=tuple(change for change in made if change),
    )


def _scored(counts: Sequence[rows.Count]) -> dict[str, int]:
    scored: dict[str, int] = {}
    for count in counts:
        scored[count.name] = scored.get(count.name, 0) + count.count
    return scored
