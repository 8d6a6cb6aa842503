"""Rows as utterances, and utterances as transcripts."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from alliance_sim.authoring.findings import place
from alliance_sim.authoring.plain_errors import about_value
from alliance_sim.authoring.problems import Problem, forbidden, quoted
from alliance_sim.authoring.transcript_rows import Report, Row
from alliance_sim.domain.transcript import Pace, Speaker, Transcript, Utterance

MOST_UTTERANCES = 20_000
MOST_CHARACTERS = 20_000_000
"""Of one transcript, which is held in memory as a whole."""

_LONGEST_ID = 200
_SPEAKERS = {
    "t": Speaker.THERAPIST,
    "therapist": Speaker.THERAPIST,
    "c": Speaker.CLIENT,
    "client": Speaker.CLIENT,
}
_KINDS = (None, "utterance", *Speaker)
"""Kinds of a line that may carry words; a line that is none of ours has no kind."""


class _About(BaseModel):
    """What a row may say of its whole transcript."""

    model_config = ConfigDict(frozen=True)

    scenario: str | None = None
    pace: Pace | None = None
    session_number: int | None = Field(default=None, ge=1)


@dataclass
class _Gathered:
    """A transcript that is still being read."""

    name: str
    utterances: list[Utterance] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    turn: int = -1
    characters: int = 0


class Gatherer:
    """Puts rows together that belong to one transcript; they must follow each other."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._seen: set[str] = set()
        self._now: _Gathered | None = None
        self._opened: dict[str, dict[str, Any]] = {}

    def take(self, row: Row) -> Iterator[Transcript]:
        """Take a row in. Yields the transcript before it, where the row begins another."""
        kind = row.fields.get("kind")
        if kind != "opened" and (kind not in _KINDS or not _has_words(row.fields)):
            return
        name = self._name(row)
        if name is None:
            return
        if kind == "opened":
            self._opened = {name: _about(row)[0]}
            return
        if self._now is None or self._now.name != name:
            yield from self.close()
            self._begin(row, name)
        self._add(row)

    def close(self) -> Iterator[Transcript]:
        """The transcript that is still open, if it holds anything."""
        gathered, self._now = self._now, None
        if gathered is not None and gathered.utterances:
            utterances = tuple(gathered.utterances)
            yield Transcript(transcript_id=gathered.name, utterances=utterances, **gathered.about)

    def _name(self, row: Row) -> str | None:
        column = "transcript_id" if "transcript_id" in row.fields else "session_id"
        value = row.fields.get(column)
        name = "" if value is None or isinstance(value, bool | float | dict | list) else str(value)
        if not name.strip():
            message = "no transcript_id; give every row the id of its transcript, in quotes"
        elif len(name) > _LONGEST_ID or any(forbidden(c) or c in "\t\n" for c in name):
            message = f"the transcript_id is not plain text of at most {_LONGEST_ID} characters"
        else:
            return name
        self._report(row.problem(column, message))
        return None

    def _begin(self, row: Row, name: str) -> None:
        if name in self._seen:
            message = f"the transcript {quoted(name)} came and ended before; keep its rows together"
            self._report(row.problem("transcript_id", message))
        self._seen.add(name)
        self._now = _Gathered(name, about=self._opened.get(name, {}))
        self._opened = {}

    def _add(self, row: Row) -> None:
        gathered = self._now
        if gathered is None:
            return
        problems = list(self._at_odds(row, gathered))
        utterance = utterance_of(row, problems.append)
        if utterance is not None:
            problems += _out_of_bounds(row, gathered, utterance)
        for problem in problems:
            self._report(problem)
        if utterance is not None and not problems:
            gathered.utterances.append(utterance)
            gathered.turn = utterance.turn
            gathered.characters += len(utterance.text)

    def _at_odds(self, row: Row, gathered: _Gathered) -> Iterator[Problem]:
        about, problems = _about(row)
        yield from problems
        for column, value in about.items():
            before = gathered.about.setdefault(column, value)
            if before != value:
                message = f"{column} is {quoted(value)} and was {quoted(before)} before"
                yield row.problem(column, f"{message}; a transcript has one")


def _about(row: Row) -> tuple[dict[str, Any], list[Problem]]:
    """What a row says of its whole transcript, and what is wrong with that."""
    try:
        about = _About.model_validate(_given(row.fields, _About))
    except ValidationError as invalid:
        return {}, list(_explained(row, invalid))
    return about.model_dump(exclude_none=True), []


def utterance_of(row: Row, report: Report) -> Utterance | None:
    """A row as an utterance, or None, with every problem of it reported."""
    problems = [*_turn(row), *_speaker(row), *_text(row), *_times(row)]
    if problems:
        for problem in problems:
            report(problem)
        return None
    fields = _given(row.fields, Utterance)
    try:
        return Utterance.model_validate({**fields, "speaker": _SPEAKERS[_spoken_by(row.fields)]})
    except ValidationError as invalid:
        for problem in _explained(row, invalid):
            report(problem)
        return None


def _has_words(fields: dict[str, Any]) -> bool:
    """Whether a line is meant as an utterance: a score's line is of the kind `utterance` too, and
    has neither speaker nor text."""
    return fields.get("kind") != "utterance" or "text" in fields or "speaker" in fields


def _spoken_by(fields: dict[str, Any]) -> str:
    return str(fields.get("speaker") or fields.get("kind") or "").strip().lower()


def _given(fields: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    return {name: fields[name] for name in model.model_fields if fields.get(name) is not None}


def _turn(row: Row) -> Iterator[Problem]:
    turn = row.fields.get("turn")
    if turn is None or turn == "":
        yield row.problem("turn", "no turn; number the turns of a transcript 0, 1, 2 and so on")
    elif not _whole(turn):
        yield row.problem("turn", f"turn is {quoted(turn)}; it should be a whole number from 0 on")


def _whole(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit() and len(value) < 16
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**15


def _speaker(row: Row) -> Iterator[Problem]:
    speaker = _spoken_by(row.fields)
    if not speaker:
        yield row.problem("speaker", "no speaker; write therapist or client")
    elif speaker not in _SPEAKERS:
        yield row.problem("speaker", f"the speaker is {quoted(speaker)}; write therapist or client")


def _text(row: Row) -> Iterator[Problem]:
    text = row.fields.get("text")
    if text is None:
        yield row.problem("text", "no text; write what was said")
    elif not isinstance(text, str):
        yield row.problem("text", f"text is {quoted(text)}; it should be words in quotes")
    elif "\0" in text or not _encodes(text):
        message = "text has a NUL, or half of a two-part character; remove it"
        yield row.problem("text", message)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _times(row: Row) -> Iterator[Problem]:
    seconds: dict[str, float] = {}
    for column in ("start", "end"):
        value = row.fields.get(column)
        if value is None:
            continue
        number = _seconds(value)
        if number is None:
            message = f"{column} is {quoted(value)}; it should be seconds from the session's start"
            yield row.problem(column, f"{message}, as in 12.5")
        else:
            seconds[column] = number
    if len(seconds) == 2 and seconds["end"] < seconds["start"]:
        message = f"end is {seconds['end']:g} and start {seconds['start']:g}; an end comes later"
        yield row.problem("end", message)


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _out_of_bounds(row: Row, gathered: _Gathered, utterance: Utterance) -> Iterator[Problem]:
    if utterance.turn <= gathered.turn:
        message = f"turn {utterance.turn} comes after turn {gathered.turn}; turns must rise"
        yield row.problem("turn", message)
    characters = gathered.characters + len(utterance.text)
    if len(gathered.utterances) >= MOST_UTTERANCES or characters > MOST_CHARACTERS:
        message = (
            f"the transcript {quoted(gathered.name)} is longer than {MOST_UTTERANCES} utterances "
            f"or {MOST_CHARACTERS} characters; split it"
        )
        yield row.problem("transcript_id", message)


def _explained(row: Row, invalid: ValidationError) -> Iterator[Problem]:
    for error in invalid.errors(include_url=False):
        yield row.problem(str(error["loc"][0]), _sentence(error))


def _sentence(error: ErrorDetails) -> str:
    where = place(error["loc"])
    if error["type"] in ("missing", "extra_forbidden"):
        return f"{where} is {'missing' if error['type'] == 'missing' else 'no field here'}"
    return f"{where} {about_value(error)}"
