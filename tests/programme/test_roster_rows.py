"""Rosters as people export them: encodings, separators, columns, and what is wrong with a row."""

import csv
import io
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_sim.authoring.problems import FileProblems
from alliance_sim.errors import UsageProblem
from alliance_sim.programme import roster_rows
from alliance_sim.programme.roster_rows import parse_roster

TABLE = "name,email,ID\nZoë Ång,zoe@example.org,7\nمريم 🌱,m@example.org,8\n"


def parsed(text, encoding=None, given=None):
    data = text if isinstance(text, bytes) else text.encode(encoding or "utf-8")
    return parse_roster(io.BytesIO(data), "r.csv", given)


def wrong(text, **words):
    with pytest.raises(FileProblems) as raised:
        parsed(text, **words)
    return str(raised.value).splitlines()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_separators_and_line_ends(encoding, separator, end):
    # UTF-16 without a mark is told by the many letters that need one byte only.
    text = TABLE.replace("مريم 🌱", "Ann Lee") if encoding.startswith("utf-16-") else TABLE
    found = parsed(text.replace(",", separator).replace("\n", end), encoding).rows
    assert [(row.line, row.identity.email, row.identity.canvas_id) for row in found] == [
        (2, "zoe@example.org", "7"),
        (3, "m@example.org", "8"),
    ]
    assert found[0].identity.name == "Zoë Ång"
    assert found[1].identity.name == text.splitlines()[2].split(",")[0]


def test_one_byte_a_letter_is_refused_with_its_line_unless_it_is_named():
    data = "name,email\nAnn,a@b.c\nZoë,z@b.c\n".encode("windows-1252")
    (told,) = wrong(data)
    assert told.startswith("r.csv:3:3: byte 0xeb is not UTF-8; save the file as UTF-8")
    assert told.endswith("say what it is, as in --encoding windows-1252")
    assert parsed(data, given="windows-1252").rows[1].identity.name == "Zoë"


@pytest.mark.parametrize("name", ["nope", "hex", "rot13", "undefined", "\0", ""])
def test_an_encoding_that_there_is_not(name):
    with pytest.raises(UsageProblem, match="no such encoding"):
        parsed(TABLE, given=name)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "r.csv:1:1: the file is empty; the first line names the columns: name, email"),
        (b"\n\n;;\n", "r.csv:1:1: the file is empty"),
        (TABLE.encode("utf-32"), "r.csv:1:1: the file is UTF-32"),
        (b"PK\x03\x04\x14\0\x06\0", "r.csv:1:1: this is a workbook, not text; save the sheet"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "r.csv:1:1: byte 0x89 is not UTF-8"),
        (b"name,email\n" + b"x" * 100_001, "r.csv:2:1: the line is longer than 100,000"),
        (b"Ann,a@b.c\nBea,b@b.c\n", "r.csv:1:1: no column known; the first line names"),
        (b"name,section\nAnn,A\n", "r.csv:1:1: a column is missing by which people are told"),
        (b"name,email,mail\nA,b,c\n", "r.csv:1:1: two columns are the email"),
        (b"name,email\n\n , \n", "r.csv:1:1: nobody is in it"),
        (b'name,email\n"A,a@b.c\nB,b@b.c\n', "r.csv:2:1: a quotation mark is not closed"),
        (b'email,name\na@b.c,"A"B\n', "r.csv:2:1: a quotation mark is not closed, or stands"),
        (b'email\n"' + b"x\n" * 140_000, "r.csv:2:1: a cell has no end"),
    ],
)
def test_files_that_are_no_roster(data, told):
    assert wrong(data)[0].startswith(told)


def test_every_problem_is_told_with_its_line():
    text = (
        "name,email,student id,cohort\n"
        '"Ann\nLee",a@b.c,1,\n'
        "Bea,A@B.C,2,\n"
        "Cyd,,1,\n"
        "Dan,,,\n"
        "Eve,eve,5,\n"
        "Fay,f@b.c,6,Spring 26\n"
        "Gus,g@b.c,7,,extra\n"
        "Hal,h@b.c,1.23457E+11,\n"
        f"{'I' * 301},i@b.c,9,\n"
    )
    assert wrong(text) == [
        "r.csv:4:1: the same email as on line 2; keep one of them",
        "r.csv:5:1: the same SIS User ID as on line 2; keep one of them",
        "r.csv:6:1: no address and no number; people are told apart by them",
        "r.csv:7:1: the email is no address; write one as in ada@example.org",
        "r.csv:8:1: the cohort is no id of one; write small letters, digits, - and _",
        "r.csv:9:1: 5 cells under 4 columns; put text that holds the separator in quotes",
        "r.csv:10:1: the SIS User ID was rounded by a spreadsheet; format its column as text",
        "r.csv:11:1: the name is longer than 300 characters",
    ]


def test_problems_are_not_told_without_end():
    lines = wrong("email\n" + "x\n" * 5000)
    assert len(lines) == 101
    assert lines[-1].endswith("and more; mend these first")


def test_a_gradebook_as_canvas_exports_it():
    text = (
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (12)\n"
        "    Points Possible,,,,,10\n"
        '"Lee, Ann",101,s-7,alee,"Thu, A",9\n'
    )
    found = parsed(text)
    assert found.strange == ("Essay (12)",)
    (row,) = found.rows
    assert (row.line, row.identity.name, row.identity.section) == (3, "Lee, Ann", "Thu, A")
    assert dict(row.identity.marks()) == {
        "canvas_id": "101",
        "sis_user_id": "s-7",
        "sis_login_id": "alee",
    }


def test_other_names_of_columns_and_halves_of_a_name():
    found = parsed("sep=;\nSurname;First_Name;E-Mail Address;Cohort\nOde;Tom;t@b.c;spring\n")
    (row,) = found.rows
    assert (row.line, row.identity.name, row.cohort) == (3, "Tom Ode", "spring")


def test_what_could_act_on_a_terminal_goes_and_what_a_spreadsheet_would_run_stays():
    text = 'name,email\n"=cmd|\'/c calc\'!A0",x@b.c\n"\x1b[31mRed\x07\u202e\n Ann\x00",y@b.c\n'
    first, second = parsed(text).rows
    assert first.identity.name == "=cmd|'/c calc'!A0"
    assert second.identity.name == "Red Ann"


def test_accents_are_spelled_one_way_so_that_a_person_is_found_again():
    rows = parsed("name,email\nZoe\u0308,zoe\u0308@b.c\n").rows
    assert rows[0].identity.email == "zoë@b.c"


def test_a_roster_has_an_end(monkeypatch):
    monkeypatch.setattr(roster_rows, "MOST_ROWS", 3)
    text = "email\n" + "".join(f"p{n}@b.c\n" for n in range(4))
    assert wrong(text) == ["r.csv:5:1: more than 3 people; split the file"]


def read_or_told(data):
    """The roster; None where each problem of it was told with its place."""
    try:
        return parsed(data)
    except FileProblems as problem:
        told = str(problem).splitlines()
    assert told
    assert [line for line in told if not re.match(r"r\.csv:\d+:\d+: ", line)] == []
    return None


class Million(io.RawIOBase):
    """A roster of a million rows that are made as they are asked for."""

    HEADER = b"0123456789,email\n"
    place = 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def seek(self, place, whence=0):
        self.place = place
        return place

    def tell(self):
        return self.place

    def readinto(self, buffer):
        row = len(self.HEADER)
        first = self.place // row
        made = b"".join(
            f"{n:010},{n % 1000:03}@b\n".encode() if n else self.HEADER
            for n in range(first, min(first + 100, 1_000_000))
        )[self.place % row :][: len(buffer)]
        buffer[: len(made)] = made
        self.place += len(made)
        return len(made)


def test_a_long_one_is_refused_without_being_read_to_its_end(monkeypatch):
    monkeypatch.setattr(roster_rows, "MOST_ROWS", 900)
    rows = Million()
    with pytest.raises(FileProblems, match=r"r\.csv:902:1: more than 900 people; split the file"):
        parse_roster(io.BufferedReader(rows), "r.csv")
    assert rows.place < 50_000


@settings(max_examples=300)
@given(
    st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
@example(b"\xff\xfe\x00")
@example(b"sep=\t\nemail\n")
@example(b'email,"\n')
def test_any_bytes_are_a_roster_or_are_told_what_is_wrong(data):
    found = read_or_told(data)
    assert found is None or found.rows


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=150)
@given(st.lists(st.tuples(CELL, CELL, CELL), max_size=6))
def test_any_table_is_a_roster_or_is_told_what_is_wrong(rows):
    out = io.StringIO()
    csv.writer(out).writerows([("name", "id", "email"), *rows])
    found = read_or_told(out.getvalue())
    if found is not None:
        assert 0 < len(found.rows) <= len(rows)
        marks = [mark for row in found.rows for mark in row.identity.marks()]
        assert len(set(marks)) == len(marks)
