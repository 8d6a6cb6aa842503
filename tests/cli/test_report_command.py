"""`report`: what it writes and where, what it refuses, and its entries in the audit log."""

import json
import subprocess
import sys

import pytest

from alliance_sim.cli.wiring import store_name
from alliance_sim.domain.programme import Role
from alliance_sim.store.audit import entries
from alliance_sim.store.repository import Store
from alliance_sim.store.rights import grant, secure
from alliance_sim.store.written_files import EVERYBODY, files_about
from practised import Programme, day


def first_years(store):
    """A cohort of six, five of whom have practised twice."""
    made = Programme(store)
    made.cohort("a", *(f"t-{n}" for n in range(6)), title="First years")
    for person in range(5):
        for number in range(2):
            made.session(
                f"s{person}{number}",
                f"t-{person}",
                on=10 * number,
                scenario="wary" if number else "mandated",
                overall=2.5,
                scores={"empathy": 2.5},
            )
    return made


@pytest.fixture
def programme():
    with Store.open(store_name(None)) as store:
        made = first_years(store)
        made.session("own", None, overall=3.0)
        yield made


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.csv"
    path.write_text("trainee,name\nt-1,Ada Blum\nt-5,Zoe Quill\n", encoding="utf-8")
    return path


def audited(programme):
    with programme.store.reading() as connection:
        return [(e.action, e.subject, e.detail) for e in reversed(entries(connection))]


def test_a_page_to_standard_output(cli, programme):
    done = cli("report", "trainee", "t-1")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("<!DOCTYPE html>")
    assert "t-1" in done.out


@pytest.mark.parametrize("format_", ["html", "text", "json", "pdf"])
def test_to_a_file_in_every_format(cli, programme, tmp_path, format_):
    if format_ == "pdf":
        pytest.importorskip("weasyprint")
    path = tmp_path / f"report.{format_}"
    done = cli("report", "cohort", "a", "--format", format_, "--out", str(path))
    assert (done.code, done.out) == (0, "")
    assert "10 session(s)" in done.err
    beginning = {
        "html": b"<!DOCTYPE",
        "text": b"Cohort report: First",
        "json": b"{",
        "pdf": b"%PDF",
    }
    assert path.read_bytes().startswith(beginning[format_])


def test_a_pdf_goes_through_a_pipe_but_not_to_a_terminal(cli, programme, monkeypatch):
    pytest.importorskip("weasyprint")
    program = [sys.executable, "-c", "from alliance_sim.cli.main import run; run()"]
    words = ["report", "trainee", "t-1", "--format", "pdf"]
    piped = subprocess.run([*program, *words], capture_output=True, check=True)
    assert piped.stdout.startswith(b"%PDF")
    assert piped.stderr == b""
    monkeypatch.setattr("alliance_sim.cli.commands.report._terminal", lambda: True)
    done = cli("report", "trainee", "t-1", "--format", "pdf")
    assert done.code == 2
    assert "--out FILE" in done.err


def test_without_an_id_the_sessions_that_bear_none(cli, programme):
    made = json.loads(cli("report", "trainee", "--format", "json").out)
    assert (made["trainee"], [row["id"] for row in made["sessions"]]) == (None, ["own"])


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ((), 10),
        (("--scenario", "wary"), 5),
        (("--since", "2026-03-03"), 5),
        (("--until", "2026-03-02"), 5),
        (("--since", "2026-03-02", "--until", "2026-03-12"), 10),
        (("--assignment", "m1"), 1),
    ],
)
def test_filters_days_are_whole(cli, programme, words, count):
    programme.assignment("m1", "a", due_at=day(3))
    programme.attempt("s00", "m1", "t-0")
    made = json.loads(cli("report", "cohort", "a", "--format", "json", *words).out)
    assert made["totals"]["sessions"] == count


@pytest.mark.parametrize("day_", ["9999-12-31", "2026-02-30", "31.3.2026"])
def test_a_day_that_is_none(cli, programme, day_):
    done = cli("report", "cohort", "a", "--until", day_)
    assert (done.code, done.out) == (2, "")
    assert f"--until '{day_}': a day is written as" in done.err


def test_all_of_the_store(cli, programme):
    made = json.loads(cli("report", "cohort", "--all", "--format", "json").out)
    assert (made["cohort"], made["totals"]["sessions"], made["members"]) == (None, 11, 6)


def test_every_report_is_in_the_audit_log(cli, programme, tmp_path, monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_USER", "coordinator")
    cli("report", "cohort", "a", "--since", "2026-03-02", "--format", "text")
    cli("report", "trainee", "t-1", "--out", str(tmp_path / "t1.html"))
    first, second = audited(programme)
    assert first[:2] == ("report", "a")
    assert first[2]["selection"]["since"].startswith("2026-03-02T00:00")
    assert second[:2] == ("report", "t-1")
    assert (second[2]["file"], second[2]["names"]) == ("t1.html", False)


def test_names_are_put_in_only_with_the_key_file_and_that_is_told(cli, programme, names):
    without = cli("report", "cohort", "a").out
    assert "Zoe Quill" not in without
    assert "Zoe Quill" in cli("report", "cohort", "a", "--names", str(names)).out
    assert "Ada Blum" in cli("report", "trainee", "t-1", "--names", str(names)).out
    assert [action for action, *_ in audited(programme)] == [
        "report",
        *(["report", "reidentify"] * 2),
    ]
    told = json.dumps(audited(programme))
    assert "Zoe" not in told
    assert "Ada" not in told


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("cohort",), 2, "name a cohort, or give --all"),
        (("cohort", "a", "--all"), 2, "not both"),
        (("cohort", "b"), 2, "there is no cohort b"),
        (("trainee", "t-99"), 2, "no ended session of trainee t-99"),
        (("cohort", "a", "--since", "yesterday"), 2, "2026-03-31"),
        (("cohort", "a", "--since", "2026-03-03", "--until", "2026-03-02"), 2, "after --until"),
        (("cohort", "a", "--assignment", "m9"), 2, "m9: no such assignment"),
        (("trainee", "t-1", "--assignment", "m9"), 2, "m9: no such assignment"),
        (("cohort", "a", "--until", "2026-02-30"), 2, "--until"),
        (("trainee", "t-1", "--names", "nowhere.csv"), 3, "no such key file"),
        (("trainee", "t-1", "--out", "."), 2, "cannot be written"),
    ],
)
def test_what_cannot_be_reported_is_one_line(cli, programme, words, code, told):
    done = cli("report", *words)
    assert (done.code, done.out) == (code, "")
    assert told in done.err
    assert done.err.count("\n") == 1


def test_nothing_is_noted_of_what_was_refused(cli, programme):
    cli("report", "cohort", "b")
    cli("report", "trainee", "t-99")
    assert audited(programme) == []


def test_without_the_extra_a_pdf_is_refused_and_the_extra_named(cli, programme, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    done = cli("report", "trainee", "t-1", "--format", "pdf")
    assert (done.code, done.out) == (2, "")
    assert "alliance-sim[pdf]" in done.err


def test_sessions_that_were_never_scored_are_scored_first(cli):
    replies = "Come in, have a seat.\nIt sounds like none of this was your choice.\n"
    assert cli("practice", "mandated", "--plain", "--trainee", "t-1", stdin=replies).code == 0
    with Store.open(store_name(None)) as store:
        (session,) = store.sessions()
        kept = [
            stored.event for stored in store.events(session.id) if stored.event.type != "scored"
        ]
        store.append("again", kept, at=day(1))
    made = json.loads(cli("report", "trainee", "t-1", "--format", "json").out)
    assert [bool(row["scores"]) for row in made["sessions"]] == [True, True]


def test_a_file_is_kept_in_mind_with_whom_it_is_about(cli, programme, tmp_path):
    cli("report", "trainee", "t-1", "--out", str(tmp_path / "one.html"))
    cli("report", "cohort", "a", "--out", str(tmp_path / "all.html"))
    with programme.store.reading() as connection:
        found = files_about(connection, ["t-1", EVERYBODY])
    assert [(each.path.rpartition("/")[2], each.person, each.kind) for each in found] == [
        ("all.html", EVERYBODY, "report"),
        ("one.html", "t-1", "report"),
    ]


class TestOnAServer:
    """With logins of trainees."""

    @pytest.fixture
    def hers(self, postgres_url, postgres_cluster, postgres_database):
        with Store.open(postgres_url) as store:
            made = Programme(store)
            made.cohort("a", "t-reports")
            made.session("mine", "t-reports", overall=2.0, scores={"empathy": 2.0})
            made.session("theirs", "t-other", overall=3.0, scores={"empathy": 3.0})
            store.transact(secure)
            store.transact(lambda connection: grant(connection, "t-reports", Role.TRAINEE))
        yield postgres_cluster.url(postgres_database, "t-reports")
        postgres_cluster.execute('DROP OWNED BY "t-reports"', postgres_database)
        postgres_cluster.execute('DROP ROLE IF EXISTS "t-reports"')

    def test_a_trainee_has_her_own_report_and_no_other(self, cli, hers):
        words = ("--store", hers, "--format", "json")
        made = json.loads(cli("report", "trainee", "t-reports", *words).out)
        assert [row["id"] for row in made["sessions"]] == ["mine"]
        other = cli("report", "trainee", "t-other", *words)
        assert (other.code, other.out) == (2, "")
        everybody = cli("report", "cohort", "--all", *words)
        assert (everybody.code, everybody.out) == (5, "")

    def test_the_coordinator_has_the_same_figures_as_in_a_file(self, cli, postgres_url, programme):
        with Store.open(postgres_url) as server:
            first_years(server)
        words = ("report", "cohort", "a", "--format", "json")
        on_server = json.loads(cli(*words, "--store", postgres_url).out)
        in_file = json.loads(cli(*words).out)
        assert {**on_server, "made_at": ""} == {**in_file, "made_at": ""}
