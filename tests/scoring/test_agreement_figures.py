"""Figures of agreement, against published examples and plain definitions."""

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.scoring.agreement.bootstrap import Estimate, by_rows, draws, estimate
from alliance_sim.scoring.agreement.calibration import calibration
from alliance_sim.scoring.agreement.classes import class_figures
from alliance_sim.scoring.agreement.ranks import auc, ranks, spearman
from alliance_sim.scoring.agreement.raters import (
    alpha,
    confusion,
    icc,
    rater_figures,
    weighted_kappa,
    whole,
)

levels = st.integers(0, 4).map(float)


class TestClasses:
    def test_kappa_of_a_table_worked_by_hand(self):
        # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreement .70, by chance .50.
        truth = ["yes"] * 25 + ["no"] * 25
        said = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
        found = class_figures(truth, said, ["g"] * 50, ("yes", "no"))
        assert found.kappa.value == pytest.approx(0.4)
        assert found.accuracy == Estimate(0.7)
        assert found.f1["yes"].value == pytest.approx(2 * 20 / (25 + 30), abs=1e-4)
        assert found.precision["yes"] == pytest.approx(20 / 30, abs=1e-4)
        assert found.recall["yes"] == pytest.approx(0.8)
        assert found.confusion == ((20, 5), (10, 15))

    def test_the_majority_baseline_is_what_one_answer_reaches(self):
        truth = ["a"] * 8 + ["b"] * 2
        found = class_figures(truth, truth, [str(i) for i in range(10)], ("a", "b"))
        assert (found.majority, found.majority_accuracy) == ("a", 0.8)
        assert found.majority_macro_f1 == pytest.approx((2 * 8 / 18) / 2, abs=1e-4)
        assert found.macro_f1.value == 1.0

    def test_a_class_that_never_occurs_does_not_pull_macro_f1_down(self):
        found = class_figures(["a", "b"], ["a", "b"], ["g", "h"], ("a", "b", "never"))
        assert found.macro_f1.value == 1.0
        assert found.f1["never"].value is None

    def test_whole_conversations_are_drawn(self):
        # Rows of one conversation are copies: as many as there are, the interval stays as wide.
        truth, said = ["a", "b", "a", "b"], ["a", "b", "b", "b"]
        few = class_figures(truth, said, list("wxyz"), ("a", "b"))
        many = class_figures(truth * 50, said * 50, list("wxyz") * 50, ("a", "b"))
        assert few.accuracy == many.accuracy

    def test_the_same_seed_draws_the_same(self):
        chance = random.Random(1)
        truth, said = [[chance.choice("ab") for _ in range(40)] for _ in range(2)]
        groups = [str(i // 4) for i in range(40)]
        first, second, other = (
            class_figures(truth, said, groups, ("a", "b"), seed=seed) for seed in (3, 3, 4)
        )
        assert first == second
        assert first.accuracy != other.accuracy


class TestRanks:
    def test_auc_counts_pairs_and_half_of_ties(self):
        found = auc([3.0, 2.0, 2.0, 1.0], [True, False, True, False], list("abcd"))
        assert found.value == pytest.approx(3.5 / 4)

    @given(
        st.lists(st.tuples(levels, st.booleans()), min_size=2, max_size=30).filter(
            lambda rows: len({yes for _, yes in rows}) == 2
        )
    )
    def test_auc_is_its_definition(self, rows):
        won = [
            (high > low) + (high == low) / 2
            for (high, _), (low, _) in itertools.product(
                [r for r in rows if r[1]], [r for r in rows if not r[1]]
            )
        ]
        found = auc([r[0] for r in rows], [r[1] for r in rows], ["g"] * len(rows))
        assert found.value == pytest.approx(sum(won) / len(won), abs=1e-4)

    def test_auc_of_one_sort_alone_is_not_defined(self):
        assert auc([1.0, 2.0], [True, True], ["a", "b"]) == Estimate(None)
        assert auc([], [], []) == Estimate(None)

    def test_ties_share_their_mean_rank(self):
        assert list(ranks(np.array([5.0, 1.0, 5.0, 9.0]))) == [2.5, 1.0, 2.5, 4.0]

    def test_spearman_of_an_order_and_its_reverse(self):
        values, names = [1.0, 2.0, 5.0, 9.0], list("abcd")
        assert spearman(values, [v**3 for v in values], names).value == 1.0
        assert spearman(values, values[::-1], names).value == -1.0
        assert spearman(values, [1.0] * 4, names) == Estimate(None)


class TestRaters:
    JUDGES = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]],
        dtype=float,
    )
    """Table 2 of Shrout & Fleiss 1979, whose ICC(2,1) is .29."""

    def test_icc_of_the_published_table(self):
        assert icc(self.JUDGES) == pytest.approx(0.29, abs=0.005)

    def test_a_constant_offset_costs_absolute_agreement(self):
        ours = np.array([0.0, 1, 2, 3, 4])
        assert icc(np.stack([ours, ours], axis=1)) == pytest.approx(1.0)
        assert icc(np.stack([ours, ours + 1], axis=1)) < 0.9

    def test_weighted_kappa_weighs_by_the_square_of_the_distance(self):
        near = weighted_kappa(np.array([0, 1, 2, 3.0]), np.array([1, 1, 2, 3.0]))
        far = weighted_kappa(np.array([0, 1, 2, 3.0]), np.array([3, 1, 2, 3.0]))
        # Squared distances seen / expected over all pairs of the two margins.
        assert near == pytest.approx(1 - (1 / 4) / (32 / 16))
        assert far < near

    def test_alpha_allows_gaps_and_needs_variation(self):
        gaps = np.array([[0, np.nan, 0], [4, 4, np.nan], [np.nan, 2, 2], [1, 1, 1]], dtype=float)
        assert alpha(gaps) == pytest.approx(1.0)
        assert np.isnan(alpha(np.array([[2.0, 2.0], [2.0, 2.0]])))
        assert np.isnan(alpha(np.array([[1.0, np.nan], [np.nan, 3.0]])))

    @given(st.lists(st.tuples(levels, levels), min_size=3, max_size=25))
    def test_all_figures_stay_within_their_bounds(self, rows):
        found = rater_figures(rows, [str(i) for i in range(len(rows))], resamples=100)
        for figure in (found.kappa, found.icc, found.alpha):
            assert figure.value is None or figure.value <= 1.0

    def test_rows_that_one_rater_alone_rated_do_not_count(self):
        rows = [(1.0, None), (None, 2.0), (3.0, 3.0), (0.0, 0.0)]
        found = rater_figures(rows, list("abcd"), resamples=100)
        assert found.count == 2
        assert found.kappa.value == 1.0

    def test_halves_go_up_at_every_level(self):
        assert list(whole(np.array([0.5, 1.5, 2.5, 2.49]))) == [1, 2, 3, 2]

    def test_confusion_has_the_raters_in_its_rows(self):
        table = confusion([0.6, 3.9], [3, 4])
        assert table[3][1] == 1
        assert table[4][4] == 1
        assert sum(map(sum, table)) == 2


class TestIntervals:
    def test_one_group_gives_no_interval(self):
        assert by_rows(lambda rows: float(len(rows)), ["g"] * 4, seed=0) == Estimate(4.0)

    def test_nothing_gives_nothing(self):
        assert by_rows(lambda rows: float(len(rows)), [], seed=0) == Estimate(None)
        assert estimate(float("nan"), [1.0, 2.0], 5) == Estimate(None)

    def test_every_draw_takes_as_many_groups_as_there_are(self):
        drawn = draws(7, seed=2, resamples=30)
        assert drawn.shape == (30, 7)
        assert set(drawn.sum(1)) == {7}

    def test_the_interval_holds_the_value_of_a_mean(self):
        values = np.arange(50.0)
        found = by_rows(lambda rows: float(values[rows].mean()), [str(i) for i in range(50)], 1)
        assert found.low < found.value == 24.5 < found.high


class TestCalibration:
    def test_sure_and_right_as_often_as_it_says(self):
        found = calibration([0.75] * 4, [True, True, True, False])
        assert found.error == 0.0
        assert found.bins[7].count == 4
        assert (found.bins[7].said, found.bins[7].seen) == (0.75, 0.75)

    def test_sure_and_wrong(self):
        found = calibration([1.0, 1.0], [False, False])
        assert found.error == 1.0
        assert found.brier == 1.0
        assert found.bins[9].count == 2

    def test_no_rows(self):
        assert calibration([], []) is None
