"""What the learned reading of danger looks at in a client's turn: words, and what they are about.

Veiled danger is rarely in a word. It is in what stands together: pills and a drawer, a door and a
temper, a watch and "you'll be around". So each word is given the concepts it may belong to
(`lexicon/concepts.yaml`), and pairs of concepts near one another are signals beside the words.
"""

from functools import cache, lru_cache

from alliance_sim.coding.hashing import bucket, run_names
from alliance_sim.scoring.lanes import Signals
from alliance_sim.scoring.sentence_signals import stemmed, tokens
from alliance_sim.scoring.words import lexicon, plain, sentences

ALONE, PAIRS = 1.0, 0.6
"""Weight of a kind of signal before fitting: words and concepts; pairs of concepts."""

CONCEPT_LIST = "concepts"
"""The phrase file with the words of each concept."""

LONGEST_WORDS = 2
REACH = 7
"""Words apart up to which two concepts stand together."""

SPAN = 60
"""Words of a turn that are read as one; a longer one is read in parts."""


def spans(text: str) -> list[str]:
    """A turn in parts of whole sentences, each up to `SPAN` words or one sentence long."""
    if len(text.split()) <= SPAN:
        return [text]
    parts: list[str] = []
    room = 0
    for sentence in sentences(text):
        words = len(sentence.split())
        if parts and words <= room:
            parts[-1] += " " + sentence
            room -= words
        else:
            parts.append(sentence)
            room = SPAN - words
    return parts


@lru_cache(maxsize=512)
def client_signals(span: str) -> Signals:
    """The signals of one part of a client's turn, each once."""
    stems = [stemmed(part) for part in tokens(plain(span))[: 2 * SPAN] if part != ","]
    words = frozenset(run_names("cw:", ["^", *stems, "$"], 1, LONGEST_WORDS))
    concepts, keys = _concepts(), _keys()
    at = [(place, number) for place, one in enumerate(stems) for number in concepts.get(one, ())]
    near: set[int] = set()
    for after, (place, number) in enumerate(at, start=1):
        row, reach = keys[number], place + REACH
        for other_place, other in at[after:]:
            if other_place > reach:
                break
            near.add(row[other])
    alone = {keys[number][number] for _, number in at}
    return {ALONE: words - near | alone, PAIRS: frozenset(near - alone)}


@cache
def _concepts() -> dict[str, tuple[int, ...]]:
    """By stem, the numbers of the concepts that a word may belong to."""
    known: dict[str, tuple[int, ...]] = {}
    for number, words in enumerate(lexicon(CONCEPT_LIST).values()):
        for one in dict.fromkeys(stemmed(word) for line in words for word in line.split()):
            known[one] = (*known.get(one, ()), number)
    return known


@cache
def _keys() -> list[list[int]]:
    """Buckets of every two concepts, in either order; of one with itself: of its being there."""
    names = list(lexicon(CONCEPT_LIST))
    return [[bucket("cg:" + " ".join(sorted({one, other}))) for other in names] for one in names]
