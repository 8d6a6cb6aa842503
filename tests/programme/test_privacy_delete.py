"""Deleting a trainee, and proving it; on both engines."""

import sqlite3
from contextlib import closing

import pytest
from handed import HELD, hold
from sqlalchemy import select

from alliance_sim.domain.events import AppealAnswered, Appealed, Branch, Reflected
from alliance_sim.domain.programme import Assignment, Cohort, Person, Role
from alliance_sim.domain.rating import Rating
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.programme.identity import Identity
from alliance_sim.programme.key_file import KeyFile, key_text, read_key
from alliance_sim.programme.privacy_delete import (
    belongings,
    delete_person,
    proof,
    trail_of,
)
from alliance_sim.programme.privacy_verify import Trail, looked_at
from alliance_sim.programme.privacy_words import MOST, sampled_phrases
from alliance_sim.programme.written import EVERYBODY, keep_in_mind
from alliance_sim.store import (
    assignments,
    attempts,
    audit,
    cohorts,
    job_queue,
    memberships,
    people,
    rights,
)
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import batch_items, events, metadata
from alliance_sim.store.written_files import WrittenFile, files_about, remember
from stories import HOUR, Turn, story

HERS, OTHER = "t-heron2", "t-heron22"
"""The one is the beginning of the other."""

FIRST, SECOND, RETRY, OTHERS = "s-hers-1", "s-hers-2", "s-hers-3", "s-other-1"
SECRET = "Plum jam on the windowsill all winter"
SHARED = "It has been sitting there all this time."


on_a_server = pytest.mark.parametrize("either_address", ["postgresql"], indirect=True)


def turns(words):
    return (*HOUR[:3], Turn("There is a letter.", words))


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.fixture
def names(data):
    path = data / "names.csv"
    path.write_text(
        key_text(KeyFile({HERS: Identity(name="Zoë Heron"), OTHER: Identity(name="Tom Wren")}))
    )
    return path


@pytest.fixture
def store(either_store, clock):
    """Two trainees of a cohort with all that can be about them."""
    contested = Appealed(rubric="empathy", reason=f"I said it gently: {SECRET}")
    answered = AppealAnswered(
        appeal=99, rubric="empathy", outcome="kept", answer="Read again.", who="i-coord2"
    )
    told = story(*turns(SECRET), trainee=HERS, plan=SECRET)
    hold(either_store, FIRST, [*told, Reflected(answers={"next": SECRET}), contested, answered])
    hold(either_store, SECOND, trainee=HERS)
    branch = Branch(session_id=FIRST, turn=7)
    hold(either_store, RETRY, story(*turns(SECRET), trainee=None, branch=branch))
    hold(either_store, OTHERS, trainee=OTHER)
    ratings = [rating(session) for session in (FIRST, OTHERS)]
    either_store.keep_ratings(ratings)
    either_store.transact(_programme)
    return either_store


def rating(session):
    return Rating(
        rater="i-coord2",
        transcript_id=session,
        rubric="empathy",
        rubric_version="1",
        level=2,
        note=SECRET if session == FIRST else "",
        at=HELD,
        digest="",
    )


def _programme(connection):
    people.add(connection, [Person(id=name, created_at=HELD) for name in (HERS, OTHER)])
    people.add(connection, [Person(id="i-coord2", role=Role.INSTRUCTOR, created_at=HELD)])
    cohorts.add(connection, Cohort(id="spring", title="Spring", created_at=HELD))
    memberships.join(connection, "spring", [HERS, OTHER], HELD)
    asked = Assignment(
        id="week-3", cohort="spring", title="3", scenarios=("small",), created_at=HELD
    )
    assignments.add(connection, asked)
    attempts.claim(connection, asked, HERS, FIRST, at=HELD)
    attempts.claim(connection, asked, OTHER, OTHERS, at=HELD)
    for session in (FIRST, OTHERS):
        values = {"batch": "b", "session_id": session, "state": "done", "at": "2026"}
        connection.execute(batch_items.insert().values(**values))
    audit.note(connection, at=HELD, who="i-coord2", action="override", subject=FIRST)


def rows(store):
    with store.reading() as connection:
        return {
            name: sorted(tuple(map(str, row)) for row in connection.execute(select(table)))
            for name, table in metadata.tables.items()
        }


def remove(store, names, data, clock):
    found = belongings(store, HERS, names, data)
    return delete_person(store, found, names, data, clock, "i-coord2")


class TestDeleted:
    def test_all_of_hers_and_nothing_of_others(self, store, names, data, clock):
        before = rows(store)
        done = remove(store, names, data, clock)
        assert (done.sessions, done.named) == (3, True)
        after = rows(store)
        for name, left in after.items():
            gone = {row for row in before[name] if row not in left}
            if name == "audit":
                continue
            mine = (HERS, FIRST, SECOND, RETRY)
            expected = {row for row in before[name] if any(part in mine for part in row)}
            if name in {"events", "sessions", "scores", "appeals", "people", "memberships"}:
                assert expected, name
            assert gone == expected, name
        assert read_key(names).people == {OTHER: Identity(name="Tom Wren")}
        assert [row.id for row in store.sessions()] == [OTHERS]

    def test_the_audit_log_keeps_the_pseudonym_alone(self, store, names, data, clock):
        remove(store, names, data, clock)
        with store.reading() as connection:
            latest, *earlier = audit.entries(connection)
        assert (latest.action, latest.subject, latest.who) == ("delete", HERS, "i-coord2")
        assert latest.detail == {"sessions": 3, "files_deleted": 0, "files_left": 0}
        assert [entry.action for entry in earlier] == ["override"]

    def test_found_by_her_events_where_the_index_lost_her(self, store, names, data, clock):
        store.transact(lambda connection: connection.execute(metadata.tables["sessions"].delete()))
        assert remove(store, names, data, clock).sessions == 2
        with store.reading() as connection:
            left = set(connection.scalars(select(events.c.session_id)))
        assert left == {RETRY, OTHERS}

    @on_a_server
    def test_what_waits_in_the_queue_of_a_server(self, store, names, data, clock):
        assert job_queue.prepare(store)
        jobs = [FIRST, OTHERS]
        store.transact(lambda connection: job_queue.add(connection, "b", "offline", jobs))
        found = belongings(store, HERS, names, data)
        trail, _ = trail_of(store, found)
        before = {look.place: look.found for look in looked_at(store, trail, names)}
        assert before["procrastinate_jobs"] == ("a session's id in args: 1",)
        delete_person(store, found, names, data, clock, "i-coord2")
        assert all(look.clean for look in looked_at(store, trail, names))
        with store.reading() as connection:
            assert job_queue.has_jobs(connection, "b")

    @on_a_server
    def test_her_login_on_a_server(self, store, names, data, clock, request):
        cluster = request.getfixturevalue("postgres_cluster")
        request.addfinalizer(lambda: cluster.execute(f'DROP ROLE IF EXISTS "{HERS}"'))
        store.transact(rights.secure)
        store.transact(lambda connection: rights.grant(connection, HERS, Role.TRAINEE))
        looks = {look.place: look for look in looked_at(store, Trail(HERS), names)}
        assert not looks["logins of the server"].clean
        assert remove(store, names, data, clock).left == ()
        assert all(look.clean for look in looked_at(store, Trail(HERS), names))

    @on_a_server
    def test_a_login_that_is_none_of_the_programmes_is_named(
        self, store, names, data, clock, request
    ):
        cluster = request.getfixturevalue("postgres_cluster")
        request.addfinalizer(lambda: cluster.execute(f'DROP ROLE IF EXISTS "{HERS}"'))
        cluster.execute(f'CREATE ROLE "{HERS}" LOGIN')
        (left,) = remove(store, names, data, clock).left
        assert left.startswith(f"the login {HERS} on the server: ")

    def test_again_there_is_nothing_to_do(self, store, names, data, clock):
        remove(store, names, data, clock)
        with pytest.raises(UsageProblem, match="nothing here of anybody by this pseudonym"):
            belongings(store, HERS, names, data)

    def test_an_instructor_stays(self, store, names, data):
        with pytest.raises(UsageProblem, match="is an instructor"):
            belongings(store, "i-coord2", names, data)

    @pytest.mark.parametrize("nobody", ["", " ", "*", "..", "../x", "t-nobody"])
    def test_nobody(self, store, names, data, nobody):
        before = rows(store)
        (data / "trainees").mkdir()
        with pytest.raises(UsageProblem):
            belongings(store, nobody, names, data)
        assert rows(store) == before

    def test_where_it_broke_off_it_can_be_gone_on_with(
        self, store, names, data, clock, monkeypatch
    ):
        def breaks():
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(store, "scrub", breaks)
            with pytest.raises(KeyboardInterrupt):
                remove(store, names, data, clock)
        assert HERS in read_key(names).people
        done = remove(store, names, data, clock)
        assert (done.sessions, done.named) == (0, True)
        assert HERS not in read_key(names).people


class TestFiles:
    @pytest.fixture
    def written(self, store, tmp_path, clock):
        def make(name, person=HERS, kind="bundle"):
            path = tmp_path / name
            path.write_text(f"{name} of {person}")
            assert keep_in_mind(store, path, person=person, kind=kind, clock=clock)
            return path

        return make

    def test_as_they_were_written_they_go(self, store, names, data, clock, written):
        hers, others = written("hers.bundle"), written("others.bundle", OTHER)
        done = remove(store, names, data, clock)
        assert done.files.deleted == (str(hers),)
        assert not hers.exists()
        assert others.exists()

    def test_what_was_changed_since_stays_and_is_told(self, store, names, data, clock, written):
        page, gone, moved = written("a.html", kind="page"), written("b.html"), written("c.html")
        page.write_text("her own notes")
        gone.unlink()
        moved.unlink()
        moved.mkdir()
        done = remove(store, names, data, clock)
        assert page.read_text() == "her own notes"
        assert done.files.deleted == ()
        assert [left.split(": ")[0] for left in done.files.left] == [str(page), str(moved)]
        assert "changed since it was written" in done.files.left[0]

    def test_a_file_about_everybody_is_only_named(self, store, names, data, clock, written):
        table = written("scores.csv", EVERYBODY, "export")
        done = remove(store, names, data, clock)
        assert table.exists()
        assert done.files.left == (f"{table}: holds rows of others too",)
        with store.reading() as connection:
            assert len(files_about(connection, [EVERYBODY])) == 1

    def test_another_machine_is_named(self, store, names, data, clock):
        file = WrittenFile("far-away", "/home/x/r.html", HERS, "report", "0" * 64, HELD)
        store.transact(lambda connection: remember(connection, file))
        (left,) = remove(store, names, data, clock).files.left
        assert "written on the machine far-away" in left

    def test_what_stands_in_the_programs_own_folders(self, store, names, data, clock):
        page, others = data / "debriefs" / f"{FIRST}.html", data / "debriefs" / f"{OTHERS}.html"
        choices = data / "trainees" / HERS / "choices.json"
        served = data / "trainees" / OTHER / "debriefs" / f"{OTHERS}.html"
        for path in (page, others, choices, served):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("x")
        remove(store, names, data, clock)
        assert [path.exists() for path in (page, others, choices, served)] == [
            False,
            True,
            False,
            True,
        ]
        assert not (data / "trainees" / HERS).exists()


class TestProof:
    def test_nothing_is_left(self, store, names, data, clock, tmp_path):
        found = belongings(store, HERS, names, data)
        trail, before = trail_of(store, found)
        assert SECRET in trail.phrases
        assert SHARED not in trail.phrases
        if store.path:
            assert before == len(trail.phrases)
        done = delete_person(store, found, names, data, clock, "i-coord2")
        made = proof(store, trail, before, names, done.files.deleted)
        assert {look.place for look in made.looks} >= {*metadata.tables, str(names)}
        assert [look for look in made.looks if not look.clean] == []
        (log,) = [look for look in made.looks if look.place == "audit"]
        assert "the pseudonym" in log.kept

    def test_before_it_is_everywhere(self, store, names, data):
        found = belongings(store, HERS, names, data)
        trail, _ = trail_of(store, found)
        looks = {look.place: look.found for look in looked_at(store, trail, names)}
        for table in ("events", "sessions", "scores", "appeals", "attempts", "memberships"):
            assert looks[table], table
        assert any("words of hers in note" in hit for hit in looks["ratings"])
        assert any("in session_id" in hit for hit in looks["batch_items"])
        assert looks[str(names)] == ("who she is",)

    @pytest.mark.parametrize("table", ["scores", "ratings", "batch_items", "attempts"])
    def test_one_row_that_was_forgotten_is_found(self, store, names, data, clock, table):
        found = belongings(store, HERS, names, data)
        trail, _ = trail_of(store, found)
        with store.reading() as connection:
            target = metadata.tables[table]
            kept = [dict(row._mapping) for row in connection.execute(select(target))]
        delete_person(store, found, names, data, clock, "i-coord2")
        mine = [row for row in kept if {FIRST} & {str(value) for value in row.values()}]
        store.transact(lambda connection: connection.execute(target.insert(), mine[:1]))
        (left,) = [look for look in looked_at(store, trail, names) if not look.clean]
        assert left.place == table

    def test_a_name_that_begins_like_hers_is_not_hers(self, store, names, data, clock):
        remove(store, names, data, clock)
        assert OTHER.startswith(HERS)
        assert all(look.clean for look in looked_at(store, Trail(HERS), names))
        assert not all(look.clean for look in looked_at(store, Trail(OTHER), names))

    def test_what_a_killed_program_left_of_the_key_file(self, store, names, data, clock):
        left = names.with_name(".names.csv.before")
        left.write_bytes(names.read_bytes())
        (look,) = [look for look in looked_at(store, Trail(HERS), names) if look.place == str(left)]
        assert look.found == ("the pseudonym",)

    def test_phrases_are_few_and_her_own(self, store):
        many = [Turn("Hm.", f"A sentence of hers, number {number}.") for number in range(60)]
        hold(store, "s-hers-9", story(*many, trainee=HERS))
        with store.reading() as connection:
            found = sampled_phrases(connection, ["s-hers-9"])
            assert len(found) == MOST
            assert all(phrase.startswith("A sentence of hers") for phrase in found)
            assert sampled_phrases(connection, []) == ()


def test_her_words_are_gone_from_the_bytes_of_the_file(tmp_path, names, data, clock):
    path = tmp_path / "bytes" / "store.db"
    with Store.open(path) as store:
        for number in range(30):
            hold(store, f"s-{number:02}", story(*turns(f"{SECRET} {number}"), trainee=HERS))
            hold(store, f"o-{number:02}", trainee=OTHER)
        on_disk = b"".join(each.read_bytes() for each in path.parent.iterdir())
        assert SECRET.encode() in on_disk
        done = remove(store, names, data, clock)
        assert done.wiped.clean
    left = b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert SECRET.encode() not in left
    assert b"s-07" not in left
    assert b"o-07" in left
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_reader_in_between_is_told_of(tmp_path, names, data, clock):
    path = tmp_path / "busy" / "store.db"
    with Store.open(path, patience=0.1) as store:
        hold(store, FIRST, trainee=HERS)
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM events").fetchone()
            done = remove(store, names, data, clock)
            assert done.sessions == 1
            assert not done.wiped.clean


def test_a_disk_without_room_for_a_second_copy(store, names, data, clock, monkeypatch):
    def full():
        raise StoreProblem("store.db: the disk is full")

    monkeypatch.setattr(store, "scrub", full)
    done = remove(store, names, data, clock)
    assert done.wiped.problem == "store.db: the disk is full"
    assert (done.sessions, done.named) == (3, True)
    assert HERS not in read_key(names).people


@pytest.mark.parametrize("damaged", ["", "[]", '"x"', '{"trainee": 3, "answers": 3}', "{"])
def test_a_damaged_record_goes_too(store, names, data, clock, damaged):
    row = {"session_id": "s-damaged", "seq": 1, "at": "2026", "type": "trainee_sent"}
    attempt = {"assignment": "week-3", "trainee": HERS, "number": 9, "at": "2026", "source": "live"}

    def damage(connection):
        connection.execute(events.insert().values(**row, payload=damaged))
        table = metadata.tables["attempts"]
        connection.execute(table.insert().values(session_id="s-damaged", **attempt))

    store.transact(damage)
    found = belongings(store, HERS, names, data)
    trail, _ = trail_of(store, found)
    assert "s-damaged" in trail.sessions
    assert delete_person(store, found, names, data, clock, "i-coord2").sessions == 4
