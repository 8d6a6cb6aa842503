"""Events for the store's tests: a plain session, and strategies for any event at all."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from alliance_sim.domain import events as ev
from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Empathy, Main, Mark
from alliance_sim.domain.scorecard import (
    Evidence,
    Grade,
    Instead,
    RubricScore,
    Scorecard,
    UtteranceScore,
)
from alliance_sim.domain.speech import Clause
from alliance_sim.domain.state import ClientState, Openness, Phase
from alliance_sim.domain.transcript import Floor, Opportunity, Pace

START = datetime(2026, 11, 22, 8, 15, tzinfo=UTC)


def opened(scenario="wary", **more):
    return ev.SessionOpened(
        **{
            "scenario": scenario,
            "scenario_version": "1.0",
            "seed": 7,
            "pace": Pace.UNTIMED,
            "wpm": 160,
            "max_turns": 40,
        }
        | more
    )


def sent(turn, text="It sounds like none of this was your choice."):
    return ev.TraineeSent(turn=turn, text=text)


def moved(replies):
    """The state after so many replies."""
    state = ClientState(
        trust=35, task=40, goal=40, safety=35, arousal=50, shame=50, reactance=50, turn=replies
    )
    return ev.StateMoved(turn=2 * replies - 1, state=state)


def ended(ending=ev.Ending.PLANNED_CLOSE):
    return ev.Ended(ending=ending)


def scored(overall):
    return ev.Scored(scorecard=Scorecard(transcript_id="t", overall=overall))


def minute(number):
    return START + timedelta(minutes=number)


texts = st.text(max_size=40)
turns = st.integers(0, 500)
seconds = st.floats(0, 1e6)
levels = st.floats(0, 4)
percent = st.floats(0, 100)
shares = st.floats(0, 1)


def tuples(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


def maybe(strategy):
    return st.none() | strategy


clauses = st.builds(Clause, text=texts, words=turns, stage=st.booleans(), pause=seconds)
opportunities = st.builds(Opportunity, rubric=texts, source=texts, instead=tuples(texts))
codings = st.builds(
    CodedReply,
    main=st.sampled_from(Main),
    codes=tuples(st.builds(CodedSpan, code=st.sampled_from(Code), p=shares, words=texts)),
    empathy=st.integers(0, 2).map(lambda level: Empathy(interpretation=level)),
    marks=st.frozensets(st.sampled_from(Mark), max_size=3),
)
states = st.builds(
    ClientState,
    trust=percent,
    task=percent,
    goal=percent,
    safety=percent,
    arousal=percent,
    shame=percent,
    reactance=percent,
    history=tuples(st.tuples(percent, percent), 2),
    once=st.frozensets(texts, max_size=2),
    phase=st.sampled_from(Phase),
)
evidence = st.builds(Evidence, turn=turns, quote=texts, indicator=texts, level=levels)
utterance_scores = st.builds(
    UtteranceScore,
    turn=turns,
    coded=codings,
    rubrics=st.dictionaries(texts, maybe(levels), max_size=3),
    evidence=st.dictionaries(texts, evidence, max_size=2),
)
rubric_scores = st.builds(
    RubricScore,
    rubric=texts,
    rubric_version=texts,
    score=maybe(levels),
    why_null=maybe(texts),
    grade=maybe(st.sampled_from(Grade)),
    evidence=tuples(evidence, 2),
    instead=tuples(
        st.builds(Instead, turn=turns, rubric=texts, said=texts, reply=texts, why=texts), 2
    ),
)
scorecards = st.builds(
    Scorecard,
    transcript_id=texts,
    scenario=maybe(texts),
    utterances=tuples(utterance_scores, 2),
    rubrics=tuples(rubric_scores, 2),
    overall=maybe(levels),
    passed=maybe(st.booleans()),
    metrics=st.dictionaries(texts, maybe(st.floats(-1e9, 1e9)), max_size=3),
)

openings = st.builds(
    ev.SessionOpened,
    scenario=texts,
    scenario_version=texts,
    seed=st.integers(-(2**63), 2**63 - 1),
    pace=st.sampled_from(Pace),
    wpm=st.floats(1, 300),
    voice=texts,
    trainee=maybe(texts),
    exam=st.booleans(),
    max_turns=turns,
    max_seconds=maybe(seconds),
    plan=texts,
    branch=maybe(st.builds(ev.Branch, session_id=texts, turn=turns)),
)
followings = st.one_of(
    st.builds(
        ev.ClientPlanned,
        turn=turns,
        act=st.sampled_from(ev.Act),
        openness=st.sampled_from(Openness),
        topic=maybe(texts),
        ending=maybe(st.sampled_from(ev.Ending)),
        lines=tuples(texts),
        clauses=tuples(clauses),
        opportunities=tuples(opportunities, 2),
    ),
    st.builds(ev.ClauseShown, turn=turns, index=turns),
    st.builds(ev.ClientFinished, turn=turns),
    st.builds(
        ev.TraineeSent,
        turn=turns,
        text=st.text(max_size=300),
        floor=maybe(st.sampled_from(Floor)),
        words_heard=turns,
        think_seconds=maybe(seconds),
    ),
    st.builds(ev.Coded, turn=turns, coded=codings),
    st.builds(
        ev.StateMoved,
        turn=turns,
        state=states,
        moves=tuples(texts),
        deltas=st.dictionaries(texts, st.floats(-100, 100), max_size=3),
        rupture=st.sampled_from([None, "opened", "repaired"]),
        gates=tuples(texts),
    ),
    st.builds(ev.Paused, why=st.sampled_from(["pause", "grounding", "safety"])),
    st.just(ev.Resumed()),
    st.builds(ev.Skipped, turn=turns),
    st.builds(ev.HintShown, turn=turns, hint=texts),
    st.builds(ev.SafetyAsked, turn=turns),
    st.builds(ev.SafetyAnswered, about_me=maybe(st.booleans())),
    st.builds(ev.SelfRated, ratings=st.dictionaries(texts, turns, max_size=3)),
    st.builds(ev.Reflected, answers=st.dictionaries(texts, texts, max_size=3)),
    st.builds(ev.Scored, scorecard=scorecards),
    st.builds(
        ev.Overridden,
        rubric=texts,
        original=maybe(levels),
        score=maybe(levels),
        who=texts,
        why=texts,
    ),
    st.builds(ev.Ended, ending=st.sampled_from(ev.Ending), dropout_estimate=maybe(st.floats(0, 1))),
)
records = st.tuples(openings, st.lists(followings, max_size=12)).map(
    lambda both: [both[0], *both[1]]
)
"""A session's events as the store accepts them: one opening, then anything."""
