"""Bundles into a store: whole or not at all, nothing twice, scored here; on both engines."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from handed import HELD, TRAINEE, bundle_of, hold, key_in, recorded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.store_events import followings

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.domain.events import (
    AppealAnswered,
    Appealed,
    Ended,
    Ending,
    Overridden,
    Reflected,
    Scored,
    TraineeSent,
)
from alliance_sim.domain.programme import Assignment, Cohort, Person, Role
from alliance_sim.errors import InputProblem, StoreProblem
from alliance_sim.programme import taking_in
from alliance_sim.programme.bundle_reading import read_bundle
from alliance_sim.programme.taking_in import Rules, State, take_bundle
from alliance_sim.store import assignments, attempts, audit, cohorts, memberships, people
from alliance_sim.store.repository import Store
from factories import minimal_scenario_dict, write_yaml
from stories import HOUR, RUBRICS, Turn, story

ONE, TWO = "20260301-1000-aaaaaa", "20260302-1000-bbbbbb"
RULES = Rules(who="i-coord2")


@pytest.fixture
def library(tmp_path):
    """The small client, and the rubrics that ship."""
    folder = tmp_path / "library"
    write_yaml(folder / "scenarios" / "small.yaml", minimal_scenario_dict(rubrics=list(RUBRICS)))
    return Library([shipped_root(), folder])


@pytest.fixture
def key(tmp_path):
    return key_in(tmp_path / "laptop")


@pytest.fixture
def desk(either_store):
    """A coordinator's store that knows the trainee."""
    add(either_store, Person(id=TRAINEE, created_at=HELD))
    return either_store


@pytest.fixture
def take(desk, library, clock):
    def taken(data, **rules):
        bundle = read_bundle(data, "hers.bundle")
        return take_bundle(desk, bundle, library, clock, replace(RULES, **rules))

    return taken


def add(store, *new):
    store.transact(lambda connection: people.add(connection, new))


def everything(store):
    """What the store holds, in every table that an import may touch."""
    with store.reading() as connection:
        return (
            store.sessions(),
            [store.events(row.id) for row in store.sessions()],
            people.every(connection),
            attempts.every(connection),
            audit.entries(connection),
        )


def entries(store):
    with store.reading() as connection:
        return audit.entries(connection)


def refusal(call, *words, **named):
    with pytest.raises(InputProblem) as refused:
        call(*words, **named)
    assert len(str(refused.value).splitlines()) == 1
    return str(refused.value)


class TestTakenIn:
    def test_it_is_there_with_its_own_times(self, desk, take, key):
        taken = take(bundle_of(key, recorded(ONE), recorded(TWO, exam=True)))
        assert [(each.id, each.state) for each in taken.sessions] == [
            (ONE, State.NEW),
            (TWO, State.NEW),
        ]
        told = [one for one in recorded(ONE) if not isinstance(one.event, Scored)]
        found = desk.events(ONE)
        assert [(one.at, one.event) for one in found[:-1]] == [(one.at, one.event) for one in told]
        assert [one.seq for one in found] == list(range(1, len(found) + 1))
        newest, oldest = desk.sessions()
        assert (newest.id, newest.exam, newest.trainee) == (TWO, True, TRAINEE)
        ended = next(one.at for one in told if isinstance(one.event, Ended))
        assert (oldest.opened_at, oldest.ended_at) == (told[0].at, ended)

    def test_what_is_derived_is_as_if_it_was_made_again(self, desk, take, key):
        reflected = Reflected(answers={"next": "Wait longer."})
        contested = Appealed(rubric="empathy", reason="I named it twice.")
        take(bundle_of(key, recorded(ONE, [*story(*HOUR, trainee=TRAINEE), reflected, contested])))
        before = everything(desk)
        desk.rebuild_index()
        assert everything(desk) == before

    def test_it_is_scored_here_and_the_laptops_scores_count_for_nothing(
        self, desk, take, key, clock
    ):
        (taken,) = take(bundle_of(key, recorded(ONE))).sessions
        assert taken.rescored.card is not None
        scored = [one for one in desk.events(ONE) if isinstance(one.event, Scored)]
        assert [one.event.scorecard for one in scored] == [taken.rescored.card]
        assert scored[0].at == clock.now()
        assert desk.sessions()[0].overall == taken.rescored.card.overall
        assert taken.rescored.differ
        (entry,) = entries(desk)
        assert entry.detail["scores_differed"] == dict.fromkeys(taken.rescored.differ, 1)

    def test_an_override_of_her_own_making_is_not_taken_in(self, desk, take, key):
        forged = [
            Overridden(rubric="empathy", original=1, score=4, who="i-forger", why="x", overall=4),
            AppealAnswered(appeal=1, rubric="empathy", outcome="changed", answer="x", who="i-f"),
        ]
        take(bundle_of(key, recorded(ONE, [*story(*HOUR, trainee=TRAINEE), *forged])))
        kinds = {one.event.type for one in desk.events(ONE)}
        assert kinds.isdisjoint({"overridden", "appeal_answered"})
        assert desk.sessions()[0].overall != 4

    def test_without_its_client_it_is_taken_in_without_scores(self, desk, take, key):
        (taken,) = take(bundle_of(key, recorded(ONE, scenario="elsewhere"))).sessions
        assert taken.state is State.NEW
        assert taken.rescored.card is None
        assert "elsewhere" in taken.rescored.why
        assert not any(isinstance(one.event, Scored) for one in desk.events(ONE))

    def test_what_only_its_bundle_says_is_hers(self, desk, take, key):
        take(bundle_of(key, recorded(ONE, trainee=None)))
        assert desk.sessions(trainee=TRAINEE)[0].id == ONE

    def test_the_audit_log_says_who_and_holds_no_words(self, desk, take, key):
        take(bundle_of(key, recorded(ONE)))
        (entry,) = entries(desk)
        assert (entry.who, entry.action, entry.subject) == ("i-coord2", "import", TRAINEE)
        assert entry.detail["sessions"] == 1
        assert "No say" not in str(entry)


class TestTwice:
    def test_the_same_bundle_changes_nothing(self, desk, take, key):
        data = bundle_of(key, recorded(ONE))
        take(data)
        before = everything(desk)
        (again,) = take(data).sessions
        assert again.state is State.HERE
        assert everything(desk) == before

    def test_the_same_session_in_another_bundle(self, desk, take, key):
        take(bundle_of(key, recorded(ONE)))
        taken = take(bundle_of(key, recorded(ONE), recorded(TWO)))
        assert [each.state for each in taken.sessions] == [State.HERE, State.NEW]

    def test_into_the_store_it_comes_from(self, desk, take, key):
        hold(desk, ONE)
        (taken,) = take(bundle_of(key, desk.events(ONE))).sessions
        assert taken.state is State.HERE

    def test_the_same_id_with_other_events(self, desk, take, key):
        take(bundle_of(key, recorded(ONE)))
        before = everything(desk)
        other = story(Turn("Hello.", "Something else altogether."), *HOUR[1:], trainee=TRAINEE)
        data = bundle_of(key, recorded(TWO), recorded(ONE, other))
        assert "here already, and not as it is in this bundle" in refusal(take, data)
        assert everything(desk) == before

    def test_what_goes_on_after_its_end(self, desk, take, key):
        take(bundle_of(key, recorded(ONE)))
        more = [*story(*HOUR, trainee=TRAINEE), TraineeSent(turn=99, text="And another thing.")]
        assert "goes on in this bundle after its end" in refusal(
            take, bundle_of(key, recorded(ONE, more))
        )

    def test_a_reflection_and_an_appeal_may_follow(self, desk, take, key):
        told = story(*HOUR, trainee=TRAINEE)
        take(bundle_of(key, recorded(ONE, told)))
        more = [
            *told,
            Reflected(answers={"next": "Wait."}),
            Appealed(rubric="empathy", reason="I named it."),
        ]
        (taken,) = take(bundle_of(key, recorded(ONE, more))).sessions
        assert taken.state is State.ADDED
        assert [one.event for one in desk.events(ONE)[-2:]] == more[-2:]
        (again,) = take(bundle_of(key, recorded(ONE, more))).sessions
        assert again.state is State.HERE
        (older,) = take(bundle_of(key, recorded(ONE, told))).sessions
        assert older.state is State.HERE
        before = everything(desk)
        desk.rebuild_index()
        assert everything(desk) == before


class TestWhoseItIs:
    def test_without_any_cohort_whoever_hands_in_is_taken_in(self, desk, take, key):
        assert take(bundle_of(key, recorded(ONE, trainee="t-newly2"), trainee="t-newly2")).added
        assert not take(bundle_of(key, recorded(TWO, trainee="t-newly2"), trainee="t-newly2")).added
        assert len(desk.sessions(trainee="t-newly2")) == 2

    def test_a_trainee_whom_no_roster_knows(self, desk, take, key):
        spring = Cohort(id="spring", title="Spring", created_at=HELD)
        desk.transact(lambda connection: cohorts.add(connection, spring))
        data = bundle_of(key, recorded(ONE, trainee="t-newly2"), trainee="t-newly2")
        assert "nobody here has the pseudonym t-newly2" in refusal(take, data)
        assert desk.sessions() == []
        assert take(data, add=True).added
        assert desk.sessions(trainee="t-newly2")

    def test_an_instructor_hands_nothing_in(self, desk, take, key):
        add(desk, Person(id="i-coord2", role=Role.INSTRUCTOR, created_at=HELD))
        data = bundle_of(key, recorded(ONE, trainee="i-coord2"), trainee="i-coord2")
        assert "is an instructor, not a trainee" in refusal(take, data)

    def test_the_key_that_came_first_counts(self, desk, take, key, tmp_path):
        take(bundle_of(key, recorded(ONE)))
        other = key_in(tmp_path / "another laptop")
        data = bundle_of(other, recorded(TWO))
        told = refusal(take, data)
        assert "--trust-new-key" in told
        assert other.public[:12] in told
        assert len(desk.sessions()) == 1
        assert take(data, trust_new_key=True).new_key
        assert entries(desk)[0].detail["new_key"] is True
        assert "--trust-new-key" in refusal(take, bundle_of(key, recorded("s-3")))

    def test_a_refused_bundle_pins_no_key(self, desk, take, key, tmp_path):
        forged = bundle_of(key_in(tmp_path / "x"), recorded(ONE), assignment="nothing-like-it")
        assert "no such assignment" in refusal(take, forged)
        take(bundle_of(key, recorded(ONE)))

    def test_one_key_for_two_trainees_of_one_machine(self, desk, take, key):
        add(desk, Person(id="t-wren22", created_at=HELD))
        take(bundle_of(key, recorded(ONE)))
        take(bundle_of(key, recorded(TWO, trainee="t-wren22"), trainee="t-wren22"))
        assert len(desk.sessions()) == 2


class TestAssignments:
    @pytest.fixture
    def ask(self, desk):
        def asked(member=TRAINEE, **changes):
            values = {
                "id": "week-3",
                "cohort": "spring",
                "title": "Week 3",
                "scenarios": ("small",),
                "created_at": HELD,
            }

            def work(connection):
                cohorts.add(connection, Cohort(id="spring", title="Spring", created_at=HELD))
                memberships.join(connection, "spring", [member], HELD)
                assignments.add(connection, Assignment(**values | changes))

            desk.transact(work)

        return asked

    def attempts(self, desk):
        with desk.reading() as connection:
            return [
                (each.session_id, each.number, each.source)
                for each in attempts.every(connection, assignment="week-3")
            ]

    def test_each_session_is_an_attempt(self, desk, take, key, ask):
        ask(attempts=2, due_at=HELD)
        taken = take(bundle_of(key, recorded(ONE), recorded(TWO), assignment="week-3"))
        assert self.attempts(desk) == [(ONE, 1, "bundle"), (TWO, 2, "bundle")]
        assert [each.attempt for each in taken.sessions] == [1, 2]
        assert all(each.late for each in taken.sessions)
        assert entries(desk)[0].detail["late"] == 2
        again = take(bundle_of(key, recorded(ONE), recorded(TWO), assignment="week-3"))
        assert not again.changed
        assert len(self.attempts(desk)) == 2

    def test_attempts_are_numbered_as_they_were_held(self, desk, take, key, ask):
        ask()
        before = timedelta(days=1)
        earlier = [stored.model_copy(update={"at": stored.at - before}) for stored in recorded(TWO)]
        take(bundle_of(key, recorded(ONE), earlier, assignment="week-3"))
        assert self.attempts(desk) == [(TWO, 1, "bundle"), (ONE, 2, "bundle")]

    def test_in_time(self, take, key, ask):
        ask(due_at=HELD + timedelta(days=1))
        (taken,) = take(bundle_of(key, recorded(ONE), assignment="week-3")).sessions
        assert not taken.late

    def test_what_was_handed_in_for_nothing_can_be_handed_in_again(self, desk, take, key, ask):
        ask()
        take(bundle_of(key, recorded(ONE)))
        (taken,) = take(bundle_of(key, recorded(ONE), assignment="week-3")).sessions
        assert (taken.state, taken.attempt) == (State.HERE, 1)

    def test_one_attempt_too_many_keeps_the_whole_bundle_out(self, desk, take, key, ask):
        ask(attempts=1)
        before = everything(desk)
        data = bundle_of(key, recorded(ONE), recorded(TWO), assignment="week-3")
        assert "attempts" in refusal(take, data)
        assert everything(desk) == before

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"member": "t-other2"}, "is not in it"),
            ({"scenarios": ("wary", "trauma")}, "asks for wary or trauma"),
            ({"exam": True}, "was not held as an exam"),
        ],
    )
    def test_what_the_assignment_does_not_take(self, desk, take, key, ask, changes, told):
        ask(**changes)
        assert told in refusal(take, bundle_of(key, recorded(ONE), assignment="week-3"))
        assert desk.sessions() == []


class TestNothingHalfDone:
    def test_a_dry_run_says_the_same_and_writes_nothing(self, desk, take, key):
        before = everything(desk)
        data = bundle_of(key, recorded(ONE))
        taken = take(data, dry_run=True)
        assert [each.state for each in taken.sessions] == [State.NEW]
        assert everything(desk) == before
        assert take(data).sessions == taken.sessions

    def test_what_fails_after_the_first_session_takes_it_back(self, desk, take, key, monkeypatch):
        written = taking_in.take_in

        def fails(connection, session_id, found):
            written(connection, session_id, found)
            if session_id == TWO:
                raise StoreProblem("the disk is full")

        before = everything(desk)
        monkeypatch.setattr(taking_in, "take_in", fails)
        data = bundle_of(key, recorded(ONE), recorded(TWO))
        with pytest.raises(StoreProblem):
            take(data)
        assert everything(desk) == before
        monkeypatch.undo()
        take(data)
        assert len(desk.sessions()) == 2

    def test_many_importers_at_once(self, desk, either_address, library, clock, key):
        data = bundle_of(key, recorded(ONE), recorded(TWO))
        states, start = [], threading.Barrier(4)

        def run():
            with Store.open(either_address, patience=30) as other:
                start.wait()
                bundle = read_bundle(data, "x")
                taken = take_bundle(other, bundle, library, clock, RULES)
                states.extend(each.state for each in taken.sessions)

        importers = [threading.Thread(target=run) for _ in range(4)]
        for each in importers:
            each.start()
        for each in importers:
            each.join()
        assert sorted(states) == [State.HERE] * 6 + [State.NEW] * 2
        assert len(desk.sessions()) == 2
        assert len(entries(desk)) == 1


def test_a_damaged_record_in_the_store_is_told(desk, take, key):
    hold(desk, ONE, [*story(*HOUR, trainee=TRAINEE)])
    with desk.reading() as connection, pytest.MonkeyPatch.context() as patch:
        assert connection
        patch.setattr(taking_in, "stored_events", lambda *_: (_ for _ in ()).throw(ValueError()))
        with pytest.raises(StoreProblem, match="cannot be read"):
            take(bundle_of(key, recorded(ONE)))


@given(st.lists(followings.filter(lambda event: event.type != "ended"), max_size=12))
@settings(
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_an_owner_signs_is_taken_in_or_refused(tmp_path, library, clock, key, events):
    """Events that fit no session at all: nothing but a refusal or a whole import comes of it."""
    first, *rest = story(*HOUR, ending=None, trainee=TRAINEE)
    told = [first, *events, *rest, *events, Ended(ending=Ending.TIME)]
    data = bundle_of(key, recorded(ONE, told))
    with Store.open(tmp_path / "any.db") as desk:
        if desk.sessions():
            desk.delete(ONE)
        try:
            bundle = read_bundle(data, "x")
        except InputProblem:
            return
        rules = replace(RULES, add=True)
        take_bundle(desk, bundle, library, clock, rules)
        assert [row.id for row in desk.sessions()] == [ONE]
