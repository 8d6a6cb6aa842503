"""Grades for Canvas: a gradebook of our own, and one of Canvas's filled in."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.programme import Assignment
from alliance_sim.errors import InputProblem
from alliance_sim.programme.identity import Identity
from alliance_sim.reporting.interop.canvas import kept, title_of, write_gradebook
from alliance_sim.reporting.interop.canvas_gradebook import fill
from alliance_sim.store.counted_attempts import Counted
from held_sessions import AT

KNOWN = {
    "t-one": Identity("Example, Ann", canvas_id="101", sis_user_id="S1", sis_login_id="ann"),
    "t-two": Identity("=Example, Bo", canvas_id="102", section="Group B"),
}


def assignment(name, title="Week one", keep="last"):
    return Assignment(
        id=name, cohort="autumn", title=title, scenarios=("wary",), keep=keep, created_at=AT
    )


ONE, TWO = assignment("week-1"), assignment("week-2", "Week two", "best")
GRADES = {"t-one": {"week-1": 3.0, "week-2": 2.5}, "t-two": {"week-1": 1.0}}


def table(points=4, names=None, assignments=(ONE, TWO)):
    out = io.BytesIO()
    people = {"t-two": ["autumn"], "t-one": ["autumn", "winter"], "t-new": ["autumn"]}
    write_gradebook(people, assignments, GRADES, points, names or {}, out)
    return list(csv.reader(io.StringIO(out.getvalue().decode("utf-8"))))


def test_the_attempt_that_counts():
    attempts = [
        Counted("t-one", name, f"s{value}", value)
        for name in ("week-1", "week-2")
        for value in (3, 4, 2)
    ]
    assert kept(attempts, [ONE, TWO]) == {"t-one": {"week-1": 2, "week-2": 4}}


def test_columns_as_canvas_has_them():
    assert table(points=100, names=KNOWN) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section",
         "Week one (week-1)", "Week two (week-2)"],
        ["    Points Possible", "", "", "", "", "100", "100"],
        ["t-new", "", "t-new", "", "autumn", "", ""],
        ["Example, Ann", "101", "S1", "ann", "autumn, winter", "75", "62.5"],
        ["'=Example, Bo", "102", "", "", "Group B", "25", ""],
    ]  # fmt: skip


def test_without_the_key_file_pseudonyms_stand_for_people():
    lines = table()[2:]
    assert [line[:4] for line in lines] == [
        [name, "", name, ""] for name in ("t-new", "t-one", "t-two")
    ]


def test_a_title_is_never_taken_for_canvass_own_number():
    # Canvas reads digits in brackets at the end of a title as the number of an assignment.
    assert not re.search(r"\(\d+\)$", title_of(assignment("2026")))


BOOK = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Week one (55),Essay (56),Week two (57)\r\n"
    ",,,,,Manual Posting,,\r\n"
    '"    Points Possible",,,,,10.00,"20,5",\r\n'
    '"Example, Ann",101,S1,ann,"Group ""A""",,17.5,2.50\r\n'
    "Bo Example,102,,,Group B,EX,N/A,\r\n"
    "Cy Other,103,,,Group B,7,,\r\n"
    '"Student, Test",104,,,,,,'
)


def filled(text=BOOK, *, names=KNOWN, grades=GRADES, assignments=(ONE, TWO)):
    return fill(text.encode("utf-8"), "book.csv", assignments, grades, 4, names)


def test_only_the_cells_that_are_ours_change():
    made = filled()
    # 3 of 4 of ten points; 2.5 of the four points that nobody named stands there already.
    assert made.data.decode("utf-8") == BOOK.replace('"Group ""A""",,', '"Group ""A""",7.5,')
    assert made.cells == 1
    assert made.without_column == made.without_line == []


def test_filled_again_nothing_changes():
    once = filled().data
    assert filled(once.decode("utf-8")).data == once


def test_what_has_no_place_is_told():
    grades = {**GRADES, "t-gone": {"week-1": 1.0}}
    made = filled(grades=grades, assignments=(ONE, assignment("week-3", "Week three")))
    assert (made.without_column, made.without_line) == (["week-3"], ["t-gone"])


def test_a_gradebook_of_pseudonyms_needs_no_key_file():
    text = "Student,ID,SIS User ID,SIS Login ID,Section,Week one (week-1) (55)\nx,9,t-one,,,\n"
    made = filled(text, names={})
    assert made.data.decode().splitlines()[1] == "x,9,t-one,,,3"


def test_semicolons_stay_semicolons():
    text = BOOK.replace(",", ";").replace('"Example; Ann"', '"Example; Ann"')
    made = filled(text)
    assert made.data.decode("utf-8") == text.replace('"Group ""A""";;', '"Group ""A""";7.5;')


cells = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=8)


@given(
    st.lists(st.lists(cells, min_size=8, max_size=8), max_size=5), st.sampled_from(["\n", "\r\n"])
)
def test_all_else_is_the_same_to_the_byte(lines, end):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Week one", "a", "b"]
    )
    writer.writerows([f"~{line[0]}", *line[1:]] for line in lines)
    text = out.getvalue()
    assert filled(text, names={}, grades={"t-~": {"week-1": 3.0}}).data.decode("utf-8") == text
    writer.writerow(["x", "", "t-~", "", "", "", "", ""])
    made = filled(out.getvalue(), names={}, grades={"t-~": {"week-1": 3.0}})
    assert made.data.decode("utf-8") == text + f"x,,t-~,,,3,,{end}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "book.csv:1:1: this is no gradebook"),
        ("name,score\nx,1\n", "book.csv:1:1: this is no gradebook"),
        (BOOK.replace("Bo Example,102", '"Bo Example,102'), "book.csv:5:1: a quotation mark"),
        (BOOK.replace("Week one", "Essay one").replace("Week two", "z"), "no column of the"),
        (BOOK.replace("Essay (56)", "Week one (56)"), "book.csv:1:1: two columns could be"),
        (BOOK.replace("10.00", "(read only)"), "book.csv:3:1: the column of week-1 is read-only"),
        (BOOK.replace("103", "101"), "book.csv:6:1: the same student as on line 4"),
        (BOOK.replace(",,17.5,2.50", ""), "book.csv:4:1: the line has 5 cells, the header 8"),
    ],
)
def test_a_gradebook_that_is_none(text, told):
    with pytest.raises(InputProblem) as caught:
        filled(text)
    assert told in str(caught.value)


def test_a_gradebook_that_is_not_utf8():
    with pytest.raises(InputProblem, match="2:1: it is not UTF-8"):
        fill("Student,ID,Section\nZoë".encode("latin-1"), "book.csv", [ONE], {}, 4, {})
