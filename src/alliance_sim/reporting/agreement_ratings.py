"""Agreement with an instructor's ratings, as lines of text."""

from collections.abc import Iterator, Mapping, Sequence

from alliance_sim.domain.clean import printable
from alliance_sim.reporting.agreement_text import interval
from alliance_sim.runtime.calibrating_report import (
    ENOUGH,
    ENOUGH_FOR_THRESHOLDS,
    Disagreement,
    RubricAgreement,
    Threshold,
)
from alliance_sim.runtime.recalibrating import Applied
from alliance_sim.scoring.agreement import refit as fitting
from alliance_sim.scoring.agreement.raters import RaterFigures
from alliance_sim.scoring.agreement.refit import Refit

SHOWN = 200


def ratings_text(
    found: Sequence[RubricAgreement],
    titles: Mapping[str, str],
    *,
    strangers: int = 0,
    hide_text: bool = False,
) -> str:
    """The whole report; every line ends with a newline. `strangers` are ratings of other words."""
    lines: list[str] = []
    for rubric in found:
        lines += [*_rubric(rubric, titles, hide_text=hide_text), ""]
    if strangers:
        lines.append(
            f"{strangers} rating(s) are of conversations not given here, or whose words changed."
        )
    if not found:
        lines.append("No ratings of these conversations yet: alliance-sim calibrate rate")
    return "\n".join(lines) + "\n"


def _rubric(found: RubricAgreement, titles: Mapping[str, str], *, hide_text: bool) -> Iterator[str]:
    what = "sessions" if found.whole else "replies"
    title = printable(titles.get(found.rubric, found.rubric), lines=False)
    raters = ", ".join(printable(name, lines=False) for name in found.raters)
    yield f"{title.upper()}, {what}: {found.rated} rated by {raters}"
    yield from _agreement(found)
    if found.bias is not None and found.off is not None:
        side = "higher" if found.bias > 0 else "lower"
        yield (
            f"  the program stands {abs(found.bias):.2f} {side} on average, and {found.off:.2f} off"
        )
    if found.missed or found.invented:
        yield (
            f"  opportunities: {found.missed} that only raters saw, {found.invented} that only the "
            "program saw"
        )
    if found.figures is not None:
        yield from _table(found.table)
    yield from _thresholds(found)
    for worst in found.worst:
        yield from _worst(worst, hide_text=hide_text)


def _agreement(found: RubricAgreement) -> Iterator[str]:
    if found.figures is None:
        yield f"  fewer than {ENOUGH} moments that both sides observed: too few to say"
    else:
        yield f"  program and raters      {_figures(found.figures)}"
    if len(found.each) > 1:
        for name, figures in found.each.items():
            yield f"  program and {printable(name, lines=False)}  {_figures(figures)}"
    if found.among:
        yield f"  raters among each other {_figures(found.among)}"


def _thresholds(found: RubricAgreement) -> Iterator[str]:
    for threshold in found.thresholds:
        yield f"  {_threshold(threshold)}"
    if found.figures is not None and not found.thresholds:
        yield f"  thresholds: suggested from {ENOUGH_FOR_THRESHOLDS} moments on"


def _figures(found: RaterFigures) -> str:
    return (
        f"weighted kappa {interval(found.kappa)} · ICC(A,1) {interval(found.icc)} · "
        f"alpha {interval(found.alpha)} · n {found.count}"
    )


def _table(table: Sequence[Sequence[int]]) -> Iterator[str]:
    yield "  raters ↓  program →    0    1    2    3    4"
    for level, row in enumerate(table):
        yield f"                   {level}  {''.join(f'{cell:>5}' for cell in row)}"


def _threshold(found: Threshold) -> str:
    if found.suggested is None:
        return f"{found.name}: too few ratings on one side of {found.now:g} to suggest anything"
    if found.suggested == found.now:
        return f"{found.name}: {found.now:g} is as good as any ({found.right_now:.0%} right)"
    return (
        f"{found.name}: {found.suggested:g} would be right in {found.right_then:.0%}, "
        f"{found.now:g} is in {found.right_now:.0%} (threshold in the rubric's file)"
    )


def _worst(found: Disagreement, *, hide_text: bool) -> Iterator[str]:
    where = "" if found.turn is None else f" turn {found.turn}"
    name = printable(found.transcript_id, lines=False)
    yield f"  {name}{where}: raters {found.raters:.1f}, program {found.program:.1f}"
    if hide_text:
        return
    if found.before:
        yield f"    C: {_cut(found.before)}"
    yield f"    T: {_cut(found.reply)}"
    for note in found.notes:
        yield f"    noted: {_cut(note)}"


def _cut(text: str) -> str:
    shown = printable(text, lines=False)
    return shown if len(shown) <= SHOWN else f"{shown[: SHOWN - 1]}…"


def refit_text(rubric: str, found: Refit | None) -> str:
    """What a re-fit of a rubric would do, in a few lines."""
    if found is None:
        return (
            f"{rubric}: a re-fit needs {fitting.ENOUGH} moments that both sides observed, from "
            f"{fitting.ENOUGH_GROUPS} conversations or more\n"
        )
    held = (
        f"{rubric}: {found.count} moments, {found.groups} conversations; held out, the program is "
        f"{found.error_before:.2f} off, and {found.error_after:.2f} with a {found.name}"
    )
    if not found.better:
        return f"{held}. That is no better than chance: the levels stay as they are.\n"
    moved = ", ".join(f"{level} → {value:g}" for level, value in enumerate(found.knots))
    return f"{held}.\nLevels would become: {moved}\n"


def applied_text(found: Applied) -> str:
    """What was written, and how to undo it."""
    lines = [f"Written: {found.path} (version {found.old_version} → {found.new_version})."]
    if found.dropped:
        lines.append(f"Left out, for it no longer fits: {found.dropped}.")
    lines += ["Sessions scored from now on use it; stored scores stay as they are.", found.undo]
    return "\n".join(lines) + "\n"
