"""Sessions, trainees and appeals a page at a time, on both engines."""

import pytest
from sqlalchemy import insert

from alliance_sim.store import programme_lists as lists
from alliance_sim.store.latest import latest_sessions
from alliance_sim.store.report_selection import Selection
from alliance_sim.store.tables import appeals
from practised import Programme, day


@pytest.fixture
def programme(either_store):
    made = Programme(either_store)
    made.cohort("a", "t-1", "t-2", "t-3")
    made.session("s1", "t-1", on=1, overall=2.0, scores={"empathy": 2.0})
    made.session("s2", "t-2", on=2, overall=3.0, scenario="other")
    made.session("s3", "t-1", on=3, overall=2.5, scores={"e": 1.0}, changed={"e": 2.0})
    made.session("s4", "t-9", on=4, ending=None)
    return made


def ask(programme, question, *more, **how):
    with programme.store.reading() as connection:
        return question(connection, *more, **how)


@pytest.mark.parametrize(
    ("order", "falling", "ids"),
    [
        ("opened_at", True, ["s4", "s3", "s2", "s1"]),
        ("opened_at", False, ["s1", "s2", "s3", "s4"]),
        ("overall", False, ["s1", "s3", "s2", "s4"]),
        ("overall", True, ["s2", "s3", "s1", "s4"]),
        ("trainee", False, ["s1", "s3", "s2", "s4"]),
        ("scenario", False, ["s2", "s1", "s3", "s4"]),
        ("ending", False, ["s1", "s2", "s3", "s4"]),
    ],
)
def test_orders_with_absent_values_last(programme, order, falling, ids):
    found = ask(programme, lists.session_lines, Selection(), order=order, falling=falling, limit=9)
    assert [each.id for each in found] == ids


def test_pages_follow_each_other(programme):
    pages = [
        ask(programme, lists.session_lines, Selection(), order="overall", limit=2, offset=at)
        for at in (0, 2, 4)
    ]
    assert [[each.id for each in page] for page in pages] == [["s2", "s3"], ["s1", "s4"], []]


def test_a_line_tells_what_was_changed(programme):
    found = {each.id: each for each in ask(programme, lists.session_lines, Selection(), limit=9)}
    assert (found["s3"].changed, found["s1"].changed) == (1, 0)
    assert found["s4"].ending is None


def test_trainees_with_those_who_have_not_practised(programme):
    found = ask(programme, lists.trainee_lines, Selection(), limit=9)
    assert [(t.trainee, t.sessions, t.first, t.last) for t in found] == [
        ("t-1", 2, 2.0, 2.5),
        ("t-2", 1, 3.0, 3.0),
        ("t-3", 0, None, None),
    ]
    assert found[0].mean == 2.25
    assert ask(programme, lists.trainee_count, Selection()) == 3


@pytest.mark.parametrize("order", ["trainee", "sessions", "last_at", "mean", "last", "change"])
def test_trainees_in_every_order(programme, order):
    for falling in (False, True):
        how = {"order": order, "falling": falling, "limit": 9}
        found = [t.trainee for t in ask(programme, lists.trainee_lines, Selection(), **how)]
        assert sorted(found) == ["t-1", "t-2", "t-3"]
        if order not in {"trainee", "sessions"}:
            assert found[-1] == "t-3"


def test_a_narrowed_list_holds_only_who_practised(programme):
    found = ask(programme, lists.trainee_lines, Selection(scenario="other"), limit=9)
    assert [t.trainee for t in found] == ["t-2"]
    whole = ask(
        programme, lists.trainee_lines, Selection(cohort="a", trainee_begins="t-3"), limit=9
    )
    assert [t.trainee for t in whole] == ["t-3"]


def test_open_appeals_longest_waiting_first(programme):
    def add(connection):
        for seq, (session, outcome) in enumerate([("s3", None), ("s1", None), ("s2", "kept")]):
            row = {"session_id": session, "seq": seq, "rubric": "e", "reason": "No."}
            at = day(9 - seq).isoformat(timespec="microseconds")
            connection.execute(insert(appeals).values(**row, at=at, outcome=outcome))

    programme.store.transact(add)
    found = ask(programme, lists.open_appeals, Selection(), 10)
    assert [(each.session_id, each.trainee) for each in found] == [("s1", "t-1"), ("s3", "t-1")]
    assert ask(programme, lists.open_appeals, Selection(cohort="b"), 10) == []


def test_the_latest_are_few_and_hold_each_client(programme):
    programme.session("s5", "t-1", on=5, ending=None)
    programme.session("s0", "t-1", on=0.5)
    found = [each.id for each in ask(programme, latest_sessions, None)]
    assert found == ["s5", "s3", "s2"]
    assert [each.id for each in ask(programme, latest_sessions, "t-2")] == ["s2"]
    assert ask(programme, latest_sessions, "nobody") == []
