"""Sessions with given scores, and a programme around them, put straight into a store."""

from datetime import UTC, datetime, timedelta

from alliance_sim.domain.events import (
    Branch,
    Ended,
    Ending,
    Overridden,
    Scored,
    SelfRated,
    SessionOpened,
)
from alliance_sim.domain.judgement import JudgedBy
from alliance_sim.domain.programme import Assignment, Cohort, Person
from alliance_sim.domain.scorecard import JUDGE, OFFLINE, Evidence, RubricScore, Scorecard
from alliance_sim.domain.transcript import Pace
from alliance_sim.store import assignments, attempts, cohorts, memberships, people

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WHY = "Nothing called for it."


def rubric_score(rubric, score, *, why=WHY):
    quotes = (Evidence(turn=1, quote="q", indicator="i", level=2),) if score is not None else ()
    said = None if score is not None else why
    return RubricScore(
        rubric=rubric, rubric_version="1.0", score=score, why_null=said, evidence=quotes
    )


def judged_by(model):
    """One vote of a model, which cost a token each way."""
    return JudgedBy(
        model=model,
        prompt_hash="h",
        votes=1,
        asked=1,
        temperature=0.0,
        seeds=(0,),
        calls=1,
        prompt_tokens=1,
        completion_tokens=1,
        estimated=False,
    )


def scored(scores, *, model=None, overall=None, why=WHY):
    by = model and judged_by(model)
    return Scored(
        scorecard=Scorecard(
            transcript_id="s",
            rubrics=tuple(rubric_score(name, value, why=why) for name, value in scores.items()),
            overall=overall,
            scorer=JUDGE if model else OFFLINE,
            judged_by=by or None,
        )
    )


def hold(
    store,
    name,
    trainee="t-one",
    scores=None,
    *,
    at=AT,
    overall=None,
    rated=None,
    override=None,
    branch=None,
    **opened,
):
    """A session that ended and was scored; `override`: (rubric, score, who, why)."""
    start = SessionOpened(
        **{"scenario": "wary", "scenario_version": "1.0", "seed": 7, "pace": Pace.STREAM}
        | {"wpm": 160, "max_turns": 40, "trainee": trainee}
        | {"branch": branch and Branch(session_id=branch[0], turn=branch[1])}
        | opened
    )
    after = [SelfRated(ratings=rated)] if rated else []
    ended = Ended(ending=Ending.PLANNED_CLOSE)
    store.append(name, [start], at=at)
    store.append(name, [ended, *after], at=at + timedelta(minutes=30))
    if scores is None:
        return
    store.append(name, [scored(scores, overall=overall)], at=at + timedelta(minutes=31))
    if override:
        rubric, score, who, why = override
        event = Overridden(
            rubric=rubric, original=scores[rubric], score=score, who=who, why=why,
            at=at + timedelta(days=1), overall=overall,
        )  # fmt: skip
        store.append(name, [event], at=at + timedelta(days=1))


def cohort(store, name, *members):
    """A cohort with these members, who are added to the programme where they are new."""

    def work(connection):
        cohorts.add(connection, Cohort(id=name, title=name, created_at=AT))
        known = people.pseudonyms(connection)
        new = [Person(id=each, created_at=AT) for each in members if each not in known]
        people.add(connection, new)
        memberships.join(connection, name, members, AT)

    store.transact(work)


def assign(store, name, cohort_id, *, due_at=None, keep="last", title=None):
    made = Assignment(
        id=name, cohort=cohort_id, title=title or f"About {name}", scenarios=("wary",),
        due_at=due_at, keep=keep, created_at=AT,
    )  # fmt: skip
    store.transact(lambda connection: assignments.add(connection, made))
    return made


def attempt(store, assignment, trainee, session, *, at=AT):
    store.transact(
        lambda connection: attempts.claim(connection, assignment, trainee, session, at=at)
    )
