"""Transcript and debrief as one HTML page, for supervision: no scripts, and nothing is loaded.

Every word of the trainee, the client or a file goes through jinja2's escaping. How the client's
words arrived (pace, words a minute) is an accommodation and is not on the page.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup, escape

from alliance_sim.domain.clean import printable
from alliance_sim.domain.tenths import tenths
from alliance_sim.domain.transcript import Speaker, Utterance
from alliance_sim.reporting import chart, narrative
from alliance_sim.reporting.narrative import RubricLine, Titles
from alliance_sim.reporting.templating import page_environment
from alliance_sim.reporting.whole_file import whole_file
from alliance_sim.runtime.appealing import sentences
from alliance_sim.runtime.debrief import Debrief, TurnReview, effect_words
from alliance_sim.runtime.reflection import questions

_STAGE = re.compile(r"\[[^\[\]]*\]")


def write_page(debrief: Debrief, path: Path, *, titles: Titles | None = None) -> Path:
    """Write the page, readable by its owner only, whole or not at all; gives the path. Folders
    are made.

    `titles` are the rubrics' titles by id. Raises OSError where it cannot be written; no word of
    the session is left beside it then.
    """
    text = render_page(debrief, titles=titles)
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(text.encode("utf-8"))
    return path


def render_page(debrief: Debrief, *, titles: Titles | None = None) -> str:
    """The page as text."""
    template = _environment().get_template("debrief.html.j2")
    text: str = template.render(**_values(debrief, titles or {}))
    return text


@cache
def _environment() -> SandboxedEnvironment:
    environment = page_environment()
    # A debrief keeps the lines of what the trainee wrote.
    environment.filters["clean"] = printable
    environment.filters["heard"] = _heard
    environment.filters["score"] = tenths
    return environment


def _heard(text: str) -> Markup:
    """A client's words, their stage directions set apart."""
    said = printable(text, lines=False)
    marked = _STAGE.sub(lambda m: f"\0{m.group()}\1", said)
    safe = str(escape(marked)).replace("\0", '<i class="stage">').replace("\1", "</i>")
    return Markup(safe)  # noqa: S704 - escaped in the line above


def _values(debrief: Debrief, titles: Titles) -> Mapping[str, Any]:
    name = narrative.name_of(debrief)
    at = debrief.opened_at
    weak = narrative.moment_to_work_on(debrief, titles)
    return {
        "name": name,
        "debrief": debrief,
        "date": f"{at.day} {at:%B %Y}" if at else "",
        "ended": narrative.how_it_ended(debrief),
        "overall": narrative.overall_sentence(debrief, titles),
        "overall_before": narrative.overall_before(debrief.scorecard) if debrief.scorecard else "",
        "overall_grade": narrative.overall_grade(debrief.scorecard) if debrief.scorecard else "",
        "lines": [_without_pace(line) for line in narrative.rubric_lines(debrief, titles)],
        "contested": sentences(debrief.appeals, titles),
        "moments": [
            ("Your best moment", narrative.best_moment(debrief, titles), None),
            ("The moment to work on", weak, weak and narrative.suggestion_for(weak, titles)),
        ],
        "told_none": narrative.wording().told_none.format(name=name),
        "kept": narrative.kept_sentence(debrief),
        "dropout": narrative.dropout_sentences(debrief),
        "chart": chart.drawn(debrief.points),
        "course": narrative.wording().course.format(name=name),
        "turns": list(_turns(debrief, titles, name)),
        "answers": [
            (question.ask, debrief.reflections[question.id])
            for question in questions()
            if debrief.reflections.get(question.id)
        ],
    }


def _without_pace(line: RubricLine) -> RubricLine:
    """Why interruptions were not observed would tell how the words arrived."""
    if line.rubric != "interruptions" or line.score is not None:
        return line
    return RubricLine(**(vars(line) | {"why": ""}))


def _turns(debrief: Debrief, titles: Titles, name: str) -> Iterator[Mapping[str, Any]]:
    reviews = {review.turn: review for review in debrief.reviews}
    for utterance in debrief.transcript.utterances:
        review = reviews.get(utterance.turn)
        yield {
            "turn": utterance.turn,
            "client": utterance.speaker is Speaker.CLIENT,
            "text": utterance.text,
            "cut": _cut(utterance),
            "notes": _notes(review, titles, name) if review else None,
        }


def _cut(utterance: Utterance) -> str:
    lost = utterance.words_lost
    if not lost:
        return ""
    return f"cut in on; {'1 word was' if lost == 1 else f'{lost} words were'} not said"


def _notes(review: TurnReview, titles: Titles, name: str) -> Mapping[str, Any]:
    return {
        "codes": narrative.code_words(review),
        "floor": narrative.floor_sentence(review, name),
        "moved": narrative.moved_sentence(review, name),
        "effects": effect_words(review.deltas),
        "rupture": narrative.rupture_sentence(review),
        "levels": narrative.levels(review, titles),
        "instead": [
            (narrative.title_of(instead.rubric, titles), instead) for instead in review.instead
        ],
    }
