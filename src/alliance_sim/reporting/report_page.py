"""The environment of report pages: filters for figures, and files that are the owner's alone."""

from functools import cache, partial
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.reporting.agreement_text import interval as estimate_text
from alliance_sim.reporting.report_wording import NONE, day_text, interval_text, share_text
from alliance_sim.reporting.templating import page_environment
from alliance_sim.reporting.whole_file import whole_file


@cache
def report_environment() -> SandboxedEnvironment:
    """Templates of reports."""
    made = page_environment()
    made.filters["interval"] = interval_text
    made.filters["signed"] = partial(interval_text, signed=True)
    made.filters["estimate"] = estimate_text
    made.filters["share"] = share_text
    made.filters["day"] = day_text
    made.filters["score_or_dash"] = lambda value: NONE if value is None else f"{value:.1f}"
    made.filters["thousands"] = lambda value: f"{value:,}"
    return made


def write_report(content: str | bytes, path: Path) -> None:
    """Write a report, readable by its owner only, whole or not at all; folders are made.

    Raises OSError where it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
