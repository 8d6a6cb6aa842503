"""Scorecards as they come: as JSON lines, as one JSON list, or as a table."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from alliance_sim.domain.clean import printable
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.plain.both_records import both_records, difference
from alliance_sim.plain.records import line, score_records

QUOTED = 2
"""Quotes that a row of the table shows."""


@dataclass(frozen=True)
class Scores:
    """The scores of one transcript; at least one of the two is there."""

    offline: Scorecard | None = None
    judge: Scorecard | None = None

    @property
    def card(self) -> Scorecard:
        """The offline card, or the judge's where it is alone."""
        card = self.offline or self.judge
        if card is None:
            raise ValueError("there are no scores")
        return card


class ScoreOutput(Protocol):
    """Where scores go."""

    def take(self, scores: Scores) -> None:
        """Print the scores of one transcript, or keep them until `close`."""
        ...

    def close(self) -> None:
        """Print what is left. Nothing is printed where nothing was taken, but an empty list."""
        ...


def records_of(scores: Scores) -> Iterator[dict[str, Any]]:
    """The scores-out lines of one transcript."""
    if scores.offline and scores.judge:
        return both_records(scores.offline, scores.judge)
    return score_records(scores.card)


class JsonLines:
    """One line a therapist utterance, then one for the transcript."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def take(self, scores: Scores) -> None:
        for record in records_of(scores):
            self._out.write(line(record) + "\n")
        self._out.flush()

    def close(self) -> None:
        pass


class JsonList:
    """The same records as one list."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._begun = False

    def take(self, scores: Scores) -> None:
        for record in records_of(scores):
            text = json.dumps(record, indent=2)
            self._out.write((",\n" if self._begun else "[\n") + _indented(text))
            self._begun = True

    def close(self) -> None:
        self._out.write("\n]\n" if self._begun else "[]\n")


class Table:
    """One row a rubric; printed at the end, for its columns are as wide as their words."""

    def __init__(self, *, both: bool = False) -> None:
        from rich.table import Table as RichTable  # noqa: PLC0415

        self._both = both
        self._table = RichTable(show_edge=False, pad_edge=False)
        numbers = ("offline", "judge", "difference") if both else ("score",)
        for head in ("transcript", "rubric", *numbers, "grade", "evidence or reason"):
            self._table.add_column(head, no_wrap=head in numbers)

    def take(self, scores: Scores) -> None:
        card = scores.card
        name = printable(card.transcript_id, lines=False)
        for found in card.rubrics:
            judged = scores.judge.rubric(found.rubric) if self._both and scores.judge else None
            said = [_said(found)] + ([f"judge: {_said(judged)}"] if judged else [])
            numbers = self._numbers(found.score, judged.score if judged else None)
            self._row(name, found.rubric, *numbers, found.grade or "", "\n".join(said))
        judge = scores.judge.overall if self._both and scores.judge else None
        passed = {True: "passed", False: "not passed", None: ""}[card.passed]
        self._row(name, "overall", *self._numbers(card.overall, judge), passed, _judge(scores))

    def close(self) -> None:
        from rich.console import Console  # noqa: PLC0415

        Console(highlight=False).print(self._table)

    def _numbers(self, first: float | None, judge: float | None) -> tuple[str, ...]:
        if not self._both:
            return (_number(first),)
        apart = difference(first, judge)
        return _number(first), _number(judge), "" if apart is None else f"{apart:+.1f}"

    def _row(self, *cells: str) -> None:
        from rich.text import Text  # noqa: PLC0415

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
    by = scores.judge.judged_by if scores.judge else None
    if by is None:
        return ""
    return printable(f"judged by {by.model}, prompts {by.prompt_hash}", lines=False)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _indented(text: str) -> str:
    return "\n".join(f"  {row}" for row in text.split("\n"))
