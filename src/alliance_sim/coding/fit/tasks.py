"""What is learned from which labels: the decisions, their classes, and how much a source counts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from alliance_sim.coding.fit.sources import Example, Row

_MISC_MAIN = {
    "SRL": "reflection", "Q": "question", "IMI": "input", "IMC": "input", "O": "other",
}  # fmt: skip
_MITI_OTHER = ("Other", "Affirm", "Support", "Self-Disclose", "Emphasize Autonomy")
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Spec:
    """One decision to learn."""

    name: str
    classes: tuple[str, ...]
    """One class: yes or no."""
    label: Callable[[Example], str | None]
    """The class of an example, `YES` or `NO` where there is one class; None: not labelled."""
    shares: Mapping[str, float]
    """Weight of an example by source; sources that are not named are not used."""
    measured: str
    """The source whose examples are measured on."""
    strength: float = 0.4
    """Inverse of the regularisation."""
    leans: tuple[str, ...] = ()
    """Decisions whose sums are signals too; they are learned from other sources for it."""
    tuned: bool = True
    """Whether the verdict is moved to where F1 is best (found on the folds not measured)."""
    shipped: bool = True


def _main(example: Example) -> str | None:
    row = example.labels
    if example.source == "annomi":
        return str(row["behaviour"]).removeprefix("therapist_")
    if example.source == "misc_manual":
        if row["t1"] == "CRL":
            return "reflection" if row["t2"] == "CR" else "other"
        return _MISC_MAIN[row["t1"]]
    label = row["label"]
    if "Question" in label:
        return "question"
    if "Reflection" in label:
        return "reflection"
    return "other" if label in _MITI_OTHER else "input"


def _is(annomi: tuple[str, str], misc: str, miti: str) -> Callable[[Example], str | None]:
    """A yes-or-no label: a field and value of AnnoMI, a MISC code, words of a MITI code."""

    def label(example: Example) -> str | None:
        row = example.labels
        if example.source == "annomi":
            holds = row[annomi[0]] == annomi[1]
        elif example.source == "misc_manual":
            holds = row["t2"] in misc.split()
        else:
            holds = bool(miti) and miti in row["label"]
        return YES if holds else NO

    return label


_MISC_ANNOMI = {"None": "O", "simple": "SRL", "complex": "CRL"}
_MISC_MITI = {
    "Affirm": "CRL", "Support": "CRL", "Emphasize Autonomy": "CRL", "Complex Reflection": "CRL",
    "Simple Reflection": "SRL", "Open Question": "Q", "Closed Question": "Q",
    "Give Information": "IMC", "Advise with Permission": "IMC", "Advise without Permission": "IMI",
    "Confront": "IMI", "Direct": "IMI", "Warn": "IMI", "Self-Disclose": "O", "Other": "O",
}  # fmt: skip


def _misc(example: Example) -> str | None:
    """MISC's six classes; what comes nearest to them in the other sets."""
    row = example.labels
    if example.source == "misc_manual":
        return str(row["t1"])
    if example.source == "miti_sentences":
        return _MISC_MITI[row["label"]]
    if row["behaviour"] == "question":
        return "Q"
    if row["behaviour"] == "therapist_input":
        unasked = row["quality"] == "low" and row["therapist_input_type"] == "advice"
        return "IMI" if unasked else "IMC"
    return _MISC_ANNOMI[str(row["reflection_type"])] if row["behaviour"] == "reflection" else "O"


def _field(name: str) -> Callable[[Example], str | None]:
    def label(example: Example) -> str | None:
        return str(example.labels[name])

    return label


def _truth(holds: Callable[[Row], bool]) -> Callable[[Example], str | None]:
    def label(example: Example) -> str | None:
        return YES if holds(example.labels) else NO

    return label


def _codes(**given: tuple[str, ...]) -> Callable[[Example], str | None]:
    """A yes-or-no label: the codes of each source that count; other sources never have it."""

    def label(example: Example) -> str | None:
        codes = given.get(example.source, ())
        field = _FIELDS[example.source]
        return YES if example.labels[field] in codes else NO

    return label


_FIELDS = {
    "annomi": "therapist_input_type", "misc_manual": "t2", "miti_sentences": "label",
}  # fmt: skip
_SPOKEN = {"annomi": 1.0, "misc_manual": 0.6, "miti_sentences": 0.6}
_MOSTLY_WRITTEN = {"miti_sentences": 1.0, "misc_manual": 0.5, "annomi": 0.3}
"""For codes that spoken sessions seldom have, or do not label: they show what is none."""
_INPUT = "therapist_input_type"
_HELP = ("main", "misc", "advice_sentence", "emotional_reaction", "interpretation", "exploration")
LEVELS = ("0", "1", "2")

SPECS = (
    Spec("main", ("reflection", "question", "input", "other"), _main, _SPOKEN, "annomi",
         tuned=False),
    Spec("question_open", ("question_open",),
         _is(("question_type", "open"), "OQ", "Open Question"), _SPOKEN, "annomi"),
    Spec("question_closed", ("question_closed",),
         _is(("question_type", "closed"), "CQ", "Closed Question"), _SPOKEN, "annomi"),
    Spec("reflection_simple", ("reflection_simple",),
         _is(("reflection_type", "simple"), "SR", "Simple Reflection"), _SPOKEN, "annomi"),
    Spec("reflection_complex", ("reflection_complex",),
         _is(("reflection_type", "complex"), "CR", "Complex Reflection"), _SPOKEN, "annomi"),
    Spec("information", ("information",),
         _is((_INPUT, "information"), "GI", "Give Information"), _SPOKEN, "annomi"),
    Spec("advice", ("advice",),
         _is((_INPUT, "advice"), "ADP ADW", "Advise"), _SPOKEN, "annomi", 0.4,
         ("advice_sentence",)),
    Spec("misc", ("SRL", "CRL", "Q", "IMC", "IMI", "O"), _misc,
         {"misc_manual": 1, "miti_sentences": 0.5, "annomi": 0.3}, "misc_manual",
         tuned=False, shipped=False),
    Spec("self_disclosure", ("self_disclosure",), _codes(miti_sentences=("Self-Disclose",)),
         _MOSTLY_WRITTEN, "miti_sentences", 0.3, _HELP),
    Spec("advice_unasked", ("advice_unasked",),
         _codes(miti_sentences=("Advise without Permission",), misc_manual=("ADW",),
                annomi=("advice",)),
         {"miti_sentences": 1, "misc_manual": 0.5, "annomi": 0.5}, "miti_sentences", 0.15, _HELP),
    Spec("validate", ("validate",), _codes(miti_sentences=("Support",), misc_manual=("SU",)),
         _MOSTLY_WRITTEN, "miti_sentences", 0.15, _HELP),
    Spec("affirm", ("affirm",), _codes(miti_sentences=("Affirm",), misc_manual=("AF",)),
         _MOSTLY_WRITTEN, "misc_manual", 0.15, _HELP),
    Spec("emphasize_autonomy", ("emphasize_autonomy",),
         _codes(miti_sentences=("Emphasize Autonomy",), misc_manual=("EC",)),
         _MOSTLY_WRITTEN, "misc_manual", 0.15, _HELP),
    Spec("emotional_reaction", LEVELS, _field("emotional_reactions"), {"epitome": 1}, "epitome",
         2.0),
    Spec("interpretation", LEVELS, _field("interpretations"), {"epitome": 1}, "epitome", 1.0),
    Spec("exploration", LEVELS, _field("explorations"), {"epitome": 1}, "epitome", 2.0),
    Spec("advice_sentence", ("advice_sentence",),
         _truth(lambda row: row["advice"] == 1), {"advice": 1}, "advice", 1.0,
         shipped=False),
)  # fmt: skip
