"""`cohort`, `roster`, `assignment`, and `practice --assignment`, from the command line."""

import csv
import io
import json
import os
import stat
from pathlib import Path

import pytest

from alliance_sim.cli.wiring import data_folder, store_name
from alliance_sim.store import audit
from alliance_sim.store.repository import Store

REPLIES = "Come in, have a seat.\nIt sounds like none of this was your choice, and it stings.\n"
ROSTER = "name,email,ID\nZoë Ång,z@b.c,1\n=cmd,c@b.c,2\nمريم 🌱,m@b.c,3\n"


@pytest.fixture(autouse=True)
def _who(monkeypatch):
    monkeypatch.setenv("ALLIANCE_SIM_USER", "coordinator-1")


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, encoding="utf-8-sig")
    return str(path)


@pytest.fixture
def spring(cli):
    assert cli("cohort", "add", "spring", "--title", "Spring [b]26[/b]").code == 0


@pytest.fixture
def people(cli, spring, roster):
    """Pseudonyms in the order of the roster."""
    taken = cli("roster", "import", roster, "--cohort", "spring", "--format", "json")
    assert taken.code == 0
    return [row["person"] for row in json.loads(taken.out)]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def log():
    with Store.open(store_name(None)) as store, store.reading() as connection:
        return [(each.who, each.action, each.subject) for each in audit.entries(connection)]


def names_file() -> Path:
    return data_folder() / "names.csv"


# ---- cohorts ---------------------------------------------------------------------------------


def test_cohorts_are_added_listed_and_removed(cli, people):
    assert cli("cohort", "add", "autumn", "--title", "A", "--retention", "90").code == 0
    assert rows(cli("cohort", "list", "--format", "csv").out) == [
        {
            "id": "autumn",
            "title": "A",
            "members": "0",
            "assignments": "0",
            "retention_days": "90",
        },
        {
            "id": "spring",
            "title": "Spring [b]26[/b]",
            "members": "3",
            "assignments": "0",
            "retention_days": "",
        },
    ]
    shown = cli("cohort", "show", "spring")
    assert all(f"{person}  trainee" in shown.out for person in people)
    assert "Spring [b]26[/b]: 3 members, sessions are kept" in shown.err
    assert "2 joined autumn" in cli("cohort", "join", "autumn", *people[:2]).err
    assert "1 joined autumn; 1 were in it" in cli("cohort", "join", "autumn", *people[1:]).err
    left = cli("cohort", "leave", "autumn", people[0], "t-nobody")
    assert "1 left autumn; not in it: t-nobody" in left.err
    assert cli("cohort", "remove", "autumn").code == 0
    assert cli("cohort", "list").out.count("\n") == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "Spring 26", "--title", "x"), "'Spring 26' is no id; write small letters"),
        (("add", "x", "--title", "t" * 201), "the title is longer than 200"),
        (("add", "spring", "--title", "x"), "spring: there is such a cohort already"),
        (("add", "x"), "--title"),
        (("show", "nope"), "nope: no such cohort; there are: spring"),
        (("remove", "nope"), "nope: no such cohort"),
        (("join", "nope", "t-1"), "nope: no such cohort"),
        (("join", "spring", "t-1"), "t-1: nobody has this pseudonym"),
        (("leave", "nope", "t-1"), "nope: no such cohort"),
    ],
)
def test_slips_with_cohorts(cli, spring, words, told):
    done = cli("cohort", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


@pytest.mark.parametrize(
    "words",
    [
        ("cohort", "add", "long", "--title", "L", "--retention"),
        ("privacy", "retention", "--days"),
        ("audit", "list", "--limit"),
        ("sessions", "list", "--limit"),
        ("practice", "wary", "--plain", "--seed"),
        ("assignment", "add", "w", "--cohort", "spring", "--title", "T", "--scenario", "wary",
         "--attempts"),
    ],
)  # fmt: skip
def test_a_number_that_is_too_large_is_told(cli, spring, words):
    done = cli(*words, "99999999999999999999999")
    assert (done.code, done.out) == (2, "")
    assert "should be less than or equal to" in done.err


def test_nothing_there_yet_is_no_mistake(cli):
    for words in (("cohort", "list"), ("roster", "list"), ("assignment", "list")):
        done = cli(*words)
        assert (done.code, done.out) == (0, "")
        assert done.err
    assert json.loads(cli("cohort", "list", "--format", "json").out) == []


# ---- rosters ---------------------------------------------------------------------------------


def test_a_roster_is_taken_in_after_a_dry_run(cli, spring, roster):
    words = ("roster", "import", roster, "--cohort", "spring")
    dry = cli(*words, "--dry-run", "--format", "csv")
    assert [(row["line"], row["what"], row["person"]) for row in rows(dry.out)] == [
        ("2", "new", ""),
        ("3", "new", ""),
        ("4", "new", ""),
    ]
    assert "would be: 3 new; nothing was changed" in dry.err
    assert not names_file().exists()
    assert cli("roster", "list").out == ""
    first = rows(cli(*words, "--format", "csv").out)
    assert {row["what"] for row in first} == {"new"}
    again = rows(cli(*words, "--format", "csv").out)
    assert {row["what"] for row in again} == {"already there"}
    assert [row["person"] for row in again] == [row["person"] for row in first]
    assert log() == [("coordinator-1", "roster_import", "spring")] * 2


def test_no_name_is_anywhere_but_in_the_key_file(cli, people, tmp_path):
    listed = cli("roster", "list", "--cohort", "spring")
    assert set(people) == {line.split()[0] for line in listed.out.splitlines()[1:]}
    assert stat.S_IMODE(names_file().stat().st_mode) == 0o600
    needles = [word.encode() for word in ("Zoë", "مريم", "z@b.c", "=cmd")]
    files = [path for path in data_folder().rglob("*") if path.is_file()]
    holding = {path.name for path in files for needle in needles if needle in path.read_bytes()}
    assert holding == {"names.csv"}
    assert not any(word in listed.out + listed.err for word in ("Zoë", "z@b.c"))


def test_who_somebody_is_is_told_by_the_key_file_and_noted(cli, people):
    named = cli("roster", "name", people[0], "--format", "json")
    assert json.loads(named.out)[0]["name"] == "Zoë Ång"
    everyone = cli("roster", "list", "--names", str(names_file()), "--format", "csv")
    assert {(row["person"], row["name"]) for row in rows(everyone.out)} == {
        (people[0], "Zoë Ång"),
        (people[1], "'=cmd"),
        (people[2], "مريم 🌱"),
    }
    assert log()[:2] == [
        ("coordinator-1", "reidentify", "roster"),
        ("coordinator-1", "reidentify", people[0]),
    ]
    names_file().unlink()
    gone = cli("roster", "name", people[0])
    assert (gone.code, gone.out) == (3, "")
    assert "there is no such key file; name it with --names FILE" in gone.err
    assert len(log()) == 3


def test_nobody_is_named_where_it_cannot_be_noted(cli, people, monkeypatch):
    store = Path(store_name(None))
    key = names_file().read_bytes()
    store.write_bytes(b"no database")
    done = cli("roster", "name", people[0])
    assert (done.code, done.out) == (5, "")
    assert names_file().read_bytes() == key


def test_a_bad_roster_is_told_line_by_line_and_nothing_is_done(cli, spring, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("name,email,ID\nAnn,a@b.c,1\nBea,a@b.c,2\nCyd,,1\n", encoding="utf-8")
    done = cli("roster", "import", str(path), "--cohort", "spring")
    assert (done.code, done.out) == (3, "")
    assert done.err.splitlines() == [
        f"{path}:3:1: the same email as on line 2; keep one of them",
        f"{path}:4:1: the same ID as on line 2; keep one of them",
    ]
    assert not names_file().exists()
    assert cli("roster", "list").out == ""


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("import", "nope.csv", "--cohort", "spring"), 3, "nope.csv:1:1: there is no such file"),
        (("import", ".", "--cohort", "spring"), 3, "a folder, not a file"),
        (("import", "ROSTER", "--cohort", "nope"), 2, "nope: no such cohort"),
        (("import", "ROSTER"), 3, "ROSTER:2:1: no cohort; name one in the column cohort"),
        (("import", "ROSTER", "--cohort", "spring", "--encoding", "x"), 2, "no such encoding"),
        (("import", "ROSTER", "--cohort", "spring", "--names", "ROSTER"), 3, "no key file"),
        (("import", "ROSTER", "--cohort", "spring", "--names", "ROSTER/x"), 5, "cannot be written"),
        (("list", "--cohort", "nope"), 2, "nope: no such cohort"),
        (("list", "--names", "nope.csv"), 3, "there is no such key file"),
        (("list", "--names", "ROSTER"), 3, "this is no key file"),
        (("add", "--cohort", "nope", "--name", "Ida"), 2, "nope: no such cohort"),
    ],
)
def test_slips_with_rosters(cli, spring, roster, words, code, told):
    done = cli("roster", *(word.replace("ROSTER", roster) for word in words))
    assert (done.code, done.out) == (code, "")
    assert told.replace("ROSTER", roster) in done.err
    assert Path(roster).read_text(encoding="utf-8-sig") == ROSTER


def test_columns_that_mean_nothing_are_named(cli, spring, tmp_path):
    path = tmp_path / "canvas.csv"
    path.write_text(
        "Student,ID,SIS User ID,SIS Login ID,Section,Essay (12)\n"
        "    Points Possible,,,,,10\n"
        '"Lee, Ann",101,s-7,alee,A,9\n',
        encoding="utf-8",
    )
    done = cli("roster", "import", str(path), "--cohort", "spring")
    assert "columns that are left out: Essay (12)" in done.err
    assert "1 new" in done.err


def test_one_person_is_added(cli, spring):
    done = cli("roster", "add", "--name", "Ida \x1b[31mOde", "--role", "instructor")
    assert done.out.startswith("i-")
    named = cli("roster", "name", done.out.strip(), "--format", "csv")
    assert rows(named.out)[0]["name"] == "Ida Ode"


def test_a_store_on_a_server_has_its_key_file_in_the_data_folder(cli, roster, postgres_url):
    assert cli("cohort", "add", "spring", "--title", "S", "--store", postgres_url).code == 0
    words = ("roster", "import", roster, "--cohort", "spring", "--store", postgres_url)
    assert "3 new" in cli(*words).err
    assert "3 already there" in cli(*words).err
    assert len(names_file().read_text(encoding="utf-8").splitlines()) == 4


# ---- assignments -----------------------------------------------------------------------------


def ask(cli, *words, name="w1", scenario="wary"):
    return cli(
        "assignment",
        "add",
        name,
        "--cohort",
        "spring",
        "--title",
        "Week 1",
        "--scenario",
        scenario,
        *words,
    )


def test_an_assignment_is_said_back(cli, people, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    import time  # noqa: PLC0415 - the zone is the process's

    time.tzset()
    try:
        done = ask(cli, "--due", "2026-03-02", "--attempts", "2", "--exam", "--keep", "best")
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert done.code == 0
    assert "due 2026-03-02 23:59 on this clock, 2026-03-02 22:59 UTC; that is over" in done.err
    assert "by its author mandated, trauma earn equal credit" in done.err
    (row,) = json.loads(cli("assignment", "list", "--format", "json").out)
    assert row == {
        "id": "w1",
        "cohort": "spring",
        "title": "Week 1",
        "clients": ["wary"],
        "attempts": 2,
        "exam": True,
        "opens": None,
        "due": "2026-03-02T22:59:59+00:00",
        "keep": "best",
        "rubrics": [],
    }


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--due", "soon"), "'soon' is no date; write 2026-03-02"),
        (("--opens", "2026-03-02", "--due", "2026-03-01"), "before it opens"),
        (("--scenario", "nope"), "nope: the library has no such client"),
        (("--rubric", "nope"), "nope: the library has no such rubric"),
        (("--attempts", "0"), "--attempts"),
        (("--keep", "worst"), "--keep"),
        (("--cohort", "autumn"), "autumn: no such cohort"),
        (("--cohort", "The Spring"), "'The Spring' is no id"),
    ],
)
def test_slips_with_assignments(cli, spring, words, told):
    done = ask(cli, *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert cli("assignment", "list").out == ""


def test_assignments_of_a_cohort_that_is_not_there(cli, spring):
    done = cli("assignment", "list", "--cohort", "sprnig")
    assert (done.code, done.out) == (2, "")
    assert "sprnig: no such cohort; there are: spring" in done.err


def practise(cli, *words):
    return cli("practice", *words, "--plain", "--seed", "7", stdin=REPLIES)


def test_practice_for_an_assignment(cli, people):
    ask(cli, "--attempts", "2", "--scenario", "mandated")
    zoe = people[0]
    either = practise(cli, "--assignment", "w1", "--trainee", zoe)
    assert (either.code, "w1 is with one of: wary, mandated" in either.err) == (2, True)
    first = practise(cli, "wary", "--assignment", "w1", "--trainee", zoe)
    assert first.code == 0
    assert first.err.startswith("Week 1: attempt 1 of 2\n")
    assert practise(cli, "mandated", "--assignment", "w1", "--trainee", zoe).code == 0
    third = practise(cli, "mandated", "--assignment", "w1", "--trainee", zoe)
    assert (third.code, third.out) == (2, "")
    assert f"w1: {zoe} has used all 2 attempts" in third.err
    assert len(cli("sessions", "list").out.splitlines()) == 2
    shown = rows(cli("assignment", "show", "w1", "--format", "csv").out)
    assert {row["trainee"]: (row["state"], row["used"], row["left"]) for row in shown} == {
        people[0]: ("done", "2", "0"),
        people[1]: ("to do", "0", "2"),
        people[2]: ("to do", "0", "2"),
    }
    assert "3 trainees: 1 have begun, 1 are done" in cli("assignment", "show", "w1").err
    (hers,) = json.loads(cli("assignment", "list", "--trainee", zoe, "--format", "json").out)
    assert (hers["state"], hers["used"], hers["left"]) == ("done", 2, 0)
    refused = cli("assignment", "remove", "w1")
    assert (refused.code, "w1 has 2 attempts" in refused.err) == (2, True)
    assert cli("cohort", "remove", "spring").code == 2
    assert cli("cohort", "remove", "spring", "--force").code == 0
    assert len(cli("sessions", "list").out.splitlines()) == 2


def test_the_only_client_is_chosen_and_an_exam_is_one(cli, people):
    ask(cli, "--exam", scenario="mandated")
    done = practise(cli, "--assignment", "w1", "--trainee", people[1], "--json")
    assert done.code == 0
    with Store.open(store_name(None)) as store:
        (session,) = store.sessions()
    assert (session.scenario, session.exam, session.trainee) == ("mandated", True, people[1])


def test_one_that_is_late_is_held_and_marked(cli, people):
    ask(cli, "--due", "2020-01-01")
    done = practise(cli, "--assignment", "w1", "--trainee", people[0])
    assert done.code == 0
    assert done.err.splitlines()[0].endswith(": late")
    (row, *_) = [
        row
        for row in rows(cli("assignment", "show", "w1", "--format", "csv").out)
        if row["trainee"] == people[0]
    ]
    assert (row["state"], row["late"]) == ("done late", "True")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--assignment", "w1"), "--assignment needs --trainee ID"),
        (("--assignment", "w9", "--trainee", "ZOE"), "w9: no such assignment; there are: w1"),
        (("--assignment", "w1", "--trainee", "t-9"), "w1 is for cohort spring, and t-9 is not"),
        (("trauma", "--assignment", "w1", "--trainee", "ZOE"), "trauma does not count"),
        (("--assignment", "later", "--trainee", "ZOE"), "later: no such assignment"),
    ],
)
def test_slips_with_practice(cli, people, words, told):
    ask(cli)
    done = practise(cli, *(people[0] if word == "ZOE" else word for word in words))
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert cli("sessions", "list").out == ""


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_the_full_screen_wants_a_terminal_and_uses_no_attempt(cli, people):
    ask(cli, "--attempts", "1")
    done = cli("practice", "--assignment", "w1", "--trainee", people[0])
    assert done.code == 2
    assert "needs a terminal" in done.err
    assert cli("assignment", "show", "w1", "--format", "csv").out.count("to do") == 3
