"""`python -m alliance_sim.scoring.fit.understanding [--held-out]`: fit how far a reply sounds like
one that has understood. Needs the extra `fit`, and runs in the folder of the sources.

Material, all of it this project's own: pairs for empathy, pairs for the rubrics next to it
(`RELATED`), which weigh less, and short replies by whether they meet the client or pass it by
(`tests/scoring/acts/empathy.yaml`). Batches kept to measure by (`HELD_OUT`) are never fitted on.
With `--held-out` nothing is written: each batch for empathy is ordered by a model that saw none of
it, and the batches that are there to learn from in tenths.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
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
from alliance_sim.scoring.fit.held_out import HELD_OUT, MORE
from alliance_sim.scoring.reply_sums import observed
from alliance_sim.scoring.sentence_acts import Model

TESTS = Path("tests") / "scoring"
TARGET = Path(sentence_acts.__file__).parent / understanding.WEIGHTS
RELATED = ("active_listening", "collaboration", "cultural_humility", "pacing", "rupture_repair")
LESS = 0.5
"""Weight of a pair for a related rubric, and of a reply that passes the client by."""
MEETINGS = 3
"""How many replies that meet the client each of those is put beside."""
KINDS = ("meets", "misses")
TOLD = "It was last week, and I keep thinking about it."
"""What the client says before a short reply."""
STRENGTH = 1.0
"""Inverse of the regularisation."""
TENTHS = 10
LEAST = 2
"""Largest 8-bit weight below which a signal is dropped."""
SPREAD = 0.5
"""Standard deviations of an unseen reply's sum that count as one unit before the bound."""

Numbers = NDArray[np.float64]


class Pair(NamedTuple):
    """Signals of two replies, the better first."""

    batch: str
    better: dict[int, float]
    worse: dict[int, float]
    weight: float = 1.0


def pairs() -> list[Pair]:
    """All that is known, by batch."""
    found = list(_read("empathy", 1.0))
    for rubric in RELATED:
        found += (pair for pair in _read(rubric, LESS) if not pair.batch.endswith(MORE))
    return found + list(_acts())


def _read(rubric: str, weight: float) -> Iterator[Pair]:
    for path in sorted((TESTS / "pairs").glob(f"{rubric}*.yaml")):
        for pair in yaml.safe_load(path.read_text(encoding="utf-8")):
            if "said" not in pair:
                better, worse = (_observed(pair["client"], pair[s]) for s in ("better", "worse"))
                yield Pair(path.stem, better, worse, weight)


def _acts() -> Iterator[Pair]:
    path = TESTS / "acts" / "empathy.yaml"
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    meets, misses = ([_observed(TOLD, reply) for reply in told[kind]] for kind in KINDS)
    for number, worse in enumerate(misses):
        for part in range(MEETINGS):
            better = meets[(number + part * len(meets) // MEETINGS) % len(meets)]
            yield Pair("acts", better, worse, LESS / MEETINGS)


def _observed(client: str, reply: str) -> dict[int, float]:
    made = Transcript(
        transcript_id="pair",
        utterances=(
            Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
            Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
        ),
    )
    return observed(said(exchanges(made)[-1]))


class Table:
    """The pairs as rows of numbers, one column a signal."""

    def __init__(self, known: Sequence[Pair]) -> None:
        self.numbers = sorted(
            {n for pair in known for found in (pair.better, pair.worse) for n in found}
        )
        places = {number: place for place, number in enumerate(self.numbers)}
        self.better = _matrix([pair.better for pair in known], places)
        self.worse = _matrix([pair.worse for pair in known], places)
        self.weights = np.array([pair.weight for pair in known])

    def fitted(self, rows: Iterable[int]) -> Numbers:
        """A weight for each signal, from the differences of these pairs, each taken both ways."""
        chosen = list(rows)
        gap = self.better[chosen] - self.worse[chosen]
        model = LogisticRegression(C=STRENGTH, fit_intercept=False, solver="liblinear")
        sides = [1] * len(chosen) + [0] * len(chosen)
        model.fit(vstack([gap, -gap]), sides, np.tile(self.weights[chosen], 2))
        return np.asarray(model.coef_[0])


def unseen_sums(
    table: Table, known: Sequence[Pair], used: Sequence[int]
) -> tuple[Numbers, Numbers]:
    """Sums of the better and of the worse replies for empathy, each by a model that saw no pair of
    its group, fitted on the others of the rows `used`; 0 for other pairs.
    """
    sums = np.zeros((2, len(known)))
    groups, mine = _groups(known), _for_empathy(known)
    for group in sorted({groups[row] for row in mine}):
        weights = table.fitted(row for row in used if groups[row] != group)
        rows = [row for row in mine if groups[row] == group]
        sums[0, rows] = table.better[rows] @ weights
        sums[1, rows] = table.worse[rows] @ weights
    return sums[0], sums[1]


def _matrix(found: Sequence[dict[int, float]], places: dict[int, int]) -> csr_matrix:
    at = [(row, places[n], worth) for row, one in enumerate(found) for n, worth in one.items()]
    rows, columns, worths = zip(*at, strict=True)
    return csr_matrix((worths, (rows, columns)), shape=(len(found), len(places)))


def fitted_on(known: Sequence[Pair]) -> list[int]:
    """The rows that may be fitted on."""
    return [row for row, pair in enumerate(known) if not pair.batch.endswith(HELD_OUT)]


def _groups(known: Sequence[Pair]) -> list[str]:
    """What is left out together: a batch, or a tenth of those that are there to learn from."""
    taught = ("empathy_taught", "empathy_taught_more")
    return [
        f"{pair.batch} {row % TENTHS}" if pair.batch in taught else pair.batch
        for row, pair in enumerate(known)
    ]


def _for_empathy(known: Sequence[Pair]) -> list[int]:
    return [row for row, pair in enumerate(known) if pair.batch.startswith("empathy")]


def model(known: Sequence[Pair]) -> Model:
    """The model that ships; its middle and its unit are those of replies it had not seen."""
    used = [known[row] for row in fitted_on(known)]
    table = Table(used)
    mine = _for_empathy(used)
    unseen = np.concatenate([side[mine] for side in unseen_sums(table, used, range(len(used)))])
    unit = SPREAD * float(unseen.std())
    weights = table.fitted(range(len(used))) / unit
    step = float(np.abs(weights).max()) / 127
    whole = [int(w) for w in np.rint(weights / step)]
    rows = {n: (w,) for n, w in zip(table.numbers, whole, strict=True) if abs(w) >= LEAST}
    middle = -float(unseen.mean()) / unit
    return Model((understanding.BETTER,), (middle,), step, rows)


def held_out(known: Sequence[Pair]) -> None:
    """Print how many pairs of each batch are in order by models that saw none of them."""
    better, worse = unseen_sums(Table(known), known, fitted_on(known))
    mine = _for_empathy(known)
    for batch in sorted({known[row].batch for row in mine}):
        rows = [row for row in mine if known[row].batch == batch]
        right = int((better[rows] > worse[rows]).sum())
        say(f"{batch:24} {right:3} of {len(rows):3} ({right / len(rows):.0%})")


def say(text: str) -> None:
    """Print to standard output."""
    sys.stdout.write(text + "\n")


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
