"""What a reply that comes while the client speaks amounts to, from where the session stands."""

from alliance_sim.client.memory import Memory
from alliance_sim.client.pacing import Reason, Standing, classify
from alliance_sim.client.triggers import content
from alliance_sim.domain.codes import CodedReply
from alliance_sim.domain.events import SessionOpened, TraineeSent
from alliance_sim.domain.scenario import EventKind, Scenario
from alliance_sim.domain.transcript import Floor, Pace

NEARLY_OVER = 120.0
"""Seconds before the end of the hour from which the time is a reason to cut in."""


def where_it_stands(memory: Memory, pace: Pace, elapsed: float) -> Standing | None:
    """The client's turn in progress; None where none is, or where it cannot be cut off.

    All at once cannot be cut off, but one may write before a model has said anything.
    `elapsed`: seconds since the last clause began; paced clauses wait for the reader instead.
    """
    unsaid = memory.wording and not memory.shown
    if memory.planned is None or (pace is Pace.UNTIMED and not unsaid):
        return None
    return Standing(
        clauses=memory.planned.clauses,
        shown=memory.shown,
        finished=False,
        elapsed=0.0 if pace is Pace.PACED else elapsed,
    )


def floor_of(
    standing: Standing, coded: CodedReply, text: str, opened: SessionOpened, reason: Reason | None
) -> Floor | None:
    """The interruption code; None where nothing was heard yet: who has not begun is not cut off."""
    heard = " ".join(clause.text for clause in standing.clauses[: standing.shown])
    floor = classify(
        standing,
        coded,
        text,
        wpm=opened.wpm,
        same_topic=takes_up(text, heard),
        reason=reason,
    )
    return floor if standing.shown or floor is Floor.BACKCHANNEL else None


def said_into(
    standing: Standing | None, sent: TraineeSent, *, withheld: bool = False
) -> TraineeSent:
    """A reply with what of the client's turn was heard before it, and what it cut off.

    `withheld`: the client does not go on. None: the turn was over.
    """
    if standing is None:
        return sent
    heard = {"words_heard": standing.heard, "words_lost": standing.left if withheld else 0}
    broken = standing.in_flagged_pause and sent.floor is not Floor.BACKCHANNEL
    return sent.model_copy(update={**heard, "pause_broken": broken})


def takes_up(text: str, heard: str) -> bool:
    """Whether a reply stays with what was just heard: in a word of it, or by asking without any
    content of its own ("Sorry, who?")."""
    said = content(text)
    return bool(said & content(heard)) if said else text.rstrip().endswith("?")


def reason_to_cut_in(
    scenario: Scenario,
    memory: Memory,
    *,
    overwhelmed: bool,
    turns_left: int,
    seconds_left: float | None,
) -> Reason | None:
    """What would justify cutting in at this moment, if it is announced.

    `overwhelmed`: the client is above the window of tolerance; `seconds_left`: of the hour, None
    where it is not timed.
    """
    planned = memory.planned
    event = next((e for e in scenario.events if planned and e.id == planned.event), None)
    if event and event.interrupt and memory.shown:
        return Reason.RISK if event.kind is EventKind.RISK_CUE else Reason.OVERWHELM
    if overwhelmed:
        return Reason.OVERWHELM
    nearly = seconds_left is not None and seconds_left < NEARLY_OVER
    return Reason.TIME if turns_left <= 1 or nearly else None
