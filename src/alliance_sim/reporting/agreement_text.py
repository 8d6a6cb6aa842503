"""An evaluation as lines of text and as JSON: the same figures, for eyes and for programs."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from alliance_sim.domain.clean import printable
from alliance_sim.runtime.evaluating import Evaluation, SetReport
from alliance_sim.runtime.evaluating_figures import Finding, Mistake
from alliance_sim.scoring.agreement.bootstrap import Estimate
from alliance_sim.scoring.agreement.calibration import Bin, Calibration

BAR = 40
"""Cells of the reliability plot."""
SHOWN = 160
"""Characters of a mistake's words; enough to judge it."""

HELD_OUT = (
    "Figures on a set that the coder was fitted on are better than on others: docs/model-card.md "
    "has those that were held out."
)


def evaluation_text(evaluation: Evaluation, *, hide_text: bool = False) -> str:
    """The whole report; every line ends with a newline. `hide_text` leaves all quotes out."""
    lines = [f"scorer: {evaluation.scorer} · intervals: 95 %, whole conversations drawn again"]
    lines += [f"note: {printable(note, lines=False)}" for note in evaluation.notes]
    for report in evaluation.sets:
        lines += ["", *_set(report, hide_text=hide_text)]
    lines += ["", HELD_OUT]
    return "\n".join(lines) + "\n"


def _set(report: SetReport, *, hide_text: bool) -> Iterator[str]:
    name = printable(report.name, lines=False)
    yield f"{name.upper()}  {report.conversations} conversation(s), {report.replies} replies"
    if not report.findings:
        yield "  nothing to compare: no column that a measure knows, or one value only"
        return
    yield from _classes([f for f in report.findings if f.classes])
    yield from _sessions([f for f in report.findings if f.rankings])
    yield from _ratings([f for f in report.findings if f.rated])
    yield from _levels([f for f in report.findings if f.levelled])
    for finding in report.findings:
        if finding.calibration and finding is _first_calibrated(report):
            yield from _reliability(finding.title, finding.calibration)
    for finding in report.findings:
        yield from _mistakes(finding, hide_text=hide_text)


def _first_calibrated(report: SetReport) -> Finding | None:
    return next((finding for finding in report.findings if finding.calibration), None)


def _classes(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    yield from _table(
        ("decision", "n", "accuracy", "macro-F1", "kappa", "AUC", "calibr.", "majority acc, F1"),
        [_class_row(finding) for finding in findings],
    )
    for finding in findings:
        if finding.classes:
            f1 = ", ".join(f"{name} {_short(e)}" for name, e in finding.classes.f1.items())
            yield f"  {finding.title}: F1 of {f1}"


def _class_row(finding: Finding) -> tuple[str, ...]:
    figures = finding.classes
    if figures is None:
        return ()
    error = f"{finding.calibration.error:.3f}" if finding.calibration else ""
    return (
        finding.title,
        str(finding.count),
        interval(figures.accuracy),
        interval(figures.macro_f1),
        interval(figures.kappa),
        interval(finding.auc) if finding.auc else "",
        error,
        f"{figures.majority_accuracy:.2f}, {figures.majority_macro_f1:.2f} ({figures.majority})",
    )


def _sessions(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"  {finding.title}: how the scores rank the sessions (baseline: number of turns)"
        yield from _table(
            ("figure", "n", "AUC", "Spearman with the number of turns"),
            [
                (r.name, str(r.count), interval(r.auc), interval(r.with_length))
                for r in finding.rankings
            ],
        )


def _ratings(findings: Sequence[Finding]) -> Iterator[str]:
    if findings:
        rows = [
            (
                finding.title,
                str(finding.count),
                interval(finding.rated.spearman),
                _number(finding.rated.one_and_others),
                interval(finding.rated.with_length),
            )
            for finding in findings
            if finding.rated
        ]
        head = ("dimension", "n", "Spearman with the mean rating", "one rater, others", "length")
        yield from _table(head, rows)


def _levels(findings: Sequence[Finding]) -> Iterator[str]:
    rows = []
    for finding in findings:
        found = finding.levelled
        if found is None:
            continue
        same = found.agreement
        rows.append(
            (
                finding.title,
                str(finding.count),
                interval(found.spearman),
                interval(same.kappa) if same else "",
                interval(same.icc) if same else "",
                interval(same.alpha) if same else "",
                _number(found.bias),
                str(found.not_observed),
            )
        )
    if rows:
        head = ("numbers", "n", "Spearman", "kappa (quadr.)", "ICC(A,1)", "alpha", "bias", "n. o.")
        yield from _table(head, rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell; the first to the left, the others to the right."""
    clean = [[printable(cell, lines=False) for cell in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(head), *clean]) for place in range(len(head))]
    for row in [list(head), *clean]:
        cells = [f"{row[0]:<{widths[0]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield ("  " + "  ".join(cells)).rstrip()


def _reliability(title: str, found: Calibration) -> Iterator[str]:
    """A bar as long as the share that was right, and a mark where it should end."""
    yield f"  Reliability of {title}: █ how often right, │ how sure; error {found.error:.3f}"
    yield from (f"    {reliability_row(each)}" for each in found.bins)


def reliability_row(found: Bin) -> str:
    """One tenth of the reliability plot."""
    head = f"{found.low:.1f}-{found.high:.1f} "
    if found.said is None or found.seen is None:
        return f"{head}{'':{BAR + 1}} none"
    cells = ["█"] * round(found.seen * BAR) + ["·"] * (BAR - round(found.seen * BAR)) + [" "]
    cells[min(BAR, round(found.said * BAR))] = "│"
    return f"{head}{''.join(cells)} sure {found.said:.2f}, right {found.seen:.2f} ({found.count})"


def _mistakes(finding: Finding, *, hide_text: bool) -> Iterator[str]:
    if not finding.mistakes:
        return
    yield f"  Worst mistakes, {finding.title}:"
    for mistake in finding.mistakes:
        yield f"    {mistake_line(mistake, hide_text=hide_text)}"
        if not hide_text and mistake.text:
            yield f"      {_cut(mistake.text)}"


def mistake_line(mistake: Mistake, *, hide_text: bool) -> str:
    """Where, what people said, what the program said, and by which words."""
    where = mistake.transcript if mistake.turn is None else f"{mistake.transcript}:{mistake.turn}"
    sure = "" if mistake.p is None else f" ({mistake.p:.2f})"
    words = "" if hide_text or not mistake.words else f" by “{_cut(mistake.words)}”"
    line = f"{where}: people {mistake.truth}, program {mistake.said}{sure}{words}"
    return printable(line, lines=False)


def _cut(text: str) -> str:
    shown = printable(text, lines=False)
    return shown if len(shown) <= SHOWN else shown[: SHOWN - 1] + "…"


def interval(found: Estimate) -> str:
    """`0.71 [0.66, 0.75]`; a dash where it is not defined."""
    if found.value is None:
        return "–"
    if found.low is None or found.high is None:
        return f"{found.value:.2f}"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _short(found: Estimate) -> str:
    return "–" if found.value is None else f"{found.value:.2f}"


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def as_data(value: object, *, hide_text: bool = False) -> Any:
    """A report as what JSON holds: estimates are objects of value, low and high."""
    if isinstance(value, Mistake) and hide_text:
        kept = ("transcript", "turn", "truth", "said", "p")
        return {name: getattr(value, name) for name in kept}
    if isinstance(value, Estimate):
        return value._asdict()
    if is_dataclass(value) and not isinstance(value, type):
        found = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: as_data(each, hide_text=hide_text) for name, each in found.items()}
    if isinstance(value, dict):
        return {str(name): as_data(each, hide_text=hide_text) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(each, hide_text=hide_text) for each in value]
    return str(value) if isinstance(value, Enum) else value
