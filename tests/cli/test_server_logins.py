"""What the logins of instructors and coordinators can do with the commands, on a real server."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliance_sim.domain.programme import Person, Role
from alliance_sim.errors import StoreProblem
from alliance_sim.store import people
from alliance_sim.store.acting import acting_as
from alliance_sim.store.repository import Store

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice, and it stings.\n"
TRAINEE, TEACHER, KEEPER = "t-jay234", "i-jay234", "i-wren23"


@pytest.fixture
def bundle(cli, tmp_path, monkeypatch):
    """Handed in by a trainee from a machine of her own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "laptop"))
    words = ("practice", "mandated", "--plain", "--seed", "7", "--trainee", TRAINEE)
    assert cli(*words, stdin=REPLIES).code == 0
    return Path(cli("sessions", "submit", "last", "--out", "hers.bundle").out.strip())


@pytest.fixture
def owner(cli, postgres_url, postgres_cluster):
    """The address of a store with rights, which knows an instructor and a coordinator."""
    staff = [
        Person(id=name, role=Role.INSTRUCTOR, created_at=datetime(2026, 3, 2, tzinfo=UTC))
        for name in (TEACHER, KEEPER)
    ]
    with Store.open(postgres_url) as store:
        store.transact(lambda connection: people.add(connection, staff))
    assert cli("db", "roles", "--store", postgres_url).code == 0
    yield postgres_url
    for name in (TEACHER, KEEPER):
        postgres_cluster.execute(f'DROP ROLE IF EXISTS "{name}"')


@pytest.fixture
def teacher(cli, owner):
    return cli("db", "grant", TEACHER, "--instructor", "--store", owner).out.strip()


@pytest.fixture
def keeper(cli, owner):
    return cli("db", "grant", KEEPER, "--coordinator", "--store", owner).out.strip()


def test_an_instructor_takes_in_what_a_trainee_hands_in(cli, bundle, owner, teacher):
    done = cli("import", str(bundle), "--add", "--store", teacher)
    assert (done.code, done.out.count("taken in")) == (0, 1), done.err
    again = cli("import", str(bundle), "--store", teacher)
    assert (again.code, again.out.count("already here")) == (0, 1), again.err
    (line,) = cli("sessions", "list", "--store", owner).out.splitlines()
    assert "mandated\t2 turns\tplanned_close" in line
    assert "import" in cli("audit", "list", "--store", owner).out


def test_an_instructor_deletes_nobody(cli, bundle, owner, teacher):
    cli("import", str(bundle), "--add", "--store", teacher)
    done = cli("privacy", "delete", TRAINEE, "--yes", "--store", teacher)
    assert done.code == 5
    assert "this login may not do that" in done.err
    assert cli("sessions", "list", "--store", owner).out


def test_a_coordinator_deletes_somebody_and_verifies_it(cli, bundle, owner, keeper):
    assert cli("import", str(bundle), "--add", "--store", keeper).code == 0
    done = cli("privacy", "delete", TRAINEE, "--yes", "--verify", "--store", keeper)
    assert done.code == 0, done.err
    assert cli("sessions", "list", "--store", owner).out == ""
    assert TRAINEE not in cli("roster", "list", "--store", owner).out
    assert "delete" in cli("audit", "list", "--store", owner).out


def test_a_coordinator_deletes_a_session(cli, bundle, owner, keeper):
    assert cli("import", str(bundle), "--add", "--store", keeper).code == 0
    assert cli("sessions", "delete", "last", "--yes", "--store", keeper).code == 0
    assert cli("sessions", "list", "--store", owner).out == ""


def test_a_coordinator_makes_a_cohort(cli, owner, keeper):
    done = cli("cohort", "add", "spring", "--title", "Spring", "--store", keeper)
    assert done.code == 0, done.err
    assert "spring" in cli("cohort", "list", "--store", owner).out


def test_a_coordinator_is_told_whose_login_she_cannot_take_away(
    cli, bundle, owner, keeper, postgres_cluster
):
    cli("import", str(bundle), "--add", "--store", keeper)
    assert cli("db", "grant", TRAINEE, "--store", owner).code == 0
    try:
        done = cli("privacy", "delete", TRAINEE, "--yes", "--store", keeper)
        assert f"the login {TRAINEE} on the server" in done.err
        assert cli("sessions", "list", "--store", owner).out == ""
    finally:
        postgres_cluster.execute(f'DROP ROLE IF EXISTS "{TRAINEE}"')


def test_a_trainee_is_no_coordinator(cli, owner):
    with Store.open(owner) as store:
        new = Person(id=TRAINEE, created_at=datetime(2026, 3, 2, tzinfo=UTC))
        store.transact(lambda connection: people.add(connection, [new]))
    done = cli("db", "grant", TRAINEE, "--coordinator", "--store", owner)
    assert (done.code, done.out) == (2, "")
    assert "not as instructor" in done.err


def test_nobody_is_let_in_or_out_without_an_entry_in_the_audit_log(
    cli, owner, keeper, monkeypatch, postgres_cluster
):
    def refuse(*_, **__):
        raise StoreProblem("the log cannot be written")

    with monkeypatch.context() as broken:
        broken.setattr("alliance_sim.store.audit.note", refuse)
        for words in (("grant", TEACHER, "--instructor"), ("revoke", KEEPER)):
            done = cli("db", *words, "--store", owner)
            assert (done.code, done.out) == (5, "")
    assert cli("sessions", "list", "--store", keeper).code == 0
    assert "nobody of that name" in cli("db", "revoke", TEACHER, "--store", owner).err
    assert cli("db", "revoke", KEEPER, "--store", owner).code == 0
    log = cli("audit", "list", "--action", "revoke", "--format", "jsonl", "--store", owner).out
    assert [json.loads(line)["subject"] for line in log.splitlines()] == [KEEPER]


class TestATabWithRightsOfItsOwn:
    @pytest.fixture
    def web(self, cli, owner, postgres_cluster):
        """The address of a server's login, which the trainee was given to."""
        with Store.open(owner) as store:
            new = Person(id=TRAINEE, created_at=datetime(2026, 3, 2, tzinfo=UTC))
            store.transact(lambda connection: people.add(connection, [new]))
        with postgres_cluster.role("web_of_commands") as login:
            granted = cli("db", "grant", TRAINEE, "--served-by", login, "--store", owner)
            assert granted.code == 0, granted.err
            yield owner.replace(f"//{postgres_cluster.user}@", f"//{login}@")
            postgres_cluster.execute(f'DROP ROLE IF EXISTS "{TRAINEE}"')

    def test_practises_as_the_trainee(self, cli, web, owner, bundle):
        assert cli("import", str(bundle), "--add", "--store", owner).code == 0
        hers = acting_as(web, TRAINEE)
        words = ("practice", "wary", "--plain", "--seed", "1", "--trainee", TRAINEE)
        done = cli(*words, "--store", hers, stdin=REPLIES)
        assert done.code == 0, done.err
        assert "SCORES" in done.out
        assert len(cli("sessions", "list", "--store", hers).out.splitlines()) == 2
        assert cli("sessions", "list", "--store", web).out == ""
        other = cli(*words[:-1], "t-other2", "--store", hers, stdin=REPLIES)
        assert (other.code, other.out) == (2, "")

    def test_that_was_not_given_to_the_server_is_told_so_in_a_line(self, web):
        pytest.importorskip("textual_serve", reason="the extra web is not installed")
        told = {
            "ALLIANCE_SIM_STORE": acting_as(web, TEACHER),
            "TEXTUAL_DRIVER": "textual.drivers.web_driver:WebDriver",
        }
        with subprocess.Popen(
            [sys.executable, "-P", "-m", "alliance_sim.cli.tab", "--trainee", TEACHER],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **told},
        ) as tab:
            said = tab.stderr.read()
        assert tab.returncode == 5
        assert "refuses this login" in said
        assert said.count("\n") == 1

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            ((TEACHER, "--instructor", "--served-by", "web"), "is for trainees"),
            ((TRAINEE, "--served-by", "nosuch"), "no such login"),
        ],
    )
    def test_what_cannot_be_given(self, cli, web, owner, words, told):
        done = cli("db", "grant", *words, "--store", owner)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
