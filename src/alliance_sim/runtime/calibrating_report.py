"""How far the program agrees with instructors, and they with one another; where it errs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

import numpy as np

from alliance_sim.domain.rating import Rating
from alliance_sim.domain.rubric import Rubric
from alliance_sim.runtime.calibrating import Moment, Place
from alliance_sim.scoring.agreement.bootstrap import RESAMPLES
from alliance_sim.scoring.agreement.raters import RaterFigures, confusion, rater_figures

ENOUGH = 10
"""Ratings of a rubric from which its agreement is told; fewer say nothing."""
ENOUGH_FOR_THRESHOLDS = 20
ENOUGH_A_SIDE = 5
"""Moments on either side of a threshold."""
WORST = 5


@dataclass(frozen=True)
class Pair:
    """A moment that was rated, with the program's level."""

    moment: Moment
    ratings: Mapping[str, int]
    """By rater, those who saw an opportunity."""
    unseen: tuple[str, ...]
    """Raters who saw none."""

    @property
    def mean(self) -> float | None:
        """The raters' mean; None where most saw no opportunity."""
        seen = len(self.ratings) >= len(self.unseen)
        return fmean(self.ratings.values()) if self.ratings and seen else None


@dataclass(frozen=True)
class Disagreement:
    """A moment on which the program and the raters are far apart."""

    transcript_id: str
    turn: int | None
    raters: float
    program: float
    before: str
    reply: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Threshold:
    """Where a threshold would stand for the program's scores to say what the raters say."""

    name: str
    now: float
    suggested: float | None
    """None: too few ratings on one side."""
    right_now: float | None
    """Balanced accuracy of the threshold as it is, and as suggested."""
    right_then: float | None


@dataclass(frozen=True)
class RubricAgreement:
    """One rubric, either of replies or of sessions."""

    rubric: str
    whole: bool
    """Of sessions."""
    rated: int
    raters: tuple[str, ...]
    figures: RaterFigures | None
    """The program and the raters' mean; None with fewer than `ENOUGH` ratings."""
    each: Mapping[str, RaterFigures]
    """The program and each rater."""
    among: RaterFigures | None
    """The raters among themselves; None where no moments were rated by two."""
    bias: float | None
    """The program's mean less the raters'."""
    off: float | None
    """Mean distance of the two."""
    table: tuple[tuple[int, ...], ...]
    """Whole levels; rows are the raters', columns the program's."""
    missed: int
    """Raters saw an opportunity, the program none."""
    invented: int
    """The program saw an opportunity, the raters none."""
    worst: tuple[Disagreement, ...]
    thresholds: tuple[Threshold, ...]


def pairs_of(found: Iterable[Moment], ratings: Iterable[Rating]) -> tuple[list[Pair], int]:
    """Ratings laid to their moments, and how many fit none (other words, or not given)."""
    places: dict[Place, Moment] = {moment.place: moment for moment in found}
    given: dict[Place, dict[str, int | None]] = {}
    strangers = 0
    for rating in ratings:
        moment = places.get(rating.place)
        if moment is None or rating.digest not in ("", moment.digest):
            strangers += 1
            continue
        given.setdefault(rating.place, {})[rating.rater] = rating.level
    pairs = [
        Pair(
            places[place],
            {who: level for who, level in levels.items() if level is not None},
            tuple(who for who, level in levels.items() if level is None),
        )
        for place, levels in given.items()
    ]
    return pairs, strangers


def agreement(
    pairs: Sequence[Pair],
    rubrics: Sequence[Rubric],
    notes: Mapping[Place, tuple[str, ...]] | None = None,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> list[RubricAgreement]:
    """Every rubric that was rated, replies before sessions, in the rubrics' order."""
    made = []
    for rubric in rubrics:
        for whole in (False, True):
            mine = [
                pair
                for pair in pairs
                if pair.moment.rubric == rubric.id and (pair.moment.turn is None) is whole
            ]
            if mine:
                made.append(_rubric(rubric, mine, notes or {}, seed, resamples, whole=whole))
    return made


def _rubric(
    rubric: Rubric,
    pairs: Sequence[Pair],
    notes: Mapping[Place, tuple[str, ...]],
    seed: int,
    resamples: int,
    *,
    whole: bool,
) -> RubricAgreement:
    both = [(p, p.moment.machine, p.mean) for p in pairs]
    seen = [(p, ours, mean) for p, ours, mean in both if ours is not None and mean is not None]
    ours, theirs = [row[1] for row in seen], [row[2] for row in seen]
    groups = [pair.moment.transcript_id for pair, _, _ in seen]
    raters = tuple(sorted({who for pair in pairs for who in (*pair.ratings, *pair.unseen)}))

    def compared(rows: Sequence[Sequence[float | None]]) -> RaterFigures:
        return rater_figures(rows, groups, seed=seed, resamples=resamples)

    told = len(seen) >= ENOUGH
    each = {who: [(own, pair.ratings.get(who)) for pair, own, _ in seen] for who in raters}
    among = [[pair.ratings.get(who) for who in raters] for pair, _, _ in seen]
    shared = sum(1 for row in among if sum(value is not None for value in row) > 1)
    return RubricAgreement(
        rubric=rubric.id,
        whole=whole,
        rated=len(pairs),
        raters=raters,
        figures=compared(list(zip(ours, theirs, strict=True))) if told else None,
        each={
            who: compared(rows)
            for who, rows in each.items()
            if sum(value is not None for _, value in rows) >= ENOUGH
        },
        among=compared(among) if shared >= ENOUGH else None,
        bias=round(fmean(np.subtract(ours, theirs)), 3) if seen else None,
        off=round(fmean(np.abs(np.subtract(ours, theirs))), 3) if seen else None,
        table=confusion(ours, theirs),
        missed=sum(1 for _, own, mean in both if own is None and mean is not None),
        invented=sum(1 for _, own, mean in both if own is not None and mean is None),
        worst=_worst([row for row in seen if abs(row[1] - row[2]) >= 1], notes),
        thresholds=_thresholds(rubric, ours, theirs),
    )


def _worst(
    seen: Sequence[tuple[Pair, float, float]], notes: Mapping[Place, tuple[str, ...]]
) -> tuple[Disagreement, ...]:
    ranked = sorted(seen, key=lambda row: -abs(row[1] - row[2]))
    return tuple(
        Disagreement(
            transcript_id=pair.moment.transcript_id,
            turn=pair.moment.turn,
            raters=round(mean, 2),
            program=round(own, 2),
            before=pair.moment.shown[-2].text if len(pair.moment.shown) > 1 else "",
            reply=pair.moment.reply,
            notes=notes.get(pair.moment.place, ()),
        )
        for pair, own, mean in ranked[:WORST]
    )


def _thresholds(
    rubric: Rubric, ours: Sequence[float], theirs: Sequence[float]
) -> tuple[Threshold, ...]:
    fair, good = rubric.threshold.fair, rubric.threshold.good
    if len(ours) < ENOUGH_FOR_THRESHOLDS:
        return ()
    return (_threshold("fair", fair, ours, theirs), _threshold("good", good, ours, theirs))


def _threshold(name: str, now: float, ours: Sequence[float], theirs: Sequence[float]) -> Threshold:
    """The cut of the program's levels that best tells moments at or above the raters' threshold.

    By balanced accuracy (Youden 1950); of equal cuts the one nearest to today's.
    """
    above = np.asarray(theirs) >= now
    if min(int(above.sum()), int((~above).sum())) < ENOUGH_A_SIDE:
        return Threshold(name, now, None, None, None)
    levels = np.asarray(ours)

    def right(cut: float) -> float:
        hit = (levels >= cut) == above
        return round(float(hit[above].mean() + hit[~above].mean()) / 2, 3)

    cuts = [float(cut) for cut in np.unique(np.round(levels, 1))]
    best = max([*cuts, now], key=lambda cut: (right(cut), -abs(cut - now)))
    return Threshold(name, now, round(best, 2), right(now), right(best))


def notes_of(ratings: Iterable[Rating]) -> dict[Place, tuple[str, ...]]:
    """What raters noted, by place."""
    found: dict[Place, tuple[str, ...]] = {}
    for rating in ratings:
        if rating.note:
            found[rating.place] = (*found.get(rating.place, ()), rating.note)
    return found
