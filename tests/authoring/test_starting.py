"""A new file plays and passes `check`, whatever the answers are."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alliance_sim.authoring.loader import check_rubric, check_scenario, load_rubric, load_scenario
from alliance_sim.authoring.problems import Severity
from alliance_sim.authoring.starting import (
    RubricAnswers,
    ScenarioAnswers,
    check_id,
    id_from,
    rubric_text,
    scenario_text,
    write_new,
)
from alliance_sim.client.dynamics import load_dynamics
from alliance_sim.errors import UsageProblem

EXPECTED = {"skilled": (0.0, 0.2), "mixed": (0.2, 0.5), "poor": (0.9, 1.0)}


def answers(**changes):
    given = {
        "id": "the_hall",
        "title": "The hall",
        "name": "Ruth",
        "age": 52,
        "pronouns": "she/her",
        "type": "wary",
        "referral": "Her doctor.",
        "concern": "Keeps her coat on.",
        "expected": EXPECTED,
    }
    return ScenarioAnswers(**given | changes)


def written(folder, made):
    path = folder / f"{made.id}.yaml"
    path.write_text(scenario_text(made, path, "scenario.schema.json"), "utf-8")
    return path


@pytest.mark.parametrize("kind", sorted(load_dynamics().types))
def test_a_new_scenario_of_every_type_passes(kind, tmp_path):
    path = written(tmp_path, answers(type=kind))
    problems = check_scenario(path, frozenset(load_dynamics().types))
    assert [p for p in problems if p.severity is Severity.ERROR] == []
    assert {p.rule for p in problems} <= {"too-few"}
    assert load_scenario(path).state.type == kind


WORDS = st.text(min_size=1, max_size=100).map(str.strip).filter(bool)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(name=WORDS, concern=WORDS, title=WORDS)
def test_answers_of_any_characters_stay_what_they_are(name, concern, title, tmp_path):
    if not all(text.isprintable() for text in (name, concern, title)):
        return
    loaded = load_scenario(written(tmp_path, answers(name=name, concern=concern, title=title)))
    assert (loaded.client.name, loaded.client.presentation) == (name, concern)


def test_a_new_rubric_passes(tmp_path):
    made = RubricAnswers("humour", "Humour", "Why: it lightens.", 5, "event")
    path = tmp_path / "humour.yaml"
    path.write_text(rubric_text(made, path, "rubric.schema.json"), "utf-8")
    assert {p.rule for p in check_rubric(path)} == {"judge-only"}
    assert load_rubric(path).about == "Why: it lightens."


def test_an_id_is_made_of_a_title():
    assert id_from("Number four: “Dee”") == "number_four_dee"
    assert id_from("12 steps") == "steps"
    assert id_from("——") == ""


def test_an_id_that_cannot_be_one_is_refused():
    assert check_id("number_four") == "number_four"
    for wrong in ("", "Four", "4th", "a b", "../x"):
        with pytest.raises(UsageProblem):
            check_id(wrong)


def test_nothing_is_written_over(tmp_path):
    path = tmp_path / "new" / "a.yaml"
    write_new(path, "one")
    with pytest.raises(UsageProblem, match="is there already"):
        write_new(path, "two")
    assert path.read_text("utf-8") == "one"
    assert list(path.parent.iterdir()) == [Path(path)]
