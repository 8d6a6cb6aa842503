"""From a labelled conversation and its scorecard to what people and the program say of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean
from typing import Any, TypeAlias

from alliance_sim.authoring.datasets import Labelled
from alliance_sim.domain.codes import Code, CodedReply
from alliance_sim.domain.scorecard import Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Speaker, Transcript
from alliance_sim.errors import InputProblem
from alliance_sim.scoring.agreement.measures import Measures, YesNo, key
from alliance_sim.scoring.dimensions import dimensions
from alliance_sim.scoring.exchange import exchanges

YES, NO = "yes", "no"
LEVELS = ("0", "1", "2")


class Kind(StrEnum):
    """How a measure is worked out."""

    CODES = "codes"
    """Classes, or yes and no."""
    LEVELS = "levels"
    """Numbers of replies or sessions on one scale."""
    RATINGS = "ratings"
    """Several raters' numbers of a conversation."""
    SESSIONS = "sessions"
    """Two sorts of sessions that the scores should rank."""


@dataclass(frozen=True)
class Measure:
    """One thing that is compared."""

    id: str
    title: str
    kind: Kind
    classes: tuple[str, ...] = ()
    same_scale: bool = True
    """Of levels: people's numbers are on the program's scale of 0–4."""


@dataclass(frozen=True)
class Case:
    """One reply or session: what people say of it, and what the program says."""

    group: str
    transcript: str
    turn: int | None
    """None: of the whole."""
    text: str
    before: str
    """What the client had said."""
    truth: str | float
    said: str | float | None
    """None: not observed."""
    p: float | None = None
    words: str = ""
    others: Mapping[str, float | None] = field(default_factory=dict)
    """Of a session: further figures. Of ratings: the raters' own."""


Table: TypeAlias = dict[Measure, list[Case]]


def cases_of(item: Labelled, card: Scorecard, plan: Measures) -> Iterator[tuple[Measure, Case]]:
    """Every comparison that the item's labels allow."""
    scores = {score.turn: score for score in card.utterances}
    befores = _befores(item.transcript)
    texts = {said.turn: said.text for said in item.transcript.utterances}
    for turn, labels in item.labels.items():
        score = scores.get(turn)
        if score is None:
            continue
        place = _Place(item, turn, texts[turn], befores.get(turn, ""))
        yield from _of_codes(place, labels, score.coded, plan)
        yield from _of_levels(place, labels, score, plan)
    yield from _of_whole(item, card, plan)


@dataclass(frozen=True)
class _Place:
    item: Labelled
    turn: int
    text: str
    before: str

    def case(
        self, truth: str | float, said: str | float | None, p: float | None = None, words: str = ""
    ) -> Case:
        name = self.item.transcript.transcript_id
        group = self.item.group
        return Case(group, name, self.turn, self.text, self.before, truth, said, p, words)


def _befores(transcript: Transcript) -> dict[int, str]:
    """The client's last words before each utterance of the therapist."""
    found: dict[int, str] = {}
    last = ""
    for said in transcript.utterances:
        if said.speaker is Speaker.CLIENT:
            last = said.text
        else:
            found[said.turn] = last
    return found


def _of_codes(
    place: _Place, labels: Mapping[str, Any], reply: CodedReply, plan: Measures
) -> Iterator[tuple[Measure, Case]]:
    for name, classes in plan.classes.items():
        truth = classes.truth.get(key(labels.get(classes.column)))
        if truth is not None:
            answer = classes.answer(reply)
            measure = Measure(name, classes.title, Kind.CODES, classes.names)
            yield measure, place.case(truth, answer.value, answer.p, answer.words)
    for name, level in plan.levels.items():
        value = next((key(labels[column]) for column in level.columns if column in labels), None)
        if value in LEVELS:
            said = str(getattr(reply.empathy, name))
            yield Measure(name, level.title, Kind.CODES, LEVELS), place.case(value, said)
            yield _any(f"{name}_any", f"{level.title}, none or any", value, said, place)
    for name, code in plan.yes_no.items():
        yes = _given(code, labels)
        if yes is not None:
            yield _yes_no(name, code, yes, reply, place)
    for column, value in labels.items():
        if column.startswith(plan.prefixes.code) and key(value) in {"0", "1", "true", "false"}:
            wanted = _code(column, plan)
            title = wanted.replace("_", " ").capitalize()
            known = YesNo(title=title, column=column, given=(), codes=(wanted,))
            yield _yes_no(column, known, key(value) in {"1", "true"}, reply, place)


def _code(column: str, plan: Measures) -> Code:
    """The code that a column is about. Raises InputProblem where there is no such code."""
    name = column.removeprefix(plan.prefixes.code)
    try:
        return Code(name)
    except ValueError:
        known = ", ".join(Code)
        raise InputProblem(f"column {column}: no code is called {name}; codes: {known}") from None


def _any(name: str, title: str, value: str, said: str, place: _Place) -> tuple[Measure, Case]:
    truth, ours = (YES if level != "0" else NO for level in (value, said))
    return Measure(name, title, Kind.CODES, (NO, YES)), place.case(truth, ours)


def _given(code: YesNo, labels: Mapping[str, Any]) -> bool | None:
    """Whether people gave the code; None where the reply is not labelled for it."""
    value = labels.get(code.column)
    if value is None and (code.labelled_by is None or labels.get(code.labelled_by) is None):
        return None
    if code.labelled_by is not None and code.labelled_by not in labels:
        return None
    if code.known and key(value) not in code.known:
        return None
    return value is not None and key(value) in code.given


def _yes_no(
    name: str, code: YesNo, yes: bool, reply: CodedReply, place: _Place
) -> tuple[Measure, Case]:
    answer = code.answer(reply)
    truth = YES if yes else NO
    measure = Measure(name, code.title, Kind.CODES, (NO, YES))
    return measure, place.case(truth, answer.value, answer.p, answer.words)


def _of_levels(
    place: _Place, labels: Mapping[str, Any], score: UtteranceScore, plan: Measures
) -> Iterator[tuple[Measure, Case]]:
    for name, rank in plan.ranks.items():
        truth = number(labels.get(rank.column))
        if truth is not None:
            measure = Measure(name, rank.title, Kind.LEVELS, same_scale=False)
            yield measure, _levelled(place, truth, score, rank.rubric)
    for name, cue in plan.cues.items():
        if key(labels.get(cue.column)) in cue.known:
            truth_cue = YES if key(labels[cue.column]) in cue.given else NO
            said = YES if score.rubrics.get(cue.rubric) is not None else NO
            yield Measure(name, cue.title, Kind.CODES, (NO, YES)), place.case(truth_cue, said)
    for column, value in labels.items():
        truth = number(value) if column.startswith(plan.prefixes.level) else None
        if truth is not None:
            rubric = column.removeprefix(plan.prefixes.level)
            measure = Measure(column, f"Level of {rubric}", Kind.LEVELS)
            yield measure, _levelled(place, truth, score, rubric)


def _levelled(place: _Place, truth: float, score: UtteranceScore, rubric: str) -> Case:
    ground = score.evidence.get(rubric)
    words = ground.quote if ground else ""
    return place.case(truth, score.rubrics.get(rubric), words=words)


def _of_whole(item: Labelled, card: Scorecard, plan: Measures) -> Iterator[tuple[Measure, Case]]:
    about = item.about
    for name, sessions in plan.sessions.items():
        value = key(about.get(sessions.column))
        if value in (*sessions.high, *sessions.low):
            truth = 1.0 if value in sessions.high else 0.0
            measure = Measure(name, sessions.title, Kind.SESSIONS)
            yield measure, _whole(item, card, truth, card.overall, _session_figures(item, card))
    for column, value in about.items():
        truth_score = number(value) if column.startswith(plan.prefixes.score) else None
        if truth_score is not None:
            rubric = column.removeprefix(plan.prefixes.score)
            found = card.rubric(rubric)
            measure = Measure(column, f"Score of {rubric}", Kind.LEVELS)
            yield measure, _whole(item, card, truth_score, found.score if found else None, {})
    ratings = about.get("ratings")
    if isinstance(ratings, Mapping):
        yield from _of_ratings(item, card, plan, ratings)


def _of_ratings(
    item: Labelled, card: Scorecard, plan: Measures, ratings: Mapping[str, Any]
) -> Iterator[tuple[Measure, Case]]:
    codes = {score.turn: score.coded for score in card.utterances}
    measured = dimensions(exchanges(item.transcript, codes) if codes else ())
    scores = {score.rubric: score.score for score in card.rubrics}
    family = str(item.about.get("framework") or "")
    for dimension, source in plan.ratings.dimensions.items():
        given = ratings.get(dimension)
        if not isinstance(given, Mapping):
            continue
        raters = {
            str(who): value
            for who, rating in given.items()
            if str(who).startswith(plan.ratings.raters) and (value := number(rating)) is not None
        }
        if not raters:
            continue
        said = source.figure(measured, scores)
        name = f"{family}:{dimension}" if family else dimension
        title = dimension.replace("_", " ").capitalize()
        measure = Measure(name, f"{title} ({family})" if family else title, Kind.RATINGS)
        others: dict[str, float | None] = {**raters, "turns": _turns(item)}
        yield measure, _whole(item, card, fmean(raters.values()), said, others)


def _whole(
    item: Labelled,
    card: Scorecard,
    truth: float,
    said: float | None,
    others: Mapping[str, float | None],
) -> Case:
    """A case of a session; its words are the evidence of the scores, weakest first."""
    name = item.transcript.transcript_id
    quotes = [f"{e.turn}: {e.quote}" for s in card.rubrics for e in reversed(s.evidence)]
    text = " · ".join(dict.fromkeys(quotes[:3]))
    return Case(item.group, name, None, text, "", truth, said, others=others)


def _session_figures(item: Labelled, card: Scorecard) -> dict[str, float | None]:
    figures: dict[str, float | None] = {"overall": card.overall}
    figures |= {score.rubric: score.score for score in card.rubrics}
    therapist = [
        len(said.text.split())
        for said in item.transcript.utterances
        if said.speaker is Speaker.THERAPIST
    ]
    return figures | {"turns": _turns(item), "therapist words": float(sum(therapist))}


def _turns(item: Labelled) -> float:
    return float(len(item.transcript.utterances))


def number(value: Any) -> float | None:
    """A label as a number; None where it is none."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if found == found and abs(found) < 1e9 else None  # noqa: PLR0124 - NaN


def classes_of(cases: Sequence[Case]) -> tuple[list[str], list[str]]:
    """Labels and answers of cases of classes."""
    return [str(case.truth) for case in cases], [str(case.said) for case in cases]
