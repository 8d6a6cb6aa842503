"""What a trainee's and an instructor's login can and cannot do on a server, tried in SQL."""

import json
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import make_url
from store_events import START, ended, minute, opened, sent

from alliance_sim.domain.events import Appealed, Overridden, Scored, SelfRated, StoredEvent
from alliance_sim.domain.programme import Person, Role
from alliance_sim.domain.scorecard import RubricScore, Scorecard
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store import people, signing_keys
from alliance_sim.store.acting import acting_as
from alliance_sim.store.erasing import erase_person
from alliance_sim.store.importing import take_in
from alliance_sim.store.repository import Store
from alliance_sim.store.rights import grant, lend, revoke, secure

MINE, HERS, TEACHER, KEEPER = "t-rightsa", "t-rightsb", "i-rights", "i-rightsc"


def handed_in(*events, first=1):
    return [
        StoredEvent(session_id="far", seq=seq, at=minute(seq), event=event)
        for seq, event in enumerate(events, first)
    ]


def scored(value):
    score = RubricScore(rubric="empathy", rubric_version="1.0", score=value)
    return Scored(scorecard=Scorecard(transcript_id="s", rubrics=(score,), overall=value))


@pytest.fixture
def roles(postgres_cluster):
    """Whoever was let in is taken out again: roles belong to the whole server."""
    yield
    for name in (MINE, HERS, TEACHER, KEEPER):
        postgres_cluster.execute(f'DROP ROLE IF EXISTS "{name}"')


@pytest.fixture
def owner(postgres_url, roles):
    """The coordinator's store: two trainees with a session each, hers scored."""
    with Store.open(postgres_url) as store:
        store.transact(secure)
        for name in (MINE, HERS):
            store.transact(lambda connection, name=name: grant(connection, name, Role.TRAINEE))
        store.transact(lambda connection: grant(connection, TEACHER, Role.INSTRUCTOR))
        store.transact(
            lambda connection: grant(connection, KEEPER, Role.INSTRUCTOR, coordinates=True)
        )
        store.append("mine", [opened(trainee=MINE), sent(1), ended()], at=START)
        store.append("open", [opened(trainee=MINE), sent(1)], at=minute(1))
        store.append("hers", [opened(trainee=HERS), sent(1, "Her own words."), ended()], at=START)
        for name in ("mine", "hers"):
            store.append(name, [scored(1.0)], at=minute(2))
        yield store


@pytest.fixture
def logged_in(owner, postgres_cluster, postgres_database):
    """Opens the store as a person who was let in."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(
            Store.open(postgres_cluster.url(postgres_database, name))
        )


@pytest.fixture
def mine(logged_in):
    return logged_in(MINE)


@pytest.fixture
def teacher(logged_in):
    return logged_in(TEACHER)


@pytest.fixture
def keeper(logged_in):
    return logged_in(KEEPER)


@pytest.fixture
def sql(owner, postgres_cluster, postgres_database):
    """Runs a statement as the trainee, past the program; gives the rows."""

    def run(statement, *values, user=MINE):
        url = postgres_cluster.url(postgres_database, user)
        with psycopg.connect(url) as connection:
            cursor = connection.execute(statement, values or None)
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


@pytest.mark.parametrize("who", [TEACHER, KEEPER])
def test_instructors_and_coordinators_read_all_and_change_scores(logged_in, owner, who):
    hers = logged_in(who)
    assert hers.trainee is None
    assert {row.id for row in hers.sessions()} == {"mine", "open", "hers"}
    hers.events("hers")
    change = Overridden(rubric="empathy", original=1.0, score=3.0, who=who, why="Turn 1.")
    hers.append("hers", [change], at=minute(6))
    assert owner.events("hers")[-1].event == change


class TestAnInstructor:
    @pytest.mark.parametrize(
        "statement",
        ["DELETE FROM events", "DELETE FROM audit", "UPDATE audit SET who = 'x'", "TRUNCATE audit"],
    )
    def test_deletes_no_record(self, sql, statement):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=TEACHER)

    def test_takes_in_what_a_trainee_hands_in(self, teacher, owner):
        def work(connection):
            people.add(connection, [Person(id="t-far", created_at=START)])
            signing_keys.pin(connection, "t-far", "a2V5")
            take_in(connection, "far", handed_in(opened(trainee="t-far"), sent(1), ended()))

        teacher.transact(work)
        more = handed_in(Appealed(rubric="empathy", reason="Turn 1."), first=4)
        teacher.transact(lambda connection: take_in(connection, "far", more))
        assert [stored.event.type for stored in owner.events("far")][-2:] == ["ended", "appealed"]
        assert {row.id: row.trainee for row in owner.sessions()}["far"] == "t-far"
        assert len(owner.appeals("far")) == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO people VALUES ('i-new', 'instructor', false, NULL, NULL, '2026')",
            "INSERT INTO people VALUES ('t-new', 'trainee', true, NULL, NULL, '2026')",
            "INSERT INTO people VALUES ('t-new', 'trainee', false, '2026', NULL, '2026')",
        ],
    )
    def test_makes_no_instructor_and_gives_nobodys_consent(self, sql, statement):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=TEACHER)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE people SET consent_research = true",
            "UPDATE people SET role = 'instructor'",
            "DELETE FROM people",
            "DELETE FROM sessions",
            "DELETE FROM appeals",
            "UPDATE events SET payload = '{}'",
            "INSERT INTO erasures VALUES ('hers')",
            "INSERT INTO cohorts VALUES ('c', 'C', NULL, '2026')",
            "INSERT INTO memberships VALUES ('c', current_user, '2026-11-22')",
            "UPDATE assignments SET attempts = 99",
            "SET ROLE alliance_coordinator",
        ],
    )
    def test_keeps_no_programme(self, sql, statement):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=TEACHER)

    def test_changes_the_key_of_no_other_instructor(self, sql, owner):
        def add(connection):
            people.add(connection, [Person(id="i-x", role=Role.INSTRUCTOR, created_at=START)])

        owner.transact(add)
        assert sql("UPDATE people SET signing_key = 'x'", user=TEACHER) == 0


class TestACoordinator:
    def test_deletes_a_session_with_all_that_was_made_of_it(self, keeper, owner):
        keeper.delete("hers")
        assert owner.events("hers") == ()
        assert {row.id for row in owner.sessions()} == {"mine", "open"}

    def test_deletes_a_person(self, keeper, owner):
        owner.transact(
            lambda connection: people.add(connection, [Person(id=HERS, created_at=START)])
        )
        keeper.transact(lambda connection: erase_person(connection, HERS))
        with owner.reading() as connection:
            assert people.get(connection, HERS) is None

    def test_keeps_people_cohorts_and_assignments(self, keeper, sql):
        for statement in (
            "INSERT INTO cohorts VALUES ('c', 'C', NULL, '2026')",
            "UPDATE cohorts SET retention_days = 90",
            "INSERT INTO people VALUES ('i-new', 'instructor', false, NULL, NULL, '2026')",
            "UPDATE people SET consent_research = true",
            "INSERT INTO memberships VALUES ('c', 'i-new', '2026-11-22')",
            "DELETE FROM memberships",
        ):
            assert sql(statement, user=KEEPER) == 1

    @pytest.mark.parametrize(
        "statements",
        [
            "DELETE FROM events WHERE session_id = 'hers'",
            "INSERT INTO erasures VALUES ('hers')",
            "INSERT INTO erasures VALUES ('hers'); DELETE FROM events WHERE session_id = 'hers'",
            (
                "INSERT INTO erasures VALUES ('hers'); DELETE FROM events WHERE seq = 2 "
                "AND session_id = 'hers'"
            ),
            (
                "INSERT INTO erasures VALUES ('hers'); DELETE FROM events WHERE seq > 1 "
                "AND session_id = 'hers'; DELETE FROM erasures"
            ),
        ],
    )
    def test_thins_no_session_out(self, sql, owner, statements):
        before = owner.events("hers")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            sql(statements, user=KEEPER)
        assert owner.events("hers") == before

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET payload = '{}'",
            "TRUNCATE events",
            "TRUNCATE erasures",
            "UPDATE erasures SET session_id = 'x'",
            "DELETE FROM audit",
            "UPDATE audit SET who = 'x'",
            "SET session_replication_role = replica",
            "ALTER TABLE erasures DISABLE TRIGGER ALL",
            "DROP TRIGGER erasures_are_ended ON erasures",
            "CREATE TABLE own (x int)",
            "CREATE ROLE other",
            f'GRANT alliance_coordinator TO "{TEACHER}"',
        ],
    )
    def test_changes_no_record_and_no_right(self, sql, owner, statement):
        before = owner.events("hers")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql(statement, user=KEEPER)
        assert owner.events("hers") == before

    def test_made_an_instructor_deletes_no_more(self, owner, sql):
        owner.transact(lambda connection: grant(connection, KEEPER, Role.INSTRUCTOR))
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            sql("INSERT INTO erasures VALUES ('hers')", user=KEEPER)

    def test_is_let_in_no_more(self, owner, postgres_cluster, postgres_database):
        owner.transact(lambda connection: revoke(connection, KEEPER))
        with pytest.raises(StoreProblem, match="refuses this login"):
            Store.open(postgres_cluster.url(postgres_database, KEEPER))


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


class TestAServersLogin:
    """A login that acts as those who lent it their rights, as a tab of `serve` does."""

    @pytest.fixture
    def web(self, owner, postgres_cluster, postgres_database):
        with postgres_cluster.role("web_of_tests") as login:
            owner.transact(lambda connection: lend(connection, MINE, login))
            yield postgres_cluster.url(postgres_database, login)

    def test_acts_as_the_trainee_and_sees_what_she_sees(self, web, owner):
        with Store.open(acting_as(web, MINE)) as store:
            assert store.trainee == MINE
            assert {row.id for row in store.sessions()} == {"mine", "open"}
            assert store.events("hers") == ()
            store.append("new", [opened(trainee=MINE), sent(1), ended()], at=minute(3))
            store.events("open")
            with pytest.raises(StoreProblem, match="may not do that"):
                store.append("open", [scored(4.0)], at=minute(5))
        assert {row.id for row in owner.sessions()} == {"mine", "open", "hers", "new"}

    @pytest.mark.parametrize("way_out", ["RESET ROLE", "RESET ALL", "DISCARD ALL", "SET ROLE NONE"])
    def test_leaving_that_shows_no_more(self, web, way_out):
        with psycopg.connect(acting_as(web, MINE), autocommit=True) as connection:
            connection.execute(way_out)
            seen = connection.execute("SELECT id FROM sessions").fetchall()
            assert {name for (name,) in seen} <= {"mine", "open"}
            for other in (HERS, TEACHER, "alliance_instructor", "postgres"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f'SET ROLE "{other}"')

    def test_by_itself_sees_nothing(self, web):
        with Store.open(web) as store:
            assert store.sessions() == []

    @pytest.mark.parametrize("other", [HERS, TEACHER, "t-nobody"])
    def test_acts_as_nobody_else(self, web, other):
        with pytest.raises(StoreProblem, match="refuses this login"):
            Store.open(acting_as(web, other))

    def test_that_is_not_there_is_lent_nothing(self, owner):
        with pytest.raises(UsageProblem, match="no such login"):
            owner.transact(lambda connection: lend(connection, MINE, "nosuch"))


def test_an_address_at_which_one_acts_keeps_what_it_has():
    address = "postgresql://web:a%20b@db/x?sslmode=require&options=-c%20work_mem%3D8MB"
    url = make_url(acting_as(address, "t a"))
    assert url.query == {"sslmode": "require", "options": "-c work_mem=8MB -c role=t\\ a"}
    assert (url.username, url.password, url.host) == ("web", "a b", "db")


def test_nobody_acts_as_another_in_a_file(tmp_path):
    with pytest.raises(UsageProblem, match="a file has no rights"):
        acting_as(str(tmp_path / "store.db"), MINE)
