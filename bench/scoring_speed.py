"""Speed of the whole offline scorer on one core: utterances a second with every shipped rubric.

Prints one JSON line: `utterances` of the trainee scored, in transcripts of 40 turns; `seconds` of
processor time (best of the rounds), `per_second`; `memory_mb`: how much the resident memory has
grown since the first tenth of a run over `--flood` utterances, which are all different.
"""

import argparse
import json
import random
import resource
import time
from collections.abc import Iterator

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.scoring.rules import score
from bench.coding_speed import CLIENT, OPENERS, SAID

TURNS = 40
"""Of the trainee in a transcript."""

TOLD = (
    "My brother {name} has not rung since {day}, and I keep the phone by the bed.",
    "You're not really listening, are you? I said {name}, not {other}.",
    "I had four drinks on {day} and drove home to {name}.",
    "Some nights I think {name} would be better off without me.",
    "At church {name} asked where I'd been, and I said work.",
    "It's the same as {day}. Fine. Whatever you think.",
)
NAMES = ("Ana", "Joe", "Mo", "Lea", "Sam", "Tess", "Ivo", "Kit")
DAYS = ("Monday", "Tuesday", "Friday", "the weekend", "the tenth", "last night")


def transcripts(utterances: int, seed: int = 11) -> Iterator[Transcript]:
    """Made-up sessions, the same for the same seed; hardly two replies are alike."""
    pick = random.Random(seed)
    for number in range(max(1, utterances // TURNS)):
        said = []
        for turn in range(TURNS):
            name, other = pick.sample(NAMES, 2)
            told = pick.choice((*TOLD, *CLIENT))
            told = told.format(name=name, other=other, day=pick.choice(DAYS))
            reply = f"{pick.choice(OPENERS)} {pick.choice(SAID)}, {number} of {turn} for {name}."
            said.append(Utterance(turn=2 * turn, speaker=Speaker.CLIENT, text=told))
            said.append(Utterance(turn=2 * turn + 1, speaker=Speaker.THERAPIST, text=reply))
        yield Transcript(transcript_id=str(number), utterances=tuple(said))


def seconds(made: list[Transcript], rubrics: list[Rubric]) -> float:
    start = time.process_time()
    for transcript in made:
        score(transcript, rubrics)
    return time.process_time() - start


def grown(utterances: int, rubrics: list[Rubric]) -> float:
    """MB by which the peak of the resident memory grows after the first tenth of the run."""
    after_first = 0.0
    for number, transcript in enumerate(transcripts(utterances, seed=12)):
        if number == utterances // TURNS // 10:
            after_first = _peak()
        score(transcript, rubrics)
    return _peak() - after_first


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1200)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--flood", type=int, default=100_000)
    asked = parser.parse_args()
    rubrics = list(Library([shipped_root()]).rubrics())
    seconds(list(transcripts(2 * TURNS)), rubrics)
    times = [seconds(list(transcripts(asked.size, seed)), rubrics) for seed in range(asked.rounds)]
    result = {
        "utterances": asked.size,
        "rubrics": len(rubrics),
        "seconds": round(min(times), 3),
        "per_second": round(asked.size / min(times)),
        "flood": asked.flood,
        "memory_mb": round(grown(asked.flood, rubrics), 1) if asked.flood else None,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
