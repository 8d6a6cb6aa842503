"""Shares and rates of a session that listening and collaboration are scored by, and shown with."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance_sim.domain.codes import Code, Main
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.speech import spoken_words
from alliance_sim.scoring.cues import moment
from alliance_sim.scoring.earned import centres_self
from alliance_sim.scoring.exchange import Exchange
from alliance_sim.scoring.finding import Points
from alliance_sim.scoring.once import once
from alliance_sim.scoring.opportunities import arrival
from alliance_sim.scoring.reading import GIVES, SAID_BACK, STEERS, reading, stood
from alliance_sim.scoring.recall import Recall

ALL = 9.0
"""Reflections for each question where nothing was asked, or more."""

TAKES = (*STEERS, "announces", "self")


@once
def listened(replies: Sequence[Exchange]) -> dict[str, float]:
    """Figures of listening; those that cannot be told are left out.

    `reflection_to_question`: replies that reflect for each that asks, at most `ALL`.
    `complex_share`, `open_share`: of reflections, of questions. `listening_share`: replies that
    reflect or ask openly among those that reflect, ask, tell, wave off or turn to the trainee.
    Practised phrases and questions asked again word for word are neither. `reflecting_depth`: mean
    probability of a complex reflection over the replies. `room_taken`: share of all words that are
    the trainee's. `recall`: of what was said back and can be checked, the share that was right;
    `recall_errors`: how often it was not.
    """
    mains = [reply.coded.main for reply in replies]
    practised = sum(reply.coded.main is Main.REFLECTION and reply.practised for reply in replies)
    reflections = mains.count(Main.REFLECTION) - practised
    questions = mains.count(Main.QUESTION)
    told = mains.count(Main.INPUT) + practised + sum(map(_talked_past, replies))
    opened, closed = having(replies, Code.QUESTION_OPEN), having(replies, Code.QUESTION_CLOSED)
    deep = having(replies, Code.REFLECTION_COMPLEX)
    simple = having(replies, Code.REFLECTION_SIMPLE)
    asked = sum(map(_asked_openly, replies))
    recall = remembered(replies).recall
    found = {
        "reflection_to_question": _ratio(reflections, questions),
        "complex_share": share(deep, deep + simple),
        "open_share": share(opened, opened + closed),
        "listening_share": share(reflections + asked, reflections + questions + told),
        "reflecting_depth": _depth(replies),
        "room_taken": _room(replies),
        "recall": share(recall.right, recall.right + recall.wrong),
        "recall_errors": float(recall.wrong),
    }
    return {name: value for name, value in found.items() if value is not None}


def _asked_openly(reply: Exchange) -> bool:
    opened = reply.coded.main is Main.QUESTION and Code.QUESTION_OPEN in reply.codes
    return opened and not reply.copies


def _talked_past(reply: Exchange) -> bool:
    """Whether a reply that neither tells nor asks takes the room for the trainee, or waves off."""
    waved_off = bool(reply.codes & _WAVES_OFF)
    return reply.coded.main is Main.OTHER and (waved_off or centres_self(reply))


_WAVES_OFF = frozenset({Code.MINIMISE, Code.BLAME, Code.CONFRONT})


@dataclass(frozen=True)
class Remembered:
    """What the replies kept of what the client told."""

    recall: Recall
    wrong: tuple[str | None, ...]
    """Of each reply, the sentence that says a fact back wrongly."""


@once
def remembered(replies: Sequence[Exchange]) -> Remembered:
    """What the replies kept of what the client told; to be gone through in order."""
    recall = Recall()
    wrong: list[str | None] = []
    for reply in replies:
        readable = reply.client is not None and reply.readable
        if readable and not reply.follows:
            recall.hear(reply.before)
        wrong.append(recall.check(reply.text) if readable and reply.answers else None)
    return Remembered(recall, tuple(wrong))


def shared(replies: Sequence[Exchange], rubric: Rubric) -> dict[str, float]:
    """Figures of the client's say.

    `invites`, `steers`: places at which the client is given a say, and at which it is taken, per
    100 words of the trainee. `told_unasked`: share of replies that tell without leave.
    `repeated`: share of replies that were given before, which leave the client no say either.
    `say_balance`: how far the say is given rather than taken, 0–1, drawn to the middle where little
    was said either way.
    """
    points = Points(rubric)
    given, taken = rate(replies, GIVES), rate(replies, TAKES)
    told = share(told_unasked(replies), len(replies)) or 0.0
    prior = points["balance_prior"]
    repeated = share(sum(reply.copies > 0 for reply in replies), len(replies)) or 0.0
    unshared = points["balance_told"] * (told + repeated)
    weighed = given + points["balance_steers"] * taken + unshared
    return {
        "invites": given,
        "steers": taken,
        "told_unasked": told,
        "repeated": repeated,
        "say_balance": (given + prior) / (weighed + 2 * prior),
    }


def told_unasked(replies: Sequence[Exchange]) -> int:
    """Replies that mainly inform, advise or persuade, with no leave asked and no advice sought."""
    return sum(
        reply.coded.main is Main.INPUT
        and Code.ASK_THEN_TELL not in reply.codes
        and not advice_sought(reply)
        for reply in replies
    )


def advice_sought(reply: Exchange) -> bool:
    """Whether the client had asked to be told something."""
    return moment(reply.before).has("asks_advice")


def rate(replies: Sequence[Exchange], labels: Sequence[str]) -> float:
    """Places per 100 words of the readable replies; greetings are left out."""
    places = words = 0
    for reply in replies:
        if reply.readable and not arrival(reply):
            said = stood(reply)
            places += said.count(*labels)
            words += said.words
    return 100 * places / max(words, FEWEST)


FEWEST = 25
"""Words that a rate is at least taken of, so that one remark does not make a session."""


def having(replies: Sequence[Exchange], wanted: Code) -> int:
    """Replies with a code."""
    return sum(1 for reply in replies if wanted in reply.codes)


def share(part: float, whole: float) -> float | None:
    """Part of a whole; None where there is none."""
    return part / whole if whole else None


def _depth(replies: Sequence[Exchange]) -> float | None:
    return share(sum(map(_reflects_more, replies)), len(replies))


def _reflects_more(reply: Exchange) -> float:
    """How surely a reply reflects more than was said: by the coder, or by words of its own in what
    the coder takes for a reflection.
    """
    if reply.practised:
        return 0.0
    span = reply.coded.span(Code.REFLECTION_COMPLEX)
    sure = span.p if span is not None else 0.0
    if not reply.codes & _REFLECTS:
        return sure
    found = reading(reply)
    own = any(s.kind in SAID_BACK and s.new >= OWN_WORDS for s in found.sentences)
    return max(sure, OWN_SURE) if own and not found.steering else sure


OWN_WORDS = 2
"""Content words of its own from which a reflection says more than was said."""

OWN_SURE = 0.35
"""How surely it then does."""

_REFLECTS = frozenset({Code.REFLECTION_SIMPLE, Code.REFLECTION_COMPLEX})


def _room(replies: Sequence[Exchange]) -> float | None:
    mine = sum(spoken_words(reply.text) for reply in replies)
    turns = {reply.index: reply.client.text for reply in replies if reply.client is not None}
    theirs = sum(spoken_words(text) for text in turns.values())
    return share(mine, mine + theirs)


def _ratio(reflections: int, questions: int) -> float | None:
    if questions == 0:
        return ALL if reflections else None
    return min(ALL, reflections / questions)
