"""Prints how many of the labelled pairs the offline scorer puts in the right order, by rubric.

Usage: python bench/pairs.py [--wrong]     (--wrong also prints the pairs it gets wrong)
"""

import sys
from pathlib import Path
from typing import NamedTuple

import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score

ROOT = Path(__file__).resolve().parents[1]
PAIRS = ROOT / "tests" / "scoring" / "pairs"
FRESH = "_fresh"
"""Ends the name of a file whose pairs were scored before any rule had seen them."""


class Judged(NamedTuple):
    """A pair with the levels its replies were given; None where not observed."""

    client: str
    better: str
    worse: str
    high: float | None
    low: float | None

    @property
    def right(self) -> bool:
        return self.high is not None and self.low is not None and self.high > self.low


def level(client: str, reply: str, rubric: Rubric) -> float | None:
    """The level of one reply to one client turn."""
    said = (
        Utterance(turn=0, speaker=Speaker.CLIENT, text=client),
        Utterance(turn=1, speaker=Speaker.THERAPIST, text=reply),
    )
    card = score(Transcript(transcript_id="pair", utterances=said), [rubric])
    return card.utterances[0].rubrics[rubric.id]


def judged(rubric_id: str, folder: Path = PAIRS) -> list[Judged]:
    """Every pair of a file (a rubric's id, with or without `FRESH`), with the replies' levels."""
    name = rubric_id.removesuffix(FRESH)
    text = (ROOT / "rubrics" / f"{name}.yaml").read_text(encoding="utf-8")
    rubric = Rubric.model_validate(yaml.safe_load(text))
    pairs = yaml.safe_load((folder / f"{rubric_id}.yaml").read_text(encoding="utf-8"))
    return [
        Judged(
            client=pair["client"],
            better=pair["better"],
            worse=pair["worse"],
            high=level(pair["client"], pair["better"], rubric),
            low=level(pair["client"], pair["worse"], rubric),
        )
        for pair in pairs
    ]


def main() -> None:
    for path in sorted(PAIRS.glob("*.yaml")):
        results = judged(path.stem)
        right = sum(result.right for result in results)
        print(f"{path.stem:20} {right:3} of {len(results):3} in order ({right / len(results):.0%})")
        if "--wrong" in sys.argv:
            for result in results:
                if not result.right:
                    print(f"  C: {result.client}")
                    print(f"     {result.high}  {result.better}")
                    print(f"     {result.low}  {result.worse}")


if __name__ == "__main__":
    main()
