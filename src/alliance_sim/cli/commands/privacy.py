"""`privacy retention|delete|verify|consent`: how long things are kept, and having them gone."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import acting_user, data_folder, narrate, open_store
from alliance_sim.domain.clean import printable
from alliance_sim.errors import Exit, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alliance_sim.programme.privacy_delete import Belongings, Deleted, Proof
    from alliance_sim.programme.privacy_retention import Due
    from alliance_sim.programme.privacy_verify import Look
    from alliance_sim.programme.privacy_wipe import Wiped
    from alliance_sim.store.repository import Store

app = typer.Typer(
    help="How long things are kept, and deleting what is kept of a person.",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Person = Annotated[str, typer.Argument(metavar="PERSON", help="A pseudonym, like t-k3f9ab.")]
Names = Annotated[
    Path | None,
    typer.Option("--names", metavar="FILE", help="The key file (else the one beside the store)."),
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

SHOWN = 20
"""Files listed before a deletion."""


@app.command()
def retention(
    cohort: Annotated[
        str | None,
        typer.Option("--cohort", metavar="ID", help="Only this cohort's sessions."),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", min=1, max=options.MOST_DAYS, help="In place of the cohort's own period."
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply/--dry-run", help="Delete them; else only list them.")
    ] = False,
    store: options.Store = None,
) -> None:
    """List the sessions that have been kept for long enough, or delete them.

    One line a session, and a file about its trainee that is as old, on standard output: id or
    path, when it was over or written, trainee. The days count from the end of a session, or from
    its last event where it never ended.
    """
    from alliance_sim.programme.privacy_retention import Asked, due
    from alliance_sim.programme.privacy_retention import apply as apply_retention
    from alliance_sim.runtime.clock import SystemClock

    clock, asked = SystemClock(), Asked(cohort, days)
    with open_store(store) as opened:
        found = due(opened, asked, clock)
        _tell_due(found)
        if not apply:
            narrate("nothing is deleted without --apply")
            return
        done = apply_retention(opened, found, asked, data_folder(), clock, acting_user())
        narrate(f"{done.sessions} session(s) deleted, {len(done.files.deleted)} file(s)")
        for left in done.files.left:
            narrate(f"left: {left}")
        _tell_wiped(opened, done.wiped)


def _tell_due(found: "Due") -> None:
    lines = [(each.id, each.over_at, each.trainee or "-") for each in found.sessions]
    lines += [(each.path, each.at, each.person) for each in found.files]
    for what, at, whose in lines:
        # Neither a trainee's id nor a file's name can act on the terminal.
        parts = (printable(part, lines=False) for part in (what, f"{at:%Y-%m-%d}", whose))
        sys.stdout.write("\t".join(parts) + "\n")
    narrate(f"{len(found.sessions)} session(s) due, {len(found.files)} file(s)")
    if found.contested:
        narrate(f"{found.contested} kept: an appeal waits for an answer")
    if found.kept_longer:
        narrate(f"{found.kept_longer} kept: a cohort keeps them longer, or none has a period")


@app.command()
def delete(
    person: Person,
    yes: Yes = False,
    verify: Annotated[
        bool, typer.Option("--verify", help="Look afterwards for anything that is left.")
    ] = False,
    names: Names = None,
    store: options.Store = None,
) -> None:
    """Delete a trainee: sessions, scores, appeals, attempts, ratings of them, reports, bundles,
    memberships, and her line in the key file.

    The audit log keeps that it was done, by the pseudonym and nothing else. With --verify: one line
    a place on standard output, and exit code 1 if anything is left.
    """
    from alliance_sim.programme.privacy_delete import (
        belongings,
        delete_person,
        proof,
        trail_of,
    )
    from alliance_sim.runtime.clock import SystemClock

    with open_store(store) as opened:
        key_file = _key_file(opened, names)
        found = belongings(opened, person, key_file, data_folder())
        _tell_belongings(found)
        _confirm(person, yes=yes)
        traced = trail_of(opened, found) if verify else None
        done = delete_person(opened, found, key_file, data_folder(), SystemClock(), acting_user())
        _tell_deleted(opened, person, done)
        if traced:
            trail, before = traced
            _tell_proof(proof(opened, trail, before, key_file, done.files.deleted), opened)


def _confirm(person: str, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageProblem("privacy delete asks before it deletes; in a pipe add --yes")
    typer.confirm(f"Delete all of this for good, and {person} with it?", abort=True, err=True)


def _tell_belongings(found: "Belongings") -> None:
    narrate(
        f"{found.person}: {len(found.sessions)} session(s) with their scores, appeals and ratings; "
        f"cohorts: {', '.join(found.cohorts) or 'none'}; "
        f"{'in' if found.named else 'not in'} the key file; "
        f"{len(found.files) + len(found.places)} file(s) beside the store"
    )
    paths = [file.path for file in found.files] + [str(place) for place in found.places]
    for path in paths[:SHOWN]:
        narrate(f"· {path}")


def _tell_deleted(opened: "Store", person: str, done: "Deleted") -> None:
    narrate(
        f"{person}: {done.sessions} session(s) deleted, {len(done.files.deleted)} file(s), "
        f"{'and the' if done.named else 'no'} line of the key file"
    )
    for left in done.left:
        narrate(f"left: {left}")
    _tell_wiped(opened, done.wiped)
    narrate("not looked for: copies, backups, printouts, mails, and what was exported before")


def _tell_wiped(opened: "Store", wiped: "Wiped") -> None:
    if wiped.problem:
        narrate(
            f"{wiped.problem}; what was deleted stays deleted, but its files could not be wiped; "
            "the next privacy delete or retention --apply does that too"
        )
    elif not wiped.clean and opened.path:
        narrate(
            "another program is reading the store; what was deleted stays in its log until that "
            "one has closed it"
        )
    elif not wiped.clean:
        narrate(
            "the server has given the space of the deleted rows free (VACUUM); the bytes stay in "
            "its files until they are written over, in its log until that is recycled, and in its "
            "backups; whoever runs the server can rewrite the tables (VACUUM FULL) and says how "
            "long backups are kept"
        )


@app.command()
def verify(person: Person, names: Names = None, store: options.Store = None) -> None:
    """Look for a pseudonym in every table, in the database's own file and in the key file.

    One line a place on standard output: where, how much was looked through, what was found. Exit
    code 1 if there is anything but in the audit log, which keeps that a deletion took place.
    """
    from alliance_sim.programme.privacy_verify import Trail, looked_at

    if not person.strip():
        raise UsageProblem("name a pseudonym, like t-k3f9ab")
    with open_store(store) as opened:
        _tell_looks(looked_at(opened, Trail(person.strip()), _key_file(opened, names)), opened)


def _tell_proof(made: "Proof", opened: "Store") -> None:
    if not made.phrases:
        narrate("she has said nothing that nobody else has, so it is looked for names alone")
    elif opened.path:
        narrate(
            f"looked for {made.phrases} phrases of hers, of which {made.before} stood in the "
            "database's files before"
        )
    _tell_looks(made.looks, opened)


def _tell_looks(looks: "Iterable[Look]", opened: "Store") -> None:
    found = 0
    for look in looks:
        told = "; ".join(look.found) or "nothing"
        kept = f" ({look.kept})" if look.kept else ""
        line = "\t".join(printable(part, lines=False) for part in (look.place, look.size))
        sys.stdout.write(f"{line}\t{told}{kept}\n")
        found += not look.clean
    sys.stdout.flush()
    if not opened.path:
        narrate("the server's own files cannot be looked into from here")
    if found:
        narrate(f"something is left in {found} place(s)")
        raise typer.Exit(Exit.FINDINGS)
    narrate("nothing is left")


@app.command()
def consent(
    person: Person,
    given: Annotated[
        bool | None,
        typer.Option("--yes/--no", help="She agrees, or no longer does."),
    ] = None,
    store: options.Store = None,
) -> None:
    """Write down whether a person agrees that her scores are used for research.

    Without --yes or --no: say what stands, and since when.
    """
    from alliance_sim.programme.privacy_consent import consent as consents
    from alliance_sim.runtime.clock import SystemClock
    from alliance_sim.store.people import need

    with open_store(store) as opened:
        if given is None:
            with opened.reading() as connection:
                known = need(connection, person)
            since = f"{known.consent_at:%Y-%m-%d %H:%M} UTC" if known.consent_at else "never asked"
            sys.stdout.write(f"{person}\t{'yes' if known.consent_research else 'no'}\t{since}\n")
            return
        before = consents(opened, person, SystemClock(), acting_user(), given=given)
    changed = "" if before.consent_research != given else ", as before"
    narrate(f"{person}: {'agrees' if given else 'does not agree'} to research{changed}")


def _key_file(opened: "Store", names: Path | None) -> Path:
    """The key file. Raises InputProblem for one that is named and not there: nobody would be found
    in it, and that would look like a proof."""
    from alliance_sim.programme.key_file import default_path, needed_key

    if names is None:
        return default_path(opened.path, data_folder())
    given = names.expanduser()
    needed_key(given)
    return given
