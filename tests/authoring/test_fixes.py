"""Mending by machine: what is sure, at its place, and nothing else."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.authoring.fixes import mended
from alliance_sim.authoring.loader import check_scenario
from alliance_sim.authoring.problems import Fix
from alliance_sim.authoring.reasons import why
from factories import minimal_scenario_dict, write_yaml


def mend(path: Path) -> str:
    fixes = [problem.fix for problem in check_scenario(path) if problem.fix]
    return mended(path.read_text("utf-8"), fixes)[0]


def slip(tmp_path, old, new):
    path = write_yaml(tmp_path / "small.yaml", minimal_scenario_dict())
    text = path.read_text("utf-8")
    assert old in text
    path.write_text("# kept\n" + text.replace(old, new, 1), "utf-8")
    return path, "# kept\n" + text


def test_a_misspelled_field(tmp_path):
    path, right = slip(tmp_path, "difficulty:", "dificulty:")
    assert mend(path) == right


def test_a_misspelled_choice(tmp_path):
    path, right = slip(tmp_path, "intensity: mild", "intensity: miild")
    assert mend(path) == right


def test_a_misspelled_reference(tmp_path):
    path, right = slip(tmp_path, "topic: work", "topic: worrk")
    assert mend(path) == right


def test_what_could_mean_two_things_is_left(tmp_path):
    path, _ = slip(tmp_path, "intensity: mild", "intensity: xyz")
    assert mend(path) == path.read_text("utf-8")


def test_a_field_that_is_there_already_is_not_given_twice(tmp_path):
    path, _ = slip(tmp_path, "difficulty: 2", "difficulty: 2\ndificulty: 3")
    assert mend(path) == path.read_text("utf-8")


def test_several_on_one_line_keep_their_places():
    text = "a: [on, off]"
    fixes = [Fix(1, 5, "on", '"on"'), Fix(1, 9, "off", '"off"')]
    assert mended(text, fixes) == ('a: ["on", "off"]', 2)


@given(st.text(alphabet="ab\n :", max_size=60), st.integers(1, 6), st.integers(1, 9))
def test_a_fix_that_does_not_fit_changes_nothing(text, line, col):
    assert mended(text, [Fix(line, col, "zz", "q")]) == (text, 0)


def test_every_rule_that_can_be_found_says_why():
    folder = Path(__file__).resolve().parents[2] / "src" / "alliance_sim"
    named = set()
    for path in [*folder.rglob("authoring/*.py"), folder / "cli" / "commands" / "check.py"]:
        text = path.read_text("utf-8")
        named |= set(re.findall(r'^\s+\("([a-z-]+)", (?:_|lambda|leaks)', text, re.MULTILINE))
        named |= set(re.findall(r'rule="([a-z-]+)"', text))
    assert {"thin-topic", "leak", "schema", "near-identical", "expectation"} <= named
    assert [rule for rule in sorted(named) if not why(rule)] == []
