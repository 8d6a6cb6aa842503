"""`sessions submit`: sessions to hand in, in one signed file."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import data_folder, narrate, open_library, open_store
from alliance_sim.errors import UsageProblem

if TYPE_CHECKING:
    from alliance_sim.programme.submitting import Submission


def submit(
    names: Annotated[list[str], typer.Argument(metavar="SESSION...", help="Ids, or `last`.")],
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", metavar="FILE", help="Where to write it (else a name of its own, here)."
        ),
    ] = None,
    assignment: Annotated[
        str | None,
        typer.Option("--assignment", metavar="ID", help="What the sessions are handed in for."),
    ] = None,
    trainee: Annotated[
        str | None,
        typer.Option("--trainee", metavar="ID", help="Your id, where the sessions do not say it."),
    ] = None,
    store: options.Store = None,
) -> None:
    """Write sessions that have ended into one signed file, to hand in.

    The file holds every word of these sessions, yours and the client's, your reflections and your
    appeals, and nothing of any other session. Nothing is sent anywhere.
    """
    from alliance_sim.programme.signing import fingerprint, signing_key
    from alliance_sim.programme.submitting import submission
    from alliance_sim.programme.written import keep_in_mind
    from alliance_sim.runtime.clock import SystemClock

    with open_store(store) as opened:
        chosen = [opened.resolve(name) for name in names]
        key, clock = signing_key(data_folder()), SystemClock()
        made = submission(
            opened, chosen, open_library(), clock, key, trainee=trainee, assignment=assignment
        )
        path = _write(made, out)
        keep_in_mind(opened, path, person=made.trainee, kind="bundle", clock=clock)
    for name in made.missing:
        narrate(f"the text of {name} is not in it: the library has another version, or none")
    narrate(_told(made, path, assignment))
    narrate(f"signed with the key {fingerprint(key.public)}… of this machine")
    sys.stdout.write(f"{path}\n")


def _write(made: "Submission", out: Path | None) -> Path:
    from alliance_sim.programme.bundle import FORMAT, SUFFIX
    from alliance_sim.programme.private_file import write_private

    path = out or Path(f"{made.trainee}-{max(made.sessions)}{SUFFIX}")
    try:
        if path.is_dir():
            raise UsageProblem(f"--out {path}: it is a folder; name a file in it")
        if path.exists() and not _is_bundle(path, FORMAT):
            raise UsageProblem(f"--out {path}: there is a file that is no bundle; name another")
        write_private(path, made.data)
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise UsageProblem(f"--out {path}: cannot be written ({reason})") from problem
    return path


def _is_bundle(path: Path, format_name: str) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return format_name.encode() in file.read(200)


def _told(made: "Submission", path: Path, assignment: str | None) -> str:
    count = len(made.sessions)
    sessions = "1 session" if count == 1 else f"{count} sessions"
    aim = f" for {assignment}" if assignment else ""
    return (
        f"{path} holds {sessions} of {made.trainee}{aim}: every word that you and the client said, "
        f"{made.replies} replies of yours among them, and what you reflected and contested; no "
        "name, and no other session. Hand it in as your coordinator asks; only you can read it here"
    )
