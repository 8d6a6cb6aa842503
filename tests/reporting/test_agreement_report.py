"""Reports of agreement as text, JSON and a page: hostile words stay words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_sim.reporting.agreement_page import evaluation_page
from alliance_sim.reporting.agreement_ratings import applied_text, ratings_text, refit_text
from alliance_sim.reporting.agreement_text import (
    BAR,
    as_data,
    evaluation_text,
    interval,
    reliability_row,
)
from alliance_sim.runtime.calibrating_report import Disagreement, RubricAgreement, Threshold
from alliance_sim.runtime.evaluating import Evaluation, SetReport
from alliance_sim.runtime.evaluating_cases import Case, Kind, Measure
from alliance_sim.runtime.evaluating_figures import Options, code_finding, session_finding
from alliance_sim.runtime.recalibrating import Applied
from alliance_sim.scoring.agreement.bootstrap import Estimate
from alliance_sim.scoring.agreement.calibration import Bin
from alliance_sim.scoring.agreement.raters import rater_figures
from alliance_sim.scoring.agreement.refit import Refit
from stories import NASTY

QUICK = Options(resamples=100)


def case(number, truth, said, p=None, **more):
    return Case(f"g{number}", NASTY, number, NASTY, NASTY, truth, said, p, NASTY, **more)


@pytest.fixture
def evaluation():
    yes_no = Measure("advice", "Advice", Kind.CODES, ("no", "yes"))
    rows = [("yes", "yes", 0.9), ("yes", "no", 0.1), ("no", "no", 0.2), ("no", "yes", 0.8)]
    codes = code_finding(yes_no, [case(n, *row) for n, row in enumerate(rows)], QUICK)
    quality = Measure("quality", "Quality", Kind.SESSIONS)
    sessions = session_finding(
        quality,
        [
            case(n, truth, said, others={"overall": said, "turns": float(n)})
            for n, (truth, said) in enumerate([(1.0, 1.0), (0.0, 3.0), (1.0, 2.0)])
        ],
        QUICK,
    )
    return Evaluation("offline", (SetReport(NASTY, 4, 4, (codes, sessions)),), (NASTY,))


def test_text_is_safe_for_a_terminal(evaluation):
    text = evaluation_text(evaluation)
    assert "\x1b" not in text
    assert "[bold]no[/bold]" in text
    assert "people yes, program no (0.10)" in text
    assert "people low, program overall 3.00" in text


def test_the_page_escapes_every_word(evaluation):
    page = evaluation_page(evaluation)
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "{{ 7 * 7 }}" in page
    assert "\x1b" not in page


def test_hidden_words_are_in_no_report(evaluation):
    hidden = [
        evaluation_text(evaluation, hide_text=True),
        json.dumps(as_data(evaluation.sets[0].findings, hide_text=True)),
        evaluation_page(evaluation, hide_text=True).split("Worst mistakes", 1)[1].split("<li>")[1],
    ]
    shown = evaluation_page(evaluation)
    for text in hidden:
        assert "“" not in text
        assert "<q>" not in text
    assert "<q>" in shown


def test_json_has_values_and_their_intervals(evaluation):
    (found,) = json.loads(json.dumps(as_data(evaluation)))["sets"]
    advice, quality = found["findings"]
    assert advice["kind"] == "codes"
    assert advice["classes"]["accuracy"]["value"] == 0.5
    assert set(advice["classes"]["accuracy"]) == {"value", "low", "high"}
    assert quality["rankings"][0]["auc"]["value"] == 0.0


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        (Estimate(0.714, 0.6, 0.8), "0.71 [0.60, 0.80]"),
        (Estimate(0.5), "0.50"),
        (Estimate(None), "–"),
    ],
)
def test_intervals(found, shown):
    assert interval(found) == shown


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_bar_of_the_reliability_plot_keeps_its_width(said, seen):
    row = reliability_row(Bin(0.4, 0.5, 7, said, seen))
    assert len(row.split(" sure ")[0]) == len("0.4-0.5 ") + BAR + 1
    assert row.count("│") == 1


def test_an_empty_tenth_has_no_bar():
    assert "█" not in reliability_row(Bin(0.4, 0.5, 0, None, None))


def agreed(**changes):
    figures = rater_figures([(1.0, 2.0), (3.0, 3.0)], ["a", "b"], resamples=100)
    values = {
        "rubric": "empathy", "whole": False, "rated": 12, "raters": (NASTY,), "figures": figures,
        "each": {}, "among": None, "bias": -0.5, "off": 0.6, "table": ((0,) * 5,) * 5,
        "missed": 1, "invented": 0,
        "worst": (Disagreement(NASTY, 3, 4.0, 1.0, NASTY, NASTY, (NASTY,)),),
        "thresholds": (
            Threshold("fair", 2.5, 1.9, 0.8, 0.9),
            Threshold("good", 3.0, None, None, None),
        ),
    }  # fmt: skip
    return RubricAgreement(**{**values, **changes})


def test_ratings_say_where_the_program_errs():
    text = ratings_text([agreed()], {"empathy": NASTY}, strangers=2)
    assert "the program stands 0.50 lower on average, and 0.60 off" in text
    assert "fair: 1.9 would be right in 90%, 2.5 is in 80%" in text
    assert "good: too few ratings on one side" in text
    assert "1 that only raters saw" in text
    assert "2 rating(s) are of conversations not given here" in text
    assert "\x1b" not in text
    assert (
        NASTY[:20] not in ratings_text([agreed(raters=())], {}, hide_text=True).split("raters 4")[1]
    )


def test_too_few_ratings_give_no_figure():
    text = ratings_text([agreed(figures=None, thresholds=(), worst=())], {})
    assert "too few to say" in text
    assert "kappa" not in text


def test_a_refit_says_what_would_change_or_why_not(tmp_path):
    fitted = Refit(50, 6, 1.0, 0.7, "shift", (0.5, 1.5, 2.5, 3.5, 4.0), better=True)
    assert "0 → 0.5, 1 → 1.5" in refit_text("empathy", fitted)
    kept = Refit(50, 6, 1.0, 0.99, "bend", (0, 1, 2, 3, 4), better=False)
    assert "the levels stay as they are" in refit_text("empathy", kept)
    assert "needs 40 moments" in refit_text("empathy", None)
    path = tmp_path / "empathy.yaml"
    done = Applied(path, None, "1.0.0", "1.0.1", "the map of session scores")
    assert f"delete {path}" in applied_text(done)
    assert "1.0.0 → 1.0.1" in applied_text(done)
    assert "no longer fits: the map of session scores" in applied_text(done)
