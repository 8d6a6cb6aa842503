"""`serve` before it serves: what is wrong is one line and an exit code; who may log in."""

import csv
import importlib.util
import io
import socket
import sqlite3
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url

pytest.importorskip("textual_serve", reason="the extra web is not installed")

from alliance_sim.cli.commands import serve as command
from alliance_sim.domain.programme import Cohort, Person, Role
from alliance_sim.store import cohorts, memberships, people
from alliance_sim.store.repository import Store
from alliance_sim.web.people import read_people
from alliance_sim.web.tokens import digest_of

LONG = "a-token-of-some-length"


@pytest.fixture(autouse=True)
def _nothing_is_served(monkeypatch):
    """What comes after the checks is told, and not done."""

    def run(door, listening):
        raise Reached(door, listening.getsockname())

    monkeypatch.setattr(command.Door, "run", run)


class Reached(command.UsageProblem):
    def __init__(self, door, address) -> None:
        super().__init__("all is well so far")
        self.door, self.address = door, address


@pytest.fixture
def free(tmp_path):
    return ("serve", "--port", "0", "--store", str(tmp_path / "s.db"))


def refused(result, code: int, *words: str) -> None:
    assert result.code == code
    assert result.out == ""
    line = result.err.strip().splitlines()[-1]
    assert all(word in line for word in words), line
    assert "Traceback" not in result.err


def test_all_is_well(cli, free):
    refused(cli(*free), 2, "all is well so far")


def test_a_port_that_is_taken(cli, free):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused(cli(*free, "--port", port), 2, f"--port {port}", "another program")


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_what_is_no_port(cli, free, port):
    refused(cli(*free, "--port", port), 2, "--port")


def test_what_is_no_address(cli, free, monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    refused(cli(*free, "--host", "999.1.1.1"), 2, "--host 999.1.1.1", "no such address")


def test_other_machines_are_let_in_only_where_that_is_meant(cli, free):
    refused(cli(*free, "--host", "0.0.0.0"), 2, "unencrypted", "--allow-remote")  # noqa: S104
    result = cli(*free, "--host", "0.0.0.0", "--allow-remote")  # noqa: S104
    refused(result, 2, "all is well so far")
    assert "Warning: other machines can reach this server" in result.err


def test_the_store_is_tried_first(cli, tmp_path):
    (tmp_path / "broken.db").write_text("no database" * 100)
    refused(cli("serve", "--port", "0", "--store", str(tmp_path / "broken.db")), 5, "broken.db")
    with sqlite3.connect(tmp_path / "newer.db") as newer:
        newer.execute("CREATE TABLE alembic_version (version_num)")
        newer.execute("INSERT INTO alembic_version VALUES ('9999')")
    refused(cli("serve", "--port", "0", "--store", str(tmp_path / "newer.db")), 5, "newer.db")


def test_without_the_extra_it_is_named(cli, free, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        command, "find_spec", lambda name: None if name == "textual_serve" else find(name)
    )
    refused(cli(*free), 2, "alliance-sim[web]")


@pytest.mark.parametrize("url", ["sim.example.edu", "https://sim.example.edu/x"])
def test_what_is_no_public_address(cli, free, url):
    refused(cli(*free, "--public-url", url), 2, f"--public-url {url}")


def test_a_token_is_long_where_others_can_reach_it(cli, free):
    result = cli(*free, "--token", "short")
    refused(result, 2, "all is well so far")
    assert "can be guessed" in result.err
    refused(cli(*free, "--token", "short", "--public-url", "https://a.example"), 2, "be guessed")
    refused(cli(*free, "--token", "short", "--allow-remote"), 2, "can be guessed")
    result = cli(*free, "--token", LONG, "--allow-remote")
    refused(result, 2, "all is well so far")
    assert LONG not in result.err


@pytest.mark.parametrize("token", ["", "  "])
def test_a_token_is_something(cli, free, token):
    refused(cli(*free, "--token", token), 2, "--token: it is empty")


BAD_TOKENS = {
    "empty": b"",
    "blank": b"\n\n",
    "two": b"one\ntwo",
    "huge": b"x" * 5000,
    "no": b"\xff",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_a_file_that_holds_no_token(cli, free, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BAD_TOKENS[name])
    refused(cli(*free, "--token-file", str(path)), 3, str(path))


def test_a_file_of_a_token(cli, free, tmp_path):
    path = tmp_path / "token"
    refused(cli(*free, "--token-file", str(path)), 3, str(path), "no such file")
    refused(cli(*free, "--token-file", str(tmp_path)), 3, str(tmp_path))
    path.write_text(f"{LONG}\n")
    refused(cli(*free, "--token-file", str(path)), 2, "all is well so far")
    refused(cli(*free, "--token-file", str(path), "--token", LONG), 2, "given twice")


def test_a_file_of_people_is_read_first(cli, free, tmp_path):
    path = tmp_path / "people.json"
    refused(cli(*free, "--people", str(path)), 3, str(path), "no such file")
    path.write_text("{}")
    path.chmod(0o600)
    refused(cli(*free, "--people", str(path)), 3, str(path), "not a file of people")


def test_a_tab_is_started_as_the_trainee(monkeypatch):
    door = command.Door("postgresql://u:secret@h/d", None, None, None, 1)
    launch = door._launch("t-aaaaaa")
    assert launch.words[-2:] == ["--trainee", "t-aaaaaa"]
    assert "secret" not in " ".join(launch.words)
    assert launch.environ["ALLIANCE_SIM_STORE"] == "postgresql://u:secret@h/d"
    assert launch.environ["ALLIANCE_SIM_USER"] == "t-aaaaaa"
    assert command.TOKEN in launch.without
    general = door._launch(None)
    assert "--trainee" not in general.words
    assert "ALLIANCE_SIM_USER" not in general.environ


def test_a_tab_with_rights_of_its_own_acts_as_the_trainee():
    door = command.Door("postgresql://web:secret@h/d", None, None, None, 1, own_rights=True)
    launch = door._launch("t-aaaaaa")
    url = make_url(launch.environ["ALLIANCE_SIM_STORE"])
    assert url.query == {"options": "-c role=t-aaaaaa"}
    assert (url.username, url.password, url.host, url.database) == ("web", "secret", "h", "d")
    assert "secret" not in " ".join(launch.words)
    assert door._launch(None).environ["ALLIANCE_SIM_STORE"] == door.store


def test_a_file_has_no_rights_to_give_to_tabs(cli, free):
    refused(cli(*free, "--own-rights"), 2, "wants a store on PostgreSQL")


def test_invitations_are_told_once_and_kept_as_hashes(cli, tmp_path):
    path = tmp_path / "people.json"
    result = cli("serve", "invite", "t-aaaaaa", "t-bbbbbb", "--people", str(path))
    assert result.code == 0
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert [row["trainee"] for row in rows] == ["t-aaaaaa", "t-bbbbbb"]
    assert read_people(path) == {row["trainee"]: digest_of(row["token"]) for row in rows}
    assert not any(row["token"] in result.err for row in rows)


def test_what_cannot_be_invited(cli, tmp_path):
    path = tmp_path / "people.json"
    refused(cli("serve", "invite", "Ann Smith", "--people", str(path)), 2, "'Ann Smith'")
    refused(cli("serve", "invite", "--people", str(path)), 2)
    refused(cli("serve", "invite", "t-aaaaaa"), 2, "--people")
    assert not path.exists()


def test_tokens_are_taken_back(cli, tmp_path):
    path = tmp_path / "people.json"
    refused(cli("serve", "revoke", "t-aaaaaa", "--people", str(path)), 3, "no such file")
    cli("serve", "invite", "t-aaaaaa", "t-bbbbbb", "--people", str(path))
    result = cli("serve", "revoke", "t-aaaaaa", "--people", str(path))
    assert (result.code, result.out) == (0, "")
    assert list(read_people(path)) == ["t-bbbbbb"]
    refused(cli("serve", "revoke", "t-aaaaaa", "--people", str(path)), 2, "t-aaaaaa")


def test_a_cohort_is_invited_once(cli, tmp_path):
    path, place = tmp_path / "people.json", str(tmp_path / "s.db")
    now = datetime(2026, 3, 2, tzinfo=UTC)
    ids = {"t-aaaaaa": Role.TRAINEE, "t-bbbbbb": Role.TRAINEE, "i-aaaaaa": Role.INSTRUCTOR}

    def fill(connection) -> None:
        cohorts.add(connection, Cohort(id="spring", title="Spring", created_at=now))
        rows = [Person(id=each, role=role, created_at=now) for each, role in ids.items()]
        people.add(connection, rows)
        memberships.join(connection, "spring", ids, now)

    with Store.open(place) as store:
        store.transact(fill)
    words = ("serve", "invite", "--cohort", "spring", "--people", str(path), "--store", place)
    first = cli(*words)
    assert first.code == 0
    assert sorted(read_people(path)) == ["t-aaaaaa", "t-bbbbbb"]
    before = read_people(path)
    again = cli(*words)
    assert (again.code, again.out) == (0, "trainee,token\n")
    assert read_people(path) == before
    refused(cli(*words[:3], "autumn", *words[4:]), 2, "autumn")
    assert cli("serve", "invite", "--people", str(path)).code == 2
