"""What reports say: `report.yaml`, and figures as text."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict

from alliance_sim.domain.clean import printable
from alliance_sim.programme.intervals import Interval
from alliance_sim.store.report_selection import Selection

NOT_OBSERVED = "not observed"
NONE = "–"


class ReportWording(BaseModel):
    """The sentences by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    trainee: Mapping[str, str | Mapping[str, str]]
    cohort: Mapping[str, str]

    def of_trainee(self, name: str, **values: object) -> str:
        """A sentence of a trainee's report. Raises KeyError for one that the file lacks."""
        return str(self.trainee[name]).format(**values)

    def of_cohort(self, name: str, **values: object) -> str:
        """A sentence of a cohort's report. Raises KeyError for one that the file lacks."""
        return self.cohort[name].format(**values)

    def standing(self, name: str) -> str:
        """How a rubric stands, in a word or two."""
        words = self.trainee["standing"]
        return words[name] if isinstance(words, Mapping) else name


@cache
def report_wording() -> ReportWording:
    """The sentences that ship."""
    text = files("alliance_sim.reporting").joinpath("report.yaml").read_text("utf-8")
    return ReportWording.model_validate(yaml.safe_load(text))


def score_text(value: float | None) -> str:
    """`2.6`, or that it was not observed."""
    return NOT_OBSERVED if value is None else f"{value:.1f}"


def interval_text(found: Interval | None, *, signed: bool = False) -> str:
    """`2.61 [2.20, 3.02]`; without the brackets where there is no interval."""
    if found is None:
        return NONE
    sign = "+" if signed else ""
    value = f"{found.value:{sign}.2f}"
    if found.low is None or found.high is None:
        return value
    return f"{value} [{found.low:{sign}.2f}, {found.high:{sign}.2f}]"


def share_text(found: Interval | None) -> str:
    """`64 % [58, 70]`."""
    if found is None:
        return NONE
    value = f"{found.value:.0%}".replace("%", " %")
    if found.low is None or found.high is None:
        return value
    return f"{value} [{found.low * 100:.0f}, {found.high * 100:.0f}]"


def day_text(at: datetime | str | None) -> str:
    """`4 March 2026`, in UTC."""
    if at is None:
        return NONE
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{when.day} {when:%B %Y}"


def selection_text(chosen: Selection) -> str:
    """What a report was narrowed to; empty where it was not."""
    parts = []
    if chosen.assignment:
        parts.append(f"assignment {chosen.assignment}")
    if chosen.scenario:
        parts.append(f"client {chosen.scenario}")
    if chosen.since:
        parts.append(f"since {day_text(chosen.since)}")
    if chosen.until:
        parts.append(f"before {day_text(chosen.until)}")
    return ", ".join(parts)


def one_line(text: str) -> str:
    """A line of a terminal, ended: columns stay, and nothing in it can act or begin another."""
    return printable(text).replace("\n", " ").rstrip() + "\n"


def title_text(rubric: str, titles: Mapping[str, str]) -> str:
    """A rubric's title, or its id as words."""
    return titles.get(rubric) or rubric.replace("_", " ").capitalize()
