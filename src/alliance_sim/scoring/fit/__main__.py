"""`python -m alliance_sim.scoring.fit [TRANSCRIPTS.jsonl ...] [--held-out]`: fit the learned
readings of sentences for boundaries and I-statements, and of danger in what a client says
(`fit.danger`). Needs the extra `fit`, and runs in the folder of the sources.

Material, this project's own: labelled sentences (`tests/scoring/acts`), labelled pairs
(`tests/scoring/pairs`) and the scenarios; and, as what clients say in the ordinary course of the
work, the client turns of transcripts (the weights that ship were fitted with those of AnnoMI, Wu et
al. 2022). The same material gives the same bytes. Of a pair's better reply every sentence is taken
to be in order; of its worse reply the one sentence that looks worst is taken for what makes it so.
With `--held-out` nothing is written: each batch of pairs is ordered by models that never saw it,
and danger is looked for in batches of turns by a reading that was fitted without them.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from alliance_sim.scoring import client_danger, sentence_acts
from alliance_sim.scoring.fit import danger
from alliance_sim.scoring.fit.held_out import HELD_OUT, MORE
from alliance_sim.scoring.lanes import Signals, weighed
from alliance_sim.scoring.sentence_acts import FINE, LISTS, Model
from alliance_sim.scoring.sentence_signals import signals
from alliance_sim.scoring.words import phrases_of, sentences

TESTS = Path("tests") / "scoring"
TARGET = Path(sentence_acts.__file__).parent / sentence_acts.WEIGHTS
DANGER = TARGET.with_name(client_danger.WEIGHTS)
READINGS = ("sentences", "danger")
RUBRICS = ("boundaries", "i_statements")
ROUNDS = 1
"""How often the worst sentence of each worse reply is chosen anew."""
STRENGTH = 3.0
"""Inverse of the regularisation."""
SHORTEST = 3
"""Words below which a sentence ("Honestly?") is not what makes a reply worse."""
LEAST = 2
"""Largest 8-bit weight below which a signal is dropped."""

Read = Callable[[str], dict[str, float]]


class Row(NamedTuple):
    label: str
    text: str


def pairs(rubric: str) -> list[dict[str, Any]]:
    """All labelled pairs of a rubric, each with the batch it came in."""
    found: list[dict[str, Any]] = []
    for path in sorted((TESTS / "pairs").glob(f"{rubric}*.yaml")):
        if path.stem.endswith((*HELD_OUT, MORE)):
            continue
        batch = yaml.safe_load(path.read_text(encoding="utf-8"))
        found += [{"batch": path.stem, **pair} for pair in batch]
    return found


def labelled(name: str) -> list[Row]:
    """The labelled sentences of a model."""
    path = TESTS / "acts" / f"{name}.yaml"
    acts = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Row(label, text) for label, texts in acts.items() for text in texts]


def told() -> Iterator[str]:
    """What clients of the scenarios say of their own lives."""
    for path in sorted(Path("scenarios").glob("*.yaml")):
        scenario = yaml.safe_load(path.read_text(encoding="utf-8"))
        for topic in scenario["topics"]:
            for lines in topic["lines"].values():
                yield from lines
        for disclosure in scenario["disclosures"]:
            yield from disclosure["lines"]


def advised(rubric: str) -> Iterator[str]:
    """Replies that the rubric itself suggests."""
    path = Path("rubrics") / f"{rubric}.yaml"
    for key, phrases in yaml.safe_load(path.read_text(encoding="utf-8"))["phrases"].items():
        if not key.startswith("why"):
            yield from (phrase for phrase in phrases if "{" not in phrase)


def fitted(name: str, rows: Sequence[Row], balance: str | None = "balanced") -> tuple[Model, Read]:
    """A model of the rows' labels, and how it reads a sentence."""
    seen = [weighed(_signals(name, row.text)) for row in rows]
    places = {number: i for i, number in enumerate(sorted({n for found in seen for n in found}))}
    at = [(r, places[n], v) for r, found in enumerate(seen) for n, v in found.items()]
    where = tuple(zip(*((r, c) for r, c, _ in at), strict=True))
    matrix = csr_matrix(([v for *_, v in at], where), shape=(len(rows), len(places)))
    model = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-3, class_weight=balance)
    model.fit(matrix, [row.label for row in rows])
    step = float(np.abs(model.coef_).max()) / 127
    whole = np.rint(model.coef_ / step).astype(int)
    table = {
        number: tuple(int(x) for x in whole[:, place])
        for number, place in places.items()
        if np.abs(whole[:, place]).max() >= LEAST
    }
    biases = tuple(float(x) for x in model.intercept_)
    made = Model(tuple(str(c) for c in model.classes_), biases, step, table)
    return made, lambda text: made.shares(_signals(name, text))


_CACHE: dict[tuple[str, str], Signals] = {}


def _signals(name: str, text: str) -> Signals:
    key = (name, text)
    if key not in _CACHE:
        _CACHE[key] = signals(text, phrases_of(*LISTS[name]))
    return _CACHE[key]


def replies_model(rubric: str, known: Sequence[dict[str, Any]]) -> tuple[Model, Read]:
    """The model of what the sentences of replies do."""
    rows = labelled(rubric)
    rows += [Row(FINE, text) for pair in known for text in sentences(pair["better"])]
    rows += [Row(FINE, text) for reply in advised(rubric) for text in sentences(reply)]
    model, read = fitted(rubric, rows)
    for _ in range(ROUNDS):
        worst = [_worst(sentences(pair["worse"]), read) for pair in known]
        model, read = fitted(rubric, [*rows, *worst])
    return model, read


def _worst(texts: Sequence[str], read: Read) -> Row:
    telling = [text for text in texts if len(text.split()) >= SHORTEST]
    text = min(telling or texts, key=lambda one: read(one)[FINE])
    shares = {label: p for label, p in read(text).items() if label != FINE}
    return Row(max(shares, key=shares.__getitem__), text)


def talked(paths: Sequence[str]) -> Iterator[str]:
    """What clients say in transcripts: JSON lines with `speaker` and `text`."""
    for path in paths:
        with Path(path).open(encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["speaker"] == "client" and row["text"]:
                    yield row["text"]


def client_model(transcripts: Sequence[str]) -> tuple[Model, Read]:
    """The model of what a client's turn puts to the trainee. In real conversations that is next to
    always nothing, so all of `transcripts` counts as such, and no class is weighed up.
    """
    ending = sentence_acts.ending
    rows = [Row("bait", ending(pair["client"])) for pair in pairs("boundaries")]
    rows += [Row("complaint", ending(pair["client"])) for pair in pairs("i_statements")]
    rows += [Row(FINE, ending(pair["client"])) for pair in pairs("empathy")]
    rows += [Row(FINE, ending(text)) for text in told()]
    rows += labelled("client")
    rows += [Row(FINE, ending(text)) for text in talked(transcripts)]
    return fitted("client", rows, balance=None)


def badness(read: Read, reply: str) -> float:
    """How far a reply is from being in order, by its sentences: 0 to 1."""
    wrong = [1 - read(text)[FINE] for text in sentences(reply)]
    return (max(wrong) + sum(wrong) / len(wrong)) / 2


def held_out(rubric: str) -> None:
    """Print how many pairs of each batch are in order by a model that saw none of it."""
    known = pairs(rubric)
    for batch in sorted({pair["batch"] for pair in known}):
        _, read = replies_model(rubric, [p for p in known if p["batch"] != batch])
        mine = [p for p in known if p["batch"] == batch]
        right = sum(badness(read, p["better"]) < badness(read, p["worse"]) for p in mine)
        say(f"{rubric:14} {batch:24} {right:3} of {len(mine):3} ({right / len(mine):.0%})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.scoring.fit")
    parser.add_argument("transcripts", nargs="*", help="what clients say (JSON lines)")
    parser.add_argument("--held-out", action="store_true", help="print figures only")
    parser.add_argument("--only", choices=READINGS, help="fit one of the readings")
    parser.add_argument("--weights", type=Path, default=TARGET.parent, help="folder to write to")
    asked = parser.parse_args(arguments)
    wanted = (asked.only,) if asked.only else READINGS
    if "sentences" in wanted:
        _sentences(asked)
    if "danger" in wanted:
        _danger(asked)


def _sentences(asked: argparse.Namespace) -> None:
    if asked.held_out:
        for rubric in RUBRICS:
            held_out(rubric)
        return
    models = {rubric: replies_model(rubric, pairs(rubric))[0] for rubric in RUBRICS}
    models["client"] = client_model(asked.transcripts)[0]
    _write(asked.weights / TARGET.name, models)


def _danger(asked: argparse.Namespace) -> None:
    found = danger.material(TESTS, list(talked(asked.transcripts)))
    if asked.held_out:
        for line in danger.held_out(found):
            say(line)
        return
    _write(asked.weights / DANGER.name, danger.models(found))


def _write(path: Path, models: dict[str, Model]) -> None:
    path.write_bytes(sentence_acts.packed(models))
    say(f"{path}: {path.stat().st_size:,} bytes")


def say(text: str) -> None:
    """Print to standard output."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
