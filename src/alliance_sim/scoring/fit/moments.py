"""`python -m alliance_sim.scoring.fit.moments [TRANSCRIPTS.jsonl ...] [--held-out]`: fit what a
turn may call for. Needs the extra `fit`, and runs in the folder of the sources.

Material, this project's own: turns that are such moments and turns that are not
(`tests/scoring/acts`), and the clients' turns of pairs, but for those of other authors. Ordinary
are also what the clients of the scenarios say of their topics and what clients say in transcripts
(the weights that ship were fitted with AnnoMI, Wu et al. 2022). Half of the ordinary turns, by
conversation, are left out: by them each model is set. With `--held-out` nothing is written: printed
is how many turns of other authors are found.
"""

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from alliance_sim.scoring import client_moments, sentence_acts
from alliance_sim.scoring.client_moments import Moment
from alliance_sim.scoring.fit.danger import Table
from alliance_sim.scoring.fit.held_out import HELD_OUT
from alliance_sim.scoring.fit.understanding import TESTS, say
from alliance_sim.scoring.sentence_acts import Model

TARGET = Path(sentence_acts.__file__).parent / client_moments.WEIGHTS
LIKELY = {Moment.BAIT: 0.04, Moment.RUPTURE: 0.05, Moment.CULTURE: 0.05}
"""Share of ordinary turns that may be taken for such a moment."""
POSSIBLE = {Moment.BAIT: 0.12, Moment.RUPTURE: 0.3, Moment.CULTURE: 0.1}
"""Share of what clients say in transcripts that is thought of as one; scenarios mark theirs."""
STRENGTH = 0.3
"""Inverse of the regularisation."""
LEAST = 3
"""Largest 8-bit weight below which a signal is dropped."""
FOUND = {
    "bait": Moment.BAIT, "complaint": Moment.RUPTURE, "withdrawal": Moment.RUPTURE,
    "culture": Moment.CULTURE, "boundaries": Moment.BAIT, "rupture_repair": Moment.RUPTURE,
    "cultural_humility": Moment.CULTURE,
}  # fmt: skip
"""By label of a turn, or rubric of a pair, which moment it is; all others are none."""


class Turn(NamedTuple):
    """A client's turn."""

    moment: Moment | None
    text: str
    batch: str
    ordinary: bool = False
    """Said in a scenario or a transcript, where now and then one is such a moment all the same."""


def labelled() -> Iterator[Turn]:
    """Turns written to be fitted on, and those of pairs."""
    for path in sorted((TESTS / "acts").glob("*.yaml")):
        if path.stem.startswith(("client", "danger")):
            for label, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                yield from (Turn(FOUND.get(label), text, path.stem) for text in texts)
    for path in sorted((TESTS / "pairs").glob("*.yaml")):
        rubric = next((name for name in FOUND if path.stem.startswith(name)), "")
        for pair in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield Turn(FOUND.get(rubric), pair["client"], path.stem)


def ordinary(transcripts: Sequence[Path]) -> Iterator[Turn]:
    """What clients say in the ordinary course of the work."""
    for path in sorted(Path("scenarios").glob("*.yaml")):
        for topic in yaml.safe_load(path.read_text(encoding="utf-8"))["topics"]:
            for lines in topic["lines"].values():
                yield from (Turn(None, line, path.stem, ordinary=True) for line in lines)
    for path in transcripts:
        for line in path.read_text(encoding="utf-8").splitlines():
            row: dict[str, Any] = json.loads(line)
            if row["speaker"] == "client":
                yield Turn(None, row["text"], str(row["transcript_id"]), ordinary=True)


class Material:
    """All turns with their signals."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self.turns = turns
        self.table = Table([turn.text for turn in turns])
        self.rows = self.table.rows([turn.text for turn in turns])
        batches = sorted({turn.batch for turn in turns if turn.ordinary})
        aside = set(batches[::2])
        self.aside = self._which(lambda turn: turn.ordinary and turn.batch in aside)
        self.talked = self._which(lambda turn: turn.ordinary and turn.batch.isdigit())
        self.unseen = self._which(lambda turn: turn.batch.endswith(HELD_OUT))

    def _which(self, holds: Any) -> NDArray[np.bool_]:
        return np.array([holds(turn) for turn in self.turns])

    def model(self, moment: Moment) -> tuple[Model, NDArray[np.float64]]:
        """A model, and its sums for all turns."""
        truth = self._which(lambda turn: turn.moment is moment)
        known = ~(self.aside | self.unseen)
        if moment is Moment.CULTURE:  # clients of scenarios speak of who they are on every topic
            known &= self.talked | ~self._which(lambda turn: turn.ordinary)
        made = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
        made.fit(self.rows[known], truth[known])
        weights = made.coef_[0]
        sums = np.asarray(self.rows @ weights)
        likely = float(np.quantile(sums[self.aside], 1 - LIKELY[moment]))
        possible = float(np.quantile(sums[self.aside & self.talked], 1 - POSSIBLE[moment]))
        # In units in which the two lie as far apart as `client_moments` says.
        unit = (likely - possible) / (client_moments.LIKELY - client_moments.POSSIBLE)
        weights, sums, bias = weights / unit, sums / unit, -likely / unit
        step = float(np.abs(weights).max()) / 127
        whole = np.rint(weights / step).astype(int)
        rows = {n: (int(whole[p]),) for n, p in self.table.places.items() if abs(whole[p]) >= LEAST}
        return Model((moment.value,), (bias,), step, rows), sums + bias


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.scoring.fit.moments")
    parser.add_argument("transcripts", nargs="*", type=Path)
    parser.add_argument("--held-out", action="store_true", help="print figures only")
    asked = parser.parse_args(arguments)
    found = Material([*labelled(), *ordinary(asked.transcripts)])
    models = {}
    for moment in Moment:
        models[moment.value], sums = found.model(moment)
        mine = np.array([turn.moment is moment for turn in found.turns]) & found.unseen
        others = ~np.array([turn.moment is moment for turn in found.turns]) & found.unseen
        say(
            f"{moment}: {(sums[mine] >= 0).mean():.0%} of {mine.sum()} unseen; "
            f"{(sums[others] >= 0).mean():.0%} of others, "
            f"{(sums[found.aside] >= 0).mean():.0%} of ordinary turns are taken for it; possible "
            f"{(sums[mine] >= client_moments.POSSIBLE).mean():.0%}, "
            f"{(sums[others] >= client_moments.POSSIBLE).mean():.0%}, "
            f"{(sums[found.aside] >= client_moments.POSSIBLE).mean():.0%}"
        )
    if asked.held_out:
        return
    raw = sentence_acts.packed(models)
    TARGET.write_bytes(raw)
    say(f"{TARGET}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
