"""The language of the phrase lists."""

import re

import pytest

from alliance_sim.coding.phrases import parse
from alliance_sim.coding.words import read

LISTS = {"feeling": ["sad", "worn out"]}


def said(phrase: str, text: str) -> str | None:
    found = re.search(parse(phrase, LISTS).pattern, read(text).line)
    return found[1].strip() if found else None


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("you should", "I think you should go", "you should"),
        ("you should", "thank you shouldering it", None),
        ("you (always|never) listen~", "You never listened", "you never listened"),
        ("you (so|very)? {feeling}", "you worn out", "you worn out"),
        ("you are (so )? {feeling}", "you are so sad", "you are so sad"),
        ("i * you", "I really do like you", "i really do like you"),
        ("i * you", "I one two three four you", None),
        ("i ** you", "I one two three four you", "i one two three four you"),
        ("i _ you", "I see you", "i see you"),
        ("i * you", "I stop. You go.", None),
        ("^ try", "Well, okay, try", "try"),
        ("^ try", "you try", None),
        ("go on $", "go on.", "go on"),
        ("go on $", "go on then", None),
        ("you do ?", "you do?", "you do"),
        ("you do ?", "you do.", None),
        ("(a (b|c d)|e) f", "a c d f", "a c d f"),
    ],
)
def test_phrases(phrase: str, text: str, found: str | None) -> None:
    assert said(phrase, text) == found


def test_a_phrase_is_looked_up_by_its_rarest_word() -> None:
    assert parse("you (really)? should", {}).keys == {"should"}
    assert parse("i {feeling}", LISTS).keys == {"sad", "worn"}
    assert parse("you deflect~", {}).keys == {"defl~"}


@pytest.mark.parametrize("phrase", ["(you", "you) are", "* _", "(you)?", ""])
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"bracket|no word"):
        parse(phrase, {})


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(KeyError):
        parse("you {mood}", LISTS)
