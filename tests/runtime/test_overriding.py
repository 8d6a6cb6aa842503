"""An instructor's score stands in place of the scorer's, and the original stays with it."""

import io
import json
from datetime import datetime

import pytest

from alliance_sim.domain.events import Overridden
from alliance_sim.domain.scorecard import JUDGE, Grade, Scorecard
from alliance_sim.errors import UsageProblem
from alliance_sim.plain.debrief import render
from alliance_sim.plain.records import score_records
from alliance_sim.reporting.narrative import rubric_lines
from alliance_sim.reporting.page import render_page
from alliance_sim.reporting.tables.columns import COLUMNS
from alliance_sim.reporting.tables.comma_separated import write_csv
from alliance_sim.reporting.tidy import tidy
from alliance_sim.runtime.judged import keep
from alliance_sim.runtime.overriding import override, score_of, with_overrides
from alliance_sim.runtime.results import debrief_of
from alliance_sim.store import export_rows
from stories import AT, HOUR, NASTY, card, library_in, story


@pytest.fixture
def library(tmp_path):
    return library_in(tmp_path / "pack")


@pytest.fixture
def held(store):
    store.append("s1", story(*HOUR), at=AT)
    return store


def change(store, library, clock, rubric="interruptions", score=3.5, why="She was in danger."):
    return override(store, "s1", library, clock, rubric=rubric, score=score, who="i-7", why=why)


def test_the_score_and_the_overall_change_and_the_originals_stay(held, library, clock):
    made = change(held, library, clock)
    found = made.rubric("interruptions")
    assert (found.score, found.grade) == (3.5, Grade.GOOD)
    assert (found.override.original, found.override.who) == (1.0, "i-7")
    assert found.override.at == clock.now()
    # Both rubrics have the same weight; boundaries were not observed.
    assert made.overall == pytest.approx((2.6 + 3.5) / 2, abs=0.01)
    assert made.original_overall == 2.0
    assert made.passed is True
    assert debrief_of(held, "s1", library, clock).scorecard == made


def test_the_index_of_sessions_follows(held, library, clock):
    change(held, library, clock)
    assert held.sessions()[0].overall == pytest.approx(3.05, abs=0.01)
    held.rebuild_index()
    assert held.sessions()[0].overall == pytest.approx(3.05, abs=0.01)


def test_the_last_override_counts_and_the_original_is_the_scorers(held, library, clock):
    change(held, library, clock, score=3.5)
    made = change(held, library, clock, score=2.0, why="On second thoughts.")
    assert made.rubric("interruptions").score == 2.0
    assert made.rubric("interruptions").override.original == 1.0
    events = [s.event for s in held.events("s1") if isinstance(s.event, Overridden)]
    assert [event.score for event in events] == [3.5, 2.0]


def test_not_observed_can_become_a_score_and_a_score_not_observed(held, library, clock):
    change(held, library, clock, rubric="boundaries", score=3.0, why="Turn 5 tested it.")
    made = change(held, library, clock, rubric="empathy", score=None, why="Not in English.")
    assert made.rubric("boundaries").why_null is None
    assert made.rubric("boundaries").override.original is None
    assert made.rubric("empathy").why_null == "Not in English."
    assert made.rubric("empathy").grade is None
    assert made.overall == pytest.approx((1.0 + 3.0) / 2)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rubric": "pacing"}, "no score of pacing; it has empathy, interruptions, boundaries"),
        ({"score": 4.5}, "0 to 4"),
        ({"why": "  "}, "needs why"),
        ({"why": "x" * 3000}, "longer than 2000"),
    ],
)
def test_what_cannot_be(held, library, clock, changes, told):
    before = len(held.events("s1"))
    with pytest.raises(UsageProblem, match=told):
        change(held, library, clock, **changes)
    assert len(held.events("s1")) == before


def test_a_session_without_scores_has_nothing_to_override(store, library, clock):
    store.append("s1", story(*HOUR, ending=None), at=AT)
    with pytest.raises(UsageProblem, match="has not ended"):
        change(store, library, clock)


@pytest.mark.parametrize(("typed", "value"), [("3", 3.0), (" 2,5 ", 2.5), ("None", None)])
def test_scores_as_typed(typed, value):
    assert score_of(typed) == value


@pytest.mark.parametrize("typed", ["", "five", "nan", "-1", "4.1", "1e999"])
def test_scores_that_are_none(typed):
    with pytest.raises(UsageProblem, match="0 to 4"):
        score_of(typed)


def test_an_override_of_a_rubric_that_was_not_scored_changes_nothing():
    event = Overridden(rubric="pacing", original=None, score=3, who="i-7", why="so")
    made = card(HOUR)
    assert with_overrides(made, [event], []) == made


def test_every_view_shows_both(held, library, clock):
    change(held, library, clock, why=NASTY)
    debrief = debrief_of(held, "s1", library, clock)
    text = render(debrief)
    assert "interruptions: 3.5 (good)" in text
    assert "the scorer's own: 1.0; changed by i-7 on 2 March 2026" in text
    assert "before overrides: 2.0" in text
    assert "\x1b" not in text
    page = render_page(debrief)
    assert "<s>1.0</s> 3.5" in page
    assert "changed by i-7" in page
    assert "<script>" not in page
    line = next(found for found in rubric_lines(debrief, {}) if found.rubric == "interruptions")
    assert (line.score, line.original) == (3.5, 1.0)


def test_every_export_keeps_the_original_who_when_and_why(held, library, clock):
    change(held, library, clock, why="=1+1")
    with held.reading() as connection:
        rows = list(tidy(export_rows.rows(connection, export_rows.Wanted())))
    found = {row["rubric"]: row for row in rows}
    row = found["interruptions"]
    assert (row["score"], row["original_score"]) == (3.5, 1.0)
    assert (row["overridden_by"], row["override_reason"]) == ("i-7", "=1+1")
    assert datetime.fromisoformat(row["overridden_at"]) == clock.now()
    assert found["empathy"]["overridden_at"] is None
    out = io.BytesIO()
    write_csv(rows, COLUMNS, out)
    assert b"'=1+1" in out.getvalue()
    record = list(score_records(debrief_of(held, "s1", library, clock).scorecard))[-1]
    json.dumps(record)
    assert record["original_overall"] == 2.0
    assert record["rubrics"]["interruptions"]["override"]["original"] == 1.0
    assert "override" not in record["rubrics"]["empathy"]


def test_a_judgement_that_comes_later_leaves_the_overall_as_it_was_changed(held, library, clock):
    made = change(held, library, clock)
    judgement = Scorecard(transcript_id="s1", overall=0.5, scorer=JUDGE)
    assert keep(held, "s1", judgement, clock)
    assert held.sessions()[0].overall == made.overall
    assert debrief_of(held, "s1", library, clock).scorecard.overall == made.overall
