"""`sessions override`: an instructor's score, from the command line."""

import csv
import io
import json

import pytest


def test_it_is_shown_listed_and_exported_with_the_original(cli, held):
    before = json.loads(cli("sessions", "show", "last", "--score").out.splitlines()[-1])
    done = cli(
        "sessions", "override", "last", "empathy", "1,5", "--why", "Heard it.", "--who", "i-7"
    )
    assert done.code == 0
    assert "empathy: 1.5 (below)" in done.out
    assert "changed by i-7" in done.out
    after = json.loads(cli("sessions", "show", "last", "--score").out.splitlines()[-1])
    assert after["rubrics"]["empathy"]["score"] == 1.5
    assert after["rubrics"]["empathy"]["override"]["original"] == pytest.approx(
        before["rubrics"]["empathy"]["score"], abs=0.01
    )
    assert after["original_overall"] == before["overall"]
    listed = cli("sessions", "list").out.split("\t")[-1].strip()
    assert listed == f"{after['overall']:.1f}"
    rows = csv.DictReader(io.StringIO(cli("export").out))
    row = next(row for row in rows if row["rubric"] == "empathy")
    assert (row["score"], row["overridden_by"], row["override_reason"]) == (
        "1.5",
        "i-7",
        "Heard it.",
    )
    assert float(row["original_score"]) == before["rubrics"]["empathy"]["score"]
    assert row["overridden_at"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nope", "3", "--why", "x", "--who", "y"), "has no score of nope; it has empathy"),
        (("empathy", "5", "--why", "x", "--who", "y"), "from 0 to 4, or none"),
        (("empathy", "3", "--why", " ", "--who", "y"), "an override needs why"),
        (("empathy", "3", "--why", "x"), "--who"),
    ],
)
def test_slips(cli, held, words, told):
    done = cli("sessions", "override", "last", *words)
    assert done.code == 2
    assert told in done.err
    rows = csv.DictReader(io.StringIO(cli("export").out))
    assert not any(row["overridden_by"] for row in rows)
