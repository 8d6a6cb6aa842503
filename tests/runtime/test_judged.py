"""Judging many transcripts: failures are told and survived, a journal spares what is known."""

import random
import stat

import pytest
from tests.llm.fake_backend import FakeBackend
from tests.scoring.judging_fakes import answer, data_of, verdict

from alliance_sim.domain.events import Ended, Ending, Scored
from alliance_sim.domain.scorecard import JUDGE, OFFLINE, RubricScore, Scorecard
from alliance_sim.domain.transcript import Speaker, Transcript, Utterance
from alliance_sim.errors import InputProblem, UsageProblem
from alliance_sim.llm.port import Fault, ModelProblem
from alliance_sim.runtime.journal import Journal
from alliance_sim.runtime.judged import changed_since, judged, keep
from alliance_sim.runtime.replay import standing_of
from alliance_sim.runtime.session import LiveSession, Options
from alliance_sim.scoring.judge import Judge, Judging

SAID = "You were left with all of it."


def hours(number: int) -> list[Transcript]:
    return [
        Transcript(
            transcript_id=f"hour {at}",
            utterances=(
                Utterance(turn=0, speaker=Speaker.CLIENT, text=f"Nobody asks. {at}"),
                Utterance(turn=1, speaker=Speaker.THERAPIST, text=SAID),
            ),
        )
        for at in range(number)
    ]


def good(request):
    return answer(request, verdict(3, (1, SAID)))


def failing(*numbers):
    """A judge that fails at these hours."""

    def reply(request):
        if int(data_of(request)["utterances"][0]["text"].split()[-1]) in numbers:
            raise ModelProblem("the server is busy", Fault.BUSY)
        return good(request)

    return reply


def judge_of(library, backend, **how):
    return Judge([library.rubric("empathy")], backend, random.Random(1), Judging(**how))


async def run(library, script, number=4, limit=2, journal=None):
    backend = FakeBackend(script)
    judge = judge_of(library, backend)
    return backend, [o async for o in judged(hours(number), judge, limit, journal)]


async def test_what_cannot_be_judged_is_unscored_with_its_reason_and_the_rest_goes_on(library):
    _, outcomes = await run(library, failing(1))
    assert [o.card.transcript_id for o in outcomes] == [f"hour {n}" for n in range(4)]
    assert [o.card.overall for o in outcomes] == [3, None, 3, 3]
    lost = outcomes[1]
    assert lost.problem is not None
    assert lost.card.rubrics[0].why_null == "Unscored: the server is busy"
    assert lost.card.rubrics[0].judged.unscored


async def test_an_endpoint_that_fails_every_time_is_not_asked_for_ever(library):
    backend, outcomes = await run(library, failing(*range(100)), number=100)
    assert len(outcomes) == 100
    assert all(o.problem for o in outcomes)
    assert len(backend.requests) < 20


async def test_an_answer_without_anything_usable_is_told_from_a_failure(library):
    _, (outcome,) = await run(library, lambda r: answer(r, verdict(3, (1, "no"))), number=1)
    assert outcome.problem is None
    assert outcome.useless
    _, (outcome,) = await run(library, good, number=1)
    assert not outcome.useless


async def test_a_run_that_was_stopped_goes_on_where_it_was(library, tmp_path):
    path = tmp_path / "judged.jsonl"
    key = judge_of(library, FakeBackend(good)).key()
    with Journal(path, key) as journal:
        await run(library, failing(2, 3), journal=journal)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with Journal(path, key) as journal:
        backend, outcomes = await run(library, good, journal=journal)
    assert len(backend.requests) == 2
    assert [o.asked for o in outcomes] == [False, False, True, True]
    assert [o.card.overall for o in outcomes] == [3, 3, 3, 3]


async def test_a_line_that_a_crash_tore_is_asked_again(library, tmp_path):
    path = tmp_path / "judged.jsonl"
    with Journal(path, "k") as journal:
        await run(library, good, journal=journal)
    path.write_bytes(path.read_bytes()[:-100])
    with Journal(path, "k") as journal:
        assert len(journal) == 3
        backend, _ = await run(library, good, journal=journal)
    assert len(backend.requests) == 1
    with Journal(path, "k") as journal:
        assert len(journal) == 4
        assert all(journal.get(hour) for hour in hours(4))


async def test_another_way_of_asking_is_another_judgement(library, tmp_path):
    backend = FakeBackend(good)
    keys = {
        judge_of(library, backend).key(),
        judge_of(library, backend, votes=3).key(),
        judge_of(library, backend, seed=9).key(),
        judge_of(library, FakeBackend(good, model="other")).key(),
        Judge([library.rubric("boundaries")], backend, random.Random(1)).key(),
    }
    assert len(keys) == 5
    path = tmp_path / "judged.jsonl"
    with Journal(path, "one") as journal:
        await run(library, good, journal=journal)
    with Journal(path, "two") as journal:
        assert journal.get(hours(1)[0]) is None


def test_a_file_that_is_no_journal_is_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Dear diary\n", "utf-8")
    with pytest.raises(InputProblem, match="no file of judgements"):
        Journal(path, "k")
    assert path.read_text("utf-8") == "Dear diary\n"
    with pytest.raises(UsageProblem, match="cannot be opened"):
        Journal(tmp_path, "k")


def card(scorer, score, version="1.0.0"):
    rubric = RubricScore(rubric="empathy", rubric_version=version, score=score)
    return Scorecard(transcript_id="t", rubrics=(rubric,), overall=score, scorer=scorer)


def test_a_judgement_stands_beside_the_offline_scores(store, library, clock, randomness):
    scenario = library.scenario("wary")
    session = LiveSession.begin(store, scenario, Options(seed=1), clock, randomness)
    assert not keep(store, session.id, card(JUDGE, 1.0), clock)
    store.append(session.id, [Ended(ending=Ending.PLANNED_CLOSE)], at=clock.now())
    store.append(session.id, [Scored(scorecard=card(OFFLINE, 3.0))], at=clock.now())
    assert keep(store, session.id, card(JUDGE, 1.0), clock)
    standing = standing_of(stored.event for stored in store.events(session.id))
    assert standing.scored.scorecard.overall == 3
    assert [scored.scorecard.overall for scored in standing.judged] == [1]
    assert store.sessions()[0].overall == 3


def test_scores_that_are_others_by_now_are_named():
    before = card(OFFLINE, 3.0)
    assert changed_since(before, card(OFFLINE, 3.0)) == ()
    assert changed_since(before, card(OFFLINE, 2.0)) == ("empathy 3.00 (rubric 1.0.0)",)
    assert changed_since(card(OFFLINE, None), before) == ("empathy not observed (rubric 1.0.0)",)
