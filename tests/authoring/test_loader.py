from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from alliance_sim.authoring.loader import (
    check_rubric,
    check_scenario,
    load_rubric,
    load_scenario,
)
from alliance_sim.authoring.problems import Severity
from alliance_sim.errors import Exit, InputProblem
from factories import OPENING, minimal_rubric_dict, minimal_scenario_dict, write_yaml


def errors(path: Path) -> list[str]:
    """The errors of a scenario file, without the path."""
    found = [p for p in check_scenario(path) if p.severity is Severity.ERROR]
    return [str(problem).removeprefix(f"{path}:") for problem in found]


def warnings(path: Path) -> list[str]:
    found = [p for p in check_scenario(path) if p.severity is Severity.WARNING]
    return [problem.message for problem in found]


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[Callable[[dict[str, Any]], object]], Path]:
    """Write the minimal scenario after a change to it."""

    def write(change: Callable[[dict[str, Any]], object]) -> Path:
        data = deepcopy(minimal_scenario_dict())
        change(data)
        return write_yaml(tmp_path / "small.yaml", data)

    return write


@pytest.fixture
def replaced(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write the minimal scenario with one piece of its text replaced."""

    def write(old: str, new: str) -> Path:
        path = write_yaml(tmp_path / "small.yaml", minimal_scenario_dict())
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return write


Changed = Callable[[Callable[[dict[str, Any]], object]], Path]
Replaced = Callable[[str, str], Path]


class TestScenario:
    def test_loads(self, changed: Changed) -> None:
        scenario = load_scenario(changed(lambda _: None), types=["wary"])
        assert scenario.id == "small"
        assert scenario.topics[0].lines.open == ("I sit in the car until nine.",)

    def test_a_byte_order_mark_is_left_out(self, changed: Changed) -> None:
        path = changed(lambda _: None)
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert load_scenario(path).id == "small"

    def test_all_errors_come_at_once_in_the_order_of_the_file(self, replaced: Replaced) -> None:
        path = replaced("version: 1.0.0\ntitle: A small client\n", "version: 1.0\ntitel: no\n")
        with pytest.raises(InputProblem) as raised:
            load_scenario(path)
        assert str(raised.value).splitlines() == [
            f'{path}:1:1: there is no "title"; add it',
            f'{path}:2:10: version should be text and 1.0 is a number; write "1.0"',
            f'{path}:3:1: there is no field "titel"; did you mean "title"?',
        ]
        assert [problem.line for problem in raised.value.problems] == [1, 2, 3]  # type: ignore[attr-defined]
        assert raised.value.exit is Exit.INPUT

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            ("name: Ann", "name: no", 'means false: write "no"'),
            ("name: Ann", "name: 12:30", 'write "12:30"'),
            ("name: Ann", "name:", "client.name is empty; give it a value"),
            ("name: Ann", 'name: ""', "client.name is empty; write something between"),
            ("name: Ann", f"name: {'x' * 130}", "has 130 characters; at most 120 fit"),
            ("age: 30", "age: 300", "client.age is 300; it should be at most 110"),
            ("age: 30", "age: yes", "client.age should be a number; yes, no, on and off are not"),
            ("age: 30", 'age: "30"', 'a whole number, not "30", and without quotes'),
            ("age: 30", "age: 30.5", "should be a whole number"),
            ("age: 30", "age: thirty", 'client.age should be a number, not "thirty"'),
            ("intensity: mild", "intensity: midl", 'cannot be "midl"; did you mean "mild"?'),
            ("intensity: mild", "intensity: 7", "choose mild, moderate or strong"),
            (
                "version: 1.0.0",
                "version: v1",
                'it should be three numbers with dots, as in "1.0.0"',
            ),
            ("id: work", "id: Work", "it should be lower-case letters, digits and _"),
            ("- Work is work.", "- Work: it is work.", "put the whole line in quotes"),
            ("- Work is work.", "- [He nods.]", "text that begins with [ or - in quotes"),
            ("cues:\n  - job\n  - work", "cues: job", 'should be a list, not "job"'),
            ("setting:\n", "setting: dim\nclient_setting:\n", "setting should hold fields"),
            ("  - 0.0\n    - 0.2", "  - 0.0", "has no item 2; add it"),
            ("  greeting:", "  greting:", 'a field cannot be "greting"; did you mean "greeting"?'),
            (
                "learning_goals:\n- Listen.",
                "learning_goals: []",
                "has 0 items; it needs at least 1",
            ),
            ("type: wary", "type: wary\n  window: [70, 30]", "with low below high"),
            ("gate: painful", "gate: deep", "choose facts, feelings, painful or core_secret"),
        ],
    )
    def test_what_the_schema_refuses(
        self, old: str, new: str, message: str, replaced: Replaced
    ) -> None:
        assert any(message in line for line in errors(replaced(old, new))), errors

    def test_wrong_items_do_not_make_their_list_too_short(self, replaced: Replaced) -> None:
        found = errors(replaced("- Work is work.", "- [He nods.]"))
        assert len(found) == 1

    def test_a_missing_field_stands_on_the_line_of_its_parent(self, changed: Changed) -> None:
        path = changed(lambda data: data["client"].pop("voice"))
        line = path.read_text(encoding="utf-8").splitlines().index("client:") + 1
        assert errors(path) == [f'{line}:1: client has no "voice"; add it']

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            (lambda d: d.update(id="other"), 'the id is "other" and the file "small"'),
            (
                lambda d: d["topics"].append(d["topics"][0]),
                'second topic has the id "work"',
            ),
            (lambda d: d["events"].append(d["events"][0]), "second event"),
            (lambda d: d["opening"].update(topic="wrok"), 'id "wrok"; did you mean "work"?'),
            (lambda d: d["topics"][0].update(leads_to=["home"]), 'no topic has the id "home"'),
            (lambda d: d["disclosures"][0].update(topics=["home"]), 'no topic has the id "home"'),
            (lambda d: d["disclosures"][0].update(requires=["x"]), 'no disclosure has the id "x"'),
            (lambda d: d["events"][0]["when"].update(topic="home"), 'no topic has the id "home"'),
            (lambda d: d["events"][0]["when"].update(after="x"), 'no disclosure has the id "x"'),
            (lambda d: d["disclosures"][0].update(requires=["letter"]), "requires itself"),
            (lambda d: d["opening"].update(text="Too short."), "has 2 spoken words"),
            (lambda d: d["opening"].update(text=OPENING + " x" * 41), "has 161 spoken words"),
            (lambda d: d.update(rubrics=["emphaty"]), 'no rubric "emphaty"; did you mean'),
            (lambda d: d["events"][0].update(opportunities=["x"]), 'no rubric "x"; choose'),
            (lambda d: d["events"][0].update(missed_cost={"trst": -1}), "no variable of the state"),
            (lambda d: d["reactions"].pop("silence"), "no lines for the reactions silence"),
            (lambda d: d["arrival"].update(line="[He sits."), "no partner"),
            (lambda d: d["arrival"].update(line="He] sits["), "no partner"),
            (lambda d: d["rupture"].update(standing=["[a [b] c]"]), "stands in another pair"),
        ],
    )
    def test_what_must_hold_beyond_the_schema(
        self, change: Callable[[dict[str, Any]], object], message: str, changed: Changed
    ) -> None:
        found = errors(changed(change))
        assert any(message in line for line in found), found

    def test_client_types_are_checked_where_they_are_known(self, changed: Changed) -> None:
        path = changed(lambda data: data["state"].update(type="warry"))
        assert load_scenario(path).state.type == "warry"
        with pytest.raises(InputProblem, match='no client type "warry"; did you mean "wary"'):
            load_scenario(path, types={"wary", "trauma"})

    def test_mistakes_in_fields_do_not_hide_mistakes_between_them(self, replaced: Replaced) -> None:
        found = errors(replaced("  topic: work", "  topic: wrok\n  typo: 1"))
        assert [line.split("; did")[0].split(": ", 1)[1] for line in found] == [
            'no topic has the id "wrok"',
            'there is no field "typo" in opening; the fields are text, topic or instead',
        ]


class TestTripwires:
    @pytest.mark.parametrize(
        "path",
        [
            ("arrival", "line"),
            ("topics", 0, "lines", "open"),
            ("reactions", "silence"),
            ("events", 0, "line"),
            ("events", 0, "responses", "met"),
            ("endings", "time"),
            ("rupture", "repaired"),
        ],
    )
    def test_may_not_be_spoken_before_their_gate(
        self, path: tuple[str | int, ...], changed: Changed
    ) -> None:
        def speak(data: Any) -> None:
            *way, last = path
            for step in way:
                data = data[step]
            line = "I never  Opened it."
            data[last] = line if last == "line" else [line]

        found = errors(changed(speak))
        assert len(found) == 1
        assert '"never opened" gives away the disclosure "letter"' in found[0]

    def test_are_whole_words(self, changed: Changed) -> None:
        path = changed(lambda data: data["arrival"].update(line="Newsletters. A letterbox."))
        assert errors(path) == []

    def test_may_be_spoken_in_an_event_that_comes_after(self, changed: Changed) -> None:
        def speak(data: dict[str, Any]) -> None:
            data["events"][0].update(line="About that letter.", when={"after": "letter"})

        assert errors(changed(speak)) == []

    def test_in_a_disclosure_that_may_come_sooner_they_are_a_warning(
        self, changed: Changed
    ) -> None:
        def add(data: dict[str, Any], **more: Any) -> None:
            other = {**data["disclosures"][0], "id": "car", "gate": "facts", "tripwires": ["boot"]}
            data["disclosures"].append({**other, **more})

        gives_away = 'gives away the disclosure "letter"'
        assert any(gives_away in text for text in warnings(changed(add)))
        later = changed(lambda data: add(data, requires=["letter"]))
        assert not any(gives_away in text for text in warnings(later))
        assert errors(later) == []

    def test_on_the_intake_sheet_they_are_a_warning(self, changed: Changed) -> None:
        path = changed(lambda data: data["client"].update(presentation="Holds a letter."))
        assert errors(path) == []
        assert any("gives away" in text for text in warnings(path))


class TestLint:
    def test_a_thin_scenario_loads_and_is_told_so(self, changed: Changed) -> None:
        path = changed(lambda _: None)
        load_scenario(path)
        found = warnings(path)
        assert "1 topics; a session of 30 turns wants 14 or more" in found
        assert "1 line when open; write 3 or more" in found
        assert "no disclosure is gated at facts, feelings or core_secret" in found
        assert any(text.startswith("no event is of the kind ambient") for text in found)

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            (
                "They moved my desk again, twice.",
                'begins as topics[1].lines.opening[1] does: "they',
            ),
            ("They moved  my desk!", "the same words as topics[1].lines.opening[1]"),
            ("Well. [puase] Well.", "for a pause write [pause]"),
        ],
    )
    def test_of_lines(self, line: str, message: str, changed: Changed) -> None:
        path = changed(lambda data: data["endings"].update(time=[line]))
        assert any(message in text for text in warnings(path))

    def test_of_events_and_phase(self, changed: Changed) -> None:
        def change(data: dict[str, Any]) -> None:
            data["events"][0]["when"] = {"turns": [41, 44]}
            data["setting"]["phase"] = "intake"

        found = warnings(changed(change))
        assert "turn 41 comes after the end of a session of 40 turns" in found
        assert any('"intake" is no phase of treatment' in text for text in found)

    def test_warnings_say_so_in_their_line(self, changed: Changed) -> None:
        first = check_scenario(changed(lambda _: None))[0]
        assert str(first).startswith(f"{first.path}:{first.line}:{first.col}: warning: ")


class TestRubric:
    def test_loads(self, tmp_path: Path) -> None:
        rubric = load_rubric(write_yaml(tmp_path / "empathy.yaml", minimal_rubric_dict()))
        assert rubric.anchors.level_4 == "Level 4."

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"id": "emp"}, 'the id is "emp" and the file "empathy"'),
            ({"judge": " "}, "the text is empty"),
            ({"scope": "turn"}, "choose utterance, event or session"),
            ({"threshold": {"fair": 3.5, "good": 3.0}}, "fair must not be above good"),
            ({"levels": [{"level": 4}, {"level": 4.0}]}, "row 2 is a second one for level 4"),
            (
                {"criteria": [{"id": "aa", "indicator": "names the feeling"}] * 2},
                "second criter",
            ),
            ({"anchors": {"0": "x"}}, 'anchors has no "1"; add it (Poor.)'),
        ],
    )
    def test_errors(self, changes: dict[str, Any], message: str, tmp_path: Path) -> None:
        path = write_yaml(tmp_path / "empathy.yaml", minimal_rubric_dict(**changes))
        assert any(message in problem.message for problem in check_rubric(path))
        with pytest.raises(InputProblem):
            load_rubric(path)

    def test_levels_named_by_numbers_are_asked_to_be_quoted(self, tmp_path: Path) -> None:
        path = write_yaml(tmp_path / "empathy.yaml", minimal_rubric_dict())
        text = path.read_text(encoding="utf-8").replace("'3': Level 3.", "3: Level 3.")
        path.write_text(text, encoding="utf-8")
        (problem,) = _but_for_the_schema_line(check_rubric(path))
        assert problem.message == 'the field\'s name 3 is not text; write "3"'

    def test_an_example_in_the_wrong_list_is_a_warning(self, tmp_path: Path) -> None:
        data = minimal_rubric_dict()
        data["examples"]["negative"][0]["level"] = 3
        path = write_yaml(tmp_path / "empathy.yaml", data)
        load_rubric(path)
        (problem,) = _but_for_the_schema_line(check_rubric(path))
        assert problem.severity is Severity.WARNING
        assert problem.message.startswith("a negative example of level 3")


def _but_for_the_schema_line(problems):
    return [problem for problem in problems if problem.rule != "schema-line"]
