"""The one number of an attempt, where an assignment names the rubrics that count; both engines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.authoring.library import Library
from alliance_sim.domain.programme import Assignment
from alliance_sim.programme.grades import graded, graded_attempts, grades, weighted
from alliance_sim.programme.standing import of_assignment
from alliance_sim.store import assignments
from alliance_sim.store.counted_attempts import Counted, counted
from alliance_sim.store.export_rows import Wanted
from factories import minimal_rubric_dict, write_yaml
from practised import START, Programme
from stories import library_in


@pytest.fixture
def library(tmp_path):
    """`empathy` and `pacing`, which weighs three times as much."""
    folder = tmp_path / "pack"
    library_in(folder)
    for name, weight in (("empathy", 5), ("pacing", 15)):
        rubric = minimal_rubric_dict(id=name, title=name.title(), weight=weight)
        write_yaml(folder / "rubrics" / f"{name}.yaml", rubric)
    return Library([folder])


@pytest.fixture
def programme(either_store):
    made = Programme(either_store)
    made.cohort("a", "t-1")
    return made


def asked(programme, *rubrics, keep="last"):
    made = Assignment(
        id="w", cohort="a", title="W", scenarios=("small",), rubrics=rubrics, keep=keep,
        created_at=START,
    )  # fmt: skip
    programme.store.transact(lambda connection: assignments.add(connection, made))
    scored = {
        "s1": {"empathy": 4.0, "pacing": 1.0, "safety": 0.0},
        "s2": {"empathy": 2.0, "pacing": None},
        "s3": {"empathy": None, "pacing": None, "safety": 4.0},
    }
    for number, (session, scores) in enumerate(scored.items(), 1):
        programme.session(session, "t-1", on=number, overall=3.3, scores=scores)
        programme.attempt(session, "w", "t-1", number)
    return made


def of(programme, asked_for, library):
    with programme.store.reading() as connection:
        found = grades(connection, [asked_for], library)
        (standing,) = graded(of_assignment(connection, asked_for, START), found)
        attempts = list(graded_attempts(counted(connection, Wanted(), ["w"]), found))
    return standing, attempts


def test_only_the_rubrics_that_count_and_by_their_weight(programme, library):
    standing, attempts = of(programme, asked(programme, "empathy", "pacing"), library)
    assert [each.overall for each in standing.held] == [1.75, 2.0, None]
    assert attempts == [Counted("t-1", "w", "s1", 1.75), Counted("t-1", "w", "s2", 2.0)]
    # Nothing that counts was observed in the last one.
    assert standing.counting.session_id == "s2"


def test_the_best_is_the_best_by_them(programme, library):
    standing, _ = of(programme, asked(programme, "empathy", keep="best"), library)
    assert (standing.counting.session_id, standing.counting.overall) == ("s1", 4.0)


def test_without_any_it_is_the_overall(programme, library):
    standing, attempts = of(programme, asked(programme), library)
    assert {each.overall for each in standing.held} == {3.3}
    assert len(attempts) == 3


def test_a_rubric_that_is_gone_is_left_out(programme, library):
    standing, _ = of(programme, asked(programme, "empathy", "safety"), library)
    assert [each.overall for each in standing.held] == [4.0, 2.0, None]


@given(st.dictionaries(st.sampled_from("abc"), st.floats(0, 4)), st.floats(1, 100))
def test_it_lies_among_the_scores(scores, weight):
    found = weighted(scores, dict.fromkeys("abc", weight))
    if scores:
        assert min(scores.values()) - 0.01 <= found <= max(scores.values()) + 0.01
    else:
        assert found is None
