"""`import`: sessions that trainees hand in."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import acting_user, narrate, open_library, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import Exit, InputProblem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alliance_sim.programme.taking_in import Rules, TakenIn, TakenSession
    from alliance_sim.store.repository import Store


SHOWN = 5
"""Pseudonyms named where there can be many."""


def import_bundles(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE|DIR...", help="Bundles, or folders of *.bundle.")
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Look at everything, and write nothing.")
    ] = False,
    trust_new_key: Annotated[
        bool,
        typer.Option(
            "--trust-new-key", help="A trainee has a new machine: trust its key from now on."
        ),
    ] = False,
    add: Annotated[
        bool, typer.Option("--add", help="Take in trainees who are on no roster yet.")
    ] = False,
    store: options.Store = None,
) -> None:
    """Take in the bundles that trainees hand in. Each goes in as a whole or not at all.

    A bundle is verified first, and its sessions are scored again here. A session that is here
    already is not taken in twice. One line a session on standard output: file, session, what
    became of it, trainee, overall score, attempt. Exit code 3 where a bundle was refused.
    """
    from alliance_sim.programme.taking_in import Rules

    rules = Rules(who=acting_user(), trust_new_key=trust_new_key, add=add, dry_run=dry_run)
    with open_store(store) as opened:
        refused = _take(opened, files, rules)
    if refused:
        narrate(f"{refused} refused; nothing of a refused bundle is in the store")
        raise typer.Exit(Exit.INPUT)


def _take(opened: "Store", files: "Sequence[Path]", rules: "Rules") -> int:
    """How many were refused."""
    from alliance_sim.programme.bundle_reading import load_bundle
    from alliance_sim.programme.taking_in import take_bundle
    from alliance_sim.runtime.clock import SystemClock

    library, clock = open_library(), SystemClock()
    refused, added = 0, list[str]()
    for found in _found(files):
        try:
            if isinstance(found, InputProblem):
                raise found
            taken = take_bundle(opened, load_bundle(found), library, clock, rules)
        except InputProblem as problem:
            refused += 1
            narrate(printable(str(problem), lines=False))
            continue
        _tell(taken, found, dry_run=rules.dry_run)
        added += [taken.bundle.trainee] if taken.added else []
    _tell_added(added)
    return refused


def _tell_added(added: "Sequence[str]") -> None:
    if added:
        some = ", ".join(added[:SHOWN]) + (" …" if len(added) > SHOWN else "")
        narrate(f"not known here before, and from now on: {len(added)} trainee(s): {some}")


def _found(files: "Sequence[Path]") -> "Iterator[Path | InputProblem]":
    from alliance_sim.programme.bundle_reading import bundle_files

    for each in files:
        try:
            yield from bundle_files(each)
        except InputProblem as problem:
            yield problem


def _tell(taken: "TakenIn", path: Path, *, dry_run: bool) -> None:
    from alliance_sim.programme.signing import fingerprint

    for each in taken.sessions:
        sys.stdout.write(_line(taken, each, path) + "\n")
        if each.late:
            narrate(f"{each.id} was begun after {taken.bundle.header.assignment} was due")
        if each.rescored.differ:
            narrate(
                f"{each.id}: scored otherwise than on the trainee's machine: "
                + ", ".join(each.rescored.differ)
            )
        if each.rescored.why:
            narrate(f"{each.id} has no scores yet: {each.rescored.why}")
    if taken.new_key:
        key = fingerprint(taken.bundle.header.key)
        narrate(f"{taken.bundle.trainee} signs with the key {key}… from now on")
    sys.stdout.flush()
    if dry_run:
        narrate(f"{path}: nothing written (dry run)")


def _line(taken: "TakenIn", each: "TakenSession", path: Path) -> str:
    card = each.rescored.card
    overall = "-" if card is None or card.overall is None else f"{card.overall:.1f}"
    attempt = "-" if each.attempt is None else f"attempt {each.attempt}"
    name = printable(str(path), lines=False)
    return "\t".join((name, each.id, each.state, taken.bundle.trainee, overall, attempt))
