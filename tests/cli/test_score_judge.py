"""`score --scorer judge` and `both` over real HTTP: scores, faults, exit codes, what is stored."""

import json

import pytest
from tests.cli.configured_server import KEY, server
from tests.llm.misbehaving import (
    Misbehaving,
    context_exceeded,
    empty,
    expired_key,
    loopback,
    model_not_found,
    resets,
    says,
    status,
    wrong_type,
)
from tests.scoring.judging_fakes import answer, data_of, verdict

from alliance_sim.llm.port import Message, Request, Schema

__all__ = ["loopback", "server"]

TEXT = "C: They moved me to nights.\nT: No say in any of it.\nC: Yes.\nT: What is it like?\n"


def asked_of(body) -> Request:
    """The request as the judge made it."""
    messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
    shape = body["response_format"]["json_schema"]
    return Request(messages, body["max_tokens"], schema=Schema(shape["name"], shape["schema"]))


def judges(*levels: float):
    """A model that gives these levels by the seed, quoting the first reply."""

    def behave(exchange):
        request = asked_of(exchange.seen.body)
        level = levels[exchange.seen.body["seed"] % len(levels)]
        first = next(u for u in data_of(request)["utterances"] if u["speaker"] == "therapist")
        given = answer(request, verdict(level, (first["turn"], first["text"])), whole=level)
        says(json.dumps(given))(exchange)

    return behave


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.out.splitlines()]


def test_a_transcript_is_judged_with_evidence(cli, server):
    server.script(judges(3))
    done = cli("score", "-", "--scorer", "judge", "--format", "jsonl", stdin=TEXT)
    assert done.code == 0
    *utterances, session = lines(done)
    assert session["kind"] == "session"
    assert session["scorer"] == "judge"
    assert session["judged_by"]["model"] == "served-model"
    empathy = session["rubrics"]["empathy"]
    assert empathy["score"] == 3
    assert empathy["evidence"][0]["quote"] == "No say in any of it."
    assert {c["criterion"] for c in empathy["criteria"]} >= {"feeling", "meaning"}
    assert session["rubrics"]["interruptions"]["score"] is None
    assert utterances[0]["rubrics"]["empathy"] == 3
    assert utterances[0]["main"] in {"reflection", "question", "input", "other"}
    assert set(utterances[0]["empathy"]) == {"emotional_reaction", "interpretation", "exploration"}
    assert len(server.requests) == 1
    assert "1 request(s)" in done.err


def test_both_scorers_stand_side_by_side_with_their_difference(cli, server):
    server.script(judges(1))
    alone = lines(cli("score", "-", "--format", "jsonl", stdin=TEXT))
    done = cli("score", "-", "--scorer", "both", "--format", "jsonl", stdin=TEXT)
    assert done.code == 0
    both = lines(done)
    for mine, theirs in zip(alone[:-1], both[:-1], strict=True):
        assert mine == {key: value for key, value in theirs.items() if key != "judge"}
    empathy = both[-1]["rubrics"]["empathy"]
    assert empathy["score"] == alone[-1]["rubrics"]["empathy"]["score"]
    assert empathy["judge"]["score"] == 1
    assert empathy["difference"] == pytest.approx(1 - empathy["score"], abs=0.01)
    assert both[-1]["judge"]["overall"] == 1
    assert both[0]["judge"]["rubrics"]["empathy"] == 1
    listed = json.loads(cli("score", "-", "--scorer", "both", "--format", "json", stdin=TEXT).out)
    assert listed[-1]["rubrics"]["empathy"] == empathy
    table = cli("score", "-", "--scorer", "both", stdin=TEXT).out
    assert "difference" in table
    assert f"{empathy['difference']:+.1f}" in table


def test_why_nothing_was_judged_is_told_once_in_the_table(cli, server, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    server.script(expired_key)
    done = cli("score", "-", "--scorer", "both", stdin=TEXT)
    assert done.code == 4
    assert done.out.count("judge: Unscored") == 1
    assert "empathy" in done.out


def test_votes_show_their_agreement_and_flag_what_is_split(cli, server, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    server.script(judges(1, 3, 3))
    words = ("score", "-", "--scorer", "judge", "--votes", "3", "--rubric", "empathy")
    done = cli(*words, "--format", "jsonl", stdin=TEXT)
    empathy = lines(done)[-1]["rubrics"]["empathy"]
    assert empathy["score"] == 3
    assert empathy["votes"] == [1, 3, 3]
    assert empathy["agreement"] == pytest.approx(1 / 3, abs=0.001)
    assert empathy["flagged_for_human"] is True
    assert "a human should look" in done.err
    assert "votes 1.0, 3.0, 3.0; 33% of pairs agree" in cli(*words, stdin=TEXT).out


FAULTS = {
    "refused key": expired_key,
    "no such model": model_not_found,
    "busy": status(429),
    "broken": status(500),
    "reset": resets(),
    "reset in the middle": resets("{"),
    "empty": empty,
    "a web page": wrong_type,
    "not JSON": says("I would rather not."),
    "another shape": says('{"score": 4}'),
    "context exceeded": context_exceeded,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_model_that_cannot_be_used_is_one_line_and_exit_4(cli, server, fault):
    server.script(fault)
    done = cli("score", "-", "--scorer", "judge", stdin=TEXT)
    assert done.code == 4
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert KEY not in done.err
    both = cli("score", "-", "--scorer", "both", "--format", "jsonl", stdin=TEXT)
    assert both.code == 4
    empathy = lines(both)[-1]["rubrics"]["empathy"]
    assert empathy["score"] is not None
    assert empathy["judge"]["score"] is None
    assert empathy["judge"]["why_null"].startswith("Unscored: ")
    assert empathy["difference"] is None
    assert KEY not in both.out + both.err


def test_one_bad_transcript_of_a_folder_is_unscored_and_the_rest_is_judged(cli, server, tmp_path):
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(TEXT.replace("nights", f"nights {name}"), "utf-8")

    def behave(exchange):
        if "nights b" in exchange.seen.body["messages"][1]["content"]:
            return status(500)(exchange)
        return judges(2)(exchange)

    server.script(behave)
    done = cli("score", str(tmp_path), "--scorer", "judge", "--format", "jsonl")
    assert done.code == 0
    sessions = [record for record in lines(done) if record["kind"] == "session"]
    assert [s["transcript_id"] for s in sessions] == ["a", "b", "c"]
    assert [s["overall"] for s in sessions] == [2, None, 2]
    assert "500" in sessions[1]["rubrics"]["empathy"]["why_null"]
    assert "1 could not be judged" in done.err


def test_a_run_with_a_journal_asks_nothing_twice(cli, server, tmp_path):
    server.script(judges(2))
    words = ("score", "-", "--scorer", "judge", "--format", "jsonl", "--resume")
    first = cli(*words, str(tmp_path / "kept.jsonl"), stdin=TEXT)
    again = cli(*words, str(tmp_path / "kept.jsonl"), stdin=TEXT)
    assert first.out == again.out
    assert len(server.requests) == 1
    assert cli(*words, str(tmp_path / "no" / "folder"), stdin=TEXT).code == 2


def test_the_judgement_of_a_session_is_kept_with_it(cli, server):
    cli("practice", "wary", "--plain", "--seed", "3", stdin="Come in.\nNobody asked you.\n")
    before = cli("sessions", "list").out
    offline = lines(cli("sessions", "show", "last", "--json", "--score"))
    server.script(judges(1))
    done = cli("score", "last", "--scorer", "judge", "--format", "jsonl")
    assert done.code == 0
    shown = lines(cli("sessions", "show", "last", "--json", "--score"))
    judged = lines(done)
    assert shown[: len(offline)] == offline
    assert shown[len(offline) :] == judged
    assert cli("sessions", "list").out == before
    session_id = judged[-1]["transcript_id"]
    assert cli("sessions", "resume", session_id, "--plain").code == 0


def test_the_words_of_the_model_cannot_act_on_the_terminal(cli, server):
    def behave(exchange):
        request = asked_of(exchange.seen.body)
        sly = verdict(None, why="\x1b]0;pwned\x07nothing [bold]here[/bold]\u2028")
        given = answer(request, sly, whole=None)
        given["rubrics"]["empathy"]["why_null"] = "\x1b[31mno\u202e\u2028[red]way"
        says(json.dumps(given))(exchange)

    server.script(behave)
    for form in ("table", "jsonl", "json"):
        words = ("score", "-", "--scorer", "judge", "--rubric", "empathy", "--format", form)
        done = cli(*words, stdin=TEXT)
        assert done.code == 0
        assert "\x1b]" not in done.out
        assert "\x1b[31m" not in done.out
        assert not set("\u202e\u2028") & set(done.out)
        assert "[red]way" in done.out


SLIPS = [
    (("--votes", "3"), 2, "--scorer judge"),
    (("--scorer", "judge", "--votes", "0"), 2, "--votes"),
    (("--scorer", "judge"), 4, "no model endpoint"),
    (("--scorer", "both"), 4, "--scorer offline needs none"),
]


@pytest.mark.parametrize(("words", "code", "said"), SLIPS, ids=lambda value: str(value)[:30])
def test_slips(cli, words, code, said):
    done = cli("score", "-", *words, stdin=TEXT)
    assert done.code == code
    assert said.replace("no model endpoint", "model endpoint") in done.err


def test_nothing_listens_there(cli, server, monkeypatch):
    assert isinstance(server, Misbehaving)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    done = cli("score", "-", "--scorer", "judge", stdin=TEXT)
    assert done.code == 4
    assert "127.0.0.1:9" in done.err
