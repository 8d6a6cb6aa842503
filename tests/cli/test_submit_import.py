"""`sessions submit` and `import`, from a laptop to a desk."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice, and it stings.\n"
TRAINEE = "t-heron2"


@pytest.fixture
def laptop(tmp_path, monkeypatch):
    """The data folder of the trainee's machine."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "laptop"))
    return tmp_path / "laptop" / "alliance-sim"


@pytest.fixture
def held(cli, laptop):
    done = cli(
        "practice", "mandated", "--plain", "--seed", "7", "--trainee", TRAINEE, stdin=REPLIES
    )
    assert done.code == 0
    return cli("sessions", "list").out.split("\t")[0]


@pytest.fixture
def desk(tmp_path):
    return str(tmp_path / "desk" / "store.db")


@pytest.fixture
def handed_in(cli, held):
    return Path(cli("sessions", "submit", "last", "--out", "hers.bundle").out.strip())


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def no_windows(path, wanted):
    return os.name != "posix" or mode(path) == wanted


class TestSubmit:
    def test_one_file_and_what_is_in_it(self, cli, held):
        done = cli("sessions", "submit", "last")
        path = Path(done.out.strip())
        assert done.code == 0
        assert path.name == f"{TRAINEE}-{held}.bundle"
        assert no_windows(path, 0o600)
        assert "every word that you and the client said, 2 replies of yours" in done.err
        header, *rest = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert header["trainee"] == TRAINEE
        assert [each["id"] for each in header["sessions"]] == [held]
        texts = {line["id"] for line in rest if line["line"] == "text"}
        assert {"mandated", "empathy"} <= texts
        assert rest[-1]["line"] == "signature"

    def test_nothing_of_other_sessions(self, cli, held):
        secret = "Nobody is to hand this in, ever."
        done = cli("practice", "wary", "--plain", "--trainee", TRAINEE, stdin=f"{secret}\n")
        assert done.code == 0
        path = Path(cli("sessions", "submit", held).out.strip())
        assert secret not in path.read_text("utf-8")

    def test_the_key_is_made_once_and_never_leaves(self, cli, held, laptop):
        first = Path(cli("sessions", "submit", "last", "--out", "a.bundle").out.strip())
        key = laptop / "signing-key.pem"
        private = key.read_text("ascii")
        assert no_windows(key, 0o600)
        second = Path(cli("sessions", "submit", "last", "--out", "b.bundle").out.strip())
        assert key.read_text("ascii") == private
        heads = [json.loads(path.open(encoding="utf-8").readline()) for path in (first, second)]
        assert heads[0]["key"] == heads[1]["key"]
        secret = "".join(private.splitlines()[1:-1])
        assert secret not in first.read_text("utf-8")
        assert [path.name for path in laptop.iterdir() if "key" in path.name] == [key.name]

    def test_a_key_that_others_may_read_is_closed_to_them(self, cli, held, laptop):
        cli("sessions", "submit", "last")
        (laptop / "signing-key.pem").chmod(0o644)
        cli("sessions", "submit", "last")
        assert no_windows(laptop / "signing-key.pem", 0o600)

    def test_a_file_that_is_no_key(self, cli, held, laptop):
        (laptop / "signing-key.pem").write_text("nothing")
        done = cli("sessions", "submit", "last")
        assert done.code == 2
        assert "not an Ed25519 key" in done.err

    def test_only_what_has_ended(self, cli, held):
        from alliance_sim.cli.wiring import open_store  # noqa: PLC0415 - the test's own folders
        from alliance_sim.domain.events import SessionOpened  # noqa: PLC0415
        from alliance_sim.runtime.clock import SystemClock  # noqa: PLC0415

        with open_store(None) as store:
            opened = next(
                one.event for one in store.events(held) if isinstance(one.event, SessionOpened)
            )
            store.append("20990101-0000-zzzzzz", [opened], at=SystemClock().now())
        done = cli("sessions", "submit", "20990101-0000-zzzzzz")
        assert (done.code, done.out) == (2, "")
        assert "has not ended" in done.err

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (("last", "--trainee", "t-other2"), "was held by t-heron2, not by t-other2"),
            (("nothing-like-it",), "no such session"),
            (("last", "--assignment", "No Such!"), "not an id"),
            (("last", "--out", "."), "it is a folder"),
            (("last", "--out", "thesis.txt"), "a file that is no bundle"),
        ],
    )
    def test_slips(self, cli, held, words, told):
        Path("thesis.txt").write_text("Chapter 1")
        done = cli("sessions", "submit", *words)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
        assert Path("thesis.txt").read_text() == "Chapter 1"
        assert not list(Path().glob("*.bundle"))

    def test_somebody_has_to_say_whose_it_is(self, cli, laptop):
        cli("practice", "wary", "--plain", stdin="Hello.\n")
        done = cli("sessions", "submit", "last")
        assert done.code == 2
        assert "--trainee" in done.err
        assert cli("sessions", "submit", "last", "--trainee", TRAINEE).code == 0


class TestImport:
    def test_an_unknown_trainee(self, cli, held, handed_in, desk):
        cli("cohort", "add", "spring", "--title", "Spring", "--store", desk)
        done = cli("import", str(handed_in), "--store", desk)
        assert (done.code, done.out) == (3, "")
        assert f"nobody here has the pseudonym {TRAINEE}" in done.err
        assert cli("import", str(handed_in), "--store", desk, "--add").code == 0

    def test_from_end_to_end(self, cli, held, handed_in, desk):
        done = cli("import", str(handed_in), "--store", desk)
        assert done.code == 0
        assert f"not known here before, and from now on: 1 trainee(s): {TRAINEE}" in done.err
        path, session, state, trainee, overall, attempt = done.out.rstrip("\n").split("\t")
        assert (path, session, state, trainee) == (str(handed_in), held, "taken in", TRAINEE)
        assert (overall != "-", attempt) == (True, "-")
        here = cli("sessions", "show", held).out
        there = cli("sessions", "show", held, "--store", desk)
        assert there.out == here
        again = cli("import", str(handed_in), "--store", desk)
        assert (again.code, again.out.split("\t")[2]) == (0, "already here")

    def test_each_bundle_by_itself(self, cli, held, handed_in, desk):
        data = handed_in.read_bytes()
        Path("a.bundle").write_bytes(data.replace(b"stings", b"stinks", 1))
        Path("b.bundle").write_bytes(data[:-300])
        done = cli("import", ".", "missing.bundle", "--store", desk, "--add")
        assert done.code == 3
        assert [line.split("\t")[0] for line in done.out.splitlines()] == ["hers.bundle"]
        told = done.err.splitlines()
        assert any("a.bundle: it was changed after it was signed" in line for line in told)
        assert any("b.bundle: it ends before its signature" in line for line in told)
        assert any("missing.bundle" in line and "no such file" in line for line in told)
        assert told[-1].startswith("3 refused")

    def test_a_newer_one_is_one_line(self, cli, held, handed_in, desk):
        newer = handed_in.read_bytes().replace(b'"version":1', b'"version":9', 1)
        Path("newer.bundle").write_bytes(newer)
        done = cli("import", "newer.bundle", "--store", desk, "--add")
        assert done.code == 3
        assert "newer version of the program" in done.err.splitlines()[0]
        assert "Traceback" not in done.err

    def test_a_dry_run_writes_nothing(self, cli, held, handed_in, desk):
        done = cli("import", str(handed_in), "--store", desk, "--add", "--dry-run")
        assert (done.code, done.out.split("\t")[2]) == (0, "taken in")
        assert "No sessions yet" in cli("sessions", "list", "--store", desk).err
        assert cli("audit", "list", "--store", desk).out == ""

    def test_who_did_it_is_in_the_audit_log(self, cli, held, handed_in, desk, monkeypatch):
        monkeypatch.setenv("ALLIANCE_SIM_USER", "i-coord2")
        cli("import", str(handed_in), "--store", desk, "--add")
        (line,) = cli("audit", "list", "--store", desk, "--format", "jsonl").out.splitlines()
        entry = json.loads(line)
        assert (entry["who"], entry["action"], entry["subject"]) == ("i-coord2", "import", TRAINEE)
        assert "stings" not in line

    def test_a_full_disk_leaves_nothing_behind(self, cli, held, handed_in, desk):
        cli("sessions", "list", "--store", desk)

        def full(connection, _record):
            connection.execute("PRAGMA max_page_count = 1").close()

        event.listen(Engine, "connect", full)
        try:
            done = cli("import", str(handed_in), "--store", desk, "--add")
        finally:
            event.remove(Engine, "connect", full)
        assert done.code == 5
        assert "the disk is full" in done.err
        assert "No sessions yet" in cli("sessions", "list", "--store", desk).err
        assert cli("import", str(handed_in), "--store", desk, "--add").code == 0


HALF = """
import sys, time
from alliance_sim.cli.app import app_of
from alliance_sim.programme import taking_in

written = taking_in.take_in

def half(connection, session_id, found):
    written(connection, session_id, found)
    print("half", flush=True)
    time.sleep(60)

taking_in.take_in = half
app_of(["import"])(["import", *sys.argv[1:]], standalone_mode=False)
"""


@pytest.mark.skipif(os.name != "posix", reason="no SIGKILL")
def test_killed_in_the_middle(cli, held, handed_in, desk):
    words = [sys.executable, "-c", HALF, str(handed_in), "--store", desk, "--add"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as importer:
        assert importer.stdout.readline() == "half\n"
        importer.send_signal(signal.SIGKILL)
    assert "No sessions yet" in cli("sessions", "list", "--store", desk).err
    assert "no entries" in cli("audit", "list", "--store", desk).err
    assert cli("import", str(handed_in), "--store", desk, "--add").code == 0
    assert cli("sessions", "list", "--store", desk).out.startswith(held)
