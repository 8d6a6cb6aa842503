"""`export` from end to end, on both engines where the store matters."""

import csv
import errno
import io
import json
import os
import stat
from datetime import timedelta
from pathlib import Path

import openpyxl
import psycopg
import pyarrow.parquet
import pytest
from bench.programme import Size, generate
from sqlalchemy import insert

from alliance_sim.domain.programme import Role
from alliance_sim.errors import StoreProblem
from alliance_sim.store import audit, consent
from alliance_sim.store.repository import Store
from alliance_sim.store.rights import grant, secure
from alliance_sim.store.stamps import stamp
from alliance_sim.store.tables import events
from alliance_sim.store.written_files import files_about
from held_sessions import AT, assign, attempt, cohort, hold

REASON = ("empathy", 3.5, "j.smith", "Ann said so.")


def fill(address):
    with Store.open(address) as store:
        cohort(store, "autumn", "t-one", "t-two")
        homework = assign(store, "week-1", "autumn")
        hold(store, "s1", "t-one", {"empathy": 2.0, "pacing": None}, overall=3.0, override=REASON)
        attempt(store, homework, "t-one", "s1")
        hold(store, "s2", "t-two", {"empathy": 1.0}, at=AT + timedelta(days=1))
        store.transact(lambda c: consent.set_consent(c, "t-two", given=True, at=AT))


@pytest.fixture
def filled(isolated):
    """The address of a store in a file."""
    where = str(isolated / "programme.db")
    fill(where)
    return where


@pytest.fixture
def export(cli, filled):
    return lambda *words: cli("export", "--store", filled, *words)


def noted(address):
    with Store.open(address) as store, store.reading() as connection:
        return audit.entries(connection)


def table(done):
    assert done.code == 0, done.err
    return list(csv.DictReader(io.StringIO(done.out)))


def test_a_damaged_session_keeps_no_other_from_being_exported(export, filled):
    with Store.open(filled) as store:
        hold(store, "s3", "t-one", None, at=AT + timedelta(days=2))
        row = {"session_id": "s3", "seq": 3, "at": stamp(AT), "type": "reflected"}
        damaged = insert(events).values(**row, payload="{")
        store.transact(lambda connection: connection.execute(damaged))
    done = export()
    assert [row["session_id"] for row in table(done)] == ["s1", "s1", "s2"]
    assert "s3 has no scores: " in done.err
    assert "it is damaged, or from a newer version" in done.err


def test_every_format_holds_the_same_scores(cli, either_address, isolated):
    fill(either_address)
    where = ("--store", either_address)
    rows = table(cli("export", *where))
    wanted = [(row["session_id"], row["rubric"], row["score"]) for row in rows]
    assert wanted == [("s1", "empathy", "3.5"), ("s1", "pacing", ""), ("s2", "empathy", "1.0")]
    lines = cli("export", *where, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["score"] for line in lines] == [3.5, None, 1.0]
    for format_ in ("xlsx", "parquet", "xapi", "canvas"):
        assert cli("export", *where, "--format", format_, "--out", f"x.{format_}").code == 0
    book = openpyxl.load_workbook(isolated / "x.xlsx")
    assert [book[name].max_row - 1 for name in ("empathy", "pacing")] == [2, 1]
    parquet = pyarrow.parquet.read_table(isolated / "x.parquet")
    assert parquet["score"].to_pylist() == [3.5, None, 1.0]
    assert len(json.loads((isolated / "x.xapi").read_text("utf-8"))) == 5
    grades = (isolated / "x.canvas").read_text("utf-8").splitlines()
    assert grades[0].endswith("Section,About week-1 (week-1)")
    assert grades[2:] == ["t-one,,t-one,,autumn,3", "t-two,,t-two,,autumn,"]


def test_exports_of_the_same_store_are_the_same(export):
    for format_ in ("csv", "jsonl", "xapi", "canvas"):
        assert export("--format", format_).out == export("--format", format_).out


def test_filters(export):
    assert {row["session_id"] for row in table(export("--trainee", "t-two"))} == {"s2"}
    assert {row["session_id"] for row in table(export("--assignment", "week-1"))} == {"s1"}
    assert {row["rubric"] for row in table(export("--rubric", "pacing"))} == {"pacing"}
    day, next_day = "2026-03-02", "2026-03-03"
    assert {row["session_id"] for row in table(export("--since", next_day))} == {"s2"}
    assert {row["session_id"] for row in table(export("--until", day))} == {"s1"}
    assert len(table(export("--since", day, "--until", next_day))) == 3
    assert table(export("--since", "2026-03-02T11:00:01+02:00", "--until", next_day))[0][
        "session_id"
    ] == ("s2")
    assert table(export("--cohort", "autumn"))[0]["cohort"] == "autumn"
    assert table(export("--scenario", "nobody")) == []


def test_columns_and_redaction(export):
    done = export("--columns", "score,session_id", "--columns", "override_reason")
    assert done.out.splitlines()[0] == "score,session_id,override_reason"
    assert "Ann said so." in done.out
    hidden = export("--redact", "override_reason,overridden_by").out
    assert "Ann" not in hidden
    assert "j.smith" not in hidden
    assert "[redacted]" in hidden


def test_research_is_only_who_agreed_and_no_instructors_words(export, filled):
    assert {row["trainee"] for row in table(export("--research"))} == {"t-two"}
    with Store.open(filled) as store:
        store.transact(lambda c: consent.set_consent(c, "t-one", given=True, at=AT))
    both = export("--research")
    assert {row["trainee"] for row in table(both)} == {"t-one", "t-two"}
    assert "Ann" not in both.out
    assert "j.smith" not in both.out


def test_a_file_is_private_and_kept_in_mind(export, filled):
    done = export("--out", "scores.csv", "--trainee", "t-two")
    assert (done.out, "1 row(s) in scores.csv" in done.err) == ("", True)
    if os.name == "posix":
        assert stat.S_IMODE(Path("scores.csv").stat().st_mode) == 0o600
    with Store.open(filled) as store, store.reading() as connection:
        (found,) = files_about(connection, ["t-two"])
    assert (found.path, found.kind) == (str(Path("scores.csv").resolve()), "export")


def test_the_audit_log_tells_of_it(export, filled, monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_USER", "coordinator")
    export("--cohort", "autumn", "--since", "2026-03-01", "--redact", "overridden_by")
    export("--format", "jsonl", "--out", "scores.jsonl")
    latest, before = noted(filled)[:2]
    assert (before.who, before.action, before.subject) == (
        "coordinator",
        "export",
        "standard output",
    )
    assert before.detail == {
        "format": "csv",
        "rows": 3,
        "file": None,
        "names": False,
        "filters": {"cohort": "autumn", "since": "2026-03-01T00:00:00.000000+00:00"},
        "redacted": ["overridden_by"],
    }
    assert (latest.subject, latest.detail["rows"]) == ("scores.jsonl", 3)


def test_a_preview_writes_nothing(export, filled, isolated):
    before = sorted(os.listdir(isolated))
    done = export("--preview", "--out", "x.csv", "--redact", "overridden_by")
    assert done.code == 0
    assert done.out.splitlines()[0] == "3 row(s) of 2 session(s)"
    assert "left out: 1 cell(s) of overridden_by" in done.out
    assert "could name somebody: 1 cell(s) of override_reason" in done.out
    assert "s1,t-one,wary" in done.out
    assert noted(filled) == []
    assert sorted(os.listdir(isolated)) == before


def test_a_preview_tells_of_names_formulas_and_sessions_to_be_scored(export, filled):
    with Store.open(filled) as store:
        hold(store, "s3", "Ann Example", {"empathy": 1.0})
        hold(store, "s4", "=1+1", {"empathy": 1.0})
        hold(store, "s5", "t-one")
    told = export("--preview").out
    assert "on no roster, perhaps a name: 2 trainee(s), as =1+1, Ann Example" in told
    assert "made no formula: 1 cell(s) of trainee" in told
    assert "to be scored first: 1 session(s)" in told
    with Store.open(filled) as store:
        assert len(store.events("s5")) == 2


@pytest.mark.parametrize("format_", ["xapi", "canvas", "xlsx"])
def test_a_preview_of_any_format_is_text(export, format_):
    done = export("--preview", "--format", format_)
    assert done.code == 0
    assert "t-one" in done.out


@pytest.mark.parametrize(
    "words",
    [
        ("--cohort", "nobody"),
        ("--assignment", "nothing"),
        ("--trainee", "t-nobody"),
        ("--columns", "pace"),
        ("--redact", "session_id"),
        ("--since", "yesterday"),
        ("--since", "2026-03-02T09:00"),
        ("--since", "2026-03-03", "--until", "2026-03-01"),
        ("--format", "canvas", "--rubric", "empathy"),
        ("--format", "canvas", "--points", "0"),
        ("--format", "canvas", "--points", "nan"),
        ("--format", "csv", "--points", "10"),
        ("--format", "csv", "--home-page", "https://a.org"),
        ("--format", "xapi", "--columns", "score"),
        ("--format", "xapi", "--home-page", "somewhere"),
        ("--out", "/nonexistent/x.csv"),
        ("--out", "."),
    ],
)
def test_what_cannot_be_exported(export, filled, words):
    done = export(*words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert words[-2] in done.err or words[-1] in done.err
    assert noted(filled) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_disk_that_is_full(export):
    done = export("--out", "/dev/full")
    assert (done.code, done.err) == (
        2,
        "--out /dev/full: cannot be written (no space left on device)\n",
    )


def test_a_disk_that_fills_up_leaves_the_old_file(export, filled, monkeypatch):
    Path("scores.csv").write_text("before", "utf-8")

    def full(rows, columns, out):
        out.write(b"half a")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("alliance_sim.reporting.tables.comma_separated.write_csv", full)
    done = export("--out", "scores.csv")
    assert (done.code, "no space left" in done.err) == (2, True)
    assert Path("scores.csv").read_text("utf-8") == "before"
    assert noted(filled) == []


def test_without_an_entry_in_the_audit_log_nothing_is_given_out(export, monkeypatch):
    def gone(*_given):
        raise StoreProblem("the server is gone")

    monkeypatch.setattr("alliance_sim.programme.export_audit.note_export", gone)
    assert (export().code, export().out) == (5, "")
    assert export("--out", "scores.csv").code == 5
    assert [name for name in os.listdir() if "scores" in name] == []


def test_a_server_that_goes_away_in_the_middle(cli, postgres_url, monkeypatch):
    with Store.open(postgres_url) as store:
        generate(store, Size(trainees=5, sessions=400, events=8000))
    Path("scores.csv").write_text("before", "utf-8")

    def interrupted(rows, columns, out):
        next(rows := iter(rows))
        with psycopg.connect(postgres_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        list(rows)

    monkeypatch.setattr("alliance_sim.reporting.tables.comma_separated.write_csv", interrupted)
    done = cli("export", "--store", postgres_url, "--out", "scores.csv")
    assert (done.code, done.err.count("\n")) == (5, 1)
    assert [name for name in os.listdir() if "scores" in name] == ["scores.csv"]
    assert Path("scores.csv").read_text("utf-8") == "before"
    assert noted(postgres_url) == []


@pytest.fixture
def login(postgres_url, postgres_cluster, postgres_database):
    """Gives the address of a filled server for somebody's own login."""
    fill(postgres_url)
    names = {"i-seven": Role.INSTRUCTOR, "t-one": Role.TRAINEE}
    with Store.open(postgres_url) as store:
        store.transact(secure)
        for name, role in names.items():
            store.transact(lambda c, name=name, role=role: grant(c, name, role))
    yield lambda name: postgres_cluster.url(postgres_database, name)
    for name in names:
        postgres_cluster.execute(f'DROP ROLE IF EXISTS "{name}"')


def test_an_instructor_exports_from_a_server(cli, login, postgres_url):
    done = cli("export", "--store", login("i-seven"), "--out", "scores.csv")
    assert (done.code, done.err) == (0, "3 row(s) in scores.csv\n")
    assert noted(postgres_url)[0].action == "export"


def test_a_trainee_exports_nothing_from_a_server(cli, login, postgres_url):
    done = cli("export", "--store", login("t-one"), "--out", "scores.csv")
    assert (done.code, done.out, done.err.count("\n")) == (5, "", 1)
    assert not Path("scores.csv").exists()
    assert noted(postgres_url) == []


class TestCanvas:
    KEY = "trainee,name,email,ID,SIS User ID,SIS Login ID,Section\nt-one,Ann Example,,101,,,A\n"

    @pytest.fixture
    def key(self):
        Path("names.csv").write_text(self.KEY, "utf-8")
        return ("--names", "names.csv")

    def test_names_come_from_the_key_file_and_the_audit_log_says_so(self, export, filled, key):
        done = export("--format", "canvas", "--points", "10", *key)
        assert done.out.splitlines()[1:] == [
            "    Points Possible,,,,,10",
            "Ann Example,101,,,A,7.5",
            "t-two,,t-two,,autumn,",
        ]
        entries = noted(filled)
        assert {entry.action for entry in entries} == {"export", "reidentify"}
        assert "Ann" not in str(entries)

    def test_a_gradebook_is_filled_in(self, export, key):
        book = "Student,ID,SIS Login ID,Section,About week-1 (7)\r\nAnn,101,x,A,\r\nBo,9,y,A,2\r\n"
        Path("book.csv").write_bytes(book.encode())
        done = export("--format", "canvas", "--gradebook", "book.csv", *key, "--out", "new.csv")
        assert done.code == 0
        assert "1 grade(s) put in" in done.err
        assert Path("new.csv").read_bytes() == book.replace("A,\r", "A,3\r").encode()
        assert Path("book.csv").read_bytes() == book.encode()

    def test_no_assignments_no_columns(self, cli):
        done = cli("export", "--format", "canvas")
        assert (done.code, "assignment add" in done.err) == (2, True)

    @pytest.mark.parametrize("option", ["--names", "--gradebook"])
    def test_a_file_that_is_not_there(self, export, option):
        done = export("--format", "canvas", option, "nothing.csv")
        assert (done.code, "nothing.csv" in done.err) == (3, True)
