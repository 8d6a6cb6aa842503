"""Reports as plain data, for JSON: the figures of the page and nothing that it leaves out."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from alliance_sim.programme.cohort_report import CohortReport
from alliance_sim.programme.progress import Example
from alliance_sim.programme.trainee_report import TraineeReport
from alliance_sim.scoring.agreement.bootstrap import Estimate


def trainee_data(report: TraineeReport, *, name: str = "", quotes: bool = True) -> dict[str, Any]:
    """A trainee's report; `name` is from the key file, `quotes`: with her words."""
    made: dict[str, Any] = plain(report, quotes=quotes)
    return {"kind": "trainee_report", **({"name": name} if name else {}), **made}


def cohort_data(report: CohortReport, *, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A cohort's report. What the page calls too few to show is null here."""
    made: dict[str, Any] = plain(report)
    for each in made["practised"]["idle"]:
        if names and names.get(each["person"]):
            each["name"] = names[each["person"]]
    return {"kind": "cohort_report", **made}


def plain(value: object, *, quotes: bool = True) -> Any:
    """Dataclasses as objects, times in ISO 8601."""
    if isinstance(value, Estimate):
        return value._asdict()
    if is_dataclass(value) and not isinstance(value, type):
        left_out = {"quote"} if isinstance(value, Example) and not quotes else set()
        names = [field.name for field in fields(value) if field.name not in left_out]
        return {name: plain(getattr(value, name), quotes=quotes) for name in names}
    if isinstance(value, Mapping):
        return {str(name): plain(each, quotes=quotes) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, quotes=quotes) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Enum) else value
