"""Scorecards as a table."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.domain.tenths import tenths
from alliance_sim.plain.both_records import difference
from alliance_sim.plain.score_output import Scores

QUOTED = 2
"""Quotes that a row shows."""


class ScoreTable:
    """One row a rubric; printed at the end, for its columns are as wide as their words."""

    def __init__(self, *, both: bool = False) -> None:
        self._both = both
        self._table = Table(show_edge=False, pad_edge=False)
        numbers = ("offline", "judge", "difference") if both else ("score",)
        for head in ("transcript", "rubric", *numbers, "grade", "evidence or reason"):
            self._table.add_column(head, no_wrap=head in numbers)

    def take(self, scores: Scores) -> None:
        card = scores.card
        name = printable(card.transcript_id, lines=False)
        for found in card.rubrics:
            judged = scores.judge.rubric(found.rubric) if self._both and scores.judge else None
            answered = judged and scores.judge and scores.judge.judged_by
            said = [_said(found)] + ([f"judge: {_said(judged)}"] if judged and answered else [])
            numbers = self._numbers(found.score, judged.score if judged else None)
            self._row(name, found.rubric, *numbers, found.grade or "", "\n".join(said))
        judge = scores.judge.overall if self._both and scores.judge else None
        passed = {True: "passed", False: "not passed", None: ""}[card.passed]
        self._row(name, "overall", *self._numbers(card.overall, judge), passed, _judge(scores))

    def close(self) -> None:
        Console(highlight=False).print(self._table)

    def _numbers(self, first: float | None, judge: float | None) -> tuple[str, ...]:
        if not self._both:
            return (_number(first),)
        apart = difference(first, judge)
        return _number(first), _number(judge), "" if apart is None else f"{apart:+.1f}"

    def _row(self, *cells: str) -> None:
        self._table.add_row(*(Text(cell) for cell in cells))


def _said(score: RubricScore) -> str:
    said = score.why_null or " · ".join(
        f"{item.turn}: “{item.quote}”" for item in score.evidence[:QUOTED]
    )
    agreement = score.judged.agreement if score.judged else None
    if agreement:
        votes = ", ".join(_number(vote) for vote in agreement.votes)
        said += f" (votes {votes}; {agreement.share:.0%} of pairs agree)"
    if score.judged and score.judged.flagged_for_human:
        said += " (the votes are split: a human should look)"
    return printable(said, lines=False)


def _judge(scores: Scores) -> str:
    if scores.judge is None:
        return ""
    by = scores.judge.judged_by
    if by is None:
        return _why_not(scores.judge) if scores.offline else ""
    return printable(f"judged by {by.model}, prompts {by.prompt_hash}", lines=False)


def _why_not(judge: Scorecard) -> str:
    """Why nothing was judged: the same for every rubric, and told once."""
    unscored = (each for each in judge.rubrics if each.judged and each.judged.unscored)
    why = next((each.why_null for each in unscored), None)
    return printable(f"judge: {why}", lines=False) if why else ""


def _number(value: float | None) -> str:
    return "–" if value is None else tenths(value)
