"""Written speech: what is said aloud, what is a stage direction, where a clause ends.

A line reads `No. [He looks at the door.] I mean... [pause] not really.` Brackets hold stage
directions; `[pause]` and `[long pause]` are reflective pauses.
"""

import re

from pydantic import BaseModel, ConfigDict, Field

PAUSES = {"[pause]": 3.0, "[long pause]": 6.0}
"""Seconds of the two marked pauses."""

LONGEST = 14
"""Words after which a clause without inner punctuation is still one breath; longer ones split at
the next comma."""

SHORTEST = 3
"""A piece shorter than this joins its neighbour, so that words do not dribble."""

_WORD = re.compile(r"\w[\w'’-]*")
_BRACKET = re.compile(r"\[[^\[\]]*\]")
_END = re.compile(r"(?<=[.!?…][\"'”’])\s+|(?<=[.!?…])\s+|(?<=—)\s+|(?<=[;:])\s+|(?<=,)\s+")
_TITLE = r"\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|St|Fr|Sr|Jr)"
_TITLED = re.compile(rf"(?:{_TITLE}|(?:^|[.!?:] |{_TITLE}\. )(?:[A-HJ-Z]\. ?)*[A-HJ-Z])\.$")
"""A full stop that ends no sentence: after a title, or an initial where a name begins."""


class Clause(BaseModel):
    """One breath of speech, or one stage direction."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str
    words: int = Field(ge=0)
    """Spoken words; 0 for a stage direction."""
    stage: bool = False
    pause: float = Field(default=0.0, ge=0)
    """Seconds of silence after it."""
    flagged: bool = False
    """The silence after it is a reflective pause that is better not broken."""
    complete: bool = False
    """The clause ends an authored line: a marked point at which a listener may come in."""
    tells: bool = False
    """Words of a model's: with this clause, what the turn is there to tell is out."""

    def seconds(self, wpm: float) -> float:
        """How long it takes at `wpm` words a minute, the silence after it included."""
        return self.words * 60.0 / wpm + self.pause


def spoken(text: str) -> str:
    """The words said aloud, stage directions left out."""
    return " ".join(_BRACKET.sub(" ", text).split())


def spoken_words(text: str) -> int:
    """How many words are said aloud; a lone dash is none."""
    return len(_WORD.findall(spoken(text)))


def clauses(text: str) -> tuple[Clause, ...]:
    """Cut an authored line into clauses, in order; the last spoken one is its completion point.

    The texts joined by spaces give the line again, with its white space folded.
    """
    made: list[Clause] = []
    position = 0
    for match in _BRACKET.finditer(text):
        made += _breaths(text[position : match.start()])
        made = _with_direction(made, match.group())
        position = match.end()
    made += _breaths(text[position:])
    last = max((i for i, clause in enumerate(made) if clause.words), default=None)
    if last is not None:
        made[last] = made[last].model_copy(update={"complete": True})
    return tuple(made)


def _with_direction(made: list[Clause], direction: str) -> list[Clause]:
    seconds = PAUSES.get(direction.lower())
    if seconds is None:
        return [*made, Clause(text=direction, words=0, stage=True, pause=1.2)]
    return [*made, Clause(text=direction, words=0, stage=True, pause=seconds, flagged=True)]


def _breaths(text: str) -> list[Clause]:
    pieces: list[str] = []
    for piece in _END.split(" ".join(text.split())):
        if not piece:
            continue
        joined = f"{pieces[-1]} {piece}" if pieces else piece
        fits = len(joined.split()) <= LONGEST
        if pieces and (_TITLED.search(pieces[-1]) or (fits and _joins(pieces[-1], piece))):
            pieces[-1] = joined
        else:
            pieces.append(piece)
    return [_clause(piece) for piece in pieces]


def _joins(before: str, piece: str) -> bool:
    short = len(before.split()) < SHORTEST or len(piece.split()) < SHORTEST
    return short and not _ends_sentence(before)


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’").endswith((".", "!", "?"))


def _clause(text: str) -> Clause:
    trailing = text.rstrip("\"'”’").endswith(("…", "...", "—"))
    pause = 0.9 if trailing else 0.5 if _ends_sentence(text) else 0.15
    return Clause(text=text, words=spoken_words(text), pause=pause)
