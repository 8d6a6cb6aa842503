"""What the database counts for a cohort's report, on both engines."""

import pytest

from alliance_sim.store import cohort_rows as rows
from alliance_sim.store.report_selection import Selection
from practised import Programme, day


@pytest.fixture
def programme(either_store):
    """Two trainees of a cohort, a stranger, an open session, a try again."""
    made = Programme(either_store)
    made.cohort("a", "t-1", "t-2")
    made.session("s1", "t-1", on=1, overall=2.0, scores={"empathy": 2.0, "safety": None})
    made.session("s2", "t-1", on=2, overall=3.0, scores={"empathy": 3.0, "safety": 0.0})
    made.session("s3", "t-2", on=3, overall=2.5, scores={"empathy": 2.5})
    made.session("s4", "t-2", on=4, ending="walk_out", scenario="other")
    made.session("s5", "t-2", on=5, overall=3.9, again=True, scores={"empathy": 3.9})
    made.session("s6", "t-2", on=6, ending=None)
    made.session("s7", "t-9", on=7, overall=1.0, scores={"empathy": 1.0})
    return made


def ask(programme, question, *more, **chosen):
    with programme.store.reading() as connection:
        return question(connection, Selection(**chosen), *more)


def test_what_is_open_or_tried_again_is_told_apart(programme):
    found = ask(programme, rows.totals, cohort="a")
    assert (found.sessions, found.trainees, found.scored) == (4, 2, 3)
    assert (found.again, found.running) == (1, 1)
    assert str(found.first).startswith("2026-03-03")
    assert str(found.last).startswith("2026-03-06")


def test_a_store_without_sessions_counts_none(either_store):
    found = ask(Programme(either_store), rows.totals)
    assert (found.sessions, found.first) == (0, None)


@pytest.mark.parametrize(
    ("chosen", "sessions"),
    [
        ({}, 5),
        ({"cohort": "a"}, 4),
        ({"trainee": "t-1"}, 2),
        ({"trainee_begins": "t-"}, 5),
        ({"trainee_begins": "t_"}, 0),
        ({"scenario": "other"}, 1),
        ({"since": day(2)}, 4),
        ({"until": day(2)}, 1),
        ({"unnamed": True}, 0),
        ({"assignment": "m1"}, 1),
    ],
)
def test_the_selection_narrows(programme, chosen, sessions):
    programme.assignment("m1", "a")
    programme.attempt("s3", "m1", "t-2")
    assert ask(programme, rows.totals, **chosen).sessions == sessions


def test_a_time_without_a_zone_is_refused(programme):
    with pytest.raises(ValueError, match="time zone"):
        ask(programme, rows.totals, since=day(1).replace(tzinfo=None))


def test_scores_are_counted_by_hundredths_and_none_is_no_zero(programme):
    found = {(c.name, c.hundredths): c.count for c in ask(programme, rows.rubric_counts)}
    assert found[("empathy", 250)] == 1
    assert found[("safety", None)] == 1
    assert found[("safety", 0)] == 1
    assert ("empathy", 390) not in found


def test_a_blocking_zero_marks_its_session(programme):
    found = ask(programme, rows.overall_counts, ["safety"])
    blocked = {(c.hundredths, c.blocked) for c in found if c.hundredths}
    assert blocked == {(200, False), (300, True), (250, False), (100, False)}
    assert ask(programme, rows.blocked_counts, ["safety"]) == {"safety": 1}
    assert not any(c.blocked for c in ask(programme, rows.overall_counts, []))


def test_trainees_behind_the_scores(programme, either_store):
    assert ask(programme, rows.busiest) == 2
    assert ask(programme, rows.busiest, cohort="nowhere") == 0
    programme.session("s8", None, on=8, scores={"empathy": 2.0})
    found = ask(programme, rows.trainees_scored, ["empathy", "safety", "gone"])
    assert found == {"empathy": 3, "safety": 1}
    assert ask(programme, rows.trainees_scored, []) == {}


def test_endings_by_scenario(programme):
    found = {each.scenario: each for each in ask(programme, rows.endings, cohort="a")}
    assert (found["other"].count, found["other"].walked_out, found["other"].trainees) == (1, 1, 1)
    assert (found["small"].count, found["small"].trainees) == (3, 2)


def test_growth_counts_scored_sessions_of_each_trainee(programme):
    found = ask(programme, rows.by_number, 12, cohort="a")
    assert {number: (s.count, s.total) for number, s in found.items()} == {
        1: (2, 4.5),
        2: (1, 3.0),
    }
    assert list(ask(programme, rows.by_number, 1, cohort="a")) == [1]


def test_first_to_last_needs_two_sessions(programme):
    found = ask(programme, rows.first_to_last)
    assert (found.count, found.total, found.squares, found.above) == (1, 1.0, 1.0, 1)
    by_rubric = ask(programme, rows.rubrics_first_to_last)
    assert set(by_rubric) == {"empathy"}
    assert by_rubric["empathy"].total == 1.0


def test_trainees_stand_by_their_last_scored_session(programme):
    found = ask(programme, rows.last_sessions, ["safety"], 2.5)
    assert found == {"passed": 1, "below": 1, "blocked": 1}


def test_what_instructors_changed(either_store):
    made = Programme(either_store)
    made.session("s1", "t-1", scores={"empathy": 3.0}, changed={"empathy": 2.0})
    made.session("s2", "t-1", scores={"empathy": 1.0}, changed={"empathy": 1.5})
    made.session("s3", "t-1", scores={"empathy": 1.0}, changed={"empathy": None})
    made.session("s4", "t-1", scores={"empathy": 4.0})
    (found,) = ask(made, rows.changed_scores)
    assert (found.changed, found.both, found.moved, found.apart) == (3, 2, 0.5, 1.5)


def test_ratings_stand_beside_the_scorers_own_score(either_store):
    made = Programme(either_store)
    made.session("s1", "t-1", scores={"empathy": 3.0}, changed={"empathy": 2.0})
    made.session("s2", "t-1", ending=None, scores={"empathy": 1.0})
    for session in ("s1", "s2"):
        made.rating("i-1", session, "empathy", 4)
    (found,) = ask(made, rows.session_ratings)
    assert (found.session_id, found.level, found.scored) == ("s1", 4, 2.0)
