"""A trainee's scores over her sessions, and whom to practise with next."""

from datetime import UTC, datetime

import pytest

from alliance_sim.authoring.practice import Row
from alliance_sim.domain.rubric import Rubric
from alliance_sim.domain.scenario import Scenario
from alliance_sim.domain.scorecard import Evidence
from alliance_sim.programme.practice_next import suggestions
from alliance_sim.programme.progress import OVERALL, progress, self_view, shown
from alliance_sim.programme.rules import load_rules
from alliance_sim.store.trainee_rows import OpenAssignment, ScoreRow, SessionRow
from factories import minimal_rubric_dict, minimal_scenario_dict

RULES = load_rules().trainee
AT = datetime(2026, 3, 2, tzinfo=UTC)


def rubric(name, **changes):
    return Rubric.model_validate(minimal_rubric_dict(id=name, **changes))


def session(number, scores=None, *, overall=None, own=None, changed=(), scenario="small"):
    made = {
        name: ScoreRow(value, name in changed, 1.0 if name in changed else None)
        for name, value in (scores or {}).items()
    }
    return SessionRow(f"s{number}", AT, scenario, "time", False, overall, own or {}, made)


def empathy(values, **how):
    rows = [session(n, {"empathy": value}) for n, value in enumerate(values, 1)]
    return progress(rows, [rubric("empathy")], RULES)[1]


class TestProgress:
    def test_not_observed_is_no_point_and_no_zero(self):
        found = empathy([2.0, None, 3.0])
        assert [point.score for point in found.points] == [2.0, None, 3.0]
        assert found.points[1].recent is None
        assert found.observed == 2
        assert found.recent.value == 2.5

    def test_no_interval_below_three_observed(self):
        found = empathy([2.0, None, 3.0, 2.5])
        lows = [point.recent.low if point.recent else None for point in found.points]
        assert lows[:3] == [None, None, None]
        assert lows[3] is not None

    def test_the_mean_runs_over_the_latest_alone(self):
        found = empathy([0.0] * 5 + [4.0] * RULES.window)
        assert found.recent.value == 4.0
        assert found.points[5].recent.value == pytest.approx(0.8)

    @pytest.mark.parametrize(
        ("values", "standing"),
        [([3.0], "open"), ([3.0, 3.0], "strength"), ([2.5, 2.6], "fair"), ([2.4, 2.4], "weak")],
    )
    def test_how_it_stands(self, values, standing):
        assert empathy(values).standing == standing

    def test_a_rubrics_own_thresholds_count(self):
        made = rubric("empathy", threshold={"fair": 1.0, "good": 1.5})
        rows = [session(n, {"empathy": 1.6}) for n in (1, 2)]
        assert progress(rows, [made], RULES)[1].standing == "strength"

    def test_the_overall_comes_first_and_an_unknown_rubric_last(self):
        rows = [session(1, {"gone": 2.0, "empathy": 2.0}, overall=2.2, changed=("gone",))]
        found = progress(rows, [rubric("empathy"), rubric("safety")], RULES)
        assert [each.rubric for each in found] == [OVERALL, "empathy", "gone"]
        assert found[0].points[0].changed
        assert (found[2].points[0].original, found[2].fair) == (1.0, 2.5)

    def test_her_own_rating_stands_beside_what_was_not_observed(self):
        rows = [session(1, {"empathy": None}, own={"empathy": 3})]
        assert progress(rows, [rubric("empathy")], RULES)[1].points[0].own == 3


def said(rubric_id, indicator, *levels, session_id="s1"):
    quotes = [
        Evidence(turn=n, quote=f"{level} {session_id}", indicator=indicator, level=level)
        for n, level in enumerate(levels)
    ]
    return {session_id: {rubric_id: quotes}}


class TestShown:
    def ask(self, evidence):
        return shown({"s1": 1, "s2": 2}, evidence, [rubric("empathy")], RULES)

    def test_strong_with_the_best_and_weak_with_the_weakest_words(self):
        indicator = rubric("empathy").criteria[0].indicator
        strong, _ = self.ask(said("empathy", indicator, 3.0, 4.0, 3.2))
        assert (strong[0].example.quote, strong[0].moments) == ("4.0 s1", 3)
        assert strong[0].criterion == rubric("empathy").criteria[0].id
        _, weak = self.ask(said("empathy", indicator, 1.0, 0.5))
        assert (weak[0].example.quote, weak[0].level) == ("0.5 s1", 0.75)

    def test_one_moment_tells_nothing_and_the_middle_neither(self):
        assert self.ask(said("empathy", "x", 4.0)) == ([], [])
        assert self.ask(said("empathy", "x", 2.7, 2.7)) == ([], [])

    def test_an_indicator_that_the_rubric_has_no_more_has_no_id(self):
        strong, _ = self.ask(said("empathy", "Worded otherwise", 4.0, 4.0))
        assert strong[0].criterion is None

    def test_waiting_for_ones_turn_is_no_strength_but_cutting_in_is_weak(self):
        assert self.ask(said("interruptions", "x", 4.0, 4.0)) == ([], [])
        assert self.ask(said("interruptions", "x", 0.0, 0.0))[1]

    def test_the_latest_of_equal_words(self):
        evidence = said("empathy", "x", 1.0) | said("empathy", "x", 1.0, session_id="s2")
        assert self.ask(evidence)[1][0].example.number == 2


class TestSelfView:
    def test_the_difference_is_hers_less_the_score(self):
        rows = [session(n, {"empathy": 2.0}, own={"empathy": 3}) for n in (1, 2, 3)]
        found = self_view(rows, RULES)
        assert (found.pairs, found.sessions, found.difference.value, found.apart) == (
            3,
            3,
            1.0,
            1.0,
        )

    def test_what_was_not_observed_cannot_be_compared(self):
        rows = [session(n, {"empathy": None}, own={"empathy": 3, "safety": 2}) for n in (1, 2, 3)]
        assert self_view(rows, RULES) is None

    def test_a_session_of_many_ratings_counts_once(self):
        many = {f"r{n}": 2.0 for n in range(4)}
        rows = [
            session(1, many, own=dict.fromkeys(many, 4)),
            session(2, {"empathy": 2.0}, own={"empathy": 2}),
        ]
        found = self_view(rows, RULES)
        assert found.difference.value == 1.0
        assert found.apart == pytest.approx(8 / 5)


def scenario(name, **changes):
    made = minimal_scenario_dict(id=name, **changes)
    return Scenario.model_validate(made)


def event(rubrics, practises=()):
    made = minimal_scenario_dict()["events"][0]
    return [made | {"opportunities": list(rubrics), "practises": list(practises)}]


class TestSuggestions:
    PRACTICE = (Row(id="row", claim="A claim", where="event", criteria=("empathy.one",)),)

    def ask(self, scenarios, rows=(), weak=(), shown_weak=(), assigned=()):
        return suggestions(
            scenarios, list(rows), (list(weak), list(shown_weak)), self.PRACTICE, assigned, RULES
        )

    def weak_empathy(self):
        return empathy([1.0, 1.5])

    def weak_criterion(self):
        indicator = "An indicator"
        ids = rubric("empathy").model_copy(
            update={
                "criteria": (
                    rubric("empathy")
                    .criteria[0]
                    .model_copy(update={"id": "one", "indicator": indicator}),
                )
            }
        )
        return shown({"s1": 1}, said("empathy", indicator, 1.0, 1.0), [ids], RULES)[1]

    def test_who_gives_occasion_for_what_is_weak_comes_first(self):
        there = [
            scenario("a_none", events=event(["boundaries"]), rubrics=["boundaries"]),
            scenario("b_in_play", events=event(["boundaries"])),
            scenario("c_called", events=event(["empathy"])),
        ]
        found = self.ask(there, weak=[self.weak_empathy()])
        assert [each.scenario for each in found] == ["c_called", "b_in_play", "a_none"]
        assert found[0].rubrics == ("empathy",)
        assert found[2].rubrics == ()

    def test_a_weak_criterion_is_named_by_its_claim(self):
        there = [scenario("a"), scenario("b", events=event(["boundaries"], ["row"]))]
        found = self.ask(there, shown_weak=self.weak_criterion())
        assert (found[0].scenario, found[0].practises) == ("b", ("A claim",))

    def test_what_went_well_is_not_suggested_again(self):
        rows = [session(1, overall=3.0, scenario="a"), session(2, overall=2.9, scenario="b")]
        found = self.ask([scenario("a"), scenario("b")], rows)
        assert [(each.scenario, each.held, each.best) for each in found] == [("b", 1, 2.9)]

    def test_an_open_assignment_goes_before_everything(self):
        asked = OpenAssignment("m1", "Month 1", ("plain",), None, 0, None, 0)
        there = [scenario("fits", events=event(["empathy"])), scenario("plain")]
        found = self.ask(there, weak=[self.weak_empathy()], assigned=(asked,))
        assert [(each.scenario, each.assignment) for each in found] == [
            ("plain", "m1"),
            ("fits", None),
        ]

    def test_with_nothing_weak_the_unmet_and_gentle_come_first(self):
        there = [
            scenario("met", difficulty=1),
            scenario("hard", difficulty=4),
            scenario("mild", difficulty=2),
        ]
        rows = [session(1, overall=2.6, scenario="met")]
        found = [each.scenario for each in self.ask(there, rows)]
        assert found == ["mild", "hard", "met"]

    def test_never_more_than_the_rules_say(self):
        assert len(self.ask([scenario(f"s{n}") for n in range(9)])) == RULES.suggestions
