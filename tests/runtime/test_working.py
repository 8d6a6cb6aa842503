"""A whole worker on both engines, its judge replaced: what is scored, kept, given back."""

import pytest
from sqlalchemy import insert, select, update
from tests.runtime.working_fixtures import (
    NOW,
    address_of,
    counts,
    enqueued,
    judged,
    order,
    worked,
)
from tests.stored_hours import hold, rows, scorings

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.client.dynamics import load_dynamics
from alliance_sim.domain.batch import ItemState
from alliance_sim.domain.events import Ending
from alliance_sim.errors import InputProblem, UsageProblem
from alliance_sim.runtime.batches import working
from alliance_sim.runtime.batches.enqueueing import Order, stop
from alliance_sim.runtime.overriding import override
from alliance_sim.runtime.results import debrief_of
from alliance_sim.store import batches, tables
from alliance_sim.store.batches import Choice
from alliance_sim.store.repository import Store

pytestmark = pytest.mark.usefixtures("loopback", "quick")


async def test_sessions_that_were_never_scored_get_all_scores_of_their_client(
    either_store, library
):
    hold(either_store, "s1", "s2")
    batch = enqueued(either_store, library, order())
    tally = await worked(either_store)
    assert (tally.done, tally.skipped, tally.failed) == (2, 0, 0)
    assert counts(either_store, batch) == {"done": 2}
    for session in ("s1", "s2"):
        (scored,) = scorings(either_store, session)
        own = library.scenario("wary").rubrics
        assert [score.rubric for score in scored.scorecard.rubrics] == list(own)
        debrief = debrief_of(either_store, session, library, NOW)
        assert len(scorings(either_store, session)) == 1, "the debrief shows what is there"
        assert debrief.scorecard == scored.scorecard


async def test_in_processes_of_their_own_the_scores_are_the_same(either_store, library):
    hold(either_store, "s1", "s2", "s3")
    enqueued(either_store, library, order("s1"))
    await worked(either_store)
    enqueued(either_store, library, order("s2", "s3"))
    await worked(either_store, processes=2)
    (one,), (two,) = scorings(either_store, "s1"), scorings(either_store, "s2")
    assert one.scorecard.rubrics == two.scorecard.rubrics
    assert len(scorings(either_store, "s3")) == 1


async def test_what_a_session_has_already_is_not_scored_again_unless_asked(either_store, library):
    hold(either_store, "s1")
    first = enqueued(either_store, library, order())
    second = enqueued(either_store, library, order())
    await worked(either_store)
    assert len(scorings(either_store, "s1")) == 1
    assert {str(counts(either_store, each)) for each in (first, second)} == {
        "{'done': 1}",
        "{'skipped': 1}",
    }
    enqueued(either_store, library, order(again=True))
    await worked(either_store)
    assert len(scorings(either_store, "s1")) == 2


def changed_library(root, **changes):
    """The shipped library with another version of empathy."""
    path = shipped_root() / "rubrics" / "empathy.yaml"
    changed = path.read_text("utf-8")
    for old, new in changes.values():
        assert old in changed
        changed = changed.replace(old, new)
    (root / "rubrics").mkdir(parents=True)
    (root / "rubrics" / "empathy.yaml").write_text(changed, "utf-8")
    return Library([shipped_root(), root], types=frozenset(load_dynamics().types))


async def test_scored_by_one_new_rubric_a_session_keeps_all_its_other_scores(
    either_store, library, tmp_path
):
    hold(either_store, "s1")
    before = debrief_of(either_store, "s1", library, NOW).scorecard
    version = library.rubric("empathy").version
    newer = changed_library(tmp_path, version=(f"version: {version}", "version: 9.0.0"))
    enqueued(either_store, newer, order(rubrics=("empathy",)))
    await worked(either_store)
    after = debrief_of(either_store, "s1", library, NOW).scorecard
    assert after.rubric("empathy").rubric_version == "9.0.0"
    assert [score.rubric for score in after.rubrics] == [score.rubric for score in before.rubrics]
    for score in before.rubrics:
        if score.rubric != "empathy":
            assert after.rubric(score.rubric) == score
    assert after.overall == before.overall, "only the version is another"
    found = rows(either_store, "s1")
    assert not found["empathy", version, "offline"].is_current
    assert found["empathy", "9.0.0", "offline"].is_current
    current = [row.rubric for row in found.values() if row.is_current]
    assert sorted(current) == sorted(score.rubric for score in before.rubrics)
    (summary,) = either_store.sessions()
    assert summary.overall == after.overall


async def test_every_machine_scores_with_the_files_of_the_batch(either_store, library, tmp_path):
    hold(either_store, "s1")
    newer = changed_library(
        tmp_path, version=(f"version: {library.rubric('empathy').version}", "version: 9.0.0")
    )
    batch = enqueued(either_store, newer, order(rubrics=("empathy",)))
    (tmp_path / "rubrics" / "empathy.yaml").unlink()
    await worked(either_store)
    assert ("empathy", "9.0.0", "offline") in rows(either_store, "s1")
    with either_store.reading() as connection:
        assert batches.get(connection, batch.id).terms.asked == ("empathy",)


async def test_what_an_instructor_changed_still_stands(either_store, library):
    hold(either_store, "s1")
    debrief_of(either_store, "s1", library, NOW)
    stood = override(
        either_store, "s1", library, NOW, rubric="empathy", score=0.5, who="ana", why="heard it"
    )
    enqueued(either_store, library, order(again=True))
    await worked(either_store)
    assert len(scorings(either_store, "s1")) == 2
    debrief = debrief_of(either_store, "s1", library, NOW).scorecard
    assert debrief.rubric("empathy").score == 0.5
    assert debrief.rubric("empathy").override.original == stood.rubric("empathy").override.original
    assert debrief.overall == stood.overall
    (summary,) = either_store.sessions()
    assert summary.overall == stood.overall
    row = rows(either_store, "s1")["empathy", library.rubric("empathy").version, "offline"]
    assert (row.score, row.overridden_by) == (0.5, "ana")
    either_store.rebuild_index()
    assert either_store.sessions() == [summary]


async def test_a_judge_leaves_the_scores_of_the_debrief_alone(either_store, library, judges):
    hold(either_store, "s1")
    before = debrief_of(either_store, "s1", library, NOW).scorecard
    batch = enqueued(either_store, library, judged())
    assert (await worked(either_store)).done == 1
    assert judges.asked == [(batch.id, "s1", ["empathy"])]
    assert debrief_of(either_store, "s1", library, NOW).scorecard == before
    found = rows(either_store, "s1")
    version = library.rubric("empathy").version
    assert found["empathy", version, "judge"].score == 3.0
    assert not found["empathy", version, "judge"].is_current
    assert found["empathy", version, "offline"].is_current


async def test_a_judge_is_asked_only_for_what_it_has_not_given(either_store, library, judges):
    hold(either_store, "s1", "s2")
    enqueued(either_store, library, judged("s1"))
    await worked(either_store)
    enqueued(either_store, library, judged("s2", "s1", rubrics=("empathy", "safety")))
    judges.asked.clear()
    await worked(either_store, requests=1)
    # What the server calls itself is known from the first answer on.
    assert sorted(asked[1:] for asked in judges.asked) in (
        [("s1", ["empathy", "safety"]), ("s2", ["empathy", "safety"])],
        [("s1", ["safety"]), ("s2", ["empathy", "safety"])],
    )


@pytest.mark.parametrize(
    ("changes", "why"),
    [({"ending": Ending.STOPPED}, "you stopped the session")],
)
async def test_what_is_not_to_be_scored_is_skipped_with_the_reason(
    either_store, library, changes, why
):
    hold(either_store, "s1", **changes)
    batch = enqueued(either_store, library, order())
    assert (await worked(either_store)).skipped == 1
    with either_store.reading() as connection:
        ((found, number),) = batches.reasons(connection, batch.id, ItemState.SKIPPED)
    assert why in found
    assert number == 1
    assert scorings(either_store, "s1") == []


async def test_a_session_whose_events_cannot_be_read_fails_alone(either_store, library):
    hold(either_store, "s1", "s2")
    row = {"session_id": "s1", "seq": len(either_store.events("s1")) + 1, "at": "x"}
    damaged = insert(tables.events).values(**row, type="later", payload="{}")
    either_store.transact(lambda connection: connection.execute(damaged))
    batch = enqueued(either_store, library, order())
    tally = await worked(either_store)
    assert (tally.done, tally.failed) == (1, 1)
    assert counts(either_store, batch) == {"done": 1, "failed": 1}


async def test_a_fault_of_the_program_fails_its_session_and_no_other(either_store, library, judges):
    hold(either_store, "s1", "s2")
    judges.script = [ValueError("what she said")]
    batch = enqueued(either_store, library, judged())
    tally = await worked(either_store, requests=1)
    assert (tally.done, tally.failed) == (1, 1)
    with either_store.reading() as connection:
        ((why, _),) = batches.reasons(connection, batch.id, ItemState.FAILED)
    assert "ValueError in working_fixtures.py" in why
    assert "what she said" not in why


async def test_a_session_that_grows_meanwhile_is_read_again(either_store, library):
    hold(either_store, "s1")
    debrief_of(either_store, "s1", library, NOW)
    enqueued(either_store, library, order(again=True))

    class Later(working.OfflineScorer):
        async def card(self, batch, /, transcript, rubrics):
            with Store.open(either_store.url) as other:
                override(other, "s1", library, NOW, rubric="empathy", score=0.5, who="a", why="b")
            return await super().card(batch, transcript, rubrics)

    either_store.url = address_of(either_store)
    desk = pytest.MonkeyPatch()
    with desk.context() as patched:
        patched.setattr(working, "OfflineScorer", Later)
        assert (await worked(either_store)).done == 1
    first, second = scorings(either_store, "s1")
    assert first.revised is None
    assert second.revised is not None
    debrief = debrief_of(either_store, "s1", library, NOW).scorecard
    assert debrief.rubric("empathy").score == 0.5


async def test_a_batch_that_this_version_cannot_read_ends_the_worker(either_store, library):
    hold(either_store, "s1")
    batch = enqueued(either_store, library, order())
    broken = batch.terms.model_copy(
        update={"rubrics": (batch.terms.rubrics[0].model_copy(update={"yaml": "new: true\n"}),)}
    )
    changed = update(tables.batches).values(rubrics=broken.model_dump_json())
    either_store.transact(lambda connection: connection.execute(changed))
    with pytest.raises(InputProblem, match="upgrade it here"):
        await worked(either_store)
    assert counts(either_store, batch) == {"waiting": 1}


def test_nothing_is_enqueued_where_nothing_fits(either_store, library):
    hold(either_store, "open", ending=None)
    with pytest.raises(UsageProblem, match="no session"):
        enqueued(either_store, library, order())
    with pytest.raises(UsageProblem, match="no such cohort"):
        enqueued(either_store, library, Order(Choice(cohort="none")))
    with pytest.raises(InputProblem):
        enqueued(either_store, library, order(rubrics=("nosuch",)))
    with either_store.reading() as connection:
        assert batches.every(connection) == []
        assert connection.scalars(select(tables.batch_items.c.batch)).all() == []


def test_who_made_and_stopped_a_batch_is_noted(either_store, library):
    hold(either_store, "s1")
    batch = enqueued(either_store, library, order())
    stop(either_store, batch.id, who="ben", clock=NOW)
    with either_store.reading() as connection:
        found = connection.execute(select(tables.audit).order_by(tables.audit.c.seq)).all()
    assert [(row.who, row.action, row.subject) for row in found] == [
        ("ana", "batch", batch.id),
        ("ben", "batch", batch.id),
    ]
