"""Speed of the offline coder on one core: utterances a second over a synthetic corpus.

Prints one JSON line: `utterances`, `seconds` of processor time (best of the rounds), `per_second`,
`load_ms` (the lexicon, before anything is compiled) and `long_paste_ms` (one utterance of 10,000
words).
"""

import argparse
import itertools
import json
import random
import time

from alliance_sim.coding.coder import code
from alliance_sim.coding.lexicon import lexicon

OPENERS = ("So", "Okay, so", "Mm-hm.", "And", "Right.", "It sounds like", "", "", "I hear that")
SAID = (
    "you were left with all of it and nobody asked",
    "part of you wants to go back and part of you is done",
    "you have to be on guard every single day",
    "what was that like for you when he came home",
    "how many nights a week does that happen",
    "have you told anybody in the family about it",
    "you should really talk to your manager about the shifts",
    "at least the two of you still talk",
    "no wonder you are worn out after a month like that",
    "it took courage to ring them yourself",
    "we could start with the sleep or with the arguments, whichever feels more useful",
    "would it be all right if I told you what helps some people",
    "what you say here stays private unless somebody is in danger",
    "I pushed too fast there and I am sorry",
    "you always change the subject when I ask about him",
    "I can't give you my number, but the office takes messages",
    "it is up to you how much of it you tell me",
    "there are two groups in town and both have places",
)
CLIENT = (
    "I don't know. It just goes on, the same thing every day, and nobody notices.",
    "Could I maybe have your number, for when it gets bad?",
    "He came in, he looked at the table, and he didn't say a word. I hate that silence.",
    "Yeah.",
    "Not really. I sleep, I work, I pick up the kids.",
)


def corpus(size: int, seed: int = 7) -> list[tuple[str, str]]:
    """Pairs of a reply and what the client said before, the same for the same seed."""
    pick = random.Random(seed)
    ends = (".", "?", "", "...")
    return [
        (f"{pick.choice(OPENERS)} {pick.choice(SAID)}{pick.choice(ends)}".strip(), client)
        for client in itertools.islice(itertools.cycle(CLIENT), size)
    ]


def seconds(pairs: list[tuple[str, str]]) -> float:
    start = time.process_time()
    for text, before in pairs:
        code(text, before)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    start = time.process_time()
    lexicon()
    load_ms = 1000 * (time.process_time() - start)
    pairs = corpus(asked.size)
    seconds(pairs[:200])
    best = min(seconds(pairs) for _ in range(asked.rounds))
    paste = " ".join(text for text, _ in pairs * 2)
    long = " ".join(paste.split()[:10_000])
    start = time.process_time()
    code(long)
    result = {
        "utterances": len(pairs),
        "seconds": round(best, 3),
        "per_second": round(len(pairs) / best),
        "load_ms": round(load_ms, 1),
        "long_paste_ms": round(1000 * (time.process_time() - start), 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
