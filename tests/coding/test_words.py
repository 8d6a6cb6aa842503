"""Words as a listener hears them, and their place in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.coding.words import read


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("You're tired.", " . you are tired . "),
        ("youre tired", " . you are tired . "),
        ("I won’t, I can't!", " . i will not i can not . "),
        ("What's it like?", " . what is it like ? "),
        ("I-I um think, uh, so", " . i think so . "),
        ("[He nods.] Go on.", " . go on . "),
        ("Ill call you. I feel ill.", " . i will call you . i feel ill . "),
        ("my sister's house", " . my sister house . "),
        ("", " . . "),
    ],
)
def test_read(text: str, line: str) -> None:
    assert read(text).line == line


def test_verbatim_gives_the_text_back_as_written() -> None:
    words = read("Well — YOU’RE  always late, aren't you?")
    start = words.line.index("you are always")
    assert words.verbatim(start, start + len("you are always late")) == "YOU’RE  always late"


@given(st.text(max_size=200), st.integers(0, 300), st.integers(0, 300))
def test_verbatim_is_always_a_part_of_the_text(text: str, start: int, length: int) -> None:
    assert read(text).verbatim(start, start + length) in text


@given(st.text(max_size=200))
def test_a_line_begins_and_ends_a_sentence(text: str) -> None:
    line = read(text).line
    assert line.startswith(" . ")
    assert line.endswith((" . ", " ? "))
    assert "  " not in line
