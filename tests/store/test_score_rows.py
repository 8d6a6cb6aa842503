from datetime import UTC, datetime

import pytest
from store_events import START, ended, minute, opened

from alliance_sim.domain.events import AppealAnswered, Appealed, Overridden, Scored, SelfRated
from alliance_sim.domain.judgement import JudgedBy
from alliance_sim.domain.scorecard import JUDGE, OFFLINE, RubricScore, Scorecard
from alliance_sim.store.audit import entries, note
from alliance_sim.store.score_rows import score_rows
from alliance_sim.store.tables import appeals, scores


def scored(value, *, version="1.0", scorer=OFFLINE, model="m"):
    by = JudgedBy(model=model, prompt_hash="h", votes=1, asked=1, temperature=0, seeds=(0,))
    why = None if value is not None else "Nothing called for it."
    score = RubricScore(rubric="empathy", rubric_version=version, score=value, why_null=why)
    card = Scorecard(transcript_id="s", rubrics=(score,), scorer=scorer)
    if scorer == JUDGE:
        card = card.model_copy(update={"judged_by": by})
    return Scored(scorecard=card)


def override(value, why="I was in the room."):
    at = datetime(2026, 11, 23, tzinfo=UTC)
    return Overridden(rubric="empathy", original=2.0, score=value, who="i-1", why=why, at=at)


def found(*made):
    return score_rows("s", [(f"at {number}", event) for number, event in enumerate(made)])


class TestRows:
    def test_scoring_again_by_the_same_version_takes_the_place_of_the_row(self):
        (row,) = found(scored(2.0), scored(3.0))
        assert (row["score"], row["scored_at"], row["is_current"]) == (3.0, "at 1", True)

    def test_another_version_has_a_row_of_its_own_and_the_later_counts(self):
        rows = found(scored(2.0), scored(3.0, version="2.0"))
        assert [(r["rubric_version"], r["is_current"]) for r in rows] == [
            ("1.0", False),
            ("2.0", True),
        ]

    def test_a_judge_counts_only_where_nothing_was_scored_offline(self):
        alone = found(scored(3.0, scorer=JUDGE), scored(1.0, scorer=JUDGE, model="other"))
        assert [r["model"] for r in alone if r["is_current"]] == ["other"]
        for order in ((OFFLINE, JUDGE), (JUDGE, OFFLINE)):
            both = found(*(scored(2.0, scorer=scorer) for scorer in order))
            assert [r["scorer"] for r in both if r["is_current"]] == [OFFLINE]

    def test_an_override_stands_on_later_scores_too_with_each_ones_own_as_original(self):
        rows = found(scored(2.0), override(3.5), scored(1.0, version="2.0"))
        assert [(r["score"], r["original_score"]) for r in rows] == [(3.5, 2.0), (3.5, 1.0)]
        assert {r["overridden_by"] for r in rows} == {"i-1"}

    def test_not_observed_by_override_says_why(self):
        (row,) = found(scored(2.0), override(None))
        assert (row["score"], row["why_null"]) == (None, "I was in the room.")


def table(store, name):
    with store.reading() as connection:
        return [dict(row._mapping) for row in connection.execute(name.select())]


def test_the_store_keeps_the_rows_up_and_can_make_them_again(store):
    store.append("s", [opened(), SelfRated(ratings={"empathy": 4}), ended()], at=START)
    store.append("s", [scored(2.0)], at=minute(1))
    store.append("s", [Appealed(rubric="empathy", reason="I did say it.")], at=minute(2))
    answer = AppealAnswered(appeal=5, rubric="empathy", outcome="changed", answer="So.", who="i-1")
    store.append("s", [override(3.0), answer], at=minute(3))
    (summary,) = store.sessions()
    assert summary.self_ratings == {"empathy": 4}
    assert summary.ended_at == START
    kept = [table(store, scores), table(store, appeals), store.sessions()]
    assert kept[0][0]["score"] == 3.0
    assert (kept[1][0]["outcome"], kept[1][0]["answered_by"]) == ("changed", "i-1")
    store.rebuild_index()
    assert [table(store, scores), table(store, appeals), store.sessions()] == kept
    store.delete("s")
    assert table(store, scores) == table(store, appeals) == []


def test_an_entry_of_the_audit_log_comes_back_latest_first(store):
    for number, action in enumerate(("export", "override", "export")):
        store.transact(
            lambda connection, number=number, action=action: note(
                connection,
                at=minute(number),
                who="coordinator",
                action=action,
                subject=f"s{number}",
                detail={"rows": number},
            )
        )
    with store.reading() as connection:
        assert [entry.subject for entry in entries(connection)] == ["s2", "s1", "s0"]
        assert [entry.detail for entry in entries(connection, action="export")] == [
            {"rows": 2},
            {"rows": 0},
        ]
        assert [entry.subject for entry in entries(connection, since=minute(2))] == ["s2"]


def test_work_that_fails_leaves_nothing(store):
    def half(connection):
        note(connection, at=START, who="x", action="export", subject="s")
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        store.transact(half)
    with store.reading() as connection:
        assert entries(connection) == []
