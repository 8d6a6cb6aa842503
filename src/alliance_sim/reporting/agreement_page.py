"""An evaluation as one HTML page: no scripts, nothing is loaded, every word is escaped."""

import os
from functools import cache
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment

from alliance_sim.reporting.agreement_text import HELD_OUT, interval
from alliance_sim.reporting.templating import page_environment
from alliance_sim.runtime.evaluating import Evaluation

SIDE = 120
"""Width and height of a reliability plot, in its own units."""


def write_evaluation(evaluation: Evaluation, path: Path, *, hide_text: bool = False) -> None:
    """Write the page, readable by its owner only. Raises OSError where it cannot be written."""
    text = evaluation_page(evaluation, hide_text=hide_text)
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def evaluation_page(evaluation: Evaluation, *, hide_text: bool = False) -> str:
    """The page as text; `hide_text` leaves all quotes out."""
    template = environment().get_template("agreement.html.j2")
    text: str = template.render(
        evaluation=evaluation, hide_text=hide_text, side=SIDE, held_out=HELD_OUT
    )
    return text


@cache
def environment() -> SandboxedEnvironment:
    """Templates of agreement, with `clean` and `interval`."""
    made = page_environment()
    made.filters["interval"] = interval
    return made
