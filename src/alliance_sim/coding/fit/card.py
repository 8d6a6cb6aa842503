"""The model card: sources, licences, figures and limits, in Markdown."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

from alliance_sim.coding.fit.figures import Figures
from alliance_sim.coding.fit.matrix import FEWEST_EXAMPLES, FEWEST_GROUPS
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.tasks import Spec
from alliance_sim.coding.fit.training import FOLDS
from alliance_sim.coding.fit.whole import Whole

Measured = Sequence[tuple[Spec, tuple[Figures, ...]]]

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

HEADINGS = (
    "decision", "measured on", "n", "F1", "aim", "F1 without marks and capitals",
    "F1 by class (aim)", "calibration error",
)  # fmt: skip


def figures_table(measured: Measured) -> str:
    """Figures held out beside what was aimed at, as a Markdown table."""
    lines = [
        f"| {' | '.join(HEADINGS)} |",
        "|" + "---|" * len(HEADINGS),
    ]
    lines += [_line(spec, figures) for spec, figures in measured]
    return "\n".join(lines)


def _line(spec: Spec, figures: tuple[Figures, ...]) -> str:
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
        "" if aim is None else f"≥ {aim:.2f}", f"{bare.macro:.3f}", each,
        f"{plain.calibration_error:.3f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def whole_table(found: Whole) -> str:
    """Figures of the program as a whole, as a Markdown table."""
    lines = ["| decision | F1 | F1 without marks and capitals | aim |", "|---|---|---|---|"]
    for name, each in found.items():
        aim = f"≥ {WHOLE_REACH[name]:.2f}" if name in WHOLE_REACH else ""
        lines.append(f"| {name} | {' | '.join(f'{x:.3f}' for x in each)} | {aim} |")
    return "\n".join(lines)


def card(
    measured: Measured, found: Whole, examples: Sequence[Example], rows: int, size: int
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
        whole=whole_table(found),
        sources=sources,
        folds=FOLDS,
        examples=FEWEST_EXAMPLES,
        groups=FEWEST_GROUPS,
        rows=f"{rows:,}",
        size=f"{size / 1e6:.2f}",
    )
