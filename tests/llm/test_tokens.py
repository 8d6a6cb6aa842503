"""Tokens are counted here, without a network."""

import socket
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.llm import tokens


def test_counts_by_the_vocabulary():
    assert tokens.count("") == 0
    assert tokens.count("Not much to tell.") == 5
    assert tokens.count("<|endoftext|>") > 1, "special tokens in a text are only text"


def test_nothing_is_downloaded(monkeypatch, tmp_path):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    tokens._counter.cache_clear()
    assert tokens.count("Not much to tell.") == 5
    assert tokens._counter() is not tokens.at_most


@given(st.text() | st.text(alphabet="abcdefghij \n'.,?ABC0123"))
def test_the_bound_is_one(text):
    assert tokens.at_most(text) >= tokens.count(text)


def test_the_bound_is_near_for_prose():
    prose = "It sounds as if the drive home is the only hour in which nobody needs you. " * 5
    assert tokens.count(prose) <= tokens.at_most(prose) <= 5 * tokens.count(prose)


def test_the_bound_stands_in_where_the_vocabulary_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "tiktoken", None)
    tokens._counter.cache_clear()
    try:
        assert tokens.count("Not much.") == tokens.at_most("Not much.")
    finally:
        tokens._counter.cache_clear()


def test_the_port_imports_nothing_heavy():
    names = "openai_backend, settings, setup, local, prices, tokens, structured, dialect"
    code = (
        f"import sys; from alliance_sim.llm import {names}\n"
        "heavy = {'openai', 'httpx2', 'tiktoken', 'keyring', 'yaml', 'xllamacpp', 'pydantic'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
