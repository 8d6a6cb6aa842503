"""Text made safe for a terminal."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.clean import printable


@given(st.text())
def test_no_control_character_survives_any_text(text):
    shown = printable(text)
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in shown)


@given(st.text())
def test_one_line_has_no_line_ends_and_stays_as_it_is(text):
    shown = printable(text, lines=False)
    assert "\n" not in shown
    assert printable(shown, lines=False) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]52;c;aGk=\x1b\\text", "text"),
        ("[bold]kept[/bold]", "[bold]kept[/bold]"),
        ("a\u202eb", "ab"),
        ("a\r\nb", "a\nb"),
        ("naïve 👩‍👩‍👧 שלום", "naïve 👩‍👩‍👧 שלום"),
    ],
)
def test_sequences_go_and_words_stay(text, shown):
    assert printable(text) == shown
