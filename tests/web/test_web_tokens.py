"""Tokens: made by chance, kept as hashes."""

import re

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.web.tokens import Key, digest_of, fitting, new_token


def test_tokens_are_long_unlike_each_other_and_fit_to_be_copied():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(re.fullmatch(r"([2-9a-hjkmnp-z]{4}-){5}[2-9a-hjkmnp-z]{4}", each) for each in tokens)


@given(st.lists(st.text(min_size=1), min_size=1, unique_by=str.strip), st.data())
def test_a_token_fits_its_own_key_and_no_other(tokens, data):
    keys = [Key(digest_of(token), f"t-{number}") for number, token in enumerate(tokens)]
    token = data.draw(st.sampled_from(tokens))
    assert fitting(f" {token}\n", keys) is keys[tokens.index(token)]
    assert fitting(token, [key for key in keys if key is not keys[tokens.index(token)]]) is None


def test_nothing_fits_where_there_are_no_keys():
    assert fitting("", []) is None
    assert fitting(digest_of("x"), [Key(digest_of("x"), None)]) is None
