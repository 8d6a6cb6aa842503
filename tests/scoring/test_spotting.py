"""Patterns that are tried only where they may be found: nothing that stands in a text is missed."""

import re
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_sim.scoring.needs import choices, held
from alliance_sim.scoring.spotting import Spotter
from alliance_sim.scoring.words import lexicon, pattern

LISTS = sorted(
    path.name.removesuffix(".yaml")
    for path in files("alliance_sim.scoring").joinpath("lexicon").iterdir()
    if path.name.endswith(".yaml")
)
SOURCES = [(name, key, "|".join(map(pattern, found)))
           for name in LISTS for key, found in lexicon(name).items()]  # fmt: skip
ALPHABET = "abcdefghijklmnopqrstuvwxyz' ,.!?-;0123456789"


def whole(source):
    return re.compile(rf"(?<![\w'])(?:{source})(?![\w'])")


@pytest.mark.parametrize(("name", "key", "source"), SOURCES)
def test_what_a_list_finds_is_spotted(name, key, source):
    spotter = Spotter({key: source})
    found = st.from_regex(whole(source), alphabet=ALPHABET)

    @settings(max_examples=5, deadline=None, derandomize=True, database=None)
    @given(found, st.sampled_from(["", "so ", "it is, "]), st.sampled_from(["", " then", "."]))
    def spotted(text, before, after):
        said = f"{before}{text}{after}"
        assert spotter.has(key, said) == (whole(source).search(said) is not None)

    spotted()


@pytest.mark.parametrize(
    ("source", "needs"),
    [
        ("gone", {"gone"}),
        (r"depress[\w'-]*", {"depr~"}),
        (r"my[\s,;:-]+(cat|dog)", {"cat", "dog"}),
        (r"(so[\s,;:-]+)*walked", {"walked"}),
        (r"(re)?turned", set()),
        (r"favou?rite", {"favo~"}),
        (r"(?!not)hurt(ing)?", {"hurt~"}),
        (r"[a-z]+ed", set()),
        ("(left|)[\\s,;:-]+her", {"her"}),
    ],
)
def test_what_is_needed(source, needs):
    (choice,) = choices(source)
    assert set(choice.needs[0] if choice.needs else ()) == needs


def test_alternatives_are_told_apart():
    assert [choice.source for choice in choices("(a|b)|(c|d[\\s,;:-]+e)")] == [
        "a", "b", "c", "d[\\s,;:-]+e",
    ]  # fmt: skip


def test_brackets_must_pair():
    with pytest.raises(ValueError, match="paired"):
        choices("(a|b")
    with pytest.raises(ValueError, match="paired"):
        choices("a)b")


def test_no_such_category():
    with pytest.raises(KeyError):
        Spotter({"a": "b"}).has("c", "b")


def test_keys_of_a_text():
    assert set(held("it's gone it's")) == {"it's", "gone", "it'~", "it's~", "gon~", "gone~"}
