"""What is compared with what: `measures.yaml` as values, and what a label says in its terms."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from alliance_sim.domain.codes import Code, CodedReply, CodedSpan, Main


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Answer(_Part):
    """What the program says of one reply."""

    value: str
    p: float | None = None
    """How sure it is; None where it does not say."""
    words: str = ""
    """The words that decided; empty: the reply as a whole."""


class Line(_Part):
    """A line of the way from codes to a class."""

    name: str
    """The class."""
    main: Main | None = None
    codes: tuple[Code, ...] = ()
    than: tuple[Code, ...] = ()

    def holds(self, reply: CodedReply) -> bool:
        """Whether the line gives the class of a reply."""
        if self.main is not None and reply.main is not self.main:
            return False
        if self.main is None and self.codes and not reply.asserted() & set(self.codes):
            return False
        return not self.than or _p(reply, self.codes) >= _p(reply, self.than)


class Classes(_Part):
    title: str
    column: str
    truth: Mapping[str, str]
    said: tuple[Line, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The classes in the order of their labels."""
        return tuple(dict.fromkeys(self.truth.values()))

    def answer(self, reply: CodedReply) -> Answer:
        """The program's class of a reply. Raises ValueError where no line holds."""
        line = next((line for line in self.said if line.holds(reply)), None)
        if line is None:
            raise ValueError(f"measure {self.title}: no line holds; add one with a class alone")
        span = surest(reply, line.codes)
        return Answer(value=line.name, p=span.p if span else None, words=span.words if span else "")


class Levels(_Part):
    title: str
    columns: tuple[str, ...]


class YesNo(_Part):
    title: str
    column: str
    given: tuple[str, ...]
    codes: tuple[Code, ...]
    without: tuple[Code, ...] = ()
    labelled_by: str | None = None
    known: tuple[str, ...] = ()

    def answer(self, reply: CodedReply) -> Answer:
        """Whether the program gives the code."""
        said = reply.asserted()
        yes = bool(said & set(self.codes)) and not said & set(self.without)
        span = surest(reply, self.codes)
        p = span.p if span else 0.0
        if self.without:
            p *= 1 - _p(reply, self.without)
        return Answer(value="yes" if yes else "no", p=p, words=span.words if span else "")


class Ranks(_Part):
    title: str
    column: str
    rubric: str


class Cues(_Part):
    title: str
    column: str
    known: tuple[str, ...]
    given: tuple[str, ...]
    rubric: str


class Prefixes(_Part):
    code: str
    level: str
    score: str


class Sessions(_Part):
    title: str
    column: str
    high: tuple[str, ...]
    low: tuple[str, ...]


class Source(_Part):
    """Where the program's figure for a dimension comes from: a metric, or else a rubric."""

    metric: str | None = None
    rubric: str = ""
    less: tuple[str, ...] = ()
    """Metrics of which the largest, a share, is taken off the figure."""

    def figure(
        self, metrics: Mapping[str, float | None], scores: Mapping[str, float | None]
    ) -> float | None:
        """The figure; None where it was not observed."""
        value = metrics.get(self.metric) if self.metric else scores.get(self.rubric)
        if value is None:
            return None
        return value * (1 - max((metrics.get(name) or 0.0 for name in self.less), default=0.0))


class Ratings(_Part):
    raters: str
    dimensions: Mapping[str, Source]


class Measures(_Part):
    """The whole file."""

    classes: Mapping[str, Classes]
    levels: Mapping[str, Levels]
    yes_no: Mapping[str, YesNo]
    ranks: Mapping[str, Ranks]
    cues: Mapping[str, Cues]
    prefixes: Prefixes
    sessions: Mapping[str, Sessions]
    ratings: Ratings


@cache
def measures() -> Measures:
    """The measures that ship."""
    text = files("alliance_sim.scoring.agreement").joinpath("measures.yaml").read_text("utf-8")
    return Measures.model_validate(yaml.safe_load(text))


def key(value: Any) -> str:
    """A label as the measures write it: in small letters, numbers without a point where whole."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip().lower()


def surest(reply: CodedReply, codes: tuple[Code, ...]) -> CodedSpan | None:
    """The surest span among some codes."""
    spans = [span for span in reply.codes if span.code in codes]
    return max(spans, key=lambda span: span.p, default=None)


def _p(reply: CodedReply, codes: tuple[Code, ...]) -> float:
    span = surest(reply, codes)
    return span.p if span else 0.0
