"""`score --enqueue` and `worker` on the command line: words, streams, exit codes."""

import json

import pytest
from tests.cli.configured_server import server
from tests.cli.test_score_judge import judges
from tests.llm.misbehaving import expired_key, loopback, status
from tests.stored_hours import hold, rows, scorings

from alliance_sim.runtime.batches import patience
from alliance_sim.store.repository import Store

__all__ = ["loopback", "server"]


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(patience, "PAUSES", (0.0,))


@pytest.fixture
def address(either_address, monkeypatch, loopback):
    monkeypatch.setenv("ALLIANCE_SIM_STORE", either_address)
    with Store.open(either_address) as store:
        hold(store, "first", "second")
        hold(store, "open", ending=None)
    return either_address


def told(cli, name="last"):
    (found,) = json.loads(cli("worker", "status", name, "--format", "json").out)
    return found


def test_sessions_are_enqueued_scored_and_told_of(cli, address):
    made = cli("score", "--enqueue", "--all")
    assert made.code == 0
    name = made.out.strip()
    assert "2 session(s) enqueued; 1 that go on are left out" in made.err
    assert told(cli)["state"] == "going on"
    done = cli("worker", "--once")
    assert done.code == 0
    assert done.out == ""
    assert "2 scored, 0 skipped, 0 failed" in done.err
    found = told(cli, name)
    assert (found["batch"], found["state"], found["done"]) == (name, "finished", 2)
    text = cli("worker", "status").out
    assert f"{name} finished\n" in text
    assert "0 waiting, 2 done, 0 skipped, 0 failed" in text


def test_with_jobs_the_same_command_does_the_work(cli, address):
    made = cli("score", "--enqueue", "first", "--rubric", "empathy", "--jobs", "1")
    assert made.code == 0
    assert "1 scored" in made.err
    with Store.open(address) as store:
        assert len(scorings(store, "first")) == 1
        assert scorings(store, "second") == []
    assert told(cli)["rubrics"][0].startswith("empathy ")


def test_with_jobs_the_batch_is_worked_off_and_what_waited_before_it_is_left(cli, address):
    before = cli("score", "--enqueue", "second").out.strip()
    cli("worker", "stop", before)
    made = cli("score", "--enqueue", "first", "--jobs", "2")
    assert (made.code, made.out.strip()) == (0, told(cli)["batch"])
    assert "1 session(s) enqueued" in made.err
    assert "1 scored, 0 skipped, 0 failed" in made.err
    assert "alliance-sim worker" not in made.err
    assert told(cli)["state"] == "finished"
    assert told(cli, before)["waiting"] == 1


def test_with_jobs_a_judge_is_asked_here(cli, address, server):
    server.script(judges(3))
    words = ["--all", "--scorer", "judge", "--rubric", "empathy", "--jobs", "2"]
    made = cli("score", "--enqueue", *words)
    assert made.code == 0
    assert "2 scored, 0 skipped, 0 failed" in made.err
    assert told(cli)["done"] == 2


def test_with_jobs_a_failing_endpoint_ends_it_as_it_ends_a_worker(cli, address, server):
    server.script(status(500))
    words = ["--all", "--scorer", "judge", "--rubric", "empathy", "--jobs", "2"]
    made = cli("score", "--enqueue", *words)
    assert made.code == 4
    assert "0 scored, 0 skipped, 2 failed" in made.err


def test_with_jobs_a_judge_that_is_not_there_is_told_before_a_batch_is_made(
    cli, address, monkeypatch
):
    monkeypatch.setenv("ALLIANCE_SIM_MODEL", "some-model")
    made = cli("score", "--enqueue", "--all", "--scorer", "judge", "--jobs", "2")
    assert (made.code, made.out) == (4, "")
    assert "none is configured here" in made.err
    assert json.loads(cli("worker", "status", "--format", "json").out) == []


def test_a_batch_is_judged(cli, address, server):
    server.script(judges(3))
    made = cli("score", "--enqueue", "--all", "--scorer", "judge", "--rubric", "empathy")
    assert made.code == 0
    assert server.requests == [], "nothing is asked yet"
    assert told(cli)["model"] == "served-model"
    assert cli("worker", "run", "--once", "--limit", "1", "--per-minute", "100000").code == 0
    with Store.open(address) as store:
        for session in ("first", "second"):
            ((_, _, scorer),) = rows(store, session)
            assert scorer == "judge"


def test_a_wrong_key_ends_a_worker_with_4(cli, address, server):
    server.script(expired_key)
    cli("score", "--enqueue", "--all", "--scorer", "judge", "--rubric", "empathy")
    done = cli("worker", "--once")
    assert done.code == 4
    assert "key" in done.err
    assert told(cli)["waiting"] == 2


def test_where_the_endpoint_failed_every_session_a_worker_ends_with_4(cli, address, server):
    server.script(status(500))
    cli("score", "--enqueue", "--all", "--scorer", "judge", "--rubric", "empathy")
    done = cli("worker", "--once")
    assert done.code == 4
    assert "0 scored, 0 skipped, 2 failed" in done.err
    assert told(cli)["why_failed"][0]["sessions"] == 2
    server.script(judges(3))
    again = cli("worker", "retry", "last")
    assert "2 session(s) wait" in again.err
    assert cli("worker", "--once").code == 0
    assert told(cli)["done"] == 2


def test_a_batch_is_stopped_and_taken_up_again(cli, address):
    name = cli("score", "--enqueue", "--all").out.strip()
    assert cli("worker", "stop", name[:6]).code == 0
    assert told(cli)["state"] == "stopped"
    cli("worker", "--once")
    assert told(cli)["waiting"] == 2
    assert cli("worker", "retry", name).code == 0
    cli("worker", "--once")
    assert told(cli)["done"] == 2


def test_a_judge_needs_a_model(cli, address):
    made = cli("score", "--enqueue", "--all", "--scorer", "judge")
    assert made.code == 4
    assert "ALLIANCE_SIM_MODEL" in made.err


def test_without_an_endpoint_a_worker_does_not_pretend_to_be_done(cli, address, monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_MODEL", "some-model")
    assert cli("score", "--enqueue", "--all", "--scorer", "judge").code == 0
    done = cli("worker", "--once")
    assert done.code == 4
    assert "no model endpoint is configured here" in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--enqueue"], "wants sessions"),
        (["--enqueue", "--all", "first"], "do not go together"),
        (["--enqueue", "nosuch"], "no such session"),
        (["--enqueue", "--all", "--scorer", "both"], "takes one scorer"),
        (["--enqueue", "--all", "--format", "json"], "takes one scorer"),
        (["--enqueue", "--since", "soon"], "not a date"),
        (["--enqueue", "--since", "2099-01-01"], "no session that has ended fits"),
        (["--enqueue", "--scenario", "nosuch"], "no session that has ended fits"),
        (["--enqueue", "--cohort", "nosuch"], "no such cohort"),
        (["first", "--again"], "--again goes with --enqueue"),
        (["first", "--jobs", "2"], "--jobs goes with --enqueue"),
        (["first", "second"], "one source"),
        ([], "one source"),
    ],
)
def test_what_does_not_go_together_is_told(cli, address, words, said):
    done = cli("score", *words)
    assert done.code == 2
    assert said in done.err
    assert done.out == ""
    assert json.loads(cli("worker", "status", "--format", "json").out) == []


def test_there_is_no_batch_yet(cli, address):
    assert cli("worker", "status", "last").code == 2
    assert cli("worker", "stop", "last").code == 2
    done = cli("worker", "status")
    assert (done.code, done.out) == (0, "")
    assert "no batch yet" in done.err


def test_sessions_from_a_day_on(cli, address):
    assert cli("score", "--enqueue", "--since", "2026-03-02").code == 0
    assert told(cli)["total"] == 2
