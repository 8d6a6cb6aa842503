"""The environment of report pages: filters for figures, and files that are the owner's alone."""

import os
from errno import EISDIR
from functools import cache, partial
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.reporting.agreement_text import interval as estimate_text
from alliance_sim.reporting.report_wording import NONE, day_text, interval_text, share_text
from alliance_sim.reporting.templating import page_environment


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
    """Write a report, readable by its owner only, whole or not at all.

    Raises OSError where it cannot be written.
    """
    data = content.encode("utf-8") if isinstance(content, str) else content
    if path.is_dir():
        raise IsADirectoryError(EISDIR, "it is a folder", str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
