"""Fits the reading of danger in a client's turn (`client_danger.bin`).

Material, this project's own: turns with veiled danger and ordinary turns that share their words
(`tests/scoring/acts/danger_*.yaml`); ordinary besides are the clients' turns of the pairs for other
rubrics, what the clients of the scenarios say of topics that are none of danger, and what clients
say in transcripts. The pairs for safety are kept to measure by.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from alliance_sim.scoring.client_danger import NONE, READING
from alliance_sim.scoring.client_signals import client_signals, spans
from alliance_sim.scoring.sentence_acts import Model
from alliance_sim.scoring.words import phrases_of

SAFETY = "safety"
CORPUS, PAIRS, TOLD, TALKED = "corpus", "pairs", "scenarios", "transcripts"
"""Where a turn comes from."""

NOT_ORDINARY = frozenset(
    "safety substances drinking alcohol drink tablets gummies records privacy room self".split()
)
"""Topics of scenarios that may well be about danger, drink and drugs, or who hears."""

WORTH = {TOLD: 0.4}
"""How much a turn of a source counts, where not 1: the scenarios have many lines by few clients."""
STRENGTH = 0.15
"""Inverse of the regularisation."""
FEWEST = 2
"""Turns that must have a signal for it to be kept."""
LEAST = 4
"""Largest 8-bit weight below which a signal is dropped."""
FOLDS = 5
BATCH = 40
"""Turns of a corpus, as they were written one after another, that stay in one fold."""
ALLOWED = 0.03
"""Share of ordinary turns that may be taken for a sign when the threshold is suggested."""


class Turn(NamedTuple):
    """A client's turn: its kind or `NONE`, where it comes from, and what it is kept whole with."""

    kind: str
    text: str
    source: str
    batch: str


@dataclass(frozen=True)
class Material:
    """Turns in their order, and which of them hold a sign."""

    turns: list[Turn]
    signs: NDArray[np.bool_]


Read = Callable[[Sequence[str]], NDArray[np.float64]]
"""The evidence for a sign in each of some turns, in logits."""


def material(tests: Path, transcripts: Sequence[str]) -> Material:
    """All turns; `transcripts` are what clients say in transcripts, turn by turn."""
    turns = [*_corpora(tests), *_pairs(tests), *_told()]
    turns += [Turn(NONE, text, TALKED, f"{TALKED}:{i // BATCH}") for i, text in _sober(transcripts)]
    return Material(turns, np.array([turn.kind != NONE for turn in turns]))


def _corpora(tests: Path) -> Iterator[Turn]:
    for path in sorted((tests / "acts").glob("danger_*.yaml")):
        for kind, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            for i, text in enumerate(texts):
                yield Turn(kind, text, CORPUS, f"{path.stem}:{kind}:{i // BATCH}")


def _pairs(tests: Path) -> Iterator[Turn]:
    """Clients' turns of pairs, each once. Those for safety hold some sign, of no stated kind."""
    seen: set[str] = set()
    for path in sorted((tests / "pairs").glob("*.yaml")):
        if path.stem.startswith("interruptions"):
            continue
        for pair in yaml.safe_load(path.read_text(encoding="utf-8")):
            if pair["client"] not in seen:
                seen.add(pair["client"])
                kind = SAFETY if path.stem.startswith(SAFETY) else NONE
                yield Turn(kind, pair["client"], PAIRS, path.stem)


def _told() -> Iterator[Turn]:
    """What clients of the scenarios say of topics that are none of danger."""
    for path in sorted(Path("scenarios").glob("*.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        for topic in scenario["topics"]:
            if topic["id"] not in NOT_ORDINARY:
                for line in (line for lines in topic["lines"].values() for line in lines):
                    yield Turn(NONE, line, TOLD, path.stem)


def _sober(transcripts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Turns of transcripts in parts as they are read; without those that speak of drink or drugs,
    which many of these conversations are about.
    """
    lists = phrases_of("risk_cues")
    for i, text in enumerate(transcripts):
        if not lists.has("substance", text):
            yield from ((i, part) for part in spans(text))


class Table:
    """Signals of turns as a sparse matrix, a column for each signal that is frequent enough."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts: dict[int, int] = {}
        for text in texts:
            for number, _ in client_signals(text):
                counts[number] = counts.get(number, 0) + 1
        kept = sorted(number for number, count in counts.items() if count >= FEWEST)
        self.places = {number: i for i, number in enumerate(kept)}

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        starts, columns, worths = [0], [], []
        for text in texts:
            for number, worth in client_signals(text):
                place = self.places.get(number)
                if place is not None:
                    columns.append(place)
                    worths.append(worth)
            starts.append(len(columns))
        return csr_matrix((worths, columns, starts), shape=(len(texts), len(self.places)))


def fitted(turns: Sequence[Turn], steepness: float = 1.0) -> tuple[Model, Read]:
    """A model of the turns' kinds, and how it reads others; `steepness` multiplies its logits."""
    table = Table([turn.text for turn in turns])
    worth = [WORTH.get(turn.source, 1.0) for turn in turns]
    made = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
    made.fit(table.rows([t.text for t in turns]), [t.kind for t in turns], sample_weight=worth)

    def read(texts: Sequence[str]) -> NDArray[np.float64]:
        shares = made.predict_proba(table.rows(texts))
        none = shares[:, list(made.classes_).index(NONE)]
        return np.asarray(np.log1p(-none) - np.log(none))

    weights, biases = made.coef_ * steepness, made.intercept_ * steepness
    step = float(np.abs(weights).max()) / 127
    whole = np.rint(weights / step).astype(int)
    rows = {
        number: tuple(int(x) for x in whole[:, place])
        for number, place in table.places.items()
        if np.abs(whole[:, place]).max() >= LEAST
    }
    classes = tuple(map(str, made.classes_))
    return Model(classes, tuple(map(float, biases)), step, rows), read


def cross_read(found: Material) -> NDArray[np.float64]:
    """The evidence in each turn by a model that saw nothing of its batch, in logits."""
    logits = np.zeros(len(found.turns))
    batches = [turn.batch for turn in found.turns]
    for known, held in GroupKFold(FOLDS).split(logits, groups=batches):
        _, read = fitted(taught([found.turns[i] for i in known]))
        logits[held] = read([found.turns[i].text for i in held])
    return logits


def taught(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that are fitted on."""
    return [turn for turn in turns if turn.kind != SAFETY]


def steepness_of(logits: NDArray[np.float64], signs: NDArray[np.bool_]) -> float:
    """By what held-out logits must be multiplied to be calibrated (temperature scaling)."""
    made = LogisticRegression(C=1e6, fit_intercept=False).fit(logits[:, None], signs)
    return float(made.coef_[0, 0])


def models(found: Material) -> dict[str, Model]:
    """The model of the reading, calibrated on turns of batches that were held out."""
    steepness = steepness_of(cross_read(found), found.signs)
    return {READING: fitted(taught(found.turns), steepness)[0]}


def held_out(found: Material) -> Iterator[str]:
    """Lines about how the reading does on batches that it never saw."""
    logits = cross_read(found)
    steepness = steepness_of(logits, found.signs)
    yield f"held-out logits are multiplied by {steepness:.2f}"
    shares = 1 / (1 + np.exp(-steepness * logits))
    ordinary = ~found.signs & np.array([turn.source == PAIRS for turn in found.turns])
    for allowed in (ALLOWED, 2 * ALLOWED, 4 * ALLOWED):
        least = float(np.quantile(shares[ordinary], 1 - allowed))
        taken = shares >= least
        yield f"sign from {least:.2f}: {allowed:.0%} of the pairs' ordinary turns are taken for one"
        for name, mine in _groups(found):
            yield f"  {name:36} {taken[mine].mean():4.0%} of {mine.sum():5}"


def _groups(found: Material) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    named = [_group(turn) for turn in found.turns]
    for name in sorted(set(named)):
        yield name, np.array([one == name for one in named])


def _group(turn: Turn) -> str:
    if turn.source == CORPUS:
        return f"{turn.source}, {turn.kind}"
    return f"{turn.source}, {turn.batch if turn.kind == SAFETY else 'ordinary'}"
