"""Sentences that are waved through as ordinary hold nothing that the full patterns would find."""

from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.scoring import spoken_to

SCRAPS = (
    *"abefouxzABEIMN0124789", " ", ".", "…", ",", ";", "!", "?", "'", "’", "-", "\n", ":",
    "four", "4", "4.0", "0x", "be ad", "BEGIN", "END ", "select x from", "sudo", "-- ", ". . .",
    "/", "(", ")", "=", "[", "#", "*", "abcdefgh", "client.", "12",
)  # fmt: skip
texts = st.lists(st.sampled_from(SCRAPS), max_size=14).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_what_is_spelt_out_holds_no_figures(text):
    if spoken_to._SPELT.fullmatch(text) and not spoken_to._NOT_SPELT.search(text):
        assert not spoken_to._FIGURES.search(text)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_ordinary_text_holds_no_structure(text):
    if spoken_to._ORDINARY.fullmatch(text) and not spoken_to._NOT_ORDINARY.search(text):
        assert not spoken_to._STRUCTURE.search(text)
