"""Which line answers a particular question best."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.client.matching_lines import best_line

LINES = [
    ("who", "It was my aunt and then Mr. Dorsey from the shop."),
    ("when", "Last November, two weeks before my birthday."),
    ("often", "Maybe twice a week, more in winter."),
    ("long", "It went on for nine months, give or take."),
    ("where", "Out behind the garage, by the hose."),
    ("feel", "My chest goes tight and I feel about six years old."),
    ("why", "Because nobody else was going to do it."),
    ("what", "There's a ladder, a bucket, and a lot of paint."),
]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("Who was with you?", "who"),
        ("When did it begin?", "when"),
        ("How often does that happen?", "often"),
        ("How long did it last?", "long"),
        ("Where were you?", "where"),
        ("What does that feel like in your body?", "feel"),
        ("Why did you take it on?", "why"),
        ("What was the paint for?", "what"),
        ("What about the ladder?", "what"),
    ],
)
def test_the_answer_has_what_was_asked_for(asked, wanted):
    assert best_line(asked, LINES)[0][0] == wanted


def test_nothing_in_common_leaves_the_order_as_it_was():
    ranked = best_line("Mm-hm.", LINES)
    assert ranked == [(key, 0.0) for key, _ in LINES]


def test_stage_directions_are_no_answer():
    lines = [("a", "[She looks at her sister's photo.] I don't know."), ("b", "My sister was.")]
    assert best_line("Was your sister there?", lines)[0][0] == "b"


def test_no_candidates_no_ranking():
    assert best_line("Who?", []) == []


@given(st.text(max_size=80), st.lists(st.text(max_size=60), max_size=6))
def test_every_candidate_is_ranked_once(question, texts):
    candidates = [(str(place), text) for place, text in enumerate(texts)]
    ranked = best_line(question, candidates)
    assert sorted(key for key, _ in ranked) == sorted(key for key, _ in candidates)
    assert [score for _, score in ranked] == sorted((s for _, s in ranked), reverse=True)
    assert all(score >= 0 for _, score in ranked)
