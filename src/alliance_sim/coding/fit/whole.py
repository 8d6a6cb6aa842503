"""How well the program codes AnnoMI as a whole: rules and models that did not see the conversation.

The rules were written with these sessions at hand, so that their part is not held out.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from alliance_sim.coding.coder import judged
from alliance_sim.coding.features import observe
from alliance_sim.coding.fit.figures import score
from alliance_sim.coding.fit.matrix import COPIES
from alliance_sim.coding.fit.sources import Example
from alliance_sim.coding.fit.training import Array, HeldOut, calibrate, probabilities
from alliance_sim.coding.learned import CODES
from alliance_sim.coding.ruled import ruled
from alliance_sim.coding.rules.marks import marks
from alliance_sim.domain.codes import Code, CodedReply, Empathy, Main

Whole = Mapping[str, tuple[float, ...]]
"""F1 by decision, a number a copy; `main` is a macro-F1, its classes are `main:…`."""


@dataclass(frozen=True)
class Held:
    """A judgement by models that did not see the conversation."""

    main: Mapping[Main, float]
    balanced: Mapping[Main, float]
    codes: Mapping[Code, float]
    empathy: Empathy = field(default_factory=Empathy)

    def words(self, _task: str) -> str:
        return ""


def whole(examples: Sequence[Example], held: Mapping[str, HeldOut]) -> Whole:
    """Measure main behaviour and codes; `held` has the decisions by name."""
    found: dict[str, list[float]] = {}
    calibrated = {name: _calibrated(held[name]) for name in ("main", *CODES)}
    truth = held["main"].truth
    for place, copy in enumerate(COPIES):
        judgements = _judgements(held["main"].copies[place], calibrated, place)
        replies = _coded(examples, held["main"].rows, judgements, copy)
        behaviours = np.array([list(Main).index(reply.main) for reply in replies])
        macro, each = score(truth, behaviours, len(Main))
        found.setdefault("main", []).append(macro)
        for main, value in zip(Main, each, strict=True):
            found.setdefault(f"main:{main.value}", []).append(value)
        for code in CODES:
            said = np.array([int(code in reply.asserted()) for reply in replies])
            found.setdefault(code.value, []).append(score(held[code].truth, said, 1)[0])
    return {name: tuple(values) for name, values in found.items()}


def _calibrated(held: HeldOut) -> list[Array]:
    """Probabilities for each copy, calibrated on the other folds."""
    found = [np.zeros_like(copy) for copy in held.copies]
    for fold in np.unique(held.folds):
        rest, mine = held.folds != fold, held.folds == fold
        totals = np.vstack([copy[rest] for copy in held.copies])
        slope, shifts = calibrate(totals, np.tile(held.truth[rest], len(held.copies)))
        for made, copy in zip(found, held.copies, strict=True):
            made[mine] = probabilities(copy[mine], slope, shifts)
    return found


def _judgements(sums: Array, calibrated: Mapping[str, list[Array]], copy: int) -> list[Held]:
    balanced = probabilities(sums, 1.0, np.zeros(len(Main)))
    return [
        Held(
            dict(zip(Main, map(float, calibrated["main"][copy][row]), strict=True)),
            dict(zip(Main, map(float, balanced[row]), strict=True)),
            {code: float(calibrated[code][copy][row, 0]) for code in CODES},
        )
        for row in range(len(sums))
    ]


def _coded(
    examples: Sequence[Example],
    rows: Array,
    judgements: Sequence[Held],
    copy: Callable[[str], str],
) -> list[CodedReply]:
    coded: list[CodedReply] = []
    previous: list[CodedReply] = []
    last = ""
    for row, judgement in zip(rows, judgements, strict=True):
        example = examples[row]
        if example.conversation != last:
            previous, last = [], example.conversation
        features = observe(copy(example.text), copy(example.client))
        spans = ruled(features, marks(features), previous)
        which, codes = Main.OTHER, spans
        if Code.BACKCHANNEL not in spans:
            which, codes = judged(features, spans, previous, judgement)
        reply = CodedReply(main=which, codes=tuple(codes.values()))
        coded.append(reply)
        previous = [*previous[-1:], reply]
    return coded
