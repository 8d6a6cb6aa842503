"""The figures of one measure on one set, with intervals, baselines and the worst mistakes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from alliance_sim.runtime.evaluating_cases import NO, YES, Case, Kind, Measure, classes_of
from alliance_sim.scoring.agreement.bootstrap import RESAMPLES, Estimate
from alliance_sim.scoring.agreement.calibration import Calibration, calibration
from alliance_sim.scoring.agreement.classes import ClassFigures, class_figures
from alliance_sim.scoring.agreement.ranks import auc, rho, spearman
from alliance_sim.scoring.agreement.raters import RaterFigures, rater_figures

TWO_RATERS = 2


@dataclass(frozen=True)
class Options:
    """How figures are worked out."""

    seed: int = 0
    resamples: int = RESAMPLES
    mistakes: int = 5
    """Worst mistakes told a measure."""


@dataclass(frozen=True)
class Mistake:
    """Where the program is wrong and sure of it."""

    transcript: str
    turn: int | None
    truth: str
    said: str
    p: float | None
    words: str
    """The words that decided."""
    text: str
    before: str


@dataclass(frozen=True)
class Ranking:
    """How well one figure of a session ranks the two sorts of sessions."""

    name: str
    count: int
    """Sessions for which there is such a figure."""
    auc: Estimate
    with_length: Estimate
    """Spearman's correlation with the number of turns."""


@dataclass(frozen=True)
class Rated:
    """How well a figure follows the mean of several raters, beside one rater and the others."""

    spearman: Estimate
    one_and_others: float | None
    """Mean over the raters of the correlation of one with the mean of the others."""
    raters: int
    with_length: Estimate


@dataclass(frozen=True)
class Levelled:
    """How close the program's numbers are to people's."""

    spearman: Estimate
    agreement: RaterFigures | None
    """None where the scales differ."""
    bias: float | None
    """Mean of the program's number less people's; None where the scales differ."""
    not_observed: int
    """Cases that people gave a number and the program did not."""


@dataclass(frozen=True)
class Finding:
    """One measure on one set. What does not apply is None or empty."""

    id: str
    title: str
    kind: Kind
    count: int
    classes: ClassFigures | None = None
    auc: Estimate | None = None
    calibration: Calibration | None = None
    rankings: tuple[Ranking, ...] = ()
    rated: Rated | None = None
    levelled: Levelled | None = None
    mistakes: tuple[Mistake, ...] = field(default=())


def code_finding(measure: Measure, cases: Sequence[Case], options: Options) -> Finding:
    """Classes, or yes and no."""
    truth, said = classes_of(cases)
    groups = [case.group for case in cases]
    figures = class_figures(
        truth, said, groups, measure.classes, seed=options.seed, resamples=options.resamples
    )
    yes_no = measure.classes == (NO, YES)
    sure = [case for case in cases if case.p is not None]
    return Finding(
        measure.id,
        measure.title,
        measure.kind,
        len(cases),
        classes=figures,
        auc=_area(sure, options) if yes_no and sure else None,
        calibration=_calibration(sure, yes_no=yes_no),
        mistakes=_worst(cases, options.mistakes, _sureness(measure)),
    )


def _area(cases: Sequence[Case], options: Options) -> Estimate:
    return auc(
        [case.p or 0.0 for case in cases],
        [case.truth == YES for case in cases],
        [case.group for case in cases],
        seed=options.seed,
        resamples=options.resamples,
    )


def _calibration(cases: Sequence[Case], *, yes_no: bool) -> Calibration | None:
    """Of yes and no: of the probability of yes. Of classes: of the class that was said."""
    probabilities = [case.p for case in cases if case.p is not None]
    right = [(case.truth == YES) if yes_no else case.truth == case.said for case in cases]
    return calibration(probabilities, right)


def _sureness(measure: Measure) -> Callable[[Case], float]:
    """How bad a mistake is: how sure the program was, or how many levels it is off."""
    if measure.classes == (NO, YES):
        return lambda case: abs((case.p or 0.0) - 0.5) if case.p is not None else 0.0
    if all(name.isdigit() for name in measure.classes):
        return lambda case: abs(int(str(case.truth)) - int(str(case.said)))
    return lambda case: case.p or 0.0


def _worst(
    cases: Sequence[Case], most: int, how_bad: Callable[[Case], float]
) -> tuple[Mistake, ...]:
    wrong = [case for case in cases if case.truth != case.said]
    wrong.sort(key=lambda case: -how_bad(case))
    return tuple(_mistake(case) for case in wrong[:most])


def _mistake(case: Case) -> Mistake:
    said = "not observed" if case.said is None else _shown(case.said)
    return Mistake(
        case.transcript,
        case.turn,
        _shown(case.truth),
        said,
        case.p,
        case.words,
        case.text,
        case.before,
    )


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.2f}"


def level_finding(measure: Measure, cases: Sequence[Case], options: Options) -> Finding:
    """Numbers on one scale."""
    seen = [case for case in cases if case.said is not None]
    ours, theirs = _numbers([c.said for c in seen]), _numbers([c.truth for c in seen])
    groups = [case.group for case in seen]
    given = {"seed": options.seed, "resamples": options.resamples}
    same = measure.same_scale
    pairs = list(zip(ours, theirs, strict=True))
    levelled = Levelled(
        spearman=spearman(ours, theirs, groups, **given),
        agreement=rater_figures(pairs, groups, **given) if same and pairs else None,
        bias=_mean_gap(ours, theirs) if same else None,
        not_observed=len(cases) - len(seen),
    )
    worst = sorted(seen, key=lambda case: -_gap(case)) if same else []
    return Finding(
        measure.id,
        measure.title,
        measure.kind,
        len(cases),
        levelled=levelled,
        mistakes=tuple(_mistake(case) for case in worst[: options.mistakes]),
    )


def _gap(case: Case) -> float:
    return abs(float(case.said or 0.0) - float(case.truth))


def _mean_gap(ours: Sequence[float], theirs: Sequence[float]) -> float | None:
    return round(float(np.mean(np.subtract(ours, theirs))), 4) if ours else None


def rating_finding(measure: Measure, cases: Sequence[Case], options: Options) -> Finding:
    """A figure against the mean of several raters."""
    seen = [case for case in cases if case.said is not None]
    ours, theirs = _numbers([c.said for c in seen]), _numbers([c.truth for c in seen])
    groups = [case.group for case in seen]
    given = {"seed": options.seed, "resamples": options.resamples}
    raters = sorted({name for case in seen for name in case.others if name != "turns"})
    lengths = _numbers([case.others["turns"] for case in seen])
    rated = Rated(
        spearman=spearman(ours, theirs, groups, **given),
        one_and_others=_one_and_others(seen, raters),
        raters=len(raters),
        with_length=spearman(ours, lengths, groups, **given),
    )
    return Finding(measure.id, measure.title, measure.kind, len(cases), rated=rated)


def _one_and_others(cases: Sequence[Case], raters: Sequence[str]) -> float | None:
    """On the cases that every rater rated; None with fewer than two raters."""
    full = [[case.others.get(name) for name in raters] for case in cases]
    rows = [[value for value in row if value is not None] for row in full]
    table = np.array([row for row in rows if len(row) == len(raters)], dtype=float)
    if len(raters) < TWO_RATERS or len(table) < TWO_RATERS:
        return None
    found = [
        rho(table[:, place], np.delete(table, place, axis=1).mean(1))
        for place in range(len(raters))
    ]
    kept = [value for value in found if np.isfinite(value)]
    return round(float(np.mean(kept)), 4) if kept else None


def session_finding(measure: Measure, cases: Sequence[Case], options: Options) -> Finding:
    """Sessions of two sorts: how each figure ranks them, the mere number of turns among them."""
    names = list(dict.fromkeys(name for case in cases for name in case.others))
    rankings = tuple(
        ranking for name in names if (ranking := _ranking(name, cases, options)) is not None
    )
    return Finding(
        measure.id,
        measure.title,
        measure.kind,
        len(cases),
        rankings=rankings,
        mistakes=_misranked(cases, options.mistakes),
    )


def _ranking(name: str, cases: Sequence[Case], options: Options) -> Ranking | None:
    seen = [case for case in cases if case.others.get(name) is not None]
    if len({case.truth for case in seen}) < 2:
        return None
    values, groups = _numbers([c.others[name] for c in seen]), [c.group for c in seen]
    lengths = _numbers([case.others["turns"] for case in seen])
    given = {"seed": options.seed, "resamples": options.resamples}
    return Ranking(
        name,
        len(seen),
        auc(values, [case.truth == 1.0 for case in seen], groups, **given),
        spearman(values, lengths, groups, **given),
    )


def _misranked(cases: Sequence[Case], most: int) -> tuple[Mistake, ...]:
    """The sessions that most others of the other sort stand on the wrong side of."""
    seen = [case for case in cases if case.said is not None]
    found = [(_overtaken(case, seen), case) for case in seen]
    found.sort(key=lambda pair: -pair[0])
    named: Mapping[float, str] = {1.0: "high", 0.0: "low"}
    return tuple(
        Mistake(
            case.transcript,
            None,
            named[float(case.truth)],
            f"overall {float(case.said or 0.0):.2f}",
            None,
            f"on the wrong side of {share:.0%} of the other sessions",
            case.text,
            "",
        )
        for share, case in found[:most]
        if share > 0
    )


def _overtaken(case: Case, cases: Sequence[Case]) -> float:
    mine = float(case.said or 0.0)
    others = [float(other.said or 0.0) for other in cases if other.truth != case.truth]
    if not others:
        return 0.0
    sign = 1 if case.truth == 1.0 else -1
    return sum(sign * other > sign * mine for other in others) / len(others)


def _numbers(values: Sequence[str | float | None]) -> list[float]:
    return [float(value) for value in values if value is not None]
