"""The key file: read and written as it is, by one program at a time, whole or not at all."""

import csv
import os
import re
import stat
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.authoring.problems import FileProblems
from alliance_sim.errors import InputProblem, StoreProblem, UsageProblem
from alliance_sim.programme import private_file
from alliance_sim.programme.identity import Identity
from alliance_sim.programme.key_file import (
    KeyFile,
    default_path,
    forget,
    held,
    kept_if_saved,
    key_text,
    needed_key,
    read_key,
)
from alliance_sim.store.transactions import FateUnknown

ZOE = Identity(name="Zoë Ång", email="z@b.c", canvas_id="7", section="A; B")
TOM = Identity(name="=cmd|' /c calc'!A0", sis_user_id="0012", sis_login_id="'t Hooft")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "programme" / "names.csv"


def written(path, key):
    with held(path) as true, kept_if_saved(true, key):
        pass
    return path


def failing(path, problem):
    """Write TOM alone, and fail with what is saved beside."""

    def save(true):
        with kept_if_saved(true, KeyFile({"t-2": TOM})):
            assert read_key(path).people == {"t-2": TOM}
            raise problem

    with held(path) as true, pytest.raises(type(problem)):
        save(true)


def test_what_is_written_is_read(path):
    key = KeyFile({"t-1": ZOE, "i-2": TOM})
    assert read_key(written(path, key)) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_spreadsheet_reads_letters_and_runs_nothing(path):
    data = written(path, KeyFile({"t-1": ZOE, "i-2": TOM})).read_bytes()
    assert data.startswith(b"\xef\xbb\xbftrainee,name,email,ID,SIS User ID,SIS Login ID,Section\n")
    assert b"i-2,'=cmd" in data


CELL = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Zs"])
    | st.sampled_from(list(" ;'\"=+-@＝,")),
    max_size=8,
).map(lambda text: " ".join(text.split()))


@given(st.dictionaries(st.from_regex(r"t-[a-z]{3}", fullmatch=True), CELL, max_size=5))
def test_any_name_is_read_as_it_was_written(names):
    people = {
        trainee: Identity(name=name, email=f"{trainee}@b.c") for trainee, name in names.items()
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "names.csv"
        path.write_text(key_text(KeyFile(people)), encoding="utf-8-sig", newline="")
        assert read_key(path).people == people
    table = csv.reader(key_text(KeyFile(people)).splitlines())
    pieces = [piece for row in table for cell in row for piece in cell.split(";")]
    assert [piece for piece in pieces if re.match(r"\s*[=+\-@＝]", piece)] == []


def test_what_somebody_keeps_beside_is_kept(path):
    path.parent.mkdir()
    path.write_text("Notes;Trainee;E-mail;Tutor\nnew in May;t-1;z@b.c;=Ida\n", encoding="utf-8")
    key = read_key(path)
    assert key.people == {"t-1": Identity(email="z@b.c")}
    assert read_key(written(path, key.with_people({"t-2": TOM}))).notes == {
        "t-1": ("new in May", "=Ida"),
        "t-2": ("", ""),
    }
    assert forget(path, ["t-1", "t-9"]) == 1
    assert read_key(path) == KeyFile({"t-2": TOM}, ("Notes", "Tutor"), {"t-2": ("", "")})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,email\nZoë,z@b.c\n", ":1:1: this is no key file: it has no column trainee"),
        ("trainee,email,mail\nt-1,a,b\n", ":1:1: two columns are the email"),
        ("trainee,email\nt-1,a@b.c\nt-1,\n", ":3:1: the same trainee as on line 2"),
        ("trainee,email\nt-1,a@b.c\nt-2,A@b.c\n", ":3:1: the same email as on line 2"),
        ("trainee,email\n,a@b.c\n", ":2:1: no pseudonym under trainee"),
        ("trainee,email\nZoë Ång,a@b.c\n", ":2:1: no pseudonym under trainee"),
    ],
)
def test_what_is_no_key_file_is_told_and_left_alone(path, text, told):
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileProblems, match=told):
        read_key(path)
    with pytest.raises(FileProblems):
        forget(path, ["t-1"])
    assert path.read_text(encoding="utf-8") == text


def test_one_that_is_not_there_is_empty_unless_it_is_needed(path):
    assert read_key(path) == KeyFile()
    assert forget(path, ["t-1"]) == 0
    assert not path.parent.exists()
    with pytest.raises(InputProblem, match="no such key file; name it with --names"):
        needed_key(path)
    with pytest.raises(UsageProblem, match="t-1: the key file does not say"):
        KeyFile().need("t-1")


@pytest.mark.parametrize("before", [None, KeyFile({"t-1": ZOE})])
def test_where_saving_fails_the_old_one_is_back(path, before):
    if before:
        written(path, before)
    failing(path, StoreProblem("the disk is full"))
    assert read_key(path) == (before or KeyFile())
    left = {each.name for each in path.parent.iterdir()} - {"names.csv.lock"}
    assert left == ({"names.csv"} if before else set())


def test_where_it_may_have_been_saved_the_names_stay(path):
    failing(path, FateUnknown("server"))
    assert read_key(path).people == {"t-2": TOM}


def test_what_a_killed_program_left_is_cleared(path):
    written(path, KeyFile({"t-1": ZOE}))
    for name in (".names.csv.before", ".names.csv.k3f9abc2"):
        path.with_name(name).write_text("names of people who have gone since")
    assert forget(path, ["t-1"]) == 1
    assert list(path.parent.glob(".*")) == []


def test_a_disk_without_second_names_gets_a_copy(path, monkeypatch):
    written(path, KeyFile({"t-1": ZOE}))
    monkeypatch.setattr(os, "link", _refused)
    failing(path, StoreProblem("no"))
    assert read_key(path).people == {"t-1": ZOE}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def _refused(*_):
    raise PermissionError(1, "Operation not permitted")


def test_a_link_is_followed_and_stays_one(path, tmp_path):
    written(path, KeyFile())
    link = tmp_path / "link.csv"
    link.symlink_to(path)
    written(link, KeyFile({"t-1": ZOE}))
    assert link.is_symlink()
    assert read_key(path).people == {"t-1": ZOE}


def test_one_waits_for_the_other_and_not_for_ever(path, monkeypatch):
    monkeypatch.setattr(private_file, "PATIENCE", 0.05)
    order = []

    def second():
        try:
            with held(path):
                order.append("second")
        except StoreProblem as problem:
            order.append(str(problem))

    with held(path):
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        order.append("first")
    assert order == [f"{path}: another program works with it; wait for that one", "first"]
    second()
    assert order[-1] == "second"


def test_a_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreProblem, match="the key file cannot be written there"):
        written(tmp_path / "file" / "names.csv", KeyFile())


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(FileProblems, match="the name is too long for a file"):
        read_key(tmp_path / ("x" * 300))
    with pytest.raises(StoreProblem, match="the key file cannot be written there"):
        written(tmp_path / ("x" * 300), KeyFile())


def test_it_is_beside_the_store_or_in_the_data_folder(tmp_path):
    assert default_path(tmp_path / "a" / "s.db", tmp_path / "b") == tmp_path / "a" / "names.csv"
    assert default_path(None, tmp_path / "b") == tmp_path / "b" / "names.csv"
