"""Quotes: found whatever became of their typography, always given back verbatim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.judging.quotes import locate

TEXT = "No say in it — you’re left with “that”…\u00a0and\nnobody\u200b asks."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("No say in it", "No say in it"),
        ("it - you're left", "it — you’re left"),
        ('left with "that"... and nobody asks', "left with “that”…\u00a0and\nnobody\u200b asks"),
        ("“you’re left”", "you’re left"),
        ("'nobody asks.'", "nobody\u200b asks."),
        ("  and   nobody ", "and\nnobody"),
        ("no say in it", None),
        ("No say … nobody asks", None),
        ("you are left", None),
        ("", None),
        ("—", None),
        ("...", None),
    ],
)
def test_quotes_are_found_verbatim_or_not_at_all(quote, found):
    assert locate(quote, TEXT) == found


@given(st.text(), st.text(), st.text())
def test_any_part_of_any_text_is_found_and_what_is_found_stands_there(before, quote, after):
    text = before + quote + after
    found = locate(quote, text)
    assert (found is None) == (not any(c.isalnum() for c in quote))
    assert found is None or found in text


@given(st.text(), st.text())
def test_what_is_found_stands_in_the_text(quote, text):
    found = locate(quote, text)
    assert found is None or (found in text and any(c.isalnum() for c in found))
