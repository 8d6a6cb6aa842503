"""What is drawn for rating, and what is made of ratings."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.domain.codes import CodedReply, Main
from alliance_sim.domain.rating import Rating
from alliance_sim.domain.scorecard import RubricScore, Scorecard, UtteranceScore
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.runtime.calibrating import Moment, drawn, moments
from alliance_sim.runtime.calibrating_report import agreement, pairs_of

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def moment(name, turn, machine, rubric="empathy"):
    said = Utterance(turn=turn or 0, speaker=Speaker.THERAPIST, text=f"Reply {turn} of {name}.")
    return Moment(name, turn, rubric, "1.0.0", machine, (said,))


def rated(found, level, rater="i-7", **changes):
    values = {
        "rater": rater, "transcript_id": found.transcript_id, "turn": found.turn,
        "rubric": found.rubric, "rubric_version": "1.0.0", "level": level, "at": NOW,
        "digest": found.digest,
    }  # fmt: skip
    return Rating(**{**values, **changes})


class TestDrawing:
    def test_rare_levels_come_as_often_as_common_ones(self):
        found = [moment("a", turn, 1.0) for turn in range(100)]
        found += [moment("b", turn, 3.8) for turn in range(4)]
        found += [moment("c", turn, None) for turn in range(100)]
        levels = [m.machine for m in drawn(found, replies=12, sessions=0, seed=1)]
        assert sorted(levels, key=str) == [1.0] * 4 + [3.8] * 4 + [None] * 4

    def test_replies_and_sessions_have_their_own_numbers(self):
        found = [moment("a", turn, 1.0) for turn in range(9)]
        found += [moment(name, None, 2.0) for name in "abcde"]
        chosen = drawn(found, replies=3, sessions=2, seed=1)
        assert [m.turn is None for m in chosen].count(True) == 2
        assert len(chosen) == 5

    def test_a_rubric_that_is_observed_nowhere_is_not_asked(self):
        assert drawn([moment("a", 1, None)], replies=5, sessions=5, seed=1) == []

    @given(st.integers(0, 1000), st.lists(st.sampled_from([None, 0.2, 2.0, 3.9]), max_size=30))
    def test_nothing_is_drawn_twice_and_the_order_given_does_not_matter(self, seed, levels):
        found = [moment("a", turn, level) for turn, level in enumerate(levels)]
        chosen = drawn(found, replies=8, sessions=0, seed=seed)
        assert len({m.place for m in chosen}) == len(chosen) <= 8
        assert drawn(found[::-1], replies=8, sessions=0, seed=seed) == chosen

    def test_a_rater_sees_what_came_before_and_no_more(self):
        utterances = tuple(
            Utterance(
                turn=turn,
                speaker=Speaker.THERAPIST if turn % 2 else Speaker.CLIENT,
                text=f"These are the words {turn}.",
            )
            for turn in range(10)
        )
        transcript = Transcript(transcript_id="a", utterances=utterances)
        coded = CodedReply(main=Main.OTHER, codes=())
        scores = tuple(
            UtteranceScore(turn=turn, coded=coded, rubrics={"empathy": 2.0})
            for turn in (1, 3, 5, 7, 9)
        )
        rubric = RubricScore(rubric="empathy", rubric_version="1.0.0", score=2.0)
        card = Scorecard(transcript_id="a", utterances=scores, rubrics=(rubric,))
        asked = type("R", (), {"id": "empathy", "version": "1.0.0"})()
        found = {m.turn: [u.turn for u in m.shown] for m in moments([(transcript, card)], [asked])}
        assert found[7] == [3, 4, 5, 6, 7]
        assert found[1] == [0, 1]
        assert found[None] == list(range(10))


class TestReport:
    @pytest.fixture
    def rubric(self, library):
        return library.rubric("empathy")

    def report(self, rubric, pairs):
        (found,) = agreement(pairs, [rubric], resamples=100)
        return found

    def test_bias_distance_and_the_worst(self, rubric):
        found = [moment(f"t{n}", 1, 1.0) for n in range(12)]
        ratings = [rated(m, 4 if m.transcript_id == "t3" else 2) for m in found]
        made = self.report(rubric, pairs_of(found, ratings)[0])
        assert made.bias == pytest.approx(-(11 * 1 + 3) / 12, abs=1e-3)
        assert made.off == pytest.approx((11 * 1 + 3) / 12, abs=1e-3)
        assert made.worst[0].transcript_id == "t3"
        assert made.table[2][1] == 11
        assert made.table[4][1] == 1

    def test_opportunities_that_one_side_alone_saw(self, rubric):
        both, missed, invented = moment("a", 1, 2.0), moment("a", 3, None), moment("a", 5, 1.0)
        ratings = [rated(both, 2), rated(missed, 3), rated(invented, None)]
        made = self.report(rubric, pairs_of([both, missed, invented], ratings)[0])
        assert (made.missed, made.invented, made.rated) == (1, 1, 3)
        assert made.figures is None

    def test_the_majority_of_raters_says_whether_there_was_an_opportunity(self):
        found = moment("a", 1, 2.0)
        ratings = [rated(found, 3), rated(found, None, "i-8"), rated(found, None, "i-9")]
        (pair,), _ = pairs_of([found], ratings)
        assert pair.mean is None

    def test_ratings_of_other_words_are_counted_and_left_out(self):
        found = moment("a", 1, 2.0)
        ratings = [rated(found, 3, digest="0" * 32), rated(found, 2, "i-8", digest="")]
        (pair,), strangers = pairs_of([found], ratings)
        assert strangers == 1
        assert pair.ratings == {"i-8": 2}

    def test_raters_are_compared_with_each_other_where_they_met(self, rubric):
        found = [moment(f"t{n}", 1, n % 5) for n in range(20)]
        ratings = [rated(m, int(m.machine)) for m in found]
        ratings += [rated(m, int(m.machine), "i-8") for m in found[:12]]
        made = self.report(rubric, pairs_of(found, ratings)[0])
        assert made.among.count == 12
        assert made.among.alpha.value == 1.0
        assert made.figures.icc.value == 1.0
        assert set(made.each) == {"i-7", "i-8"}

    def test_a_threshold_moves_to_where_the_raters_have_theirs(self, rubric):
        # The raters give 3 wherever the program gives 1.9 or more.
        found = [moment(f"t{n}", 1, round(n * 0.1, 1)) for n in range(40)]
        ratings = [rated(m, 3 if m.machine >= 1.9 else 1) for m in found]
        fair, good = self.report(rubric, pairs_of(found, ratings)[0]).thresholds
        assert (fair.name, fair.now) == ("fair", rubric.threshold.fair)
        assert fair.suggested == good.suggested == pytest.approx(1.9)
        assert fair.right_then == 1.0 > fair.right_now

    def test_no_threshold_from_one_side_alone(self, rubric):
        found = [moment(f"t{n}", 1, 2.0) for n in range(25)]
        made = self.report(rubric, pairs_of(found, [rated(m, 1) for m in found])[0])
        assert [threshold.suggested for threshold in made.thresholds] == [None, None]
