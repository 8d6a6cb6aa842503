"""One trainee's scores over her sessions: where they lie, and what they say of her practice.

What was not observed stays so: it is no point of a line, and never counts as 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Literal

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scorecard import Evidence
from alliance_sim.programme.intervals import Interval, mean_interval
from alliance_sim.programme.rules import TraineeRules
from alliance_sim.scoring.overall import PASS
from alliance_sim.store.trainee_rows import SessionRow

OVERALL = "overall"
"""Stands for the overall score where a rubric's id would stand."""

GOOD = 3.0
"""The overall from which a session is called good (domain: MITI 4's cut-off, less one)."""

RULE = frozenset({"interruptions"})
"""Rubrics whose moments tell nothing where all is well: to wait for one's turn is the rule."""

Standing = Literal["strength", "fair", "weak", "open"]
"""At or above good, at or above fair, below; `open`: observed too seldom to tell."""


@dataclass(frozen=True)
class Point:
    """A rubric in one session."""

    number: int
    """Of the session, from 1."""
    score: float | None
    """0–4 as it stands; None: not observed, or not scored."""
    changed: bool
    """By an instructor."""
    original: float | None
    """The scorer's own, where it was changed."""
    own: int | None
    """The trainee's own rating, 0–4; None: she gave none."""
    recent: Interval | None
    """The mean of her last scores up to this one; None where this one was not observed."""


@dataclass(frozen=True)
class Progress:
    """A rubric over all sessions."""

    rubric: str
    fair: float
    good: float
    points: tuple[Point, ...]
    standing: Standing

    @property
    def observed(self) -> int:
        """Sessions in which there is a score."""
        return sum(point.score is not None for point in self.points)

    @property
    def recent(self) -> Interval | None:
        """The mean of her last scores; None where it was never observed."""
        known = [point.recent for point in self.points if point.recent]
        return known[-1] if known else None


@dataclass(frozen=True)
class Example:
    """Words of hers that show a criterion."""

    number: int
    """Of the session."""
    session_id: str
    turn: int
    quote: str
    level: float


@dataclass(frozen=True)
class Shown:
    """An indicator of a rubric, over the moments in which it was to be seen."""

    rubric: str
    criterion: str | None
    """Its id; None where the rubric's file does not have it any more."""
    indicator: str
    level: float
    """Mean of the moments, 0–4."""
    moments: int
    example: Example
    """The best of a strong criterion, the weakest of a weak one."""


@dataclass(frozen=True)
class SelfView:
    """Her own ratings beside the scores."""

    pairs: int
    """Rubrics that she rated and that were scored, over all sessions."""
    sessions: int
    difference: Interval
    """Her rating less the score; the interval is over sessions."""
    apart: float
    """Mean distance of the two."""


def progress(
    rows: Sequence[SessionRow], rubrics: Iterable[Rubric], rules: TraineeRules
) -> list[Progress]:
    """The overall, then each rubric that any session has, in the order of `rubrics`.

    A rubric that the library lacks by now comes last, with the usual thresholds.
    """
    known = {rubric.id: rubric for rubric in rubrics}
    there = {name for row in rows for name in row.scores}
    order = [name for name in known if name in there] + sorted(there - known.keys())
    made = [_progress(OVERALL, PASS, GOOD, _overalls(rows), rules)]
    for name in order:
        rubric = known.get(name)
        fair = rubric.threshold.fair if rubric else PASS
        good = rubric.threshold.good if rubric else GOOD
        made.append(_progress(name, fair, good, _scores(rows, name), rules))
    return made


Raw = tuple[float | None, bool, float | None, int | None]
"""Score, whether it was changed, the original, her own."""


def _overalls(rows: Sequence[SessionRow]) -> list[Raw]:
    changed = [any(score.changed for score in row.scores.values()) for row in rows]
    return [(row.overall, touched, None, None) for row, touched in zip(rows, changed, strict=True)]


def _scores(rows: Sequence[SessionRow], rubric: str) -> list[Raw]:
    made: list[Raw] = []
    for row in rows:
        found, own = row.scores.get(rubric), row.self_ratings.get(rubric)
        if found is None:
            made.append((None, False, None, own))
        else:
            made.append((found.score, found.changed, found.original, own))
    return made


def _progress(
    rubric: str, fair: float, good: float, raw: Sequence[Raw], rules: TraineeRules
) -> Progress:
    seen: list[float] = []
    points = []
    for number, (score, changed, original, own) in enumerate(raw, 1):
        recent = None
        if score is not None:
            seen.append(score)
            recent = running(seen, rules)
        points.append(Point(number, score, changed, original, own, recent))
    standing = _standing(seen, fair, good, rules)
    return Progress(rubric, fair, good, tuple(points), standing)


def running(seen: Sequence[float], rules: TraineeRules) -> Interval | None:
    """The mean of the last scores, with a t-interval where there are enough of them."""
    last = seen[-rules.window :]
    squares = sum(value * value for value in last)
    return mean_interval(len(last), sum(last), squares, least=rules.least_for_interval)


def _standing(seen: Sequence[float], fair: float, good: float, rules: TraineeRules) -> Standing:
    if len(seen) < rules.least_for_strength:
        return "open"
    recent = fmean(seen[-rules.window :])
    return "strength" if recent >= good else "fair" if recent >= fair else "weak"


def shown(
    numbered: Mapping[str, int],
    evidence: Mapping[str, Mapping[str, Sequence[Evidence]]],
    rubrics: Iterable[Rubric],
    rules: TraineeRules,
) -> tuple[list[Shown], list[Shown]]:
    """What the evidence of sessions shows well, best first, and what it shows weak, weakest first.

    `numbered` has the sessions' numbers by id; `evidence` is by session and rubric.
    """
    ids = {(r.id, criterion.indicator): criterion.id for r in rubrics for criterion in r.criteria}
    found: dict[tuple[str, str], list[Example]] = {}
    for session_id, by_rubric in evidence.items():
        for rubric, said in by_rubric.items():
            for each in said:
                example = Example(
                    numbered[session_id], session_id, each.turn, each.quote, each.level
                )
                found.setdefault((rubric, each.indicator), []).append(example)
    strong, weak = [], []
    for (rubric, indicator), examples in found.items():
        level = fmean(example.level for example in examples)
        if len(examples) < rules.least_evidence:
            continue
        values = (rubric, ids.get((rubric, indicator)), indicator, level, len(examples))
        if level >= rules.strong_level and rubric not in RULE:
            strong.append(Shown(*values, max(examples, key=lambda e: (e.level, e.number))))
        elif level < rules.weak_level:
            weak.append(Shown(*values, min(examples, key=lambda e: (e.level, -e.number))))
    strong.sort(key=lambda each: (-each.level, each.rubric, each.indicator))
    weak.sort(key=lambda each: (each.level, each.rubric, each.indicator))
    return strong[: rules.criteria_shown], weak[: rules.criteria_shown]


def self_view(rows: Sequence[SessionRow], rules: TraineeRules) -> SelfView | None:
    """How her own ratings stand to the scores; None where there are too few to compare."""
    compared = [differences for row in rows if (differences := list(_differences(row)))]
    every = [value for differences in compared for value in differences]
    if len(every) < rules.least_for_calibration:
        return None
    means = [fmean(differences) for differences in compared]
    difference = mean_interval(
        len(means),
        sum(means),
        sum(mean * mean for mean in means),
        least=rules.least_for_interval,
        bounds=(-4.0, 4.0),
    )
    if difference is None:
        return None
    return SelfView(len(every), len(compared), difference, fmean(map(abs, every)))


def _differences(row: SessionRow) -> Iterator[float]:
    """Her rating less the score, of each rubric that has both."""
    for rubric, own in row.self_ratings.items():
        found = row.scores.get(rubric)
        if found is not None and found.score is not None:
            yield own - found.score
