import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alliance_sim.reporting.tables.cells import harmless

SIGNS = "=+-@＝＋－＠"
nasty = st.text(alphabet=st.sampled_from(SIGNS + "'\";,\t\r\n \u3000\ufeff\u200b|a1"), max_size=12)


def begins_formula(cell):
    bare = cell.lstrip().lstrip("\ufeff\u200b\u2060\x00").lstrip()
    return bare.startswith(tuple(SIGNS))


@given(nasty | st.text(max_size=30))
@example("=HYPERLINK(1)")
@example(" \u3000＝1")
@example("a;=1+1")
@example("a\n@SUM(1)")
def test_no_cell_begins_a_formula_however_the_file_is_cut(text):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(["x", harmless(text), "y"])
    for separator in ",;\t":
        for row in csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=separator):
            assert not [cell for cell in row if begins_formula(cell)], (separator, row)


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs", "Po"]), max_size=30))
def test_ordinary_words_stay(text):
    if not begins_formula(text) and not any(sign in text for sign in "@;＠"):
        assert harmless(text) == text


@given(nasty)
def test_only_apostrophes_are_added(text):
    assert harmless(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize("text", ["3 - 4", "a=b", "x@example.org", "", "so; it was"])
def test_signs_inside_are_left_alone(text):
    assert harmless(text) == text
