"""Scored again by some rubrics: the others stand as they stood, and so does what people changed."""

import pytest
from tests.held_sessions import judged_by
from tests.stories import HOUR, story

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import Overridden, Scored
from alliance_sim.domain.scorecard import Evidence, RubricScore, Scorecard, UtteranceScore
from alliance_sim.runtime.batches.rescoring import merged, missing, rescored
from alliance_sim.runtime.replay import transcript_of
from alliance_sim.scoring.rules import score


@pytest.fixture(scope="module")
def rubrics():
    library = Library([shipped_root()])
    return {name: library.rubric(name) for name in ("empathy", "boundaries", "collaboration")}


def given(rubric, value, version="1.0.0"):
    found = (Evidence(turn=1, quote="x", indicator="y", level=value),) if value is not None else ()
    why = None if value is not None else "Nothing called for it."
    return RubricScore(
        rubric=rubric, rubric_version=version, score=value, why_null=why, evidence=found
    )


def card(*scores, overall=None, levels=None, turn=1):
    transcript = transcript_of("s", story(*HOUR))
    coded = score(transcript, []).utterances[0].coded
    evidence = {
        name: Evidence(turn=turn, quote="x", indicator=name, level=2) for name in levels or ()
    }
    reply = UtteranceScore(turn=turn, coded=coded, rubrics=levels or {}, evidence=evidence)
    return Scorecard(transcript_id="s", rubrics=scores, overall=overall, utterances=(reply,))


def test_rubrics_that_were_not_asked_for_keep_score_place_and_weight(rubrics):
    stood = card(given("boundaries", 1.0), given("empathy", 2.0), overall=1.4)
    fresh = card(given("empathy", 4.0, "9.0.0"), given("collaboration", None), overall=4.0)
    found = merged(stood, fresh, rubrics)
    assert [each.rubric for each in found.rubrics] == ["boundaries", "empathy", "collaboration"]
    assert found.rubric("boundaries") == stood.rubric("boundaries")
    assert found.rubric("empathy").rubric_version == "9.0.0"
    weight = {name: rubric.weight for name, rubric in rubrics.items()}
    whole = (weight["boundaries"] * 1 + weight["empathy"] * 4) / (
        weight["boundaries"] + weight["empathy"]
    )
    assert found.overall == pytest.approx(whole, abs=0.006)


def test_a_zero_that_stood_still_blocks_a_pass(rubrics):
    stood = card(given("boundaries", 0.0), overall=0.0)
    found = merged(stood, card(given("empathy", 4.0), given("collaboration", 4.0)), rubrics)
    assert found.blocked_by == ("boundaries",)
    assert found.passed is False


def test_a_score_by_a_rubric_that_nobody_has_any_more_stands_without_weight(rubrics):
    found = merged(card(given("gone", 0.0)), card(given("empathy", 3.0)), rubrics)
    assert found.rubric("gone").score == 0.0
    assert found.overall == 3.0


def test_a_reply_keeps_its_levels_on_the_rubrics_that_stood(rubrics):
    stood = card(
        given("empathy", 2), given("boundaries", 2), levels={"empathy": 1.0, "boundaries": 2.0}
    )
    fresh = card(given("empathy", 3), levels={"empathy": 3.0})
    (reply,) = merged(stood, fresh, rubrics).utterances
    assert reply.rubrics == {"empathy": 3.0, "boundaries": 2.0}
    assert set(reply.evidence) == {"empathy", "boundaries"}


def test_a_level_that_is_gone_leaves_no_evidence_behind(rubrics):
    stood = card(given("empathy", 2), levels={"empathy": 1.0})
    fresh = card(given("empathy", None), levels={})
    fresh = fresh.model_copy(
        update={
            "utterances": (fresh.utterances[0].model_copy(update={"rubrics": {"empathy": None}}),)
        }
    )
    (reply,) = merged(stood, fresh, rubrics).utterances
    assert reply.rubrics == {"empathy": None}
    assert reply.evidence == {}


def test_what_an_instructor_changed_is_in_the_overall_and_not_in_the_card(rubrics):
    override = Overridden(rubric="empathy", original=2.0, score=0.5, who="ana", why="heard it")
    stood = card(given("empathy", 2.0), overall=2.0)
    found = rescored(card(given("empathy", 4.0), overall=4.0), stood, [override], rubrics)
    assert found.scorecard.rubric("empathy").score == 4.0
    assert found.scorecard.rubric("empathy").override is None
    assert found.scorecard.overall == 4.0
    assert found.revised.overall == 0.5
    assert rescored(card(given("empathy", 4.0)), stood, [], rubrics).revised is None


def test_offline_the_scores_that_stand_now_count_as_there(rubrics):
    empathy, boundaries = rubrics["empathy"], rubrics["boundaries"]
    old = Scored(scorecard=card(given("empathy", 2, empathy.version)))
    newer = Scored(scorecard=card(given("empathy", 2, "9.9.9")))
    both = [empathy, boundaries]
    assert missing([], both, "offline") == both
    assert missing([old], both, "offline") == [boundaries]
    assert missing([old, newer], [empathy], "offline") == [empathy], "back to the older rubric"
    assert missing([old], [empathy], "judge", "m") == [empathy]


def test_of_a_judge_every_score_that_it_gave_counts(rubrics):
    empathy, boundaries = rubrics["empathy"], rubrics["boundaries"]

    def judged(rubric, model):
        made = card(given(rubric.id, 3, rubric.version))
        return Scored(
            scorecard=made.model_copy(update={"scorer": "judge", "judged_by": judged_by(model)})
        )

    events = [judged(empathy, "m"), judged(boundaries, "m"), judged(empathy, "other")]
    both = [empathy, boundaries]
    assert missing(events, both, "judge", "m") == []
    assert missing(events, both, "judge", "other") == [boundaries]
    assert missing(events, both, "judge", "new") == both
