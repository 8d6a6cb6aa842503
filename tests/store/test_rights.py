"""What a trainee's and an instructor's login can and cannot do on a server, tried in SQL."""

import json

import psycopg
import pytest
from store_events import START, ended, minute, opened, sent

from alliance_sim.domain.events import Appealed, Overridden, SelfRated
from alliance_sim.domain.programme import Role
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store.repository import Store
from alliance_sim.store.rights import grant, revoke, secure

MINE, HERS, TEACHER = "t-rightsa", "t-rightsb", "i-rights"


def scored(value):
    from alliance_sim.domain.events import Scored  # noqa: PLC0415 - a long list above else

    score = RubricScore(rubric="empathy", rubric_version="1.0", score=value)
    return Scored(scorecard=Scorecard(transcript_id="s", rubrics=(score,), overall=value))


@pytest.fixture
def roles(postgres_cluster):
    """Whoever was let in is taken out again: roles belong to the whole server."""
    yield
    for name in (MINE, HERS, TEACHER):
        postgres_cluster.execute(f'DROP ROLE IF EXISTS "{name}"')


@pytest.fixture
def owner(postgres_url, roles):
    """The coordinator's store: two trainees with a session each, hers scored."""
    with Store.open(postgres_url) as store:
        store.transact(secure)
        for name in (MINE, HERS):
            store.transact(lambda connection, name=name: grant(connection, name, Role.TRAINEE))
        store.transact(lambda connection: grant(connection, TEACHER, Role.INSTRUCTOR))
        store.append("mine", [opened(trainee=MINE), sent(1), ended()], at=START)
        store.append("open", [opened(trainee=MINE), sent(1)], at=minute(1))
        store.append("hers", [opened(trainee=HERS), sent(1, "Her own words."), ended()], at=START)
        for name in ("mine", "hers"):
            store.append(name, [scored(1.0)], at=minute(2))
        yield store


@pytest.fixture
def mine(owner, postgres_cluster, postgres_database):
    with Store.open(postgres_cluster.url(postgres_database, MINE)) as store:
        yield store


@pytest.fixture
def teacher(owner, postgres_cluster, postgres_database):
    with Store.open(postgres_cluster.url(postgres_database, TEACHER)) as store:
        yield store


@pytest.fixture
def sql(owner, postgres_cluster, postgres_database):
    """Runs a statement as the trainee, past the program; gives the rows."""

    def run(statement, *values, user=MINE):
        url = postgres_cluster.url(postgres_database, user)
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount

    return run


class TestATrainee:
    def test_sees_her_own_sessions_and_scores_and_no_others(self, mine):
        assert mine.trainee == MINE
        assert {row.id for row in mine.sessions()} == {"mine", "open"}
        assert mine.sessions()[1].overall == 1.0
        assert mine.events("hers") == ()
        with pytest.raises(UsageProblem, match="no such session"):
            mine.resolve("hers")

    def test_practises_rates_herself_and_contests(self, mine, owner):
        mine.append("new", [opened(trainee=MINE), sent(1), ended()], at=minute(3))
        mine.events("mine")
        said = [SelfRated(ratings={"empathy": 3}), Appealed(rubric="empathy", reason="Turn 1.")]
        mine.append("mine", said, at=minute(4))
        assert [s.event.type for s in owner.events("mine")][-2:] == ["self_rated", "appealed"]
        assert {row.id for row in owner.sessions()} == {"mine", "open", "hers", "new"}

    @pytest.mark.parametrize(
        "events",
        [
            [scored(4.0)],
            [Overridden(rubric="empathy", original=1.0, score=4.0, who="i", why="y")],
            [sent(3, "A reply from after the hour.")],
        ],
    )
    def test_adds_no_score_and_no_reply_to_what_has_ended(self, mine, owner, events):
        mine.events("mine")
        before = owner.events("mine")
        with pytest.raises(StoreProblem, match="may not do that"):
            mine.append("mine", events, at=minute(5))
        assert owner.events("mine") == before

    def test_scores_nothing_that_goes_on_either(self, mine):
        mine.events("open")
        with pytest.raises(StoreProblem, match="may not do that"):
            mine.append("open", [scored(4.0)], at=minute(5))

    def test_writes_under_no_other_name(self, mine):
        for other in (HERS, None):
            with pytest.raises(StoreProblem, match="may not do that"):
                mine.append("new", [opened(trainee=other)], at=minute(5))

    def test_deletes_nothing(self, mine, owner):
        with pytest.raises((StoreProblem, UsageProblem)):
            mine.delete("mine")
        assert owner.events("mine")

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM events WHERE session_id = 'hers'",
            "SELECT * FROM sessions WHERE trainee <> current_user OR trainee IS NULL",
            "SELECT * FROM scores WHERE session_id = 'hers'",
            "SELECT * FROM appeals WHERE session_id = 'hers'",
            "SELECT * FROM people WHERE id <> current_user",
            (
                "SELECT e.payload FROM events e JOIN sessions s ON s.id = 'hers' "
                "WHERE e.session_id = 'hers'"
            ),
        ],
    )
    def test_reads_nothing_of_others(self, sql, statement):
        assert sql(statement) == []

    @pytest.mark.parametrize(
        "statement",
        [
            "SELECT * FROM ratings",
            "SELECT * FROM audit",
            "SELECT * FROM batches",
            "SELECT * FROM erasures",
            "UPDATE sessions SET overall = 4 WHERE id = 'mine'",
            "UPDATE sessions SET trainee = 't-x' WHERE id = 'mine'",
            "UPDATE scores SET score = 4",
            "INSERT INTO scores SELECT * FROM scores",
            "DELETE FROM scores",
            "DELETE FROM events WHERE session_id = 'mine'",
            "DELETE FROM sessions",
            "UPDATE events SET payload = '{}'",
            "TRUNCATE events",
            "UPDATE appeals SET outcome = 'changed'",
            "INSERT INTO appeals VALUES ('mine', 9, 'empathy', 'x', '', 'changed', '', '', '')",
            "INSERT INTO people VALUES (current_user, 'instructor', false)",
            (
                "INSERT INTO sessions SELECT 'forged', opened_at, updated_at, scenario, "
                "scenario_version, trainee, seed, pace, exam, turns, ending, 4.0 FROM sessions "
                "WHERE id = 'mine'"
            ),
            "SET ROLE alliance_instructor",
            "ALTER TABLE events DISABLE ROW LEVEL SECURITY",
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "CREATE TABLE own (x int)",
            "DROP POLICY events_0 ON events",
            (
                "CREATE OR REPLACE FUNCTION alliance_may_add(session text, kind text) "
                "RETURNS boolean LANGUAGE sql AS 'SELECT true'"
            ),
        ],
    )
    def test_is_refused(self, sql, owner, statement):
        before = [owner.events("mine"), owner.events("hers"), owner.sessions()]
        with pytest.raises(psycopg.Error) as problem:
            sql(statement)
        assert problem.value.sqlstate in {"42501", "42P07"}
        assert [owner.events("mine"), owner.events("hers"), owner.sessions()] == before

    def test_updates_nothing_of_others(self, sql, owner):
        assert sql("UPDATE sessions SET turns = 99 WHERE id = 'hers'") == 0
        assert sql("UPDATE sessions SET turns = 99") == 2
        assert {row.id: row.turns for row in owner.sessions()}["hers"] == 0

    @pytest.mark.parametrize("kind", ["self_rated", "reflected", "appealed"])
    def test_smuggles_no_score_in_under_another_type(self, sql, kind):
        payload = scored(4.0).model_dump_json()
        add = "INSERT INTO events VALUES ('mine', 5, '2026-11-22', %s, %s)"
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(add, kind, payload)
        twice = json.dumps({"type": kind})[:-1] + ', "type": "scored"}'
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(add, kind, twice)

    def test_cannot_reopen_an_hour_that_has_ended(self, sql, mine):
        assert sql("UPDATE sessions SET ending = NULL WHERE id = 'mine'") == 1
        mine.events("mine")
        with pytest.raises(StoreProblem, match="may not do that"):
            mine.append("mine", [sent(3)], at=minute(5))


class TestAnInstructor:
    def test_reads_all_and_changes_scores(self, teacher, owner):
        assert teacher.trainee is None
        assert {row.id for row in teacher.sessions()} == {"mine", "open", "hers"}
        teacher.events("hers")
        change = Overridden(rubric="empathy", original=1.0, score=3.0, who=TEACHER, why="Turn 1.")
        teacher.append("hers", [change], at=minute(6))
        assert owner.events("hers")[-1].event == change

    @pytest.mark.parametrize(
        "statement",
        ["DELETE FROM events", "DELETE FROM audit", "UPDATE audit SET who = 'x'", "TRUNCATE audit"],
    )
    def test_deletes_no_record(self, sql, statement):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=TEACHER)


def test_who_is_taken_out_is_in_no_more(owner, postgres_cluster, postgres_database):
    owner.transact(lambda connection: revoke(connection, HERS))
    with pytest.raises(StoreProblem, match="refuses this login"):
        Store.open(postgres_cluster.url(postgres_database, HERS))
    with pytest.raises(UsageProblem, match="nobody of that name"):
        owner.transact(lambda connection: revoke(connection, HERS))


def test_letting_in_again_gives_a_new_password(owner):
    first = owner.transact(lambda connection: grant(connection, MINE, Role.TRAINEE))
    assert first != owner.transact(lambda connection: grant(connection, MINE, Role.TRAINEE))


def test_an_instructor_made_a_trainee_sees_less(owner, postgres_cluster, postgres_database):
    owner.transact(lambda connection: grant(connection, TEACHER, Role.TRAINEE))
    with Store.open(postgres_cluster.url(postgres_database, TEACHER)) as store:
        assert store.sessions() == []


def test_before_the_rights_are_set_up_nobody_is_let_in(postgres_url):
    with Store.open(postgres_url) as store, pytest.raises(UsageProblem, match="db roles"):
        store.transact(lambda connection: grant(connection, MINE, Role.TRAINEE))


def test_it_can_be_done_again(owner):
    owner.transact(secure)
    owner.transact(secure)


def test_a_file_has_no_roles(tmp_path):
    with Store.open(tmp_path / "store.db") as store:
        assert store.trainee is None
        with pytest.raises(UsageProblem, match="has no roles"):
            store.transact(secure)
