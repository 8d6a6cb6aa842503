"""The lists of what steers, invites, slows and presses, and what a client's turn calls for."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.cues import moment, stance

FOLDER = Path(__file__).resolve().parents[2] / "src/alliance_sim/scoring/lexicon/cues"
PIECE = re.compile(r"\)\??|[(|]|[^\s()|]+")
SIGNS = {"(", "|", ")", ")?", "_", "*", "**"}


@pytest.mark.parametrize("name", ["stance", "moment"])
def test_every_phrase_is_of_words_and_signs(name):
    labels = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    for label, entries in labels.items():
        for phrase in filter(None, "\n".join(e["phrases"] for e in entries).splitlines()):
            pieces = PIECE.findall(phrase)
            inner = pieces[pieces[0] == "^" : len(pieces) - (pieces[-1] in ("$", "?"))]
            odd = [p for p in inner if p not in SIGNS and not re.fullmatch(r"[a-z0-9']+~?", p)]
            assert not odd, (label, phrase)


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("You need to keep a diary.", "directs"),
        ("Our goal will be to bring it down.", "imposes"),
        ("Count to ten and walk away.", "commands"),
        ("So we'll do the form, okay?", "tags"),
        ("Which would you rather?", "options"),
        ("Would it be all right to say it?", "permission"),
        ("That's up to you.", "autonomy"),
        ("Have I got that right?", "checks"),
        ("We don't have to go into it.", "slows"),
        ("Feel the chair under you.", "grounds"),
        ("Describe what he did.", "details"),
        ("Let's solve this today.", "hurries"),
    ],
)
def test_what_a_reply_does_is_found_verbatim(said, label):
    found = stance(said).found
    assert label in found
    assert all(words in said for words in found[label])


@pytest.mark.parametrize(
    "said",
    [
        "It sounds like you have to be strong all the time.",
        "Part of you thinks you should go back.",
        "What do you need to hear?",
        "You feel you must never ask.",
    ],
)
def test_what_the_client_feels_they_must_is_no_direction(said):
    assert not stance(said).has("directs")


@pytest.mark.parametrize(
    "said", ["We have to stop here for today.", "We need to finish there, it's ten to."]
)
def test_that_the_hour_is_over_sets_no_goal(said):
    assert not stance(said).has("imposes")


def test_no_hurry_is_no_hurry():
    assert not stance("There's no hurry.").has("hurries")
    assert stance("There's no hurry.").has("slows")


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("What should I do?", "asks_advice"),
        ("I don't want to fill that in.", "refuses"),
        ("My uncle hurt me in that house.", "painful"),
        ("I can't breathe.", "overwhelmed"),
        ("So this is the last session.", "ending"),
        ("I've decided to ring her.", "proposes"),
    ],
)
def test_what_a_turn_calls_for(said, label):
    assert moment(said).has(label)


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    for found in (stance(text), moment(text)):
        assert found.words >= 0
        assert all(words in text for hits in found.found.values() for words in hits)
