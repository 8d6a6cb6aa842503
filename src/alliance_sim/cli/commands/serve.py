"""`serve`: the program in a browser, behind a token; `serve invite` and `revoke`: who may in."""

import signal
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_sim.cli import options
from alliance_sim.cli.wiring import narrate, open_store, store_name
from alliance_sim.errors import Exit, InputProblem, UsageProblem

if TYPE_CHECKING:
    import socket

    from alliance_sim.web.addresses import PublicUrl
    from alliance_sim.web.people import People
    from alliance_sim.web.tab import Launch

TOKEN = "ALLIANCE_SIM_TOKEN"
"""Names the token where the command line, which all users of a machine can read, does not."""

SHORT = 16
"""Letters; a shorter token can be guessed by who has time."""

LARGEST_TOKEN = 1000
"""Bytes of a token's file."""

app = typer.Typer(rich_markup_mode=None, invoke_without_command=True)

PeopleFile = Annotated[
    Path, typer.Option("--people", metavar="FILE", help="The file of who may log in.")
]
IDS = typer.Argument(metavar="ID...", help="Pseudonyms, such as t-4k7m2p.")


@app.callback()
def serve(
    context: typer.Context,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen; only this machine by default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8000,
    store: options.Store = None,
    token: Annotated[
        str | None,
        typer.Option(
            envvar=TOKEN,
            show_envvar=False,
            help=f"The token to log in with (also {TOKEN}); without one it is made at random.",
        ),
    ] = None,
    token_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A file that holds the token."),
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Trainees with tokens of their own: see `serve invite`."),
    ] = None,
    public_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The address that a proxy gives it: https://…"),
    ] = None,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Listen where other machines can reach it.")
    ] = False,
    own_rights: Annotated[
        bool,
        typer.Option("--own-rights", help="On a database server: each trainee's tab has hers."),
    ] = False,
    tabs: Annotated[
        int, typer.Option(min=1, max=1000, help="Tabs at once; each takes some 100 MB.")
    ] = 40,
) -> None:
    """The program in a browser, behind a token. Each tab is a session of its own."""
    if context.invoked_subcommand:
        options.check_before(context)
        return
    if find_spec("textual_serve") is None:
        raise UsageProblem("the web extra is not installed: pip install 'alliance-sim[web]'")
    from alliance_sim.web.addresses import REMOTE, is_loopback, listen
    from alliance_sim.web.addresses import public_url as read_public_url
    from alliance_sim.web.people import People

    public = read_public_url(public_url) if public_url else None
    listed = People(people, narrate) if people else None
    given = _given(token, token_file, exposed=allow_remote or public is not None)
    with listen(host, port, allow_remote=allow_remote) as listening:
        with open_store(store) as opened:  # what is wrong with it is told here, not in every tab
            if own_rights and opened.path is not None:
                raise UsageProblem("--own-rights wants a store on PostgreSQL; a file has none")
        if not is_loopback(str(listening.getsockname()[0])):
            narrate(f"Warning: {REMOTE}.")
        door = Door(store_name(store), given, listed, public, tabs, own_rights)
        if door.run(listening) == signal.SIGINT:
            raise typer.Exit(Exit.INTERRUPTED)


@dataclass(frozen=True)
class Door:
    """Who may come in, and to what."""

    store: str
    token: str | None
    """As it was given; None: made at random where nobody could come in without."""
    people: "People | None"
    public: "PublicUrl | None"
    most_tabs: int
    own_rights: bool = False
    """A trainee's tab acts as she does on the store's server."""

    def run(self, listening: "socket.socket") -> signal.Signals:
        """Serve until a signal comes, and give it."""
        import asyncio

        from alliance_sim.web.addresses import url_of
        from alliance_sim.web.attempts import Attempts
        from alliance_sim.web.gate import Gate
        from alliance_sim.web.logins import Logins
        from alliance_sim.web.server import ProgramServer
        from alliance_sim.web.serving import serve as serve_until_told
        from alliance_sim.web.tokens import Key, digest_of, new_token

        made = None if self.token or self.people else new_token()
        general = [Key(digest_of(token), None) for token in (self.token, made) if token]
        people = self.people
        logins = Logins(lambda: (*general, *(people.keys() if people else ())), time.monotonic)
        gate = Gate(
            logins,
            Attempts(time.monotonic),
            narrate,
            cookie=f"alliance_sim_{listening.getsockname()[1]}",
            public=self.public,
        )
        server = ProgramServer(gate, self._launch, narrate, most_tabs=self.most_tabs)

        def ready() -> None:
            narrate(f"Open {self.public.origin if self.public else url_of(listening)}")
            if made:
                narrate(f"Token: {made}")
            elif people:
                narrate(f"{len(people.keys())} people may log in with tokens of their own.")
            narrate("Ctrl+C ends it. Sessions that are open then can be resumed.")

        return asyncio.run(serve_until_told(server, listening, ready))

    def _launch(self, trainee: str | None) -> "Launch":
        from alliance_sim.web.tab import Launch

        # -P: a file in the working directory never takes the place of a module.
        words = [sys.executable, "-P", "-m", "alliance_sim.cli.tab"]
        environ = {"ALLIANCE_SIM_STORE": self.store}
        if trainee:
            if self.own_rights:
                from alliance_sim.store.acting import acting_as

                environ["ALLIANCE_SIM_STORE"] = acting_as(self.store, trainee)
            words += ["--trainee", trainee]
            environ["ALLIANCE_SIM_USER"] = trainee
        return Launch(words, environ, without=frozenset({TOKEN, "NO_COLOR"}))


def _given(token: str | None, token_file: Path | None, *, exposed: bool) -> str | None:
    """The token that was named. Raises UsageProblem for one that is none, InputProblem for a file
    that holds none.
    """
    if token is not None and token_file is not None:
        raise UsageProblem("the token is given twice: as it is, and by --token-file")
    if token_file is not None:
        token = _read_token(token_file)
    elif token is not None and not token.strip():
        raise UsageProblem("--token: it is empty; leave it out to have one made")
    if token is not None and len(token.strip()) < SHORT:
        told = f"a token of under {SHORT} characters can be guessed"
        if exposed:
            raise UsageProblem(f"{told}; leave it out to have a long one made")
        narrate(f"Warning: {told}.")
    return token


def _read_token(path: Path) -> str:
    try:
        with path.open("rb") as file:
            token = file.read(LARGEST_TOKEN + 1).decode("utf-8").strip()
    except OSError as problem:
        reason = (problem.strerror or type(problem).__name__).lower()
        raise InputProblem(f"{path}: {reason}") from problem
    except UnicodeDecodeError as problem:
        raise InputProblem(f"{path}: not a token: it is not text") from problem
    if not token or len(token) > LARGEST_TOKEN or len(token.splitlines()) > 1:
        raise InputProblem(f"{path}: it should hold one token, in one line")
    return token


@app.command("invite")
def invite(
    people: PeopleFile,
    ids: Annotated[list[str] | None, IDS] = None,
    cohort: Annotated[
        str | None,
        typer.Option(metavar="ID", help="The trainees of a cohort who have no token yet."),
    ] = None,
    store: options.Store = None,
) -> None:
    """Give trainees tokens: `trainee,token` on standard output, once; hashes in the file.

    Who is named and has a token already gets another, and the old one stops working.
    """
    import csv

    from alliance_sim.web.people import invite as give

    if not ids and cohort is None:
        raise UsageProblem("nobody is named: give pseudonyms, or --cohort ID")
    tokens = give(people, ids or (), without=_trainees(cohort, store) if cohort else ())
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(("trainee", "token"))
    writer.writerows(tokens.items())
    narrate(f"{people}: {len(tokens)} invited. The tokens are shown this once; keep them apart.")


def _trainees(cohort: str, store: str | None) -> list[str]:
    """Those of a cohort."""
    from alliance_sim.store.cohorts import need
    from alliance_sim.store.memberships import members
    from alliance_sim.store.people import roles

    with open_store(store) as opened, opened.reading() as connection:
        inside, role_of = members(connection, need(connection, cohort).id), roles(connection)
    return [each for each in inside if role_of.get(each) == "trainee"]


@app.command("revoke")
def revoke(ids: Annotated[list[str], IDS], people: PeopleFile) -> None:
    """Take tokens back. Open tabs of these trainees end within seconds; their sessions stay."""
    from alliance_sim.web.people import revoke as take_back

    gone = take_back(people, ids)
    missing = [name for name in ids if name not in gone]
    narrate(f"{people}: {len(gone)} revoked.")
    if missing:
        raise UsageProblem(f"{people}: it does not have {', '.join(missing)}")
