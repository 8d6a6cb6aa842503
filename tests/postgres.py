"""A PostgreSQL server of the tests' own: started where it is first asked for, gone at the end.

It listens on a free port of this machine and on a socket in its own temporary folder, trusts
whoever connects, and writes nothing safely. Each test gets a database of its own, copied from a
template.
"""

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

BINARIES = "ALLIANCE_SIM_TEST_POSTGRES"
"""Environment variable that names the folder of `initdb` and `postgres`."""

BINARIES_GIVEN = os.environ.get(BINARIES)
"""Read at once: a test's own environment holds no settings of ours."""

UNSAFE_AND_QUICK = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "80",
    "shared_buffers": "64MB",
    "log_min_messages": "panic",
    "log_checkpoints": "off",
    "max_wal_senders": "0",
    "wal_level": "minimal",
}
TEMPLATE = "migrated"
SECONDS_TO_START = 30.0
KEEPER = """
{server} &
read -r how
kill -"${{how:-QUIT}}" $!
wait
[ -n "$how" ] || rm -rf "$PWD"
"""
"""Runs the server until it is told how to stop it, or until the tests are gone without a word."""


def binaries() -> Path | None:
    """The folder of the server's programs; None where there is none."""
    if BINARIES_GIVEN:
        return Path(BINARIES_GIVEN)
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    versions = sorted(debian, key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


class Cluster:
    """A server with its own folder. It refuses to run as root, so root runs it as `postgres`."""

    user = "postgres"

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._as = {"user": "postgres", "group": "postgres"} if _is_root() else {}
        # Short: the name of a socket has some hundred characters at most.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir=_open_to_all() if self._as else None))
        self.port = 0
        self._server: subprocess.Popen[bytes] | None = None
        self._names = count(1)
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        words = ["--no-sync", "--auth=trust", "--encoding=UTF8", f"--username={self.user}"]
        # As on many servers, text is not sorted by code point unless one asks for it.
        sorted_as = ["--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en"]
        plain = ["--locale=C"]
        self._run("initdb", "--pgdata=data", *words, *(sorted_as if self._has_icu() else plain))

    def start(self) -> None:
        """Start the server, on the port it had before."""
        self.port = self.port or _free_port()
        settings = UNSAFE_AND_QUICK | {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(self.folder),
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        server = shlex.join([str(self._programs / "postgres"), "-D", "data", *words])
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                ["sh", "-c", KEEPER.format(server=server)],
                cwd=self.folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                **self._as,
            )
        self._await()

    def stop(self, how: str = "INT") -> None:
        """Stop the server, which sends its clients away; `QUIT`: as in a crash."""
        if self._server:
            self._server.communicate(f"{how}\n".encode(), timeout=SECONDS_TO_START)
            self._server = None

    def remove(self) -> None:
        """Stop the server and delete its files."""
        self.stop("QUIT")
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str, user: str = user, password: str = "") -> str:
        """The address of a database by the socket."""
        who = quote(user) + (f":{quote(password)}" if password else "")
        return f"postgresql://{who}@/{database}?host={quote(str(self.folder))}&port={self.port}"

    def tcp_url(self, database: str, user: str = user, password: str = "") -> str:
        """The address of a database by the network of this machine."""
        who = quote(user) + (f":{quote(password)}" if password else "")
        return f"postgresql://{who}@127.0.0.1:{self.port}/{database}"

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the owner of the server, outside a transaction."""
        import psycopg  # noqa: PLC0415 - only where there is a server

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def admitting(self, *lines: str) -> Iterator[None]:
        """Let in by these lines of pg_hba.conf first; the server starts again for it."""
        file = self.folder / "data" / "pg_hba.conf"
        before = file.read_text()
        file.write_text("\n".join([*lines, before]))
        self.stop()
        self.start()
        try:
            yield
        finally:
            file.write_text(before)
            self.stop()
            self.start()

    @contextlib.contextmanager
    def encrypting(self, certificate: trustme.LeafCert) -> Iterator[None]:
        """Take encrypted connections; the server starts again for it."""
        chain = b"".join(blob.bytes() for blob in certificate.cert_chain_pems)
        contents = {"server.crt": chain, "server.key": certificate.private_key_pem.bytes()}
        for name, content in contents.items():
            file = self.folder / "data" / name
            file.write_bytes(content)
            file.chmod(0o600)
            if self._as:
                shutil.chown(file, **self._as)
        self._setting("ssl = on")
        try:
            yield
        finally:
            self._setting("ssl = off")

    def _setting(self, setting: str) -> None:
        self.execute(f"ALTER SYSTEM SET {setting}")
        self.stop()
        self.start()

    @contextlib.contextmanager
    def role(self, name: str, rest: str = "") -> Iterator[str]:
        """A role that can log in, for a while; what it owns or may do in a database goes first."""
        self.execute(f"CREATE ROLE {name} LOGIN {rest}")
        try:
            yield name
        finally:
            self.execute(f"DROP ROLE {name}")

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of another; gives its name."""
        name = f"test_{next(self._names)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Delete a database, whoever is connected to it."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def client(self, program: str, *words: str) -> None:
        """Run one of the programs that come with the server."""
        self._run(program, *words)

    def _await(self) -> None:
        until = time.monotonic() + SECONDS_TO_START
        while self._server and self._server.poll() is None and time.monotonic() < until:
            with contextlib.suppress(Exception):
                self.execute("SELECT 1")
                return
            time.sleep(0.02)
        said = (self.folder / "log").read_text(errors="replace")
        raise RuntimeError(f"the PostgreSQL server of the tests does not start: {said}")

    def _has_icu(self) -> bool:
        said = self._run("postgres", "--version")
        return int(re.findall(r"\d+", said)[0]) >= 15

    def _run(self, program: str, *words: str) -> str:
        done = subprocess.run(
            [str(self._programs / program), *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")
        return done.stdout


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A running server with a migrated template; skips where PostgreSQL is not installed."""
    programs = binaries()
    if programs is None:
        pytest.skip(f"no PostgreSQL server: install Debian's postgresql, or set {BINARIES}")
    pytest.importorskip("psycopg")
    from alliance_sim.store.repository import Store  # noqa: PLC0415 - only where there is a server

    cluster = Cluster(programs)
    try:
        cluster.start()
        cluster.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
        Store.open(cluster.url(TEMPLATE)).close()
        yield cluster
    finally:
        cluster.remove()


@pytest.fixture
def postgres_database(postgres_cluster: Cluster) -> Iterator[str]:
    """The name of a fresh, migrated database."""
    name = postgres_cluster.create(TEMPLATE)
    yield name
    postgres_cluster.drop(name)


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, postgres_database: str) -> str:
    """The address of a fresh, migrated database, as the owner of everything in it."""
    return postgres_cluster.url(postgres_database)


@pytest.fixture
def empty_postgres_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address of a database with nothing in it."""
    name = postgres_cluster.create()
    yield postgres_cluster.url(name)
    postgres_cluster.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def either_address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a store, once in a file and once on a server."""
    if request.param == "sqlite":
        return str(tmp_path / "either" / "store.db")
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def either_store(either_address: str) -> Iterator[object]:
    """An open store, once in a file and once on a server."""
    from alliance_sim.store.repository import Store  # noqa: PLC0415 - as above

    with Store.open(either_address) as opened:
        yield opened


def _is_root() -> bool:
    return os.name == "posix" and os.getuid() == 0


def _open_to_all() -> Path:
    """A folder for temporary files that `postgres` can reach too."""
    usual = Path(tempfile.gettempdir())
    for folder in (usual, Path("/tmp"), Path("/var/tmp")):  # noqa: S108
        if all(each.stat().st_mode & 0o001 for each in (folder, *folder.parents)):
            return folder
    return usual


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
