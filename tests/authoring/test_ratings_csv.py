"""Ratings out as CSV and in again."""

import io
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_sim.authoring.problems import FileProblems
from alliance_sim.authoring.ratings_csv import COLUMNS, read_ratings_csv, write_ratings_csv
from alliance_sim.domain.rating import Rating

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t'\"=,"), max_size=30
)
ids = words.map(str.strip).filter(bool)
ratings = st.builds(
    Rating,
    rater=ids,
    transcript_id=words.filter(bool),
    turn=st.none() | st.integers(0, 500),
    rubric=st.sampled_from(["empathy", "pacing"]),
    rubric_version=st.just("1.0.0"),
    level=st.none() | st.integers(0, 4),
    note=words,
    at=st.datetimes(timezones=st.just(UTC)),
    digest=st.text("0123456789abcdef", max_size=32),
)


def read(path, text):
    path.write_bytes(text.encode())
    return read_ratings_csv(path, NOW)


@given(st.lists(ratings, min_size=1, max_size=6, unique_by=lambda r: (r.rater, r.place)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_what_goes_out_comes_in_again(tmp_path, given_ratings):
    out = io.StringIO()
    assert write_ratings_csv(given_ratings, out) == len(given_ratings)
    assert read(tmp_path / "r.csv", out.getvalue()) == given_ratings


def test_a_note_that_a_spreadsheet_would_run_gets_a_quote():
    out = io.StringIO()
    rating = Rating(
        rater="i-7", transcript_id="a", turn=1, rubric="empathy", rubric_version="1", level=2,
        note="=HYPERLINK(1)", at=NOW, digest="",
    )  # fmt: skip
    write_ratings_csv([rating], out)
    assert "'=HYPERLINK" in out.getvalue()


def test_a_short_file_of_ones_own(tmp_path):
    text = "rubric,rater,level,transcript_id\nempathy,i-7,N,a\n\n"
    (rating,) = read(tmp_path / "r.csv", text)
    assert (rating.level, rating.turn, rating.at, rating.digest) == (None, None, NOW, "")


HEAD = "rater,transcript_id,turn,rubric,level,at\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "r.csv:1:1: the header has no column rater, transcript_id, rubric or level"),
        (HEAD, "r.csv:1:1: no ratings in it"),
        (HEAD + "i,a,1,empathy,5,\n", 'r.csv:2:5: level is "5"; write 0, 1, 2, 3 or 4, or n'),
        (HEAD + "i,a,-1,empathy,2,\n", 'r.csv:2:3: turn is "-1"; write the number'),
        (HEAD + "i,a,1,empathy,2,soon\n", 'r.csv:2:6: at is "soon"; write a time'),
        (HEAD + "i,a,1,empathy,,\n", 'r.csv:2:5: level is ""'),
        (HEAD + ",a,1,empathy,2,\n", 'r.csv:2:1: rater is ""; write a short text'),
        (HEAD + 'i,"a\nb",1,empathy,2,\ni,a,1,empathy,9,\n', "r.csv:4:5: level"),
        (HEAD + "i,a,1,empathy,2,\ni,a,1,empathy,3,\n", "r.csv:3:1: the same rater, moment"),
        (HEAD + "i,a,1,empathy,2,x,y\n", "r.csv:2:1: 7 cells under 6 columns"),
        (HEAD + 'i,"a,1,empathy,2,\n', "r.csv:2:1: a quotation mark is not closed"),
    ],
)
def test_problems_have_their_place(tmp_path, text, told):
    with pytest.raises(FileProblems) as stopped:
        read(tmp_path / "r.csv", text)
    assert told in str(stopped.value)


def test_all_problems_of_a_file_at_once(tmp_path):
    rows = "".join(f"i,a,{turn},empathy,{7},\n" for turn in range(3))
    with pytest.raises(FileProblems) as stopped:
        read(tmp_path / "r.csv", HEAD + rows)
    assert len(stopped.value.problems) == 3


def test_the_columns_are_those_that_are_documented():
    assert COLUMNS[:3] == ("rater", "transcript_id", "turn")
