"""A calibration written into a rubric file leaves all else of it as it was."""

import pytest

from alliance_sim.authoring.library import shipped_root
from alliance_sim.authoring.loader import load_rubric
from alliance_sim.authoring.problems import FileProblems
from alliance_sim.authoring.rubric_edit import with_calibration

KNOTS = (0.0, 0.5, 1.25, 2.5, 4.0)
RUBRICS = sorted((shipped_root() / "rubrics").glob("*.yaml"))


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
def test_every_shipped_rubric_can_be_calibrated(path, tmp_path):
    text = path.read_text("utf-8")
    made = with_calibration(text, str(path), replies=KNOTS, session=None, note="it's a 'test'")
    new = tmp_path / path.name
    new.write_text(made.text, "utf-8")
    before, after = load_rubric(path), load_rubric(new)
    assert after.calibration.replies == KNOTS
    assert after.calibration.session is None
    assert after.calibration.note == "it's a 'test'"
    assert after.version == made.version != before.version
    same = {"version": after.version, "calibration": after.calibration}
    assert before.model_copy(update=same) == after
    kept = [line for line in text.splitlines() if not line.startswith("version:")]
    assert [line for line in made.text.splitlines() if line in kept] == kept


def test_a_second_time_takes_the_place_of_the_first():
    text = RUBRICS[0].read_text("utf-8")
    once = with_calibration(text, "r", replies=KNOTS, session=None, note="first")
    twice = with_calibration(once.text, "r", replies=None, session=KNOTS, note="second")
    assert twice.text.count("calibration:") == 1
    assert "first" not in twice.text
    assert "session: [0, 0.5, 1.25, 2.5, 4]" in twice.text
    first, second = (edited.version.split(".")[2] for edited in (once, twice))
    assert int(second) == int(first) + 1


def test_a_file_without_points_phrases_or_judge_at_its_margin():
    made = with_calibration("id: x\nversion: '1.2.9'", "r", replies=KNOTS, session=None, note="n")
    assert made.text.startswith("id: x\nversion: '1.2.10'\ncalibration:\n  replies:")


def test_a_file_without_a_version_is_left_alone():
    with pytest.raises(FileProblems, match="no line begins with version:"):
        with_calibration("{id: x, version: 1.0.0}", "r", replies=KNOTS, session=None, note="")
