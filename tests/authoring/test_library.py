from pathlib import Path

import pytest

from alliance_sim.authoring.library import Library, default_library, shipped_root
from alliance_sim.errors import InputProblem
from factories import minimal_rubric_dict, minimal_scenario_dict, write_yaml


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    root = tmp_path / "first"
    for name in ("small", "other"):
        write_yaml(root / "scenarios" / f"{name}.yaml", minimal_scenario_dict(id=name))
    for name in ("pacing", "empathy"):
        write_yaml(root / "rubrics" / f"{name}.yaml", minimal_rubric_dict(id=name))
    return root


def test_lists_ids_by_file_names_without_reading(pack: Path) -> None:
    (pack / "scenarios" / "broken.yml").write_text("[", encoding="utf-8")
    (pack / "scenarios" / "notes.txt").write_text("", encoding="utf-8")
    (pack / "scenarios" / ".hidden.yaml").write_text("", encoding="utf-8")
    library = Library([pack])
    assert library.scenario_ids() == ("broken", "other", "small")
    assert library.rubric_ids() == ("empathy", "pacing")
    assert library.problems == ()


def test_reads_a_file_once(pack: Path) -> None:
    library = Library([pack])
    scenario = library.scenario("small")
    (pack / "scenarios" / "small.yaml").unlink()
    assert library.scenario("small") is scenario


def test_a_later_pack_overrides_and_says_so(pack: Path, tmp_path: Path) -> None:
    mine = write_yaml(
        tmp_path / "second" / "scenarios" / "small.yaml", minimal_scenario_dict(title="Mine")
    )
    library = Library([pack, tmp_path / "second"])
    assert library.scenario("small").title == "Mine"
    assert library.scenario("other").title == "A small client"
    theirs = pack / "scenarios" / "small.yaml"
    assert library.notes == [f"scenario small: {mine} is used in place of {theirs}"]


def test_one_folder_given_twice_does_not_override_itself(pack: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(pack)
    assert Library([pack, link]).notes == []


def test_an_invalid_file_takes_no_other_down(pack: Path) -> None:
    broken = pack / "scenarios" / "broken.yaml"
    broken.write_text("id: broken\nid: twice\n", encoding="utf-8")
    library = Library([pack, pack / "absent"])
    assert [scenario.id for scenario in library.scenarios()] == ["other", "small"]
    assert {problem.path for problem in library.problems} == {str(broken)}
    with pytest.raises(InputProblem, match="is given twice"):
        library.scenario("broken")


def test_unknown_ids_name_those_there_are(pack: Path) -> None:
    with pytest.raises(InputProblem) as raised:
        Library([pack]).scenario("smal")
    assert str(raised.value) == (
        'no scenario is called "smal"; there are other or small; did you mean "small"?'
    )
    with pytest.raises(InputProblem, match="there are no rubric files at all"):
        Library([]).rubric("empathy")


def test_a_path_to_a_file_is_as_good_as_an_id(pack: Path, tmp_path: Path) -> None:
    path = write_yaml(tmp_path / "mine.yml", minimal_scenario_dict(id="mine"))
    assert Library([pack]).scenario(str(path)).id == "mine"
    with pytest.raises(InputProblem, match="there is no such file"):
        Library([pack]).scenario(str(tmp_path / "absent.yaml"))


def test_a_folder_that_leads_back_to_itself_is_no_pack(pack: Path, tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "scenarios").symlink_to(tmp_path / "second" / "scenarios")
    library = Library([pack, loop, tmp_path / "second"])
    assert library.scenario_ids() == ("other", "small")


def test_rubrics_come_in_the_order_the_scorer_shows(pack: Path) -> None:
    assert [rubric.id for rubric in Library([pack]).rubrics()] == ["empathy", "pacing"]


def test_client_types_reach_the_check(pack: Path) -> None:
    assert Library([pack], types=["wary"]).scenario("small").state.type == "wary"
    with pytest.raises(InputProblem, match="no client type"):
        Library([pack], types=["trauma"]).scenario("small")


def test_the_library_that_ships_is_found_and_comes_first(tmp_path: Path) -> None:
    assert (shipped_root() / "scenarios").is_dir()
    assert (shipped_root() / "rubrics").is_dir()
    write_yaml(tmp_path / "scenarios" / "small.yaml", minimal_scenario_dict())
    assert "small" in default_library(None, tmp_path).scenario_ids()
    assert default_library(None, shipped_root()).notes == []


def test_inside_a_wheel_the_library_is_in_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "alliance_sim"
    (package / "_library").mkdir(parents=True)
    monkeypatch.setattr("alliance_sim.authoring.library.files", lambda _: package)
    assert shipped_root() == package / "_library"
