"""`python -m alliance_sim.coding.fit DATA_DIR [--cv]`: fit the learned coder, and say how well.

Without `--cv` the weights and the model card are written too; with it only figures are printed.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from alliance_sim.coding.fit.baseline import ngrams
from alliance_sim.coding.fit.card import Measured, card, figures_table, whole_table
from alliance_sim.coding.fit.figures import Figures, favours, measure
from alliance_sim.coding.fit.matrix import Table, table
from alliance_sim.coding.fit.sources import Example, read
from alliance_sim.coding.fit.tasks import SPECS
from alliance_sim.coding.fit.training import (
    FOLDS,
    Array,
    Data,
    Fitted,
    HeldOut,
    all_held_out,
    assign,
    calibrate,
    data,
    fit,
    held_out,
    leaning,
)
from alliance_sim.coding.fit.weights import Column, packed
from alliance_sim.coding.fit.whole import whole
from alliance_sim.coding.model import Model, parse
from alliance_sim.domain.codes import Main

WEIGHTS = Path(__file__).parent.parent / "weights.bin"
CARD = Path("docs/model-card.md")


@dataclass(frozen=True)
class Learned:
    """One decision, cross-validated."""

    known: Data
    leans: Sequence[Fitted]
    held: HeldOut
    figures: tuple[Figures, ...]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.coding.fit", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the labelled sets (.jsonl)")
    parser.add_argument("--cv", action="store_true", help="print figures only; write nothing")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="file to write")
    parser.add_argument("--card", type=Path, default=CARD, help="model card to write")
    asked = parser.parse_args(arguments)
    examples = read(asked.folder)
    folds = assign(examples)
    known = {spec.name: data(spec, examples, folds) for spec in SPECS}
    signals = with_previous(examples, known["main"])
    learned = [learn(known[spec.name], signals, known) for spec in SPECS]
    texts = [example.text for example in examples]
    figures = [Measured(one.known.spec, one.figures, ngrams(one.known, texts)) for one in learned]
    say(figures_table(figures))
    shipped = [one for one in learned if one.known.spec.shipped]
    found = whole(examples, folds, models(shipped, signals.buckets))
    say(whole_table(found, figures))
    if asked.cv:
        return
    weights = packed([column(one, signals) for one in shipped], signals.buckets)
    asked.weights.write_bytes(weights)
    rows = parse(weights).rows
    asked.card.write_text(card(figures, found, examples, rows, len(weights)), "utf-8")
    say(f"{asked.weights}: {rows} rows, {len(weights) / 1e6:.2f} MB\n{asked.card}: written")


def say(text: str) -> None:
    """Print to standard output."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def with_previous(examples: Sequence[Example], known: Data) -> Table:
    """Signals in which the trainee's last behaviours are those that a coder would have found.

    `known` is the data of the decision `main`.
    """
    first = table(examples, [()] * len(examples))
    said: dict[int, Main] = {
        int(row): Main(known.spec.classes[place])
        for row, place in zip(known.rows, all_held_out(known, first), strict=True)
    }
    before: list[tuple[Main, ...]] = []
    last: list[Main] = []
    for place, example in enumerate(examples):
        if not example.conversation or (
            place and examples[place - 1].conversation != example.conversation
        ):
            last = []
        before.append(tuple(last[-2:]))
        if example.conversation:
            last.append(said[place])
    return table(examples, before)


def learn(known: Data, signals: Table, others: Mapping[str, Data]) -> Learned:
    """Cross-validate a decision."""
    leans = leaning(known, signals, others)
    held = held_out(known, signals, leans)
    figures = measure(known.spec, held)
    say(f"{known.spec.name}: {figures[0].macro:.3f}")
    return Learned(known, leans, held, figures)


def column(learned: Learned, signals: Table) -> Column:
    """Fit a decision on everything; what turns sums into verdicts comes from the folds."""
    fitted = fit(learned.known, signals, leans=learned.leans)
    return _column(learned, fitted, np.ones(len(learned.held.truth), dtype=bool))


def models(learned: Sequence[Learned], buckets: Array) -> list[Model]:
    """For each fold the models that did not see it, as they would ship."""
    return [
        parse(
            packed(
                [_column(one, one.held.fits[fold], one.held.folds != fold) for one in learned],
                buckets,
            )
        )
        for fold in range(FOLDS)
    ]


def _column(learned: Learned, fitted: Fitted, some: Array) -> Column:
    """A fitted decision with calibration and favours from `some` of what was held out."""
    held, spec = learned.held, learned.known.spec
    copies, truth = [copy[some] for copy in held.copies], held.truth[some]
    slope, shifts = calibrate(np.vstack(copies), np.tile(truth, len(copies)))
    shift = favours(copies, truth) if spec.tuned else np.zeros(len(spec.classes))
    return Column(spec, fitted, slope, shifts, shift)


if __name__ == "__main__":
    main()
