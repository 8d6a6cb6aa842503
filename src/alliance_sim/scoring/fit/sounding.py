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

import yaml

from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring import sentence_acts, sounding
from alliance_sim.scoring.exchange import exchanges
from alliance_sim.scoring.fit.understanding import (
    HELD_OUT,
    TENTHS,
    TESTS,
    Pair,
    Table,
    fitted_on,
    model,
    say,
)
from alliance_sim.scoring.reading import sentences_of
from alliance_sim.scoring.understanding import observed

TARGET = Path(sentence_acts.__file__).parent / sounding.WEIGHTS
RUBRICS = (
    "active_listening", "boundaries", "collaboration", "cultural_humility", "i_statements",
    "pacing", "rupture_repair", "safety",
)  # fmt: skip


def pairs(rubric: str) -> list[Pair]:
    """Every pair of a rubric, by batch."""
    return [
        Pair(path.stem, *(_observed(pair["client"], pair[s]) for s in ("better", "worse")))
        for path in sorted((TESTS / "pairs").glob(f"{rubric}*.yaml"))
        for pair in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def _observed(client: str, reply: str) -> dict[int, float]:
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    )
    exchange = exchanges(Transcript(transcript_id="pair", utterances=said))[-1]
    return observed(sentences_of(exchange.text, exchange.before))


def held_out(rubric: str) -> None:
    """Print how many pairs of each batch are in order by models that did not see them."""
    known = pairs(rubric)
    groups = [
        pair.batch if pair.batch.endswith(HELD_OUT) else f"{pair.batch} {place % TENTHS}"
        for place, pair in enumerate(known)
    ]
    better, worse = Table(known).unseen(groups, fitted_on(known))
    for batch in sorted({pair.batch for pair in known}):
        mine = [place for place, pair in enumerate(known) if pair.batch == batch]
        right = int((better[mine] > worse[mine]).sum())
        say(f"{batch:28} {right:3} of {len(mine):3} ({right / len(mine):.0%})")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="alliance_sim.scoring.fit.sounding")
    parser.add_argument("--held-out", action="store_true", help="print figures only")
    if parser.parse_args(arguments).held_out:
        for rubric in RUBRICS:
            held_out(rubric)
        return
    raw = sentence_acts.packed({rubric: model(pairs(rubric)) for rubric in RUBRICS})
    TARGET.write_bytes(raw)
    say(f"{TARGET}: {len(raw):,} bytes")


if __name__ == "__main__":
    main()
