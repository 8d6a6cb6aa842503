"""`python -m alliance_sim.scoring.fit.understanding [--held-out]`: fit how far a reply sounds like
one that has understood. Needs the extra `fit`, and runs in the folder of the sources.

Material: this project's own pairs for empathy (`tests/scoring/pairs/empathy*.yaml`). The batches
of other authors (`HELD_OUT`) are never fitted on. With `--held-out` nothing is written: each batch
is ordered by a model that saw none of it, and the batches of one author in tenths.
"""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.linear_model import LogisticRegression

from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring import sentence_acts, understanding
from alliance_sim.scoring.empathy import said
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.fit.__main__ import TESTS, say
from alliance_sim.scoring.sentence_acts import Model

TARGET = Path(sentence_acts.__file__).parent / understanding.WEIGHTS
HELD_OUT = ("_strangers", "_later", "_later_again", "_later_still")
STRENGTH = 1.0
"""Inverse of the regularisation."""
TENTHS = 10
LEAST = 2
"""Largest 8-bit weight below which a signal is dropped."""
SPREAD = 0.5
"""Standard deviations of an unseen reply's sum that count as one unit before the bound."""

Numbers = NDArray[np.float64]


class Pair(NamedTuple):
    """Signals of the two replies."""

    batch: str
    better: dict[int, float]
    worse: dict[int, float]


def pairs() -> list[Pair]:
    """Every pair for empathy, by batch."""
    return [
        Pair(path.stem, *(_observed(pair["client"], pair[s]) for s in ("better", "worse")))
        for path in sorted((TESTS / "pairs").glob("empathy*.yaml"))
        for pair in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _observed(client: str, reply: str) -> dict[int, float]:
    made = Transcript(
        transcript_id="pair",
        utterances=(
            Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
            Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
        ),
    )
    return understanding.observed(said(exchanges(made)[-1]))


class Table:
    """The pairs as rows of numbers, one column a signal."""

    def __init__(self, known: Sequence[Pair]) -> None:
        self.numbers = sorted({n for pair in known for found in pair[1:] for n in found})
        places = {number: place for place, number in enumerate(self.numbers)}
        self.better = _matrix([pair.better for pair in known], places)
        self.worse = _matrix([pair.worse for pair in known], places)

    def fitted(self, rows: Iterable[int]) -> Numbers:
        """A weight for each signal, from the differences of these pairs, each taken both ways."""
        chosen = list(rows)
        gap = self.better[chosen] - self.worse[chosen]
        model = LogisticRegression(C=STRENGTH, fit_intercept=False, solver="liblinear")
        model.fit(vstack([gap, -gap]), [1] * len(chosen) + [0] * len(chosen))
        return np.asarray(model.coef_[0])

    def unseen(self, groups: Sequence[object], known: Sequence[int]) -> tuple[Numbers, Numbers]:
        """Sums of the better and the worse replies by models that saw no pair of their group, of
        those that are `known` to be fitted on."""
        sums = np.zeros((2, len(groups)))
        for group in set(groups):
            weights = self.fitted(row for row in known if groups[row] != group)
            rows = [row for row, other in enumerate(groups) if other == group]
            sums[0, rows] = self.better[rows] @ weights
            sums[1, rows] = self.worse[rows] @ weights
        return sums[0], sums[1]


def _matrix(found: Sequence[dict[int, float]], places: dict[int, int]) -> csr_matrix:
    at = [(row, places[n], worth) for row, one in enumerate(found) for n, worth in one.items()]
    rows, columns, worths = zip(*at, strict=True)
    return csr_matrix((worths, (rows, columns)), shape=(len(found), len(places)))


def fitted_on(known: Sequence[Pair]) -> list[int]:
    """The rows that may be fitted on."""
    return [row for row, pair in enumerate(known) if not pair.batch.endswith(HELD_OUT)]


def model(known: Sequence[Pair]) -> Model:
    """The model that ships; its middle and its unit are those of replies it had not seen."""
    used = [known[row] for row in fitted_on(known)]
    table = Table(used)
    tenths = [row % TENTHS for row in range(len(used))]
    unseen = np.concatenate(table.unseen(tenths, range(len(used))))
    unit = SPREAD * float(unseen.std())
    weights = table.fitted(range(len(used))) / unit
    step = float(np.abs(weights).max()) / 127
    whole = [int(w) for w in np.rint(weights / step)]
    rows = {n: (w,) for n, w in zip(table.numbers, whole, strict=True) if abs(w) >= LEAST}
    middle = -float(unseen.mean()) / unit
    return Model((understanding.BETTER,), (middle,), step, rows)


def held_out(known: Sequence[Pair]) -> None:
    """Print how many pairs of each batch are in order by models that saw none of them."""
    table, rows = Table(known), fitted_on(known)
    groups = [f"{p.batch} {i % TENTHS}" if "_taught" in p.batch else p.batch
              for i, p in enumerate(known)]  # fmt: skip
    better, worse = table.unseen(groups, rows)
    for batch in sorted({pair.batch for pair in known}):
        mine = [row for row, pair in enumerate(known) if pair.batch == batch]
        right = int((better[mine] > worse[mine]).sum())
        say(f"{batch:24} {right:3} of {len(mine):3} ({right / len(mine):.0%})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.scoring.fit.understanding")
    parser.add_argument("--held-out", action="store_true", help="print figures only")
    asked = parser.parse_args(arguments)
    known = pairs()
    if asked.held_out:
        held_out(known)
        return
    raw = sentence_acts.packed({understanding.NAME: model(known)})
    TARGET.write_bytes(raw)
    say(f"{TARGET}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
