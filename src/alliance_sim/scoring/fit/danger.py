"""Fits the reading of danger in a client's turn (`client_danger.bin`).

Material, this project's own: turns with veiled danger and ordinary turns that share their words
(`tests/scoring/acts`); ordinary besides are the clients' turns of the pairs for other
rubrics, what the clients of the scenarios say of topics that are none of danger, and what clients
say in transcripts.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from alliance_sim.scoring.client_danger import NONE, READING, Reading, read_by, settings
from alliance_sim.scoring.client_signals import client_signals, spans
from alliance_sim.scoring.fit.held_out import HELD_OUT
from alliance_sim.scoring.lanes import weighed
from alliance_sim.scoring.risk import Risk, cues_by
from alliance_sim.scoring.sentence_acts import Model
from alliance_sim.scoring.words import phrases_of

SAFETY = "safety"
CORPUS, PAIRS, TOLD, TALKED = "corpus", "pairs", "scenarios", "transcripts"
"""Where a turn comes from."""

NOT_ORDINARY = frozenset(
    "safety substances drinking alcohol drink tablets gummies records privacy room self".split()
)
"""Topics of scenarios that may well be about danger, drink and drugs, or who hears."""

CORPORA = ("danger", "client")
"""How the names of the files of labelled turns begin."""

WORTH = {TOLD: 0.4}
"""How much a turn of a source counts, where not 1: the scenarios have many lines by few clients."""
TIMED = "interruptions"
"""Pairs that are left out: their clients' turns are long openings."""
STRENGTH = 0.15
"""Inverse of the regularisation."""
FEWEST = 2
"""Turns that must have a signal for it to be kept."""
LEAST = 4
"""Largest 8-bit weight below which a signal is dropped."""
FOLDS = 5
BATCH = 40
"""Turns of a corpus, as they were written one after another, that stay in one fold."""
ALLOWED = (0.03, 0.06, 0.12)
"""Shares of ordinary turns for which it is said from where on they are taken for a sign."""
COLUMNS = ("lists", "reading", "both", "lists, kind", "both, kind")
UNSURE = Reading(settings().ordinary, {})
"""A reading that neither adds to what the lists find nor takes from it."""


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
    signs = set(Risk)
    for path in sorted((tests / "acts").iterdir()):
        if path.stem.startswith(CORPORA):
            for label, texts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
                kind = label if label in signs else NONE
                for i, text in enumerate(texts):
                    yield Turn(kind, text, CORPUS, f"{path.stem}:{label}:{i // BATCH}")


def _pairs(tests: Path) -> Iterator[Turn]:
    """Clients' turns of pairs, each once. Those for safety hold some sign, of no stated kind."""
    seen: set[str] = set()
    for path in sorted((tests / "pairs").glob("*.yaml")):
        if path.stem.startswith(TIMED):
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
            for number in chain(*client_signals(text).values()):
                counts[number] = counts.get(number, 0) + 1
        kept = sorted(number for number, count in counts.items() if count >= FEWEST)
        self.places = {number: i for i, number in enumerate(kept)}

    def rows(self, texts: Sequence[str]) -> csr_matrix:
        starts, columns, worths = [0], [], []
        for text in texts:
            for number, worth in weighed(client_signals(text)).items():
                place = self.places.get(number)
                if place is not None:
                    columns.append(place)
                    worths.append(worth)
            starts.append(len(columns))
        return csr_matrix((worths, columns, starts), shape=(len(texts), len(self.places)))


def fitted(turns: Sequence[Turn]) -> tuple[Model, Read]:
    """A model of the turns' kinds, and how it reads others."""
    table = Table([turn.text for turn in turns])
    worth = [WORTH.get(turn.source, 1.0) for turn in turns]
    made = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3)
    made.fit(table.rows([t.text for t in turns]), [t.kind for t in turns], sample_weight=worth)

    def read(texts: Sequence[str]) -> NDArray[np.float64]:
        shares = made.predict_proba(table.rows(texts))
        none = shares[:, list(made.classes_).index(NONE)]
        return np.asarray(np.log1p(-none) - np.log(none))

    step = float(np.abs(made.coef_).max()) / 127
    whole = np.rint(made.coef_ / step).astype(int)
    rows = {
        number: tuple(int(x) for x in whole[:, place])
        for number, place in table.places.items()
        if np.abs(whole[:, place]).max() >= LEAST
    }
    classes = tuple(map(str, made.classes_))
    return Model(classes, tuple(map(float, made.intercept_)), step, rows), read


def cross_fitted(found: Material) -> tuple[list[tuple[Model, NDArray[np.int_]]], float]:
    """Models, each with the places of the turns of whose batches it saw nothing; and by what their
    logits must be multiplied to be calibrated on those.
    """
    batches = [turn.batch for turn in found.turns]
    logits = np.zeros(len(batches))
    made = []
    for known, held in GroupKFold(FOLDS).split(batches, groups=batches):
        model, read = fitted(taught([found.turns[i] for i in known]))
        logits[held] = read([found.turns[i].text for i in held])
        made.append((model, held))
    own = np.array([turn.kind != SAFETY for turn in found.turns])
    steepness = steepness_of(logits[own], found.signs[own])
    return [(steeper(model, steepness), held) for model, held in made], steepness


def taught(turns: Sequence[Turn]) -> list[Turn]:
    """The turns that are fitted on, without those kept to measure by. Where only some sign is
    stated, the kind is the likeliest by what the others teach.
    """
    open_ = [turn for turn in turns if not turn.batch.endswith(HELD_OUT)]
    known = [turn for turn in open_ if turn.kind != SAFETY]
    model, _ = fitted(known)
    return known + [
        turn._replace(kind=_likeliest(read_by(model, turn.text)))
        for turn in open_
        if turn.kind == SAFETY
    ]


def _likeliest(read: Reading) -> str:
    return max(read.kinds, key=lambda kind: read.kinds[kind])


def steepness_of(logits: NDArray[np.float64], signs: NDArray[np.bool_]) -> float:
    """By what held-out logits must be multiplied to be calibrated (temperature scaling)."""
    made = LogisticRegression(C=1e6, fit_intercept=False).fit(logits[:, None], signs)
    return float(made.coef_[0, 0])


def models(found: Material) -> dict[str, Model]:
    """The model of the reading, calibrated on turns of batches that were held out."""
    steepness = cross_fitted(found)[1]
    return {READING: steeper(fitted(taught(found.turns))[0], steepness)}


def steeper(model: Model, steepness: float) -> Model:
    """A model with its logits multiplied."""
    biases = tuple(bias * steepness for bias in model.biases)
    return replace(model, biases=biases, step=model.step * steepness)


def held_out(found: Material) -> Iterator[str]:
    """Lines about what is noticed in turns of batches that the reading never saw: by the phrase
    lists alone, by the reading alone, and by both together, of any kind and of the right one.
    """
    signs = np.zeros(len(found.turns))
    noticed = np.zeros((len(found.turns), len(COLUMNS)), bool)
    for model, held in cross_fitted(found)[0]:
        for i in held:
            turn = found.turns[i]
            lists = cues_by(turn.text, lambda _: UNSURE).any
            both = cues_by(turn.text, partial(read_by, model)).any
            signs[i] = read_by(model, turn.text).sign
            alone = signs[i] >= settings().sign
            noticed[i] = bool(lists), alone, bool(both), turn.kind in lists, turn.kind in both
    ordinary = ~found.signs & np.array([turn.source == PAIRS for turn in found.turns])
    for allowed in ALLOWED:
        least = float(np.quantile(signs[ordinary], 1 - allowed))
        yield f"{allowed:.0%} of the pairs' ordinary turns are read as a sign from {least:.2f} on"
    yield f"{'':36}{''.join(f'{name:>14}' for name in COLUMNS)}"
    for name, mine in _groups(found):
        shares = "".join(f"{share:14.1%}" for share in noticed[mine].mean(axis=0))
        yield f"{name:36}{shares} of {mine.sum():5}"


def _groups(found: Material) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    yield "corpus, any sign", found.signs & np.array([t.source == CORPUS for t in found.turns])
    named = [_group(turn) for turn in found.turns]
    for name in sorted(set(named)):
        yield name, np.array([one == name for one in named])


def _group(turn: Turn) -> str:
    if turn.source == CORPUS:
        return f"{turn.source}, {turn.kind}"
    return f"{turn.source}, {turn.batch if turn.kind == SAFETY else 'ordinary'}"
