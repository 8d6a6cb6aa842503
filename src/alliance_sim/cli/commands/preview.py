"""`scenario preview`: a scenario laid out for its author, once or again on every save."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli.wiring import narrate, open_library
from alliance_sim.errors import InputProblem, UsageProblem

if TYPE_CHECKING:
    from alliance_sim.reporting.preview import Preview

EVERY = 0.4
"""Seconds between two looks at the file."""


def preview(
    name: Annotated[str, typer.Argument(help="A scenario: its id, or a file.")],
    html: Annotated[
        Path | None,
        typer.Option("--html", help="Write a page in place of printing.", dir_okay=False),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and show what changes with every save.")
    ] = False,
) -> None:
    """The intake sheet, and every line with what unlocks it. Not for trainees."""
    path = Path(name)
    if watch and not path.is_file():
        raise UsageProblem(f"--watch needs a file, and {name} is an id; name its file")
    # Taken before the file is read, so that a save in between is not missed.
    seen = _stamp(path)
    laid_out = _laid_out(name)
    _show(laid_out, html)
    if watch:
        _watch(path, seen, laid_out, html)


def _laid_out(name: str) -> "Preview":
    from alliance_sim.reporting.preview import preview as lay_out

    return lay_out(open_library().scenario(name))


def _show(laid_out: "Preview", html: Path | None) -> None:
    from alliance_sim.authoring.files import replace_text
    from alliance_sim.reporting.preview import render_page, text

    if html:
        replace_text(html, render_page(laid_out))
        narrate(f"written: {html}")
        return
    for line in text(laid_out):
        sys.stdout.write(line + "\n")
    sys.stdout.flush()


Stamp = tuple[int, int, int] | None


def _watch(path: Path, seen: Stamp, laid_out: "Preview", html: Path | None) -> None:
    """Look at the file until the author stops; a file that does not load keeps the last layout."""
    import time

    narrate(f"Watching {path}. Ctrl+C ends.")
    while True:
        time.sleep(EVERY)
        stamp = _stamp(path)
        if stamp is None or stamp == seen:
            continue
        seen = stamp
        try:
            now = _laid_out(str(path))
        except InputProblem as problem:
            narrate(str(problem))
            continue
        _tell(laid_out, now)
        if html:
            _show(now, html)
        laid_out = now


def _tell(before: "Preview", after: "Preview") -> None:
    from alliance_sim.domain.clean import printable
    from alliance_sim.reporting.preview import changes

    found = list(changes(before, after))
    for line in found:
        sys.stdout.write(printable(line, lines=False) + "\n")
    sys.stdout.flush()
    narrate(f"saved: {len(found)} changed" if found else "saved: nothing that is said has changed")


def _stamp(path: Path) -> Stamp:
    """What tells one save from another; None while the file is away."""
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
