"""Packs: a sound one is put in whole, a bad one changes nothing and says what is wrong."""

import os
import stat
import zipfile
from pathlib import Path

import pytest

from alliance_sim.authoring.library import default_library
from alliance_sim.authoring.packs import MOST_FILES, add, installed, remove
from alliance_sim.errors import InputProblem
from factories import minimal_rubric_dict, minimal_scenario_dict, write_yaml

TYPES = frozenset({"wary"})


def text_of(folder: Path, **changes) -> str:
    return write_yaml(folder / "text.yaml", minimal_scenario_dict(**changes)).read_text("utf-8")


@pytest.fixture
def packs(tmp_path):
    return tmp_path / "data" / "packs"


@pytest.fixture
def folder(tmp_path):
    """A pack of one scenario and one rubric."""
    pack = tmp_path / "harbour"
    (pack / "scenarios").mkdir(parents=True)
    (pack / "rubrics").mkdir()
    write_yaml(pack / "scenarios" / "small.yaml", minimal_scenario_dict())
    write_yaml(pack / "rubrics" / "empathy.yaml", minimal_rubric_dict())
    (pack / "README.md").write_text("About this pack.", "utf-8")
    return pack


def zipped(path: Path, members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def refused(source, packs, said):
    with pytest.raises(InputProblem, match=said) as problem:
        add(source, packs, TYPES)
    assert installed(packs) == ()
    assert not packs.exists() or list(packs.iterdir()) == []
    return str(problem.value)


def test_a_folder_is_put_in_and_found(folder, packs):
    pack = add(folder, packs, TYPES)
    assert (pack.name, pack.scenarios, pack.rubrics) == ("harbour", ("small",), ("empathy",))
    library = default_library(packs.parent, None, TYPES)
    assert library.scenario("small").title == "A small client"
    assert any("rubric empathy" in note for note in library.notes)


def test_a_zip_with_or_without_a_folder_of_its_own(tmp_path, packs):
    text = text_of(tmp_path)
    add(zipped(tmp_path / "one.zip", [("scenarios/small.yaml", text)]), packs, TYPES)
    other = text.replace("id: small", "id: other")
    members = [("two-1.0/scenarios/other.yaml", other), ("two-1.0/LICENSE", "free")]
    add(zipped(tmp_path / "two.zip", members), packs, TYPES)
    assert [pack.scenarios for pack in installed(packs)] == [("small",), ("other",)]


def test_a_pack_is_taken_out_again(folder, packs):
    add(folder, packs, TYPES)
    remove("harbour", packs)
    assert installed(packs) == ()
    with pytest.raises(InputProblem, match="no pack is in"):
        remove("harbour", packs)


@pytest.mark.parametrize(
    "name", ["../scenarios/x.yaml", "/scenarios/x.yaml", "C:/scenarios/x.yaml", "..\\x.yaml"]
)
def test_a_path_out_of_the_pack(name, tmp_path, packs):
    refused(zipped(tmp_path / "bad.zip", [(name, "id: x")]), packs, "points out of the pack")


def test_a_bomb_in_one_member(tmp_path, packs):
    members = [("scenarios/x.yaml", b"a" * 50_000_000)]
    bomb = zipped(tmp_path / "bomb.zip", members)
    assert bomb.stat().st_size < 100_000
    refused(bomb, packs, "unpacks to more than")


def test_a_bomb_of_many_members(tmp_path, packs):
    members = [(f"scenarios/x{n}.yaml", b"a" * 1_000_000) for n in range(60)]
    refused(zipped(tmp_path / "bomb.zip", members), packs, "split the pack")
    many = [(f"scenarios/x{n}.yaml", b"a") for n in range(MOST_FILES + 1)]
    refused(zipped(tmp_path / "many.zip", many), packs, "split the pack")


def test_a_link_in_a_zip(tmp_path, packs):
    link = zipfile.ZipInfo("scenarios/x.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    refused(zipped(tmp_path / "link.zip", [(link, "/etc/hostname")]), packs, "is a link")


def test_a_link_in_a_folder(folder, packs):
    os.symlink(folder / "README.md", folder / "scenarios" / "z.yaml")
    refused(folder, packs, "a link or no file")


def test_a_folder_that_is_a_link(folder, packs, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    os.symlink(folder / "scenarios", other / "scenarios")
    refused(other, packs, "a link")


def test_one_id_in_two_packs(folder, packs, tmp_path):
    add(folder, packs, TYPES)
    second = zipped(tmp_path / "second.zip", [("scenarios/small.yaml", text_of(tmp_path))])
    with pytest.raises(InputProblem, match='"small" is in the pack "harbour" already'):
        add(second, packs, TYPES)
    assert [pack.name for pack in installed(packs)] == ["harbour"]


def test_one_id_in_two_files_of_a_pack(tmp_path, packs):
    text = text_of(tmp_path)
    members = [("scenarios/small.yaml", text), ("scenarios/small.yml", text)]
    refused(zipped(tmp_path / "twice.zip", members), packs, "two files have the id")


def test_a_mistake_in_a_file_is_told_at_its_place(folder, packs):
    path = folder / "scenarios" / "small.yaml"
    path.write_text(path.read_text("utf-8").replace("difficulty: 2", "difficulty: 9"), "utf-8")
    said = refused(folder, packs, "difficulty")
    assert f"{folder}: scenarios/small.yaml:" in said


def test_a_file_that_is_no_zip(tmp_path, packs):
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 and then nothing")
    refused(path, packs, "no zip file that can be read")
    refused(tmp_path / "absent.zip", packs, "no such folder or file")


def test_a_zip_without_anything_of_a_pack(tmp_path, packs):
    refused(zipped(tmp_path / "empty.zip", [("notes.txt", "hello")]), packs, "it is no pack")


def test_a_name_that_cannot_be_one(tmp_path, packs):
    refused(zipped(tmp_path / "ä!.zip", []), packs, "rename it")
