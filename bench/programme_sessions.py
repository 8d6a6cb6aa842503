"""Generated sessions one after the other in time, as rows of the store's tables."""

import json
import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alliance_sim.domain import events as ev
from alliance_sim.domain.judgement import JudgedBy
from alliance_sim.domain.scorecard import JUDGE, OFFLINE, Evidence, RubricScore, Scorecard
from alliance_sim.scoring.overall import blocked, overall, passes
from alliance_sim.store.ids import new_session_id
from alliance_sim.store.score_rows import score_rows
from alliance_sim.store.stamps import stamp
from alliance_sim.store.summary import changes
from bench.programme_hours import EXCHANGES, Hour, RubricPart

RATED, JUDGED, OVERRIDDEN, APPEALED = 0.5, 0.05, 0.01, 0.005
"""Shares of the sessions that are rated by the trainee, scored by a judge too, and so on."""

JUDGES = JudgedBy(
    model="bench-judge",
    prompt_hash="0123456789abcdef",
    votes=3,
    asked=3,
    temperature=0.0,
    seeds=(1, 2, 3),
)

QUOTE = Evidence(turn=1, quote="", indicator="", level=0)
"""Stands for any of them: rows of scores only count them."""

Row = dict[str, object]
Values = Mapping[str, float | None]
"""A score a rubric; None: not observed."""


@dataclass(frozen=True)
class Trainee:
    id: str
    skill: float
    """Her mean score in the beginning."""
    growth: float
    """How much it rises with every doubling of her sessions."""
    cohorts: tuple[str, ...]


@dataclass
class Session:
    """A session's rows; `events` holds (type, time, payload) in order."""

    row: Row
    events: list[tuple[str, str, str]] = field(default_factory=list)
    scores: list[Row] = field(default_factory=list)
    appeals: list[Row] = field(default_factory=list)


@dataclass
class Told:
    """What is known of a session while it is told."""

    hour: Hour
    now: datetime
    session: Session
    pick: random.Random
    scorings: list[tuple[str, ev.Event]] = field(default_factory=list)

    @property
    def id(self) -> str:
        return str(self.session.row["id"])

    def write(self, type_: str, payload: str) -> str:
        """Add an event; its time as it is stored."""
        at = stamp(self.now)
        self.session.events.append((type_, at, payload))
        self.session.row["updated_at"] = at
        return at

    def tell(self, event: ev.Event) -> str:
        """Add an event that is not out of an hour, and what it changes in the session's row."""
        self.session.row |= changes(event)
        return self.write(str(event.type), event.model_dump_json())


class Sessions:
    """Makes sessions, each a little after the one before."""

    def __init__(self, hours: Mapping[int, list[Hour]], per_session: float, seed: int) -> None:
        self._hours = hours
        self._per_session = per_session
        self._pick = random.Random(seed)
        self._held: dict[str, int] = {}
        self._due = 0.0

    def hold(self, trainee: Trainee, opened_at: datetime, among: Sequence[str] = ()) -> Session:
        """A session from its opening to its scores; `among`: scenarios to choose from."""
        hour = self._hour(among)
        told = Told(hour, opened_at, Session({}), self._pick)
        self._open(told, trainee)
        for step in hour.steps:
            told.now += timedelta(seconds=self._pick.uniform(3, 20))
            for type_, payload in step:
                told.write(type_, payload)
        _end(told)
        held = self._held[trainee.id] = self._held.get(trainee.id, 0) + 1
        level = trainee.skill + trainee.growth * math.log2(held)
        _score(told, _values(hour, level, self._pick))
        _afterwards(told)
        told.session.scores = score_rows(told.id, told.scorings)
        self._due += self._per_session - len(told.session.events)
        return told.session

    def _hour(self, among: Sequence[str]) -> Hour:
        # What is short of the mean so far is made up for.
        wanted = (self._per_session + self._due) / 6 - 1 + self._pick.uniform(-2, 2)
        count = min(max(round(wanted), EXCHANGES[0]), EXCHANGES[-1])
        fitting = [hour for hour in self._hours[count] if hour.scenario.id in among]
        return self._pick.choice(fitting or self._hours[count])

    def _open(self, told: Told, trainee: Trainee) -> None:
        row = told.session.row
        row["id"] = new_session_id(told.now, self._pick)
        row["opened_at"] = stamp(told.now)
        row |= dict.fromkeys(("ended_at", "self_ratings"))
        scenario = told.hour.scenario
        told.tell(
            ev.SessionOpened(
                scenario=scenario.id,
                scenario_version=scenario.version,
                seed=self._pick.randrange(1_000_000),
                pace=told.hour.pace,
                wpm=160,
                trainee=trainee.id,
                max_turns=40,
            )
        )
        row["turns"] = told.hour.turns


def _end(told: Told) -> None:
    told.now += timedelta(seconds=5)
    ended = ev.Ended(ending=ev.Ending.PLANNED_CLOSE, dropout_estimate=0.25)
    told.session.row["ended_at"] = told.tell(ended)
    if told.pick.random() < RATED:
        told.now += timedelta(seconds=20)
        ratings = {part.rubric.id: told.pick.randint(1, 4) for part in told.hour.rubrics[:3]}
        told.tell(ev.SelfRated(ratings=ratings))
        told.session.row["self_ratings"] = json.dumps(ratings)


def _values(hour: Hour, level: float, pick: random.Random) -> dict[str, float | None]:
    return {
        part.rubric.id: None if part.why_null else _value(part, level, pick)
        for part in hour.rubrics
    }


def _value(part: RubricPart, level: float, pick: random.Random) -> float:
    harder = (part.rubric.weight % 5 - 2) / 10
    return round(min(4.0, max(0.0, level + harder + pick.gauss(0, 0.45))), 2)


def _score(told: Told, values: Values) -> None:
    told.now += timedelta(seconds=1)
    _write_scores(told, values, None)
    if told.pick.random() < JUDGED:
        told.now += timedelta(hours=2)
        other = {name: _near(value, told.pick) for name, value in values.items()}
        _write_scores(told, other, JUDGES)


def _near(value: float | None, pick: random.Random) -> float | None:
    return None if value is None else round(min(4.0, max(0.0, value + pick.gauss(0, 0.4))), 1)


def _write_scores(told: Told, values: Values, judged_by: JudgedBy | None) -> None:
    made, weights = list(_scored(told.hour, values)), [p.rubric for p in told.hour.rubrics]
    value, blocking = overall(made, weights), blocked(made, weights)
    scorer = JUDGE if judged_by else OFFLINE
    says: Row = {"overall": value, "passed": passes(value, blocking), "blocked_by": blocking}
    payload = _payload(told, values, says, judged_by)
    at = told.write("scored", payload)
    # Not checked again: the rows are made from these few fields alone.
    card = Scorecard.model_construct(
        transcript_id=told.id,
        rubrics=tuple(made),
        overall=value,
        scorer=scorer,
        judged_by=judged_by,
    )
    event = ev.Scored.model_construct(scorecard=card)
    told.session.row |= changes(event)
    told.scorings.append((at, event))


def _scored(hour: Hour, values: Values) -> Iterator[RubricScore]:
    for part in hour.rubrics:
        score = values[part.rubric.id]
        yield RubricScore.model_construct(
            rubric=part.rubric.id,
            rubric_version=part.rubric.version,
            score=score,
            why_null=part.why_null,
            grade=part.grade(score),
            evidence=(QUOTE,) * part.evidence,
        )


def _payload(told: Told, values: Values, says: Row, judged_by: JudgedBy | None) -> str:
    head, tail = told.hour.around
    rubrics = ",".join(f"{{{part.text(values[part.rubric.id])}}}" for part in told.hour.rubrics)
    if judged_by:
        made = f'"scorer":"{JUDGE}","judged_by":{judged_by.model_dump_json()}'
        tail = tail.replace(f'"scorer":"{OFFLINE}","judged_by":null', made)
    said = json.dumps(says)[1:-1]
    card = f'{{"transcript_id":"{told.id}",{head},"rubrics":[{rubrics}],{said},{tail}}}'
    return f'{{"type":"scored","scorecard":{card}}}'


def _afterwards(told: Told) -> None:
    """Now and then a trainee appeals, and an instructor changes a score."""
    if told.pick.random() < APPEALED:
        told.now += timedelta(days=1)
        _appeal(told)
    if told.pick.random() < OVERRIDDEN:
        told.now += timedelta(days=2)
        _override(told)


def _appeal(told: Told) -> None:
    rubric = told.hour.rubrics[0].rubric.id
    event = ev.Appealed(rubric=rubric, reason="I named the feeling, and she agreed with it.")
    at = told.tell(event)
    row: Row = {"session_id": told.id, "seq": len(told.session.events), "at": at}
    row |= {"rubric": rubric, "reason": event.reason}
    row |= dict.fromkeys(("outcome", "answer", "answered_by", "answered_at"))
    if told.pick.random() < 0.5:
        told.now += timedelta(days=1)
        answer = ev.AppealAnswered(
            appeal=len(told.session.events),
            rubric=rubric,
            outcome="kept",
            answer="She agreed with the fact, not with the feeling.",
            who="i-bench2",
        )
        row |= {"answered_at": told.tell(answer), "answered_by": answer.who}
        row |= {"outcome": answer.outcome, "answer": answer.answer}
    told.session.appeals.append(row)


def _override(told: Told) -> None:
    before = told.scorings[0][1]
    assert isinstance(before, ev.Scored)
    made = list(before.scorecard.rubrics)
    number = told.pick.randrange(len(made))
    changed = made[number].model_copy(update={"score": told.pick.randint(1, 4)})
    rubrics = [part.rubric for part in told.hour.rubrics]
    event = ev.Overridden(
        rubric=changed.rubric,
        original=made[number].score,
        score=changed.score,
        who="i-bench2",
        why="The quote is the client's own word, said back to her.",
        at=told.now,
        overall=overall([*made[:number], changed, *made[number + 1 :]], rubrics),
    )
    told.scorings.append((told.tell(event), event))
