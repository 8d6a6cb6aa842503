"""How a scenario is worded: lines too alike, too long, too bookish; notes missing; what harms."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from alliance_sim.authoring.findings import Check, Finding, place, ruled, select, texts
from alliance_sim.authoring.problems import Severity, quoted
from alliance_sim.authoring.scenario_checks import SPOKEN
from alliance_sim.authoring.yaml_source import Data, Loc
from alliance_sim.domain.speech import spoken

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)")
_ENOUGH_WORDS = 300
"""Below this, a measure of readability says little."""


class _Theme(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...]
    notes: tuple[str, ...]


class Wording(BaseModel):
    """The numbers and lists of `wording.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    alike: float
    alike_from_words: int
    long_times: float
    long_from_words: int
    most_grade: float
    young_age: int
    young_grade: float
    themes: dict[str, _Theme]
    method: tuple[str, ...]
    cliches: tuple[str, ...]


@cache
def load_wording() -> Wording:
    """The numbers and lists that ship with the program."""
    text = files("alliance_sim.authoring").joinpath("wording.yaml").read_text(encoding="utf-8")
    return Wording.model_validate(yaml.safe_load(text))


def wording_findings(data: Data) -> Iterator[Finding]:
    """Warnings, and errors for what could do harm."""
    checks: tuple[tuple[str, Check], ...] = (
        ("near-identical", _near_identical),
        ("long-lines", _long),
        ("reading-level", _reading_level),
        ("content-note", _content_notes),
        ("method-detail", _method_detail),
        ("stereotype", _cliches),
    )
    yield from ruled(data, checks)


def _near_identical(data: Data) -> Iterator[Finding]:
    wording = load_wording()
    seen: list[tuple[frozenset[str], Loc]] = []
    for loc, text in texts(data, *SPOKEN):
        words = _WORD.findall(spoken(text).casefold())
        mine = frozenset(words)
        if len(words) < wording.alike_from_words:
            continue
        for theirs, other in seen:
            # Sets so different in size cannot be alike; this spares most of the comparing.
            smaller, larger = sorted((len(mine), len(theirs)))
            if smaller < wording.alike * larger:
                continue
            if mine != theirs and len(mine & theirs) >= wording.alike * len(mine | theirs):
                message = f"nearly the words of {place(other)}; write another thought"
                yield Finding(loc, message, Severity.WARNING)
                break
        seen.append((mine, loc))


def _long(data: Data) -> Iterator[Finding]:
    wording = load_wording()
    for _, typical in select(data, "client.voice.typical_words"):
        if not isinstance(typical, int | float) or isinstance(typical, bool):
            return
        most = max(wording.long_from_words, wording.long_times * typical)
        for loc, text in texts(data, "topics.*.lines.*.*", "reactions.*.*"):
            count = len(_WORD.findall(spoken(text)))
            if count > most:
                message = f"{count} words, and a usual answer of this client has {typical:g}"
                yield Finding(loc, f"{message}; shorten or split it", Severity.WARNING)


def _reading_level(data: Data) -> Iterator[Finding]:
    wording = load_wording()
    text = " ".join(spoken(line) for _, line in texts(data, *SPOKEN))
    grade = readability(text)
    if grade is None:
        return
    ages = [age for _, age in select(data, "client.age") if isinstance(age, int)]
    young = bool(ages) and ages[0] < wording.young_age
    most = wording.young_grade if young else wording.most_grade
    if grade > most:
        message = f"the lines read at school year {grade:.1f}; people talk below {most:g}"
        loc: Loc = ("client", "voice")
        yield Finding(loc, f"{message}; use shorter words and sentences", Severity.WARNING, True)


def readability(text: str) -> float | None:
    """School years by the Automated Readability Index; None for a text too short to say."""
    words = _WORD.findall(text)
    if len(words) < _ENOUGH_WORDS:
        return None
    sentences = max(1, len(_SENTENCE.findall(text)))
    letters = sum(map(len, words))
    return 4.71 * letters / len(words) + 0.5 * len(words) / sentences - 21.43


def _content_notes(data: Data) -> Iterator[Finding]:
    noted = " ".join(note.casefold() for _, note in texts(data, "content_notes.*"))
    for name, theme in load_wording().themes.items():
        if any(note in noted for note in theme.notes):
            continue
        pattern = _any_of(theme.words)
        for loc, text in texts(data, *SPOKEN):
            if match := pattern.search(spoken(text)):
                message = f"{quoted(match.group())} stands in {place(loc)}; add a note on {name}"
                yield Finding(("content_notes",), message, Severity.WARNING, True)
                break


def _method_detail(data: Data) -> Iterator[Finding]:
    pattern = re.compile("|".join(load_wording().method), re.IGNORECASE)
    for loc, text in texts(data, *SPOKEN, "disclosures.*.fact", "client.presentation"):
        if match := pattern.search(text):
            message = f"{quoted(match.group())} is a detail of a method; leave it out"
            yield Finding(loc, message)


def _cliches(data: Data) -> Iterator[Finding]:
    pattern = _any_of(load_wording().cliches)
    for loc, text in texts(data, *SPOKEN, "client.identity", "client.presentation"):
        if match := pattern.search(spoken(text)):
            message = f"{quoted(match.group())} speaks for a group; say what is this person's own"
            yield Finding(loc, message, Severity.WARNING)


@cache
def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)
