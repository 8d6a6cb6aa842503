"""What a debrief says, in sentences and figures: the same on the screen and on the page.

Nothing here is made safe for a terminal or for HTML: that is for whoever renders it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from alliance_sim.domain.codes import ASSERTED
from alliance_sim.domain.names import called
from alliance_sim.domain.scorecard import Instead, RubricScore, Scorecard
from alliance_sim.domain.transcript import Floor
from alliance_sim.runtime.debrief import FAIR, POOR, Debrief, TurnReview
from alliance_sim.runtime.overriding import override_sentence

CLOSER = 1.0
"""Change of engagement (0–100) from which a turn counts as having moved the alliance."""

Titles = Mapping[str, str]
"""Titles of rubrics by id. One that is missing is told by its id."""


class Wording(BaseModel):
    """The wording file, `narrative.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    endings: dict[str, str]
    overall: dict[str, str]
    grades: dict[str, str]
    dropout: tuple[tuple[float, str], ...]
    dropout_figure: str
    told_none: str
    kept_none: str
    kept_one: str
    kept: str
    moved: dict[str, str]
    rupture: dict[str, str]
    floor: dict[str, str]
    floor_marks: dict[str, str]
    lost_one: str
    lost: str
    codes: dict[str, str]
    gates: dict[str, str]
    course: str


@cache
def wording() -> Wording:
    """The sentences that ship."""
    text = files("alliance_sim.reporting").joinpath("narrative.yaml").read_text("utf-8")
    return Wording.model_validate(yaml.safe_load(text))


@dataclass(frozen=True)
class RubricLine:
    """One rubric of the summary."""

    rubric: str
    title: str
    score: float | None
    """0–4; None: not observed, and `why` says why."""
    grade: str
    """`good`, `fair`, `below fair`; empty where it was not observed."""
    why: str
    own: int | None
    """The trainee's own rating."""
    original: float | None = None
    """The scorer's, where an instructor's score stands in its place; None where it had none."""
    changed: str = ""
    """What an instructor changed, in a sentence; empty where the score is the scorer's own."""


@dataclass(frozen=True)
class Moment:
    """A turn worth going back to."""

    review: TurnReview
    rubric: str
    """Title of the rubric that it shows."""
    level: float
    quote: str
    indicator: str


def title_of(rubric: str, titles: Titles) -> str:
    """A rubric's title, or its id as words."""
    return titles.get(rubric) or rubric.replace("_", " ").capitalize()


def name_of(debrief: Debrief) -> str:
    """What the client is called."""
    return called(debrief.scenario.client.name)


# ---- the hour as a whole -----------------------------------------------------------------


def how_it_ended(debrief: Debrief) -> str:
    """How the hour ended, and after how many turns, in a sentence or two."""
    key = str(debrief.ending or "open")
    turns = len(debrief.reviews)
    counts = {0: "You said nothing.", 1: "You spoke once."}
    count = counts.get(turns, f"You spoke {turns} times.")
    return f"{wording().endings[key].format(name=name_of(debrief))} {count}"


def overall_sentence(debrief: Debrief, titles: Titles) -> str:
    """The overall score in words; why there is none where the session was not scored."""
    card = debrief.scorecard
    if card is None:
        return debrief.why_unscored or wording().overall["none"]
    if card.blocked_by:
        blocking = " and ".join(title_of(rubric, titles) for rubric in card.blocked_by)
        return wording().overall["blocked"].format(rubrics=blocking, name=name_of(debrief))
    return wording().overall[_overall_key(card)]


def _overall_key(card: Scorecard) -> str:
    if card.overall is None:
        return "none"
    return "good" if card.overall >= 3.0 else "fair" if card.overall >= 2.5 else "below"


def overall_grade(card: Scorecard) -> str:
    """`good`, `fair` or `below fair` for the overall score; empty where there is none."""
    return "" if card.overall is None else wording().grades[_overall_key(card)]


def overall_before(card: Scorecard) -> str:
    """The overall before instructors changed scores, in words; empty where they changed none."""
    if not card.overridden:
        return ""
    before = card.original_overall
    return f"before overrides: {'not observed' if before is None else f'{before:.1f}'}"


def dropout_sentences(debrief: Debrief) -> tuple[str, str] | None:
    """The estimate of stopping early in words, and what the figure is worth; None without one."""
    chance = debrief.dropout_estimate
    if chance is None:
        return None
    said = next(text for upto, text in wording().dropout if chance <= upto)
    figure = wording().dropout_figure.format(percent=round(chance * 100))
    return said.format(name=name_of(debrief)), figure


def kept_sentence(debrief: Debrief) -> str:
    """How much the client did not tell."""
    words = wording()
    if debrief.kept_back <= 0:
        return words.kept_none
    return words.kept_one if debrief.kept_back == 1 else words.kept.format(count=debrief.kept_back)


def rubric_lines(debrief: Debrief, titles: Titles) -> tuple[RubricLine, ...]:
    """The rubrics in play, in their order."""
    card = debrief.scorecard
    return tuple(_line(score, debrief, titles) for score in (card.rubrics if card else ()))


def _line(score: RubricScore, debrief: Debrief, titles: Titles) -> RubricLine:
    grade = wording().grades[str(score.grade)] if score.grade else ""
    return RubricLine(
        rubric=score.rubric,
        title=title_of(score.rubric, titles),
        score=score.score,
        grade=grade if score.score is not None else "",
        why="" if score.override else score.why_null or "",
        original=score.override.original if score.override else None,
        changed=override_sentence(score.override) if score.override else "",
        own=debrief.self_ratings.get(score.rubric),
    )


# ---- moments -----------------------------------------------------------------------------


def best_moment(debrief: Debrief, titles: Titles) -> Moment | None:
    """The reply with the highest level, and of equals the one that did the client most good.

    None where no reply was fair without being poor by another rubric or costing the alliance.
    """
    moments = [
        moment
        for moment in _moments(debrief, titles)
        if moment.level >= FAIR
        and engaged(moment.review) > -CLOSER
        and all(level >= POOR for _, level in levels(moment.review, {}))
    ]
    return max(moments, key=lambda m: (round(m.level, 1), engaged(m.review)), default=None)


def moment_to_work_on(debrief: Debrief, titles: Titles) -> Moment | None:
    """The lowest level that has an "instead", and of equals the one that cost most; then the one
    by the rubric that has least to say otherwise, which is the one most to the point.
    """
    every = _moments(debrief, titles)
    often = Counter(moment.rubric for moment in every)
    moments = [
        moment
        for moment in every
        if any(title_of(i.rubric, titles) == moment.rubric for i in moment.review.instead)
    ]
    return min(
        moments,
        key=lambda m: (round(m.level, 1), engaged(m.review), often[m.rubric]),
        default=None,
    )


def suggestion_for(moment: Moment, titles: Titles) -> Instead | None:
    """What could have been said at a moment, by the rubric that it is about."""
    found = (i for i in moment.review.instead if title_of(i.rubric, titles) == moment.rubric)
    return next(found, None)


def _moments(debrief: Debrief, titles: Titles) -> list[Moment]:
    card = debrief.scorecard
    reviews = {review.turn: review for review in debrief.reviews}
    return [
        Moment(
            review=reviews[s.turn],
            rubric=title_of(rubric, titles),
            level=ground.level,
            quote=ground.quote,
            indicator=ground.indicator,
        )
        for s in (card.utterances if card else ())
        for rubric, ground in s.evidence.items()
        if s.turn in reviews and _telling(rubric, reviews[s.turn])
    ]


def _telling(rubric: str, review: TurnReview) -> bool:
    """Waiting for one's turn is the rule: interruptions tell only where the client still spoke."""
    return rubric != "interruptions" or review.floor is not None


def is_weak(review: TurnReview) -> bool:
    """A turn to look at again: poor, or better could be said, or it hurt the alliance."""
    if review.instead or review.rupture == "opened" or review.floor is Floor.TAKING:
        return True
    return any(level < POOR for _, level in levels(review, {}))


# ---- one turn ----------------------------------------------------------------------------


def engaged(review: TurnReview) -> float:
    """What a turn did to engagement before any rupture, by its own weights."""
    weights = {"trust": 0.35, "task": 0.2, "goal": 0.2, "safety": 0.25}
    return sum(weight * review.deltas.get(name, 0.0) for name, weight in weights.items())


def moved_sentence(review: TurnReview, name: str) -> str:
    """Which way a turn moved the alliance, in a sentence."""
    if review.floor is Floor.BACKCHANNEL:
        key = "heard"
    elif not review.deltas:
        key = "unknown"
    else:
        change = engaged(review)
        key = "closer" if change >= CLOSER else "away" if change <= -CLOSER else "little"
    return wording().moved[key].format(name=name)


def sign(review: TurnReview) -> str:
    """A turn's effect as one character: +, − or ·."""
    change = engaged(review)
    return "+" if change >= CLOSER else "−" if change <= -CLOSER else "·"


def code_words(review: TurnReview) -> tuple[tuple[str, str], ...]:
    """What the turn was coded as, each with the words it went by (empty: the whole of it)."""
    seen: dict[str, str] = {}
    for span in review.codes:
        if span.p >= ASSERTED:
            seen.setdefault(wording().codes[str(span.code)], span.words)
    return tuple(seen.items())


def floor_sentence(review: TurnReview, name: str) -> str | None:
    """How the turn stood to the client's words; None where the client had finished."""
    if review.floor is None:
        return None
    said = wording().floor[str(review.floor)].format(name=name)
    lost = review.words_lost
    if not lost:
        return said
    return f"{said} {wording().lost_one if lost == 1 else wording().lost.format(count=lost)}"


def rupture_sentence(review: TurnReview) -> str | None:
    """Whether a rupture opened or was repaired at this turn."""
    return wording().rupture[review.rupture] if review.rupture else None


def levels(review: TurnReview, titles: Titles) -> tuple[tuple[str, float], ...]:
    """The levels that tell something about this turn, by the rubric's title."""
    return tuple(
        (title_of(rubric, titles), level)
        for rubric, level in review.levels.items()
        if level is not None and _telling(rubric, review)
    )
