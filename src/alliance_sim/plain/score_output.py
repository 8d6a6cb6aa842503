"""Scorecards as they come: as JSON lines, or as one JSON list."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from alliance_sim.domain.scorecard import Scorecard
from alliance_sim.plain.both_records import both_records
from alliance_sim.plain.records import line, score_records


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


def _indented(text: str) -> str:
    return "\n".join(f"  {row}" for row in text.split("\n"))
