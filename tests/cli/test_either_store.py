"""The whole program with a store in a file and on a server, named by --store."""

import csv
import io
import json
import subprocess
import sys

import pytest

from alliance_sim.store.repository import Store

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice.\nHow is work?\n"
PIPED = ("practice", "mandated", "--plain", "--json", "--seed", "7", "--trainee", "t-ab2c3d")


@pytest.fixture
def at(cli, either_address):
    """A command at the store."""
    return lambda *words, stdin="": cli(*words, "--store", either_address, stdin=stdin)


@pytest.fixture
def held(at):
    """The JSON lines of a session over a pipe."""
    done = at(*PIPED, stdin=REPLIES)
    assert done.code == 0
    return [json.loads(line) for line in done.out.splitlines()]


def spoken(records):
    said = [r for r in records if r["kind"] in {"client", "therapist"}]
    return [f"{'C' if r['kind'] == 'client' else 'T'}: {r['text']}" for r in said]


def test_a_session_is_held_listed_shown_and_resumed(at, held):
    name = held[0]["session_id"]
    assert f"{name}\tmandated\t3 turns" in at("sessions", "list").out
    assert at("sessions", "show", "last").out.splitlines() == spoken(held)
    again = at("sessions", "resume", name[:-2], "--plain")
    assert again.code == 0
    assert "DEBRIEF" in again.out
    assert at("sessions", "show", "last", "--html", "page.html").code == 0


def test_the_same_seed_says_the_same_on_both(cli, at, held, isolated):
    in_a_file = cli(*PIPED, "--store", str(isolated / "other.db"), stdin=REPLIES)
    assert spoken(map(json.loads, in_a_file.out.splitlines())) == spoken(held)


def test_a_turn_is_tried_again_and_all_of_it_deleted(at, held):
    name, turn = held[0]["session_id"], str(spoken(held).index("T: How is work?"))
    retried = at("sessions", "retry", name, turn, "--plain", stdin="You never listen.\n")
    assert retried.code == 0
    assert "You never listen." in retried.out
    gone = at("sessions", "delete", name, "--branches", "--yes")
    assert gone.code == 0
    assert at("sessions", "list").out == ""


def test_scores_are_changed_exported_and_rated(at, held):
    name = held[0]["session_id"]
    changed = at(
        "sessions", "override", "last", "empathy", "1.5", "--why", "I was there.", "--who", "i-7"
    )
    assert changed.code == 0
    exported = at("export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(exported.out)))
    assert {row["session_id"] for row in rows} == {name}
    assert {"empathy": "1.5"}.items() <= {row["rubric"]: row["score"] for row in rows}.items()
    scored = at("score", "last", "--format", "jsonl")
    assert json.loads(scored.out.splitlines()[-1])["transcript_id"] == name
    rated = at(
        "calibrate", "rate", "--stored", "--rubric", "empathy", "--rater", "i-7", stdin="3\n" * 9
    )
    assert rated.code == 0


def test_the_list_says_how_many_more_there_are(at):
    for _ in range(3):
        at("practice", "wary", "--plain", stdin="")
    done = at("sessions", "list", "--limit", "2")
    assert len(done.out.splitlines()) == 2
    assert "1 older; --limit 3 lists them all" in done.err
    assert "older" not in at("sessions", "list", "--limit", "3").err


def test_doctor_counts_and_tells_no_password(cli, at, held, postgres_cluster, postgres_database):
    assert "1 session(s)" in at("doctor").out
    address = postgres_cluster.url(postgres_database, "postgres", "hush")
    done = cli("doctor", "--store", address)
    assert postgres_database in done.out
    assert "hush" not in done.out + done.err


@pytest.mark.parametrize("command", [("sessions", "list"), ("export",), PIPED, ("doctor",)])
def test_a_server_that_is_not_there_is_told_in_one_line(cli, command):
    done = cli(*command, "--store", "postgresql://ann:hush@127.0.0.1:1/alliance", stdin="Hello.\n")
    assert done.code == 5
    assert "no server answers there" in done.err + done.out
    assert "hush" not in done.err + done.out
    assert "Traceback" not in done.err


def test_a_server_that_goes_in_the_middle_of_a_session(cli, postgres_cluster, postgres_url):
    """What was said before is there, what comes after is refused, and the session goes on."""
    run = "from alliance_sim.cli.main import run; run()"
    program = [sys.executable, "-c", run, *PIPED, "--store", postgres_url]
    practising = subprocess.Popen(
        program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    practising.stdin.write("Come in, have a seat.\n")
    practising.stdin.flush()
    heard = []
    while len([r for r in heard if r["kind"] == "therapist"]) < 1 or heard[-1]["kind"] != "client":
        heard.append(json.loads(practising.stdout.readline()))
    postgres_cluster.stop()
    try:
        out, err = practising.communicate("How is work?\n", timeout=60)
    finally:
        postgres_cluster.start()
    assert practising.returncode == 5
    assert "Traceback" not in err
    assert "no server answers" in err.splitlines()[-1]
    assert "How is work?" not in out
    with Store.open(postgres_url) as store:
        assert store.sessions()[0].ending is None
    shown = cli("sessions", "show", "last", "--store", postgres_url).out.splitlines()
    assert shown[: len(spoken(heard))] == spoken(heard)
    resumed = cli(
        "sessions", "resume", "last", "--plain", "--store", postgres_url, stdin="How is work?\n"
    )
    assert resumed.code == 0
    assert "How is work?" in resumed.out
    assert "DEBRIEF" in resumed.out
