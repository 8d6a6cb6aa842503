from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.authoring.problems import FileProblems, forbidden
from alliance_sim.authoring.yaml_source import MOST_DEPTH, Mark, parse_yaml
from factories import yaml_text

_PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Cn")), max_size=20
).filter(lambda text: not any(forbidden(char) or char == "\ufeff" for char in text))
_DATA = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | _PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_PLAIN, inner, max_size=4),
    max_leaves=20,
)


def only_problem(text: str) -> str:
    """The one problem of a text, fatal or not, without its path."""
    try:
        problems = tuple(parse_yaml(text, "f").problems)
    except FileProblems as stopped:
        problems = stopped.problems
    assert len(problems) == 1, problems
    return str(problems[0]).removeprefix("f:")


class TestData:
    def test_reads_what_the_library_reads(self) -> None:
        text = "a: [1, -2.5, true, ~, no]\nb:\n  c: >-\n    two\n    lines\n  'd e': \"x\\ty\"\n"
        assert parse_yaml(text, "f").data == yaml.safe_load(text)

    @given(st.dictionaries(_PLAIN, _DATA, min_size=1, max_size=5))
    def test_gives_back_what_was_written(self, data: dict[str, object]) -> None:
        source = parse_yaml(yaml_text(data), "f")
        assert (source.data, source.problems) == (data, [])

    def test_merges_and_numbers_that_are_not_decimal_are_not_resolved(self) -> None:
        assert parse_yaml("a: 1e5\nb: 1.2.3\nc: 10-4\n", "f").data == {
            "a": "1e5",
            "b": "1.2.3",
            "c": "10-4",
        }


class TestMarks:
    SOURCE = parse_yaml("top: 1\nlist:\n  - name: é x\n    deep: {k: v}\n", "f")

    @pytest.mark.parametrize(
        ("loc", "key", "value"),
        [
            ((), (1, 1), (1, 1)),
            (("top",), (1, 1), (1, 6)),
            (("list", 0), (3, 5), (3, 5)),
            (("list", 0, "name"), (3, 5), (3, 11)),
            (("list", 0, "deep", "k"), (4, 12), (4, 15)),
        ],
    )
    def test_of_keys_and_values(
        self, loc: tuple[str | int, ...], key: tuple[int, int], value: tuple[int, int]
    ) -> None:
        assert self.SOURCE.key(loc) == Mark(*key)
        assert self.SOURCE.value(loc) == Mark(*value)

    def test_of_what_is_not_there_is_that_of_its_parent(self) -> None:
        assert self.SOURCE.key(("list", 0, "deep", "absent")) == Mark(4, 5)
        assert self.SOURCE.value(("list", 0, "absent", 3)) == Mark(3, 5)


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("a: 1\nb: 2\na: 3\n", '3:1: "a" is given twice, first on line 1; keep one'),
            ("a:\n  - *x\n", '2:5: "*x" is an alias; write out what it stands for'),
            ("a: &x 1\n", '1:4: "&x" is an anchor; remove it, or put text in quotes'),
            ("<<: {b: 1}\n", '1:1: "<<" merges are not used here; write the fields out'),
            ("0: x\n", '1:1: the field\'s name 0 is not text; write "0"'),
            ("no: x\n", '1:1: the field\'s name no is not text; write "no"'),
            ("a: 1\n---\nb: 2\n", '2:1: a second document begins here; remove the line "---"'),
            ("", "1:1: the file is empty; nothing in it"),
            ("# only a comment\n", "1:1: the file is empty; nothing in it"),
            ('a: "\\e[31m"\n', "1:4: a control character (U+001B) in the text; remove it"),
            ("a: \x1b[31m\n", "1:4: a control character (U+001B); remove it"),
            ("a: x\u202ey\n", "1:5: a control character (U+202E); remove it"),
        ],
    )
    def test_says_what_and_where(self, text: str, problem: str) -> None:
        assert only_problem(text) == problem

    @pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!custom", "!!str"])
    def test_tags(self, tag: str) -> None:
        assert "1:4: the tag" in only_problem(
            f"a: {tag} [echo]\n" if "os" in tag else f"a: {tag} x"
        )

    @pytest.mark.parametrize(
        ("written", "what"),
        [
            ("12:30", "a number in base 60"),
            ("2024-02-30", "a date"),
            ("010", "a number in base 8"),
            ("0x1F", "a number in base 16"),
            ("1_000", "a number"),
            ("9" * 5000, "a number"),
            (".inf", "not a number"),
        ],
    )
    def test_words_that_are_not_what_they_seem(self, written: str, what: str) -> None:
        problem = only_problem(f"a: {written}\n")
        assert f"{written} without quotes is {what} in YAML" in problem
        assert parse_yaml(f'a: "{written}"\n', "f").problems == []

    @pytest.mark.parametrize("key", ["{name}: x", "[a, b]: x", "? {a: 1}\n: x", "? - a\n: b"])
    def test_names_that_are_not_plain_text(self, key: str) -> None:
        assert "a field's name must be plain text" in only_problem(key)

    def test_depth(self) -> None:
        at_most = "[" * MOST_DEPTH + "]" * MOST_DEPTH
        assert parse_yaml(at_most, "f").problems == []
        assert "nested more than 40 deep" in only_problem(f"[{at_most}]")

    def test_all_that_can_be_read_past_come_together(self) -> None:
        source = parse_yaml("a: 1\na: {b: 1, b: 2}\nc: *x\nd: 0x1\n", "f")
        assert [problem.line for problem in source.problems] == [2, 2, 3, 4]
        assert source.data == {"a": 1, "c": None, "d": "0x1"}
        assert source.in_hole(("c",))
        assert not source.in_hole(("a",))


class TestSyntax:
    @pytest.mark.parametrize("loader", ["C", "python"])
    @pytest.mark.parametrize(
        ("text", "place", "words"),
        [
            ("a:\n\t- b\n", "2:1", "a tab"),
            ("a: b: c\n", "1:5", 'a ": " inside unquoted text'),
            ("a:\n  - @home\n", "2:5", "text cannot begin with @ unquoted"),
            ("a:\n  - `x`\n", "2:5", "text cannot begin with ` unquoted"),
            ('a: "open\nb: c\n', "1:4", "quotation mark is opened and not closed"),
            ("a: [b, c\nd: e\n", "1:4", "a bracket is opened and not closed"),
            ("a: b\nplain words\nc: d\n", "2:1", "a line that is no field"),
            ("a:\n  - *sighs* no\n", "2:", "text cannot begin with * or & unquoted"),
            ("a: 1\n   b: 2\n", "2:5", "a wrong indent"),
            ("a:\n  b: 1\n c: 2\n", "3:2", "the indent fits no line above"),
            ('a: "x" y\n', "1:8", "after a closing quotation mark"),
            ("a:\n  - [He looks.] Fine.\n", "2:17", "or bracket"),
            ('a: "\\q"\n', "1:", "after a backslash"),
            ("a: |x\n  b\n", "1:5", "the text begins on the next line"),
            ("a: - b\n", "1:4", "begin a line with it"),
            ("a: >\n\tb\n", "2:1", "a tab"),
            ("a: !!\n", "1:6", "tags are not used here"),
            ("a: !<x y>\n", "1:7", "tags are not used here"),
        ],
    )
    def test_one_plain_sentence(
        self, loader: str, text: str, place: str, words: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        kind = yaml.SafeLoader if loader == "python" else getattr(yaml, "CSafeLoader", None)
        if kind is None:
            pytest.skip("the parser in C is not here")
        monkeypatch.setattr("alliance_sim.authoring.yaml_source._Loader", kind)
        problem = only_problem(text)
        assert problem.startswith(place)
        assert words in problem
        assert "not YAML that can be read" not in problem


def test_line_ends_of_windows_keep_lines_and_columns(tmp_path: Path) -> None:
    source = parse_yaml("a: 1\r\nb:\r\n  - c\r\n", "f")
    assert source.data == {"a": 1, "b": ["c"]}
    assert source.value(("b", 0)) == Mark(3, 5)
