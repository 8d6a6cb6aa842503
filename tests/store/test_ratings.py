"""Ratings in the store."""

from datetime import UTC, datetime

import pytest

from alliance_sim.domain.rating import Rating
from stories import AT, opened

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rating(**changes):
    values = {
        "rater": "i-7", "transcript_id": "a", "turn": 3, "rubric": "empathy",
        "rubric_version": "1.0.0", "level": 2, "note": "so", "at": NOW, "digest": "ab",
    }  # fmt: skip
    return Rating(**{**values, **changes})


def test_what_is_kept_is_read(store):
    kept = [rating(), rating(turn=None, level=None), rating(rater="i-8"), rating(rubric="pacing")]
    assert store.keep_ratings(kept) == 4
    assert sorted(store.ratings(), key=str) == sorted(kept, key=str)


def test_a_later_rating_takes_the_place_of_an_earlier_one(store):
    store.keep_ratings([rating(), rating(turn=None)])
    store.keep_ratings([rating(level=4), rating(turn=None, level=1)])
    assert [(r.turn, r.level) for r in store.ratings()] == [(None, 1), (3, 4)]


def test_they_go_with_the_session_they_are_of(store):
    store.append("s1", [opened()], at=AT)
    store.keep_ratings([rating(transcript_id="s1"), rating()])
    store.delete("s1")
    assert [r.transcript_id for r in store.ratings()] == ["a"]


@pytest.mark.parametrize("level", [-1, 5])
def test_a_level_is_from_0_to_4(level):
    with pytest.raises(ValueError, match="level"):
        rating(level=level)
