"""A short clause of the client's own words, turned round so that a listener can say it back."""

import re
from functools import lru_cache

from alliance_sim.domain.speech import spoken
from alliance_sim.scoring.feelings import implied, named
from alliance_sim.scoring.words import content

FEWEST, MOST = 4, 13
"""Words of a clause that can be said back in one breath."""

_PIECES = re.compile(r"[.!?…;:,()\"“”]+|\s[-–—]+\s|—|\s(?:but|because|so|and then|though)\s")
_LEAD = re.compile(
    r"^(?:and|but|so|because|well|like|then|cause|i mean|you know|honestly)\s+", re.I
)
_SUBJECT = re.compile(
    r"^(?:i|i'm|i've|i'd|i'll|my \w+(?: \w+)?|he|she|they|he's|she's|they're|nobody|no one|"
    r"everyone|everybody|nothing|everything) "
    r"(?:\w+ly |just |still |never |always |also |even |all |only )?"
    r"(?:am|is|are|was|were|do|did|does|have|has|had|can|can't|could|couldn't|don't|didn't|doesn't|"
    r"won't|wouldn't|isn't|wasn't|weren't|haven't|hasn't|hadn't|keep|keeps|kept|feel|feels|felt|"
    r"want|wants|wanted|need|needs|needed|go|goes|went|get|gets|got|lie|sit|sits|sat|stand|stood|"
    r"told|tells|tell|left|leaves|lost|lose|hate|hates|miss|misses|missed|came|come|comes|took|"
    r"takes|take|made|makes|make|found|find|spent|spend|cry|cried|drive|drove|work|works|worked|"
    r"died|stopped|forgot|asked|asks|ask|said|says|walked|walk|looks|looked|look|lets|let|stay|"
    r"stayed|sleep|slept|wake|woke|yelled|snapped|called|calls|call|broke|moved|moves|started|"
    r"thinks|thought|see|saw|watched|waited|wait|tried|try|gave|hurts|hurt|\w+ed)\b",
    re.I,
)
_AVOID = re.compile(
    r"\b(?:you|your|you're|you've|you'd|we|us|our|we're|we've|yours|um|uh|er|whatever|anyway|"
    r"kind of|sort of|i guess|i mean|i don't know|dunno|this|these|here)\b",
    re.I,
)
_UNFINISHED = re.compile(
    r"\b(?:to|the|a|an|of|at|for|with|and|or|my|his|her|that|if|when|is|was|just|not|like|"
    r"than|from|by|as|i|about|it's|i'm|do|don't|can't|then)$",
    re.I,
)
_TURNED = {
    "i": "you", "i'm": "you're", "i've": "you've", "i'd": "you'd", "i'll": "you'll", "me": "you",
    "my": "your", "mine": "yours", "myself": "yourself",
}  # fmt: skip
_AFTER_YOU = {"am": "are", "was": "were", "wasn't": "weren't", "amn't": "aren't"}


@lru_cache(maxsize=1024)
def said_back(text: str) -> str | None:
    """The clause of a client's turn that carries most, in the second person; None if none will do.

    Small first letter, no final stop. Questions and clauses about the listener are left alone.
    """
    best: tuple[float, str] | None = None
    for position, piece in enumerate(_PIECES.split(spoken(text).replace("’", "'"))):
        clause = _LEAD.sub("", _LEAD.sub("", piece.strip()))
        if not _fits(clause):
            continue
        weight = len(content(clause)) + 2 * len(named(clause) | implied(clause)) + 0.05 * position
        if clause.lower().startswith(("i ", "i'", "my ")):
            weight += 1
        if best is None or weight > best[0]:
            best = (weight, clause)
    return turned(best[1]) if best else None


def turned(clause: str) -> str:
    """First person into second: "I was late for my shift" → "you were late for your shift"."""
    made: list[str] = []
    for word in clause.split():
        low = word.lower()
        if low in _AFTER_YOU and made and made[-1] == "you":
            made.append(_AFTER_YOU[low])
        elif low in _TURNED:
            made.append(_TURNED[low])
        else:
            made.append(word if made else low if low in _STARTERS else word)
    return " ".join(made)


def _fits(clause: str) -> bool:
    return (
        FEWEST <= len(clause.split()) <= MOST
        and _SUBJECT.match(clause) is not None
        and not _AVOID.search(clause)
        and not _UNFINISHED.search(clause)
        and clause.count("'") <= 3
        and not re.search(r"[\[\]{}<>*_#@\d]{2,}|\bi$", clause)
        and not re.search(r"\b(?:and|like) i\b.*\b(?:and|like) i\b", clause.lower())
    )


_STARTERS = frozenset(
    "he she they he's she's they're nobody no everyone everybody nothing everything".split()
)
