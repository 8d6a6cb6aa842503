"""How well the program codes as a whole: through `code`, by models that did not see the group.

What `code` says is read as each set's labels mean it, in the plainest way. The rules were written
with the AnnoMI sessions at hand, so that their part is not held out there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from alliance_sim.coding.coder import code
from alliance_sim.coding.fit.figures import score
from alliance_sim.coding.fit.matrix import COPIES
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.model import Model
from alliance_sim.domain.codes import Code, CodedReply, Empathy, Main

Whole = Mapping[str, tuple[float, ...]]
"""F1 by decision, a number a copy; of several classes a macro-F1, their classes are `name:…`."""

_BACK = 2
"""Earlier replies that `code` looks at."""

MISC = ("SRL", "CRL", "Q", "IMC", "IMI", "O")
LEVELS = ("0", "1", "2")
_INCONSISTENT = frozenset((Code.CONFRONT, Code.PERSUADE, Code.BLAME, Code.MINIMISE, Code.ADVICE))
_STRENGTHENING = frozenset((Code.AFFIRM, Code.VALIDATE, Code.EMPHASIZE_AUTONOMY))
_TELLING = frozenset((Code.INFORMATION, Code.ASK_THEN_TELL, Code.SEEK_COLLABORATION))


def misc(reply: CodedReply) -> str:
    """MISC's class; in this set what strengthens stands with the complex reflections."""
    said = reply.asserted()
    if reply.main is Main.QUESTION:
        return "Q"
    if reply.main is Main.REFLECTION:
        sure = {span.code: span.p for span in reply.codes}
        complex_p = sure.get(Code.REFLECTION_COMPLEX, 0.0)
        return "CRL" if complex_p >= sure.get(Code.REFLECTION_SIMPLE, 0.0) else "SRL"
    if said & _INCONSISTENT:
        return "IMI"
    if said & _STRENGTHENING:
        return "CRL"
    return "IMC" if said & _TELLING or reply.main is Main.INPUT else "O"


def _annomi(example: Example) -> str:
    return str(example.labels["behaviour"]).removeprefix("therapist_")


def _given(*codes: Code, without: Code | None = None) -> Callable[[CodedReply], bool]:
    return lambda reply: not reply.asserted().isdisjoint(codes) and without not in reply.asserted()


def _labelled(name: str, *values: str) -> Callable[[Example], bool]:
    return lambda example: example.labels[name] in values


@dataclass(frozen=True)
class OneOf:
    """A decision between classes."""

    source: str
    classes: tuple[str, ...]
    label: Callable[[Example], str]
    said: Callable[[CodedReply], str]


def _mechanism(name: str) -> OneOf:
    return OneOf(
        "epitome",
        LEVELS,
        lambda example: str(example.labels[f"{name}s"]),
        lambda reply: str(getattr(reply.empathy, name)),
    )


ONE_OF: Mapping[str, OneOf] = {
    "main": OneOf("annomi", tuple(Main), _annomi, lambda reply: reply.main),
    "misc": OneOf("misc_manual", MISC, lambda example: str(example.labels["t1"]), misc),
    **{name: _mechanism(name) for name in Empathy.model_fields},
}

YES_NO: Mapping[
    str, tuple[str, Callable[[Example], bool], Callable[[CodedReply], bool]]
] = {
    "question_open": (
        "annomi", _labelled("question_type", "open"), _given(Code.QUESTION_OPEN)),
    "question_closed": (
        "annomi", _labelled("question_type", "closed"), _given(Code.QUESTION_CLOSED)),
    "reflection_simple": (
        "annomi", _labelled("reflection_type", "simple"), _given(Code.REFLECTION_SIMPLE)),
    "reflection_complex": (
        "annomi", _labelled("reflection_type", "complex"), _given(Code.REFLECTION_COMPLEX)),
    "information": (
        "annomi", _labelled("therapist_input_type", "information"), _given(Code.INFORMATION)),
    "advice": (
        "annomi", _labelled("therapist_input_type", "advice"), _given(Code.ADVICE)),
    "affirm or validate": (
        "misc_manual", _labelled("t2", "AF", "SU"), _given(Code.AFFIRM, Code.VALIDATE)),
    "emphasize_autonomy": (
        "misc_manual", _labelled("t2", "EC"), _given(Code.EMPHASIZE_AUTONOMY)),
    "self_disclosure": (
        "miti_sentences", _labelled("label", "Self-Disclose"), _given(Code.SELF_DISCLOSURE)),
    "advice without permission": (
        "miti_sentences", _labelled("label", "Advise without Permission"),
        _given(Code.ADVICE, without=Code.ASK_THEN_TELL)),
    "support (validate)": (
        "miti_sentences", _labelled("label", "Support"), _given(Code.VALIDATE)),
    "support (affirm or validate)": (
        "miti_sentences", _labelled("label", "Support"), _given(Code.AFFIRM, Code.VALIDATE)),
    "affirm": (
        "miti_sentences", _labelled("label", "Affirm"), _given(Code.AFFIRM)),
}  # fmt: skip
"""Decisions for or against a code: the set, the label, and what was said."""


def whole(examples: Sequence[Example], folds: Mapping[str, int], models: Sequence[Model]) -> Whole:
    """Measure what `code` says; `models` holds, for each fold, the one that did not see it."""
    found: dict[str, list[float]] = {}
    rows = [example for example in examples if example.source != "advice"]
    for copy in COPIES:
        pairs = list(zip(rows, coded(rows, folds, models, copy), strict=True))
        for name, value in _figures(pairs):
            found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def _figures(pairs: Sequence[tuple[Example, CodedReply]]) -> Iterator[tuple[str, float]]:
    """Name and F1 of each decision whose set is there."""
    sources = {example.source for example, _ in pairs}
    for name, one in ONE_OF.items():
        if one.source in sources:
            mine = [pair for pair in pairs if pair[0].source == one.source]
            truth = np.array([one.classes.index(one.label(example)) for example, _ in mine])
            said = np.array([one.classes.index(one.said(reply)) for _, reply in mine])
            macro, each = score(truth, said, len(one.classes))
            yield name, macro
            yield from ((f"{name}:{c}", value) for c, value in zip(one.classes, each, strict=True))
    for name, (source, holds, given) in YES_NO.items():
        if source in sources:
            mine = [pair for pair in pairs if pair[0].source == source]
            truth = np.array([int(holds(example)) for example, _ in mine])
            said = np.array([int(given(reply)) for _, reply in mine])
            yield name, score(truth, said, 1)[0]


def coded(
    examples: Sequence[Example],
    folds: Mapping[str, int],
    models: Sequence[Model],
    copy: Callable[[str], str],
) -> list[CodedReply]:
    """Every example through `code`, with the replies before it in its conversation."""
    found: list[CodedReply] = []
    previous: list[CodedReply] = []
    last = ""
    for example in examples:
        if not example.conversation or example.conversation != last:
            previous, last = [], example.conversation
        known = models[folds[example.group]]
        reply = code(copy(example.text), copy(example.client), previous=previous, by=known)
        found.append(reply)
        previous = [*previous[1 - _BACK :], reply]
    return found
