"""`practice --client llm` over a real wire: good replies, and every way in which a server fails."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta

import pytest
from tests.llm.misbehaving import (
    broken_json,
    context_exceeded,
    empty,
    event,
    expired_key,
    hangs,
    hangs_after,
    huge,
    loopback,
    misbehaving,
    model_not_found,
    resets,
    says,
    slowly,
    status,
    truncated,
    wrong_type,
)

from alliance_sim.runtime.clock import SystemClock

__all__ = ["loopback", "misbehaving"]

KEY = "sk-never-to-be-seen-0123456789"
REPLIES = ("Hello, come in.", "How are you sleeping?", "What was that like for you?")
PLAIN = "I get in at half past six. I eat standing up, and then I lie there."
TURNS = (PLAIN, "I hear the trucks. They start at seven.", "The blind does nothing for that.")
"""What a model says in turn: the same turn twice would be turned down."""
TYPED = "".join(f"{reply}\n" for reply in REPLIES)


def wrong_shape(exchange):
    """Valid JSON that is no chunk of a chat."""
    exchange.begin()
    exchange.write(b'data: {"answer": 42, "choices": "none"}\n\n')
    exchange.write(event({}, "stop"))
    exchange.write(b"data: [DONE]\n\n")


@pytest.fixture
def configured(monkeypatch, tmp_path):
    """A model on some address, with little patience."""

    def configure(url, **settings):
        values = {
            "OPENAI_BASE_URL": url,
            "OPENAI_API_KEY": KEY,
            "ALLIANCE_SIM_MODEL": "served-model",
            "ALLIANCE_SIM_RETRIES": "0",
            "ALLIANCE_SIM_TIMEOUT_CONNECT": "2",
            "ALLIANCE_SIM_TIMEOUT_FIRST": "0.3",
            "ALLIANCE_SIM_TIMEOUT_BETWEEN": "0.3",
            "ALLIANCE_SIM_STORE": str(tmp_path / "s.db"),
        } | settings
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return configure


def practise(cli, *more, client="wary"):
    return cli("practice", client, "--client", "llm", "--plain", "--seed", "3", *more, stdin=TYPED)


def stored(tmp_path):
    with sqlite3.connect(tmp_path / "s.db") as opened:
        rows = opened.execute("select payload from events order by seq").fetchall()
    return [json.loads(row[0]) for row in rows]


def kept_secret(result, tmp_path):
    assert KEY not in result.out + result.err
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert KEY.encode() not in path.read_bytes(), path


def nothing_lost(result, tmp_path):
    """The hour was held: each reply stored, each answered, scored, and no traceback."""
    assert result.code == 0, result.err
    assert "Traceback" not in result.out + result.err
    events = stored(tmp_path)
    said = [e["text"] for e in events if e["type"] == "trainee_sent"]
    assert said == list(REPLIES)
    finished = [e for e in events if e["type"] == "client_finished"]
    assert len(finished) == len(REPLIES) + 2
    assert events[-2]["type"] == "ended" or events[-1]["type"] == "ended"
    assert "DEBRIEF" in result.out
    kept_secret(result, tmp_path)
    return events


def test_the_clients_words_come_from_the_model(cli, misbehaving, configured, tmp_path):
    usage = {"prompt_tokens": 700, "completion_tokens": 20, "total_tokens": 720}
    misbehaving.script(*(says(text, usage=usage) for text in TURNS))
    configured(misbehaving.url)
    result = practise(cli)
    events = nothing_lost(result, tmp_path)
    assert all(text in result.out for text in TURNS)
    asked = [e for e in events if e["type"] == "client_planned" and e["voice"] == "model"]
    assert len(misbehaving.requests) == len(asked) == 3
    assert "Worded by served-model · 3 calls for 3 turns · 2,100 + 60 tokens" in result.err
    body = misbehaving.requests[0].body
    assert [m["role"] for m in body["messages"]][:2] == ["system", "user"]
    assert body["messages"][-1]["content"] == REPLIES[1]


def test_json_lines_tell_who_spoke(cli, misbehaving, configured):
    misbehaving.script(*map(says, TURNS))
    configured(misbehaving.url)
    records = [json.loads(line) for line in practise(cli, "--json").out.splitlines()]
    assert records[0]["voice"] == "model"
    worded = [record for record in records if record["kind"] == "worded"]
    assert {record["voice"] for record in worded} == {"model"}
    clients = [record for record in records if record["kind"] == "client"]
    assert [record.get("voice") for record in clients][:3] == [None, None, "model"]


FAULTS = {
    "429": status(429),
    "429 that asks to wait": status(429, retry_after="3600"),
    "500": status(500),
    "503": status(503),
    "reset before a word": resets(),
    "reset in mid-stream": resets("I went"),
    "hangs": hangs,
    "hangs in mid-stream": hangs_after("I went"),
    "truncated": truncated("I went"),
    "invalid JSON": broken_json,
    "another shape": wrong_shape,
    "empty": empty,
    "wrong content type": wrong_type,
    "10 MB": huge,
    "expired key": expired_key,
    "model not found": model_not_found,
    "context exceeded": context_exceeded,
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_server_that_fails_costs_the_trainee_nothing(
    cli, misbehaving, configured, tmp_path, name
):
    misbehaving.script(FAULTS[name])
    configured(misbehaving.url)
    result = practise(cli)
    events = nothing_lost(result, tmp_path)
    worded = [e for e in events if e["type"] == "worded"]
    assert {e["voice"] for e in worded} == {"fallback"}
    told = [line for line in result.err.splitlines() if "authored words" in line]
    assert told or name == "10 MB"
    assert "turns scripted" in result.err


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"],
    ids=["refused", "no such host"],
)
def test_a_server_that_is_not_there_costs_nothing(cli, loopback, configured, tmp_path, address):
    configured(address)
    result = practise(cli)
    nothing_lost(result, tmp_path)
    assert "authored words" in result.err


def test_a_server_without_tls_costs_nothing(cli, misbehaving, configured, tmp_path):
    configured(misbehaving.url.replace("http://", "https://"))
    result = practise(cli)
    nothing_lost(result, tmp_path)
    assert "authored words" in result.err


def test_a_slow_server_is_waited_for(cli, misbehaving, configured, tmp_path):
    misbehaving.script(slowly(PLAIN, 0.02))
    configured(misbehaving.url)
    result = practise(cli)
    nothing_lost(result, tmp_path)
    assert PLAIN in result.out


def test_a_server_that_is_busy_for_a_moment_is_asked_again(cli, misbehaving, configured, tmp_path):
    misbehaving.script(status(429, retry_after="0"), *map(says, TURNS))
    configured(misbehaving.url, ALLIANCE_SIM_RETRIES="1")
    result = practise(cli)
    nothing_lost(result, tmp_path)
    assert "4 calls for 3 turns" in result.err
    assert "1 retry" in result.err


def test_a_model_that_comes_back_speaks_again(cli, misbehaving, configured, tmp_path):
    misbehaving.script(status(500), *map(says, TURNS))
    configured(misbehaving.url)
    result = practise(cli)
    events = nothing_lost(result, tmp_path)
    assert [e["voice"] for e in events if e["type"] == "worded"] == ["fallback", "model", "model"]
    assert result.err.count("authored words") == 1


def test_a_clock_that_jumps_does_no_harm(cli, misbehaving, configured, tmp_path, monkeypatch):
    real, calls = SystemClock.now, []

    def jumping(self):
        calls.append(1)
        return real(self) - timedelta(days=400) * (len(calls) % 2)

    monkeypatch.setattr(SystemClock, "now", jumping)
    misbehaving.script(says(PLAIN))
    configured(misbehaving.url)
    nothing_lost(practise(cli), tmp_path)


def test_words_that_the_guard_turns_down_are_nowhere(cli, misbehaving, configured, tmp_path):
    misbehaving.script(says("As an AI language model, I cannot say that."))
    configured(misbehaving.url)
    result = practise(cli)
    events = nothing_lost(result, tmp_path)
    assert "As an AI" not in result.out + result.err + json.dumps(events)
    assert "·\u00a0scripted" in result.err
    assert [e["trips"] for e in events if e["type"] == "worded"] == [["meta", "meta"]] * 3


def test_escapes_in_a_reply_do_not_reach_the_terminal(cli, misbehaving, configured, tmp_path):
    misbehaving.script(says("\x1b[31mI get in at six.\x1b[0m\u202e I lie\x07 there."))
    configured(misbehaving.url)
    result = practise(cli)
    nothing_lost(result, tmp_path)
    assert "\x1b" not in result.out
    assert "\u202e" not in result.out
    assert "I get in at six." in result.out


def test_without_any_endpoint_it_says_what_to_set(cli):
    result = practise(cli)
    assert result.code == 4
    assert "OPENAI_BASE_URL" in result.err
    assert "scripted" in result.err


def test_an_exam_with_a_model_is_warned_of_and_held(cli, misbehaving, configured, tmp_path):
    misbehaving.script(says(PLAIN))
    configured(misbehaving.url)
    result = practise(cli, "--exam")
    nothing_lost(result, tmp_path)
    assert "scripted client is the fair one" in result.err


def test_show_names_what_it_took_and_the_words_stay_verbatim(
    cli, misbehaving, configured, tmp_path
):
    misbehaving.script(says(PLAIN), status(500))
    configured(misbehaving.url)
    practise(cli)
    shown = cli("sessions", "show")
    assert f"C: {PLAIN}" in shown.out.splitlines()
    assert "scripted" not in shown.out
    assert "Worded by served-model" in shown.err
    assert "· scripted: turns" in shown.err


def test_a_session_is_taken_up_with_its_model_or_without(
    cli, misbehaving, configured, tmp_path, monkeypatch
):
    misbehaving.script(says(PLAIN))
    configured(misbehaving.url)
    practise(cli)
    turn = next(
        e["turn"] for e in stored(tmp_path) if e["type"] == "trainee_sent" and e["turn"] > 2
    )
    asked = len(misbehaving.requests)
    again = cli("sessions", "retry", "last", str(turn), "--plain", stdin="Who else knows?\n")
    assert again.code == 0, again.err
    assert len(misbehaving.requests) > asked
    for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "ALLIANCE_SIM_MODEL"):
        monkeypatch.delenv(name)
    first = stored(tmp_path)[0]
    assert first["voice"] == "model"
    name = [line for line in cli("sessions", "list").out.splitlines() if line][-1].split("\t")[0]
    without = cli("sessions", "retry", name, str(turn), "--plain", stdin="Who else knows?\n")
    assert without.code == 0, without.err
    assert "goes on with the authored words" in without.err


def test_a_kill_in_mid_stream_loses_nothing_that_was_shown(
    cli, misbehaving, configured, tmp_path, monkeypatch
):
    misbehaving.script(hangs_after("I get in at half past six. I lie there, and"))
    configured(misbehaving.url, ALLIANCE_SIM_TIMEOUT_BETWEEN="60", ALLIANCE_SIM_TIMEOUT_FIRST="60")
    words = ("practice", "wary", "--client", "llm", "--plain", "--seed", "3", "--pace", "untimed")
    code = "from alliance_sim.cli.main import run; run()"
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as program:
        assert program.stdin
        assert program.stdout
        program.stdin.write("".join(f"{reply}\n" for reply in REPLIES[:2]).encode())
        program.stdin.flush()
        seen = b""
        while b"half past six." not in seen:
            seen += os.read(program.stdout.fileno(), 4096)
        program.kill()
    shown = [e for e in stored(tmp_path) if e["type"] == "clause_worded"]
    assert shown[0]["clause"]["text"] == "I get in at half past six."
    misbehaving.script(says(PLAIN))
    again = cli("sessions", "resume", "last", "--plain", stdin="Who else knows?\n")
    assert again.code == 0, again.err
    events = stored(tmp_path)
    assert [e["text"] for e in events if e["type"] == "trainee_sent"][:2] == list(REPLIES[:2])
    told = cli("sessions", "show").out
    assert "C: I get in at half past six." in told
    assert "I lie there, and" not in told.split(PLAIN)[0]
    assert PLAIN in told
