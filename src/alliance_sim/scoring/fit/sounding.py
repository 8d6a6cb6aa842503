"""`python -m alliance_sim.scoring.fit.sounding [--held-out]`: fit what a reply sounds like by each
rubric. Needs the extra `fit`, and runs in the folder of the sources.

Material: this project's own pairs (`tests/scoring/pairs`), a model a rubric. Batches of other
authors are never fitted on; empathy has a reading of its own. With `--held-out` nothing is written:
each batch is ordered by models that saw none of it, or, of the authors that are fitted on, no pair
of its tenth.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring import sentence_acts, sounding
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.fit.held_out import HELD_OUT
from alliance_sim.scoring.fit.understanding import TENTHS, TESTS, Pair, Table, say
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.reply_sums import observed
from alliance_sim.scoring.sentence_acts import Model

TARGET = Path(sentence_acts.__file__).parent / sounding.WEIGHTS
RUBRICS = (
    "active_listening", "boundaries", "collaboration", "cultural_humility", "i_statements",
    "pacing", "rupture_repair", "safety",
)  # fmt: skip
ALIKE = frozenset((
    "active_listening", "collaboration", "cultural_humility", "empathy", "pacing", "rupture_repair",
))  # fmt: skip
"""Rubrics by which much the same replies are better: each learns from the others' pairs too."""
LESS = 0.5
"""Weight of a pair of another rubric."""
LEAST = 4
"""Largest 8-bit weight below which a signal is dropped."""
SPREAD = 0.5
"""Standard deviations of an unseen reply's sum that count as one unit before the bound."""

Numbers = NDArray[np.float64]


def pairs(rubric: str, weight: float = 1.0) -> list[Pair]:
    """Every pair of a rubric, by batch, but for those that begin in the middle of a session."""
    return [
        Pair(path.stem, *_sides(pair), weight)
        for path in sorted((TESTS / "pairs").glob(f"{rubric}*.yaml"))
        for pair in yaml.safe_load(path.read_text(encoding="utf-8"))
        if "said" not in pair
    ]


def _sides(pair: dict[str, str]) -> tuple[dict[int, float], dict[int, float]]:
    return _observed(pair["client"], pair["better"]), _observed(pair["client"], pair["worse"])


def _observed(client: str, reply: str) -> dict[int, float]:
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    )
    exchange = exchanges(Transcript(transcript_id="pair", utterances=said))[-1]
    return observed(sentences_of(exchange.text, exchange.before))


class Material:
    """What one rubric learns from: its own pairs, then those of rubrics that are alike."""

    def __init__(self, rubric: str) -> None:
        self.own = pairs(rubric)
        others = sorted(ALIKE - {rubric}) if rubric in ALIKE else ()
        self.known = self.own + [pair for name in others for pair in pairs(name, LESS)]
        self.table = Table(self.known)
        self.fit_on = [
            row for row, pair in enumerate(self.known) if not pair.batch.endswith(HELD_OUT)
        ]
        self.groups = [
            pair.batch if pair.batch.endswith(HELD_OUT) else f"{row % TENTHS}"
            for row, pair in enumerate(self.known)
        ]

    def unseen(self) -> tuple[Numbers, Numbers]:
        """Sums of the better and of the worse replies of the rubric's own pairs, by models that
        saw no pair of their tenth or batch."""
        sums = np.zeros((2, len(self.own)))
        mine = self.groups[: len(self.own)]
        for group in sorted(set(mine)):
            weights = self.table.fitted(row for row in self.fit_on if self.groups[row] != group)
            rows = [row for row, other in enumerate(mine) if other == group]
            sums[0, rows] = self.table.better[rows] @ weights
            sums[1, rows] = self.table.worse[rows] @ weights
        return sums[0], sums[1]

    def model(self) -> Model:
        """The model that ships; its middle and its unit are those of replies it had not seen."""
        unseen = np.concatenate(self.unseen())
        unit = SPREAD * float(unseen.std())
        weights = self.table.fitted(self.fit_on) / unit
        step = float(np.abs(weights).max()) / 127
        whole = [int(w) for w in np.rint(weights / step)]
        rows = {n: (w,) for n, w in zip(self.table.numbers, whole, strict=True) if abs(w) >= LEAST}
        return Model(("better",), (-float(unseen.mean()) / unit,), step, rows)

    def held_out(self) -> None:
        """Print how many pairs of each batch are in order by models that did not see them."""
        better, worse = self.unseen()
        for batch in sorted({pair.batch for pair in self.own}):
            mine = [row for row, pair in enumerate(self.own) if pair.batch == batch]
            right = int((better[mine] > worse[mine]).sum())
            say(f"{batch:28} {right:3} of {len(mine):3} ({right / len(mine):.0%})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.scoring.fit.sounding")
    parser.add_argument("--held-out", action="store_true", help="print figures only")
    if parser.parse_args(arguments).held_out:
        for rubric in RUBRICS:
            Material(rubric).held_out()
        return
    raw = sentence_acts.packed({rubric: Material(rubric).model() for rubric in RUBRICS})
    TARGET.write_bytes(raw)
    say(f"{TARGET}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
