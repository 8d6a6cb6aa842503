"""`appeal`: from the trainee's reason to the answer in her debrief."""

import json

import pytest

WHY = "I named it\tin my second reply."


def test_from_the_reason_to_the_answer(cli, held):
    assert cli("appeal", "open", "last", "empathy", "--why", WHY).code == 0
    listed = cli("appeal", "list").out
    assert listed.split("\t")[1] == "empathy"
    assert listed.count("\n") == 1
    shown = cli("appeal", "show", "last").out
    assert "It sounds like none of this was your choice" in shown
    (record,) = cli("appeal", "show", "last", "--json").out.splitlines()
    assert json.loads(record)["score"]["evidence"]
    words = ("--why", "You did, at turn 3.", "--who", "i-7")
    assert cli("appeal", "answer", "last", "--score", "3", *words).code == 0
    debrief = cli("sessions", "show", "last", "--debrief").out
    assert "empathy: 3.0 (good)" in debrief
    assert "changed by i-7" in debrief
    assert "You did, at turn 3." in debrief
    assert cli("appeal", "list").out == ""
    (answered,) = cli("appeal", "list", "--all", "--json").out.splitlines()
    assert json.loads(answered)["outcome"] == "changed"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("answer", "last", "--why", "x", "--who", "y"), "either --keep or --score"),
        (
            ("answer", "last", "--why", "x", "--who", "y", "--keep", "--score", "3"),
            "either --keep or --score",
        ),
        (("answer", "last", "--why", "x", "--who", "y", "--keep"), "has no open appeal"),
        (("open", "last", "charm", "--why", "x"), "no score of charm"),
        (("show", "nobody"), "no such session"),
    ],
)
def test_what_cannot_be_is_one_line(cli, held, words, told):
    done = cli("appeal", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert done.err.count("\n") == 1
