"""Prints how many of the labelled pairs the offline scorer puts in the right order, by rubric.

Usage: python bench/pairs.py [--wrong]     (--wrong also prints the pairs it gets wrong)
"""

import sys
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Pace, Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score

ROOT = Path(__file__).resolve().parents[1]
PAIRS = ROOT / "tests" / "scoring" / "pairs"
RUBRICS = ROOT / "rubrics"


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


WORDS_A_SECOND = 160 / 60
"""The pace at which the client of a timed pair speaks."""


def level(pair: dict[str, Any], side: str, rubric: Rubric) -> float | None:
    """The level of one reply of a pair; `side` is "better" or "worse"."""
    card = score(conversation(pair, side), [rubric])
    return card.utterances[-1].rubrics[rubric.id]


def conversation(pair: dict[str, Any], side: str) -> Transcript:
    """A client's turn and a reply to it; with times where the pair says when the reply begins."""
    place = ("better", "worse").index(side)
    said = [*pair.get("said", ()), pair["client"], pair[side]]
    clock = 0.0
    made = []
    for turn, text in enumerate(said):
        seconds = len(text.split()) / WORDS_A_SECOND
        times = {"start": clock, "end": clock + seconds} if "at" in pair else {}
        speaker = (Speaker.CLIENT, Speaker.THERAPIST)[turn % 2]
        made.append(Utterance(turn=turn, speaker=speaker, text=text, **times))
        clock += seconds + 1
    client, reply = made[-2:]
    if "at" in pair:
        assert client.start is not None
        assert client.end is not None
        start = client.start + pair["at"][place] * (client.end - client.start)
        reply = reply.model_copy(update={"start": start, "end": start + 2})
    if "marks" in pair:
        reply = Utterance.model_validate(reply.model_dump() | pair["marks"][place])
    client = client.model_copy(update={"opening": pair.get("opening", False)})
    pace = Pace.STREAM if "marks" in pair else None
    return Transcript(transcript_id="pair", utterances=(*made[:-2], client, reply), pace=pace)


def judged(name: str, folder: Path = PAIRS) -> list[Judged]:
    """Every pair of a file, with levels by the rubric that its name begins with.

    What follows the rubric's id tells how the batch came about; the file's first lines say more.
    """
    ids = [path.stem for path in RUBRICS.glob("*.yaml") if f"{name}_".startswith(f"{path.stem}_")]
    text = (RUBRICS / f"{max(ids, key=len)}.yaml").read_text(encoding="utf-8")
    rubric = Rubric.model_validate(yaml.safe_load(text))
    pairs = yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))
    return [
        Judged(
            client=pair["client"],
            better=pair["better"],
            worse=pair["worse"],
            high=level(pair, "better", rubric),
            low=level(pair, "worse", rubric),
        )
        for pair in pairs
    ]


def main() -> None:
    for path in sorted(PAIRS.glob("*.yaml")):
        results = judged(path.stem)
        right = sum(result.right for result in results)
        print(f"{path.stem:28} {right:3} of {len(results):3} in order ({right / len(results):.0%})")
        if "--wrong" in sys.argv:
            for result in results:
                if not result.right:
                    print(f"  C: {result.client}")
                    print(f"     {result.high}  {result.better}")
                    print(f"     {result.low}  {result.worse}")


if __name__ == "__main__":
    main()
