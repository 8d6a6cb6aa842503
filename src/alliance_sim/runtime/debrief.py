"""What a trainee learns from an hour: each turn with its effect, the course of it, and what next.

Everything here is derived from the stored events and the scorecard, so a debrief can always be
made again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from alliance_sim.client.dynamics import profile_of
from alliance_sim.client.reactions import HARMFUL, reaction_of
from alliance_sim.client.state import openness
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Mark
from alliance_sim.domain.events import (
    ClauseShown,
    ClientPlanned,
    Coded,
    Ending,
    Event,
    SessionOpened,
    StateMoved,
    TraineeSent,
)
from alliance_sim.domain.programme import Appeal
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.scorecard import Instead, Scorecard
from alliance_sim.domain.state import ClientState, Phase
from alliance_sim.domain.transcript import Floor, Speaker, Transcript
from alliance_sim.runtime.replay import Standing, standing_of, transcript_of

FAIR, POOR = 2.5, 1.5
"""Levels from which a reply has done something well, and below which it is nearer to poor than to
partial."""

MOST_SUGGESTED = 2
"""Suggestions a turn: feedback on everything at once is taken up by nobody."""

TOLD_FROM = 2.0
"""A change of a variable by at least this much is worth telling the trainee."""


@dataclass(frozen=True)
class TurnReview:
    """One reply, looked at again."""

    turn: int
    said: str
    client_before: str
    """What the client had said just before, as far as it was heard."""
    codes: tuple[CodedSpan, ...]
    levels: dict[str, float | None]
    """Level a rubric; None where the reply gave no opportunity."""
    deltas: dict[str, float]
    """What it did to the client, by variable; empty for a backchannel."""
    engagement: float | None
    floor: Floor | None
    words_lost: int
    rupture: str | None
    instead: tuple[Instead, ...]


@dataclass(frozen=True)
class Point:
    """The client after one trainee turn."""

    turn: int
    """Trainee turns so far; 0 is the start."""
    utterance: int | None
    engagement: float
    trust: float
    safety: float
    arousal: float
    reactance: float
    marks: tuple[str, ...] = ()
    """`rupture`, `repair`, `disclosure`, `event`, in the order they happened."""


@dataclass(frozen=True)
class Disclosed:
    """Something the client let out, and after which utterance."""

    turn: int
    fact: str
    gate: str


@dataclass(frozen=True)
class Debrief:
    """All that a debrief shows, whoever renders it."""

    session_id: str
    scenario: Scenario
    opened: SessionOpened
    transcript: Transcript
    ending: Ending | None
    scorecard: Scorecard | None
    """None: not scored; `why_unscored` says why."""
    why_unscored: str | None
    reviews: tuple[TurnReview, ...]
    points: tuple[Point, ...]
    disclosed: tuple[Disclosed, ...]
    kept_back: int
    """How many disclosures the client kept."""
    client_view: str
    dropout_estimate: float | None
    self_ratings: dict[str, int] = field(default_factory=dict)
    reflections: dict[str, str] = field(default_factory=dict)
    window: tuple[float, float] = (0.0, 100.0)
    opened_at: datetime | None = None
    """When the session was opened (UTC); None where only its events are known."""
    self_rating_asked: bool = False
    """The trainee has rated the hour, or passed the question over."""
    appeals: tuple[Appeal, ...] = ()
    """Scores that the trainee has contested, oldest first."""


def make_debrief(
    session_id: str,
    events: Sequence[Event],
    scenario: Scenario,
    scorecard: Scorecard | None,
) -> Debrief:
    """The debrief of a session, ended or not. Raises ValueError where it never began."""
    profile = profile_of(scenario)
    start = profile.start
    standing = standing_of(events)
    opened = standing.opened
    if opened is None:
        raise ValueError("a session without its opening record has no debrief")
    number = scenario.setting.session_number
    transcript = transcript_of(session_id, events, session_number=number)
    disclosed = _disclosed(events, scenario, standing)
    state = standing.state or start
    left = standing.ended.ending if standing.ended else None
    return Debrief(
        session_id=session_id,
        scenario=scenario,
        opened=opened,
        transcript=transcript,
        ending=left,
        scorecard=scorecard,
        why_unscored=why_unscored(standing),
        reviews=tuple(_reviews(events, transcript, scorecard)),
        points=tuple(_points(events, start, {told.turn for told in disclosed})),
        disclosed=disclosed,
        kept_back=len(scenario.disclosures) - len(disclosed),
        client_view=_view(scenario, state, left, opened.seed),
        dropout_estimate=standing.ended.dropout_estimate if standing.ended else None,
        self_ratings=dict(standing.self_rated.ratings) if standing.self_rated else {},
        reflections=dict(standing.reflected.answers) if standing.reflected else {},
        window=profile.window,
    )


def why_unscored(standing: Standing) -> str | None:
    """Why a session has no scores, in a sentence; None where it is to be scored."""
    if standing.unscored or standing.safety_asked:
        return "Not scored: your own safety came first."
    if standing.ended and standing.ended.ending is Ending.STOPPED:
        return "Not scored: you stopped the session, which costs nothing."
    if standing.memory.turns == 0:
        return "Not scored: nothing was said."
    return None


def _reviews(
    events: Sequence[Event], transcript: Transcript, scorecard: Scorecard | None
) -> list[TurnReview]:
    coded = {event.turn: event.coded for event in events if isinstance(event, Coded)}
    moved = {event.turn: event for event in events if isinstance(event, StateMoved)}
    sent = {event.turn: event for event in events if isinstance(event, TraineeSent)}
    scores = {score.turn: score for score in scorecard.utterances} if scorecard else {}
    reviews = []
    for index, utterance in enumerate(transcript.utterances):
        if utterance.speaker is not Speaker.THERAPIST:
            continue
        before = transcript.before(index)
        move = moved.get(utterance.turn)
        reply = coded.get(utterance.turn)
        score = scores.get(utterance.turn)
        reviews.append(
            TurnReview(
                turn=utterance.turn,
                said=utterance.text,
                client_before=before.text if before else "",
                codes=reply.codes if reply else (),
                levels=score.rubrics if score else {},
                deltas=move.deltas if move else {},
                engagement=move.state.engagement if move else None,
                floor=utterance.floor,
                words_lost=sent[utterance.turn].words_lost,
                rupture=move.rupture if move else None,
                instead=_instead(scorecard, utterance.turn, score.rubrics if score else {}, reply),
            )
        )
    return reviews


def _instead(
    scorecard: Scorecard | None,
    turn: int,
    levels: Mapping[str, float | None],
    reply: CodedReply | None,
) -> tuple[Instead, ...]:
    """The suggestions worth reading at a turn: few, for what was weakest, and none for a reply
    that was fair by one rubric and poor by none, nor for a goodbye, unless it hurts. In place of a
    question about danger nothing is suggested but for the sake of safety: it is never too early.
    """
    if reply and Mark.CLOSING in reply.marks and reaction_of(reply) not in HARMFUL:
        return ()
    made = [
        instead
        for rubric in (scorecard.rubrics if scorecard else ())
        for instead in rubric.instead
        if instead.turn == turn
    ]
    if reply and Code.RISK_QUESTION in reply.asserted() and reaction_of(reply) not in HARMFUL:
        made = [instead for instead in made if instead.rubric == "safety"]
    known = {name: level for name, level in levels.items() if level is not None}
    if any(level >= FAIR for name, level in known.items() if name != "interruptions"):
        made = [instead for instead in made if known.get(instead.rubric, 0.0) < POOR]
    made.sort(key=lambda instead: known.get(instead.rubric, 0.0))
    return tuple(made[:MOST_SUGGESTED])


def _points(events: Sequence[Event], start: ClientState, told: set[int]) -> list[Point]:
    points = [_point(start, None, ())]
    shown = {event.turn for event in events if isinstance(event, ClauseShown)}
    for event in events:
        if isinstance(event, StateMoved):
            mark = {"opened": "rupture", "repaired": "repair"}.get(event.rupture or "")
            points.append(_point(event.state, event.turn, (mark,) if mark else ()))
        elif isinstance(event, ClientPlanned) and len(points) > 1:
            happened = event.event is not None and event.turn in shown
            marks = ["disclosure"] * (event.turn in told) + ["event"] * happened
            last = points[-1]
            points[-1] = Point(**(vars(last) | {"marks": (*last.marks, *marks)}))
    return points


def _point(state: ClientState, utterance: int | None, marks: tuple[str, ...]) -> Point:
    return Point(
        turn=state.turn,
        utterance=utterance,
        engagement=state.engagement,
        trust=state.trust,
        safety=state.safety,
        arousal=state.arousal,
        reactance=state.reactance,
        marks=marks,
    )


def _disclosed(
    events: Sequence[Event], scenario: Scenario, standing: Standing
) -> tuple[Disclosed, ...]:
    by_id = {told.id: told for told in scenario.disclosures}
    turns: dict[str, int] = {}
    for event in events:
        if isinstance(event, ClientPlanned) and event.disclosure in standing.memory.told:
            turns[event.disclosure or ""] = event.turn
    return tuple(
        Disclosed(turn=turn, fact=by_id[name].fact, gate=str(by_id[name].gate))
        for name, turn in turns.items()
        if name in by_id
    )


def _view(scenario: Scenario, state: ClientState, ending: Ending | None, seed: int) -> str:
    """The hour as the client would tell it, by where it left them."""
    view = scenario.client_view
    if ending is Ending.WALK_OUT or state.phase in {Phase.LEFT, Phase.COMPLIANT}:
        lines = view.left
    else:
        lines = getattr(view, openness(state, profile_of(scenario)))
    return lines[seed % len(lines)]


def effect_words(deltas: dict[str, float]) -> tuple[str, ...]:
    """What a turn did to the client, in words: the changes large enough to tell, largest first."""
    told = [(name, value) for name, value in deltas.items() if abs(value) >= TOLD_FROM]
    told.sort(key=lambda pair: -abs(pair[1]))
    return tuple(f"{name} {'+' if value > 0 else '−'}{abs(value):.0f}" for name, value in told)
