"""The model card: sources, licences, figures and limits, in Markdown."""

from collections import Counter
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import NamedTuple

from alliance_sim.coding.fit.figures import Figures
from alliance_sim.coding.fit.matrix import FEWEST_EXAMPLES, FEWEST_GROUPS
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.tasks import Spec
from alliance_sim.coding.fit.training import FOLDS
from alliance_sim.coding.fit.whole import Whole


class Measured(NamedTuple):
    """One decision, cross-validated."""

    spec: Spec
    figures: tuple[Figures, ...]
    ngrams: tuple[float, tuple[float, ...]]
    """What n-grams alone reach in the same folds: as in `Figures`, the whole and each class."""


SOURCES = {
    "annomi": (
        "AnnoMI (Wu et al. 2022), github.com/uccollab/AnnoMI",
        "none stated; released “to benefit research community”",
    ),
    "misc_manual": ("AutoMISC, manual MISC 2.5 labels, github.com/cimhasgithub/AutoMISC", "none"),
    "miti_sentences": (
        "Welivita & Pu 2022, github.com/anuradha1992/Boosting-with-MI-Strategy",
        "CC BY-NC-SA 3.0",
    ),
    "epitome": (
        "EPITOME (Sharma et al. 2020), github.com/behavioral-data/Empathy-Mental-Health",
        "academic, non-commercial",
    ),
    "advice": (
        "Advice-EMNLP2020 (Govindarajan et al. 2020), github.com/venkatasg/Advice-EMNLP2020",
        "MIT",
    ),
}

REACH = {
    "main": (0.76, {"reflection": 0.70, "question": 0.90, "input": 0.64}),
    "question_open": (0.75, {}),
    "misc": (0.62, {}),
    "self_disclosure": (0.80, {}),
    "advice_unasked": (0.70, {}),
    "validate": (0.70, {}),
    "emotional_reaction": (0.72, {}),
    "interpretation": (0.60, {}),
    "exploration": (0.72, {}),
}
"""What was aimed at: macro-F1 (F1 of yes), and F1 by class."""

WHOLE_REACH = {
    "main": 0.76, "main:reflection": 0.70, "main:question": 0.90, "main:input": 0.64,
    "question_open": 0.75, "misc": 0.62, "emotional_reaction": 0.72, "interpretation": 0.60,
    "exploration": 0.72, "self_disclosure": 0.80, "advice without permission": 0.70,
    "support (validate)": 0.70,
}  # fmt: skip
"""What the program as a whole was to reach."""

NAMED = {"advice without permission": "advice_unasked", "support (validate)": "validate"}
"""Decisions of the program as a whole that have another name than the model's."""

HEADINGS = (
    "decision", "measured on", "n", "F1", "aim", "n-grams alone", "F1 without marks and capitals",
    "F1 by class (aim)", "calibration error",
)  # fmt: skip


def figures_table(measured: Sequence[Measured]) -> str:
    """Figures held out beside what was aimed at, as a Markdown table."""
    lines = [
        f"| {' | '.join(HEADINGS)} |",
        "|" + "---|" * len(HEADINGS),
    ]
    lines += [_line(*each) for each in measured]
    return "\n".join(lines)


def _line(spec: Spec, figures: tuple[Figures, ...], ngrams: tuple[float, tuple[float, ...]]) -> str:
    plain, bare = figures
    aim, aims = REACH.get(spec.name, (None, {}))
    each = ""
    if plain.any is not None:
        each = f"none or any {plain.any:.3f}, "
    if len(spec.classes) > 1:
        pairs = zip(spec.classes, plain.each, strict=True)
        each += ", ".join(
            f"{name} {value:.3f}" + (f" ({aims[name]:.2f})" if name in aims else "")
            for name, value in pairs
        )
    cells = (
        spec.name, spec.measured, str(plain.count), f"{plain.macro:.3f}",
        "" if aim is None else f"≥ {aim:.2f}", f"{ngrams[0]:.3f}", f"{bare.macro:.3f}", each,
        f"{plain.calibration_error:.3f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def whole_table(found: Whole, measured: Sequence[Measured]) -> str:
    """Figures of the program as a whole, as a Markdown table."""
    alone = dict(_alone(measured))
    lines = [
        "| decision | F1 | F1 without marks and capitals | aim | n-grams alone |",
        "|---|---|---|---|---|",
    ]
    for name, each in found.items():
        aim = f"≥ {WHOLE_REACH[name]:.2f}" if name in WHOLE_REACH else ""
        beside = alone.get(NAMED.get(name, name))
        cells = (name, *(f"{x:.3f}" for x in each), aim, "" if beside is None else f"{beside:.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _alone(measured: Sequence[Measured]) -> Iterator[tuple[str, float]]:
    """What n-grams reach, by decision and class."""
    for spec, _figures, (macro, each) in measured:
        yield spec.name, macro
        if len(spec.classes) > 1:
            names = (f"{spec.name}:{name}" for name in spec.classes)
            yield from zip(names, each, strict=True)


def card(
    measured: Sequence[Measured], found: Whole, examples: Sequence[Example], rows: int, size: int
) -> str:
    """The whole card."""
    counts = Counter(example.source for example in examples)
    sources = "\n".join(
        f"| {name} | {title} | {licence} | {counts[name]:,} |"
        for name, (title, licence) in SOURCES.items()
    )
    template = (files(__package__) / "card.md").read_text("utf-8")
    return template.format(
        figures=figures_table(measured),
        whole=whole_table(found, measured),
        sources=sources,
        folds=FOLDS,
        examples=FEWEST_EXAMPLES,
        groups=FEWEST_GROUPS,
        rows=f"{rows:,}",
        size=f"{size / 1e6:.2f}",
    )
