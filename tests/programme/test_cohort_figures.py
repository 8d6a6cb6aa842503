"""A cohort in figures; what stands on too few is not told."""

import pytest

from alliance_sim.programme import cohort_figures as figures
from alliance_sim.programme.cohort_agreement import agreements
from alliance_sim.programme.rules import load_rules
from alliance_sim.store.cohort_rows import Changed, Count, Endings, SessionRating, Sums

RULES = load_rules().cohort.model_copy(update={"resamples": 100})


def test_rubrics_in_order_with_what_was_not_observed_apart():
    counts = [Count("b", 200, 5), Count("a", None, 7), Count("a", 300, 6), Count("z", 100, 4)]
    found = figures.rubric_spreads(counts, ["a", "b", "c"], RULES)
    assert [each.rubric for each in found] == ["a", "b", "z"]
    assert (found[0].observed, found[0].unobserved, found[0].spread.median) == (6, 7, 3.0)
    assert (found[2].observed, found[2].spread) == (None, None)


def test_many_scores_of_few_trainees_are_not_told():
    counts = [Count("a", 200, 40), Count("b", 200, 41), Count("b", None, 90)]
    assert figures.scarce(counts, 10, RULES) == ["a"]
    assert figures.scarce(counts, 11, RULES) == ["a", "b"]
    first, second = figures.rubric_spreads(counts, [], RULES, {"a": 4, "b": 5})
    assert (first.spread, first.observed) == (None, None)
    assert second.observed == 41


def test_growth_ends_where_too_few_have_got():
    sums = {1: Sums(9, 18.0, 40.0), 2: Sums(5, 12.0, 30.0), 3: Sums(4, 12.0, 40.0)}
    assert [each.number for each in figures.at_numbers(sums, RULES)] == [1, 2]


def test_change_needs_enough_trainees():
    assert figures.change("a", Sums(4, 2.0, 2.0), RULES) is None
    found = figures.change("a", Sums(5, -2.5, 2.0, above=1), RULES)
    assert (found.mean.value, found.higher, found.trainees) == (-0.5, 1, 5)
    assert found.mean.low < -0.5 < found.mean.high


def test_sessions_pass_at_the_mark_unless_blocked():
    counts = [
        Count("s", 250, 3),
        Count("s", 249, 2),
        Count("s", 400, 1, blocked=True),
        Count("s", 0, 1, blocked=True),
        Count("s", None, 9),
    ]
    found = figures.session_passes(counts, RULES)
    assert (found.count, found.passed, found.below, found.blocked) == (7, 3, 3, 1)
    assert found.share.value == pytest.approx(3 / 7)
    assert figures.session_passes(counts[:1], RULES) is None
    assert figures.passes({}, RULES) is None


def test_the_hardest_client_first_and_too_few_last():
    counts = [Count("easy", 350, 8), Count("hard", 150, 8), Count("few", 10, 9)]
    ended = [
        Endings("easy", 6, 6, 8, 0, 0),
        Endings("few", 4, 4, 9, 0, 0),
        Endings("hard", 6, 6, 10, 3, 1),
        Endings("unscored", 6, 0, 10, 0, 10),
    ]
    found = figures.difficulties(counts, ended, RULES)
    assert [each.scenario for each in found] == ["hard", "easy", "few", "unscored"]
    hard, easy, few, unscored = found
    assert hard.worrying
    assert not easy.worrying
    assert hard.walked_out.value == 0.3
    assert (few.sessions, few.trainees, few.spread, few.walked_out) == (None, None, None, None)
    assert (unscored.sessions, unscored.spread, unscored.stopped) == (10, None, 10)


def test_scores_of_few_among_many_who_met_a_client_are_not_told():
    ended = [Endings("a", 9, 4, 20, 0, 0), Endings("b", 9, 5, 20, 0, 0)]
    counts = [Count("a", 100, 12), Count("b", 100, 12)]
    found = {each.scenario: each for each in figures.difficulties(counts, ended, RULES)}
    assert (found["a"].sessions, found["a"].spread) == (20, None)
    assert found["b"].spread.count == 12


def test_overrides_where_both_are_numbers():
    changed = [
        Changed("a", 9, 8, 2.0, 6.0),
        Changed("b", 5, 0, 0.0, 0.0),
        Changed("c", 6, 4, 2.0, 2.0),
        Changed("d", 4, 4, 2.0, 2.0),
    ]
    found = figures.overrides(changed, {"a": 40}, RULES)
    told = {each.rubric: (each.scored, each.changed, each.moved, each.apart) for each in found}
    assert told == {
        "a": (40, 9, 0.25, 0.75),
        "b": (5, 5, None, None),
        "c": (6, 6, None, None),
        "d": (4, None, None, None),
    }


def rated(rater, number, level, scored=2.0, rubric="empathy"):
    return SessionRating(rater, f"s{number}", -1, rubric, level, scored)


class TestAgreement:
    def test_instructors_with_one_another_and_with_the_scorer(self):
        ratings = []
        for number in range(12):
            ratings += [rated(who, number, number % 5, number % 5) for who in ("i-1", "i-2")]
        (found,) = agreements(ratings, ["empathy"], RULES)
        assert (found.rated, found.raters) == (12, 2)
        assert found.among.count == 12
        assert found.among.kappa.value == 1.0
        assert found.scorer.icc.value == 1.0
        assert found.among.kappa.low is not None

    def test_too_few_and_not_observed(self):
        ratings = [rated("i-1", number, None) for number in range(20)]
        ratings += [rated("i-2", number, 2) for number in range(9)]
        (found,) = agreements(ratings, [], RULES)
        assert (found.rated, found.among, found.scorer) == (9, None, None)

    def test_replies_have_no_score_of_the_scorer(self):
        ratings = [
            SessionRating(who, "s1", turn, "empathy", turn % 5, None)
            for turn in range(12)
            for who in ("i-1", "i-2")
        ]
        (found,) = agreements(ratings, [], RULES)
        assert found.among.count == 12
        assert found.scorer is None

    def test_rubrics_in_order(self):
        ratings = [rated("i", 1, 2, rubric=name) for name in ("z", "b", "a")]
        assert [each.rubric for each in agreements(ratings, ["b"], RULES)] == ["b", "a", "z"]
