"""xAPI statements, judged by the models of a learning record store."""

import io
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ralph.models.xapi.base.statements import BaseXapiStatement

from alliance_sim.domain.events import Overridden
from alliance_sim.errors import UsageProblem
from alliance_sim.reporting.interop.xapi import OVERRIDDEN_NULL, Home, statements, write_xapi
from alliance_sim.reporting.tables.columns import COLUMNS, KEY
from alliance_sim.reporting.tidy import REDACTED, tidy
from alliance_sim.store.export_rows import Wanted, rows
from held_sessions import AT, assign, attempt, cohort, hold

HOME = Home("https://training.example.org/sim/")


def exported(store, home=HOME, redact=()):
    out = io.BytesIO()
    with store.reading() as connection:
        write_xapi(tidy(rows(connection, Wanted()), redact=redact), home, out)
    found = json.loads(out.getvalue())
    for statement in found:
        BaseXapiStatement.model_validate(statement)
    return found


@pytest.fixture
def filled(store):
    cohort(store, "autumn", "t-one")
    hold(store, "s1", scores={"empathy": 3.0, "interruptions": None}, overall=3.0)
    attempt(store, assign(store, "week-1", "autumn"), "t-one", "s1")
    return store


def of(found, rubric):
    (one,) = [each for each in found if each["object"]["id"].endswith(f"/rubrics/{rubric}")]
    return one


def test_a_session_was_completed_and_its_rubrics_scored(filled):
    found = exported(filled)
    assert [each["verb"]["id"] for each in found] == [
        "http://adlnet.gov/expapi/verbs/completed",
        "http://adlnet.gov/expapi/verbs/scored",
        "http://adlnet.gov/expapi/verbs/scored",
    ]
    assert {json.dumps(each["actor"]) for each in found} == {
        json.dumps(
            {
                "objectType": "Agent",
                "account": {"homePage": "https://training.example.org/sim/", "name": "t-one"},
            }
        )
    }
    whole, empathy = found[0], of(found, "empathy")
    assert whole["object"]["id"] == "https://training.example.org/sim/scenarios/wary"
    assert whole["result"] == {
        "completion": True,
        "score": {"scaled": 0.75, "raw": 3.0, "min": 0, "max": 4},
    }
    assert whole["timestamp"] == "2026-03-02T09:30:00.000Z"
    assert empathy["result"] == {"score": {"scaled": 0.75, "raw": 3.0, "min": 0, "max": 4}}
    assert empathy["context"]["contextActivities"]["parent"][0]["id"] == whole["object"]["id"]
    grouping = empathy["context"]["contextActivities"]["grouping"]
    assert grouping[0]["id"] == "https://training.example.org/sim/assignments/week-1"
    assert len({each["context"]["registration"] for each in found}) == 1


def test_what_was_not_observed_has_no_score_and_says_why(filled):
    result = of(exported(filled), "interruptions")["result"]
    assert result == {
        "extensions": {
            "https://training.example.org/sim/extensions/why_null": "Not observed in this session."
        }
    }


def test_ids_stay_until_a_score_changes(filled):
    before = exported(filled)
    assert exported(filled) == before
    assert len({each["id"] for each in before}) == len(before)
    event = Overridden(
        rubric="empathy", original=3.0, score=1.0, who="i-7", why="Ann was ill.",
        at=AT + timedelta(days=1), overall=1.0,
    )  # fmt: skip
    filled.append("s1", [event], at=AT + timedelta(days=1))
    after = exported(filled)
    same = {each["id"] for each in before} & {each["id"] for each in after}
    assert same == {of(before, "interruptions")["id"]}
    assert of(after, "empathy")["timestamp"] == "2026-03-03T09:00:00.000Z"


def test_an_instructors_words_and_name_are_in_none(filled):
    event = Overridden(rubric="empathy", original=3.0, score=None, who="j.smith", why="Ann!")
    filled.append("s1", [event], at=AT + timedelta(days=1))
    found = exported(filled)
    assert "Ann" not in json.dumps(found)
    assert "j.smith" not in json.dumps(found)
    why = next(iter(of(found, "empathy")["result"]["extensions"].values()))
    assert why == OVERRIDDEN_NULL


def test_nor_where_the_flag_is_redacted(filled):
    event = Overridden(rubric="empathy", original=3.0, score=None, who="j.smith", why="Ann!")
    filled.append("s1", [event], at=AT + timedelta(days=1))
    found = exported(filled, redact=["overridden"])
    assert "Ann" not in json.dumps(found)
    assert next(iter(of(found, "empathy")["result"]["extensions"].values())) == REDACTED


def test_any_column_may_be_redacted(filled):
    for name in (column.name for column in COLUMNS if column.name not in KEY):
        exported(filled, redact=[name])
    found = exported(filled, redact=["scored_at", "ended_at"])
    assert [each.get("timestamp") for each in found] == [None] * 3


def test_a_redacted_score_is_in_no_statement(filled):
    found = exported(filled, redact=["score"])
    assert [each["result"].get("score") for each in found] == [None] * 3
    assert next(iter(of(found, "empathy")["result"]["extensions"].values())) == REDACTED


def test_without_sessions_it_is_an_empty_array(store):
    assert exported(store) == []


def test_a_session_without_a_pseudonym_is_nobodys(store):
    hold(store, "s1", None, {"empathy": 1.0})
    assert {each["actor"]["account"]["name"] for each in exported(store)} == {"anonymous"}


texts = st.text(min_size=1, max_size=12)


@given(texts, texts, st.none() | st.floats(0, 4), st.booleans())
def test_any_row_makes_valid_statements(rubric, trainee, score, overridden):
    row = {column.name: None for column in COLUMNS} | {
        "session_id": "s1",
        "scenario": rubric,
        "scenario_version": "1",
        "rubric": rubric,
        "trainee": trainee,
        "score": score,
        "why_null": None if score is not None else "Nothing called for it.",
        "overridden": overridden,
        "nulled": overridden and score is None,
        "overall": score,
        "assignment": trainee,
        "scored_at": "2026-03-02T09:00:00+00:00",
    }
    for statement in statements([row], HOME):
        BaseXapiStatement.model_validate(json.loads(json.dumps(statement)))


@pytest.mark.parametrize(
    "wrong",
    ["", "training.example.org", "ftp://a.org", "https://", "https://a b.org", "https://u:p@a.org",
     "https://ü.org", "https://a.org?x=1", "https://[1"],
)  # fmt: skip
def test_an_address_that_is_none(wrong):
    with pytest.raises(UsageProblem, match="--home-page"):
        Home(wrong)
