"""The first look back: how it ended, the scores, two moments, what was told."""

from collections.abc import Iterator, Sequence

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from alliance_sim.domain.tenths import tenths
from alliance_sim.reporting import narrative
from alliance_sim.reporting.narrative import Moment, RubricLine, Titles
from alliance_sim.runtime.appealing import sentences
from alliance_sim.runtime.debrief import Debrief
from alliance_sim.tui.widgets.debrief_rating import WORDS
from alliance_sim.tui.widgets.debrief_text import (
    MUTED,
    Heading,
    Prose,
    bar,
    ending_of,
    heard,
    joined,
    plain,
    quoted,
)

TITLE, SCORE, BAR, GRADE = 27, 5, 10, 11
"""Cells of the columns of the table of scores."""


class SummaryPane(VerticalScroll):
    """The summary of a debrief."""

    def __init__(self, debrief: Debrief, titles: Titles, usage: str | None = None) -> None:
        """usage: what a model took to word the client, in a line; None where none did."""
        super().__init__()
        self._debrief = debrief
        self._titles = titles
        self._usage = usage

    def compose(self) -> ComposeResult:
        debrief = self._debrief
        yield Prose(narrative.how_it_ended(debrief), classes="apart")
        yield Prose(narrative.overall_sentence(debrief, self._titles))
        if debrief.scorecard:
            yield from self._scores()
            yield from self._moments()
        if debrief.scorecard or debrief.disclosed:
            yield from self._told()
        yield from self._after()
        if self._usage:
            yield Prose(self._usage, classes="apart muted")

    def _scores(self) -> Iterator[Heading | Prose]:
        yield Heading("Scores")
        card = self._debrief.scorecard
        if card and card.overall is not None:
            grade = narrative.overall_grade(card)
            before = narrative.overall_before(card)
            yield Prose(_row("Overall", card.overall, grade, before, "bold"))
        lines = narrative.rubric_lines(self._debrief, self._titles)
        unseen = [line for line in lines if line.score is None and not line.changed]
        for line in lines:
            if line in unseen:
                continue
            yield Prose(_rubric(line))
            if line.changed:
                yield Prose(line.changed, classes="deep muted")
        if unseen:
            yield Prose(_not_observed(unseen), classes="muted")
        yield Prose(self._scale(), classes="muted")
        if self._debrief.appeals:
            yield Heading("Contested")
            for said in sentences(self._debrief.appeals, self._titles):
                yield Prose(said)

    def _scale(self) -> str:
        contest = " Press a to contest a score." if self._debrief.ending else ""
        return f"0 to 4; fair from 2.5, good from 3.{contest}"

    def _moments(self) -> Iterator[Heading | Prose]:
        name = narrative.name_of(self._debrief)
        best = narrative.best_moment(self._debrief, self._titles)
        if best:
            yield Heading(f"Your best moment · turn {best.review.turn}")
            yield from _moment(best, name)
        weak = narrative.moment_to_work_on(self._debrief, self._titles)
        if weak:
            yield Heading(f"The moment to work on · turn {weak.review.turn}")
            yield from _moment(weak, name)
            instead = narrative.suggestion_for(weak, self._titles)
            if instead:
                yield Prose(joined("Instead, perhaps: ", quoted(instead.reply)), classes="apart")
                yield Prose(instead.why, classes="muted")

    def _told(self) -> Iterator[Heading | Prose]:
        debrief = self._debrief
        name = narrative.name_of(debrief)
        yield Heading(f"What {name} told you")
        if not debrief.disclosed:
            yield Prose(narrative.wording().told_none.format(name=name))
        for told in debrief.disclosed:
            yield Prose(joined((f"turn {told.turn:>3}  ", MUTED), plain(told.fact)))
        yield Prose(narrative.kept_sentence(debrief), classes="muted")

    def _after(self) -> Iterator[Heading | Prose]:
        estimate = narrative.dropout_sentences(self._debrief)
        if estimate:
            yield Heading("Would they come back?")
            yield Prose(estimate[0])
            yield Prose(estimate[1], classes="muted")
        if self._debrief.opened.plan.strip():
            yield Heading("What you meant to try")
            yield Prose(self._debrief.opened.plan)


def _moment(moment: Moment, name: str) -> Iterator[Prose]:
    if moment.review.client_before:
        yield Prose(joined((f"{name}: ", MUTED), heard(ending_of(moment.review.client_before))))
    yield Prose(joined(("You: ", MUTED), quoted(ending_of(moment.review.said), "bold")))
    ground = f"{moment.rubric} {moment.level:.1f}. {moment.indicator}."
    effect = narrative.moved_sentence(moment.review, name)
    yield Prose(f"{ground} {effect}", classes="muted")


def _not_observed(lines: Sequence[RubricLine]) -> str:
    """What there was no occasion to see, in one line; why, where it is a single rubric."""
    titles = ", ".join(line.title for line in lines)
    why = f" {lines[0].why}" if len(lines) == 1 and lines[0].why else ""
    return f"Not observed: {titles}.{why}"


def _rubric(line: RubricLine) -> Content:
    own = "" if line.own is None else f"you: {line.own}, {WORDS[line.own]}"
    return _row(line.title, line.score, line.grade or "not observed", own, "")


def _row(title: str, score: float | None, grade: str, own: str, style: str) -> Content:
    shown = plain(title)[:TITLE]
    pad = " " * (TITLE - len(shown.plain))
    number = f"{'–' if score is None else tenths(score):>{SCORE - 2}}  "
    line = bar(score, BAR) if score is not None else Content(" " * BAR)
    tail = f"  {grade:<{GRADE}}"
    return joined(shown, pad, number, line, tail, plain(own, MUTED)).rstrip().stylize(style)
