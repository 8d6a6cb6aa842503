"""`privacy` and `audit` from the command line."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alliance_sim.cli.wiring import data_folder
from alliance_sim.store.repository import Store
from held_sessions import hold

REPLIES = "Come in.\nPlum jam on the windowsill all winter long, you said.\nSee you.\n"
HERS, OTHER = "t-heron2", "t-wren22"


@pytest.fixture
def held(cli):
    """Two trainees of a roster, each with a session."""
    Path("roster.csv").write_text("name,email\nZoë Heron,zoe@school.test\n")
    assert cli("cohort", "add", "spring", "--title", "Spring").code == 0
    assert cli("roster", "import", "roster.csv", "--cohort", "spring").code == 0
    (hers,) = re.findall(r"t-[0-9a-z]{6}", cli("roster", "list").out)
    for who, words in ((hers, REPLIES), (OTHER, "Hello.\n")):
        done = cli("practice", "mandated", "--plain", "--trainee", who, stdin=words)
        assert done.code == 0
    return hers


class TestDelete:
    def test_proved(self, cli, held):
        path = data_folder() / "names.csv"
        assert held in path.read_text("utf-8")
        sessions = cli("sessions", "list").out.splitlines()
        bundle = Path(cli("sessions", "submit", sessions[1].split("\t")[0]).out.strip())
        assert cli("privacy", "verify", held).code == 1
        done = cli("privacy", "delete", held, "--yes", "--verify")
        assert done.code == 0
        assert "1 session(s) deleted, 1 file(s), and the line of the key file" in done.err
        assert "of which 1 stood in the database's files before" in done.err
        assert not bundle.exists()
        assert "Zoë" not in path.read_text("utf-8")
        assert "events\t" in done.out
        assert len(cli("sessions", "list").out.splitlines()) == 1
        assert cli("privacy", "verify", held).code == 0
        assert cli("privacy", "delete", held, "--yes").code == 2

    def test_it_asks(self, cli, held):
        done = cli("privacy", "delete", held)
        assert done.code == 2
        assert "in a pipe add --yes" in done.err
        assert "1 session(s)" in done.err
        assert len(cli("sessions", "list").out.splitlines()) == 2

    def test_a_key_file_elsewhere(self, cli, held):
        elsewhere = Path("elsewhere.csv")
        elsewhere.write_text(f"trainee,name\n{held},Zoë Heron\n", "utf-8")
        done = cli("privacy", "delete", held, "--yes", "--verify", "--names", str(elsewhere))
        assert done.code == 0
        assert "Zoë" not in elsewhere.read_text("utf-8")
        assert str(elsewhere) in done.out
        assert cli("privacy", "verify", held).code == 1

    def test_a_key_file_that_is_not_there_proves_nothing(self, cli, held):
        for words in (("delete", held, "--yes", "--verify"), ("verify", held)):
            done = cli("privacy", *words, "--names", "nams.csv")
            assert (done.code, done.out) == (3, "")
            assert "nams.csv: there is no such key file" in done.err
        assert len(cli("sessions", "list").out.splitlines()) == 2

    def test_a_key_file_at_home(self, cli, held):
        path = Path("~/mine.csv").expanduser()
        path.write_text(f"trainee,name\n{held},Zoë Heron\n", "utf-8")
        assert cli("privacy", "delete", held, "--yes", "--names=~/mine.csv").code == 0
        assert "Zoë" not in path.read_text("utf-8")

    @pytest.mark.parametrize("nobody", ["t-nobody", "*", " ", "../../x"])
    def test_nobody(self, cli, held, nobody):
        assert cli("privacy", "delete", nobody, "--yes").code == 2


def test_verify_finds_what_is_there(cli, held):
    done = cli("privacy", "verify", held)
    assert done.code == 1
    found = {line.split("\t")[0]: line.split("\t")[2] for line in done.out.splitlines()}
    assert found["sessions"].startswith("the pseudonym in trainee: 1")
    assert found["memberships"].startswith("the pseudonym in person: 1")
    assert found["ratings"] == "nothing"
    assert "jam" not in done.out


class TestConsent:
    def test_given_and_taken_back(self, cli, held):
        assert cli("privacy", "consent", held).out == f"{held}\tno\tnever asked\n"
        assert cli("privacy", "consent", held, "--yes").code == 0
        assert cli("privacy", "consent", held).out.startswith(f"{held}\tyes\t20")
        assert cli("privacy", "consent", held, "--no").code == 0
        assert cli("privacy", "consent", held).out.startswith(f"{held}\tno\t20")
        log = cli("audit", "list", "--action", "consent", "--format", "jsonl").out.splitlines()
        entries = [json.loads(line) for line in log]
        assert [entry["detail"]["research"] for entry in entries] == [False, True]
        assert {entry["subject"] for entry in entries} == {held}

    def test_nobody(self, cli, held):
        assert cli("privacy", "consent", "t-nobody", "--yes").code == 2


class TestRetention:
    def test_listed_and_then_deleted(self, cli, held, monkeypatch):
        assert cli("privacy", "retention").code == 2
        assert cli("privacy", "retention", "--days", "1").out == ""
        monkeypatch.setattr("alliance_sim.runtime.clock.SystemClock", Later)
        listed = cli("privacy", "retention", "--days", "30")
        assert {line.split("\t")[2] for line in listed.out.splitlines()} == {held, OTHER}
        assert "2 session(s) due, 0 file(s)\nnothing is deleted without --apply" in listed.err
        assert len(cli("sessions", "list").out.splitlines()) == 2
        done = cli("privacy", "retention", "--cohort", "spring", "--days", "30", "--apply")
        assert (done.code, "1 session(s) deleted" in done.err) == (0, True)
        assert len(cli("sessions", "list").out.splitlines()) == 1
        (line,) = cli("audit", "list", "--action", "retention").out.splitlines()
        assert line.split("\t")[2:] == ["retention", "spring", "sessions=1 days=30"]

    def test_whatever_a_trainee_is_called_a_line_is_a_line(self, cli, held, monkeypatch):
        with Store.open(data_folder() / "sessions.db") as store:
            hold(store, "s1", "\x1b[31mred\nt-other", {}, at=datetime.now(UTC))
        monkeypatch.setattr("alliance_sim.runtime.clock.SystemClock", Later)
        out = cli("privacy", "retention", "--days", "30").out
        assert "\x1b" not in out
        assert len(out.splitlines()) == 3

    def test_no_such_cohort(self, cli, held):
        done = cli("privacy", "retention", "--cohort", "autumn")
        assert done.code == 2
        assert "no such cohort" in done.err


class Later:
    def now(self):
        return datetime.now(UTC) + timedelta(days=100)


class TestAudit:
    def test_since(self, cli, held):
        assert cli("audit", "list").out
        assert cli("audit", "list", "--since", "2000-01-01").out == cli("audit", "list").out
        done = cli("audit", "list", "--since", "2999-01-01")
        assert (done.out, done.err) == ("", "no entries\n")
        assert cli("audit", "list", "--since", "yesterday").code == 2

    def test_it_cannot_act_on_the_terminal(self, cli, held, monkeypatch):
        monkeypatch.setenv("ALLIANCE_SIM_USER", "\x1b[31mred\tand\nmore")
        cli("privacy", "consent", held, "--yes")
        (line,) = cli("audit", "list", "--action", "consent").out.splitlines()
        assert "\x1b" not in line
        assert line.split("\t")[1] == "red and more"


def test_reports_and_pages_of_hers_go_and_those_of_a_cohort_are_named(cli, held):
    session = cli("sessions", "list").out.splitlines()[1].split("\t")[0]
    assert cli("report", "trainee", held, "--out", "hers.html").code == 0
    assert cli("report", "cohort", "spring", "--out", "all.html").code == 0
    assert cli("sessions", "show", session, "--html", "page.html").code == 0
    assert cli("export", "--trainee", held, "--out", "hers.csv").code == 0
    assert cli("export", "--out", "all.csv").code == 0
    done = cli("privacy", "delete", held, "--yes", "--verify")
    assert done.code == 0
    left = [name for name in ("hers.html", "page.html", "hers.csv") if Path(name).exists()]
    assert left == []
    for name in ("all.html", "all.csv"):
        assert Path(name).exists()
        assert f"left: {Path(name).resolve()}: holds rows of others too" in done.err
