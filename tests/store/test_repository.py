from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from store_events import START, ended, minute, moved, opened, scored, sent

from alliance_sim.domain.events import Branch, Ending, TraineeSent
from alliance_sim.errors import StoreProblem, UsageProblem
from alliance_sim.store.repository import Store
from alliance_sim.store.tables import metadata


class TestAppend:
    def test_what_is_appended_is_returned_and_read_again(self, store):
        first = store.append("a", [opened(), sent(1)], at=START)
        second = store.append("a", [sent(2)], at=minute(1))
        assert [event.seq for event in first + second] == [1, 2, 3]
        assert store.events("a") == first + second
        assert second[0].at == minute(1)

    def test_it_is_there_for_another_reader_at_once(self, store, address):
        store.append(
            "a", [opened(), sent(1, "[b]bold[/b] \x1b[31m and 'quotes' — ünïcode \0")], at=START
        )
        with Store.open(address) as other:
            assert other.events("a") == store.events("a")

    def test_times_are_kept_in_utc(self, store):
        zone = timezone(timedelta(hours=-5))
        (stored,) = store.append("a", [opened()], at=START.astimezone(zone))
        assert stored.at.utcoffset() == timedelta(0)
        assert stored.at == START == store.events("a")[0].at

    def test_nothing_to_append_writes_nothing(self, store):
        assert store.append("a", [], at=START) == ()
        assert store.events("a") == ()
        assert store.sessions() == []

    def test_a_time_without_a_zone_is_refused(self, store):
        with pytest.raises(ValueError, match="time zone"):
            store.append("a", [opened()], at=datetime(2026, 11, 22))

    def test_a_session_must_be_opened_first(self, store):
        with pytest.raises(StoreProblem, match="no session a to add to"):
            store.append("a", [sent(1)], at=START)

    def test_an_id_is_taken_once(self, store):
        store.append("a", [opened()], at=START)
        with pytest.raises(StoreProblem, match="has a session a already"):
            store.append("a", [opened()], at=START)

    def test_a_session_is_opened_once(self, store):
        with pytest.raises(ValueError, match="opened once"):
            store.append("a", [opened(), opened()], at=START)
        assert store.events("a") == ()

    @pytest.mark.parametrize(
        "unreadable",
        [
            scored(2.0).model_copy(
                update={
                    "scorecard": scored(2.0).scorecard.model_copy(
                        update={"metrics": {}, "utterances": ({"turn": float("nan")},)}
                    )
                }
            ),
            TraineeSent.model_construct(turn=1, text="half \ud800 a pair"),
        ],
    )
    @pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
    def test_what_could_not_be_read_back_is_not_written(self, store, unreadable):
        store.append("a", [opened()], at=START)
        with pytest.raises(StoreProblem, match="cannot be stored"):
            store.append("a", [sent(1), unreadable], at=START)
        assert len(store.events("a")) == 1
        assert len(store.append("a", [sent(1)], at=START)) == 1


class TestTwoWriters:
    @pytest.fixture
    def other(self, store, address):
        store.append("a", [opened(), sent(1)], at=START)
        with Store.open(address) as other:
            other.append("a", [sent(2, "from the other")], at=minute(1))
            yield other

    def test_a_writer_that_was_overtaken_is_stopped(self, store, other):
        with pytest.raises(StoreProblem, match="another program is writing this session"):
            store.append("a", [sent(2)], at=minute(2))
        assert [event.seq for event in other.events("a")] == [1, 2, 3]

    def test_reading_catches_a_writer_up(self, store, other):
        assert store.events("a")[-1].event.text == "from the other"
        store.append("a", [sent(3)], at=minute(2))
        with pytest.raises(StoreProblem, match="another program is writing this session"):
            other.append("a", [sent(3)], at=minute(2))

    def test_a_deleted_session_does_not_come_back(self, store, other):
        other.delete("a")
        with pytest.raises(StoreProblem, match="no session a to add to"):
            store.append("a", [sent(2)], at=minute(2))


class TestSessions:
    def test_a_row_follows_its_session(self, store):
        store.append("a", [opened("mandated", trainee="t-31", exam=True)], at=START)
        store.append("a", [sent(1), moved(1), sent(3), moved(2)], at=minute(3))
        (row,) = store.sessions()
        assert (row.id, row.scenario, row.trainee, row.exam) == ("a", "mandated", "t-31", True)
        assert (row.opened_at, row.updated_at, row.turns) == (START, minute(3), 2)
        assert (row.ending, row.overall) == (None, None)
        store.append("a", [ended(Ending.WALK_OUT), scored(1.5)], at=minute(4))
        (row,) = store.sessions()
        assert (row.ending, row.overall) == (Ending.WALK_OUT, 1.5)

    def test_a_branch_names_its_origin(self, store):
        branch = Branch(session_id="a", turn=3)
        store.append("b", [opened(branch=branch)], at=START)
        (row,) = store.sessions()
        assert (row.branch_session, row.branch_turn) == ("a", 3)

    def test_newest_first_by_scenario_and_trainee(self, store):
        store.append("a", [opened("wary", trainee="t-1")], at=minute(0))
        store.append("b", [opened("mandated", trainee="t-1")], at=minute(1))
        store.append("c", [opened("wary", trainee="t-2")], at=minute(2))
        store.append("a", [sent(1)], at=minute(3))
        assert [row.id for row in store.sessions()] == ["c", "b", "a"]
        assert [row.id for row in store.sessions(limit=2)] == ["c", "b"]
        assert [row.id for row in store.sessions(scenario="wary")] == ["c", "a"]
        assert [row.id for row in store.sessions(trainee="t-1")] == ["b", "a"]
        assert store.sessions(scenario="wary", trainee="nobody") == []


class TestTextThatNoDatabaseHolds:
    """PostgreSQL refuses NULs and halves of character pairs, SQLite the latter alone."""

    def test_the_event_has_it_and_the_row_goes_without(self, store):
        store.append("a", [opened("wa\0ry", trainee="t-\0x"), sent(1, "no\0thing")], at=START)
        assert store.events("a")[0].event.trainee == "t-\0x"
        assert store.events("a")[1].event.text == "no\0thing"
        (row,) = store.sessions(trainee="t-\0x", scenario="wa\0ry")
        assert (row.scenario, row.trainee) == ("wary", "t-x")
        store.rebuild_index()
        assert store.sessions() == [row]

    def test_names_that_cannot_be_asked_for_fit_nothing(self, store):
        store.append("a", [opened()], at=START)
        assert store.sessions(trainee="half \ud800") == []
        assert store.events("half \ud800") == ()
        with pytest.raises(UsageProblem, match="no such session"):
            store.resolve("half \ud800")
        with pytest.raises(UsageProblem, match="no such session"):
            store.delete("half \ud800")


class TestResolve:
    @pytest.fixture(autouse=True)
    def _three(self, store):
        for number, name in enumerate(["20261122-0815-k3f9", "20261122-0816-m2wz", "x_y"]):
            store.append(name, [opened()], at=minute(number))

    @pytest.mark.parametrize(
        ("name", "found"),
        [
            ("20261122-0815-k3f9", "20261122-0815-k3f9"),
            ("20261122-0816", "20261122-0816-m2wz"),
            (" x ", "x_y"),
            ("last", "x_y"),
        ],
    )
    def test_an_id_a_beginning_or_last(self, store, name, found):
        assert store.resolve(name) == found

    @pytest.mark.parametrize("name", ["nobody", "", "%", "_", "20261122-0815-k3f99"])
    def test_a_name_that_fits_none_says_which_there_are(self, store, name):
        with pytest.raises(UsageProblem, match=r"no such session; the newest are x_y, 2026"):
            store.resolve(name)

    def test_a_beginning_of_several_lists_them(self, store):
        with pytest.raises(UsageProblem, match=r"several sessions begin so: .*k3f9, .*m2wz"):
            store.resolve("2026")

    def test_a_whole_id_wins_over_longer_ones(self, store):
        store.append("x_y_z", [opened()], at=minute(9))
        assert store.resolve("x_y") == "x_y"


def test_an_empty_store_says_so(store):
    with pytest.raises(UsageProblem, match="holds no sessions yet"):
        store.resolve("last")


def whole(store):
    """Everything that stands in the tables."""
    with store.reading() as connection:
        rows = [connection.execute(select(table)).all() for table in metadata.tables.values()]
    return repr(rows)


class TestDelete:
    SECRET = "the-words-of-one-trainee"

    def fill(self, store, name, words, scenario):
        store.append(name, [opened(scenario, trainee=f"{words}-trainee")], at=START)
        for turn in range(1, 60):
            store.append(name, [sent(turn, f"{words} {turn} " * (turn % 7 * 40 + 1))], at=START)

    def test_nothing_of_it_remains_in_any_file(self, path):
        with Store.open(path) as store:
            self.fill(store, "a", self.SECRET, "secret-scenario")
            store.delete("a")
            for file in path.parent.iterdir():
                content = file.read_bytes()
                assert self.SECRET.encode() not in content, file.name
                assert b"secret-scenario" not in content, file.name

    def test_nothing_of_it_remains_in_any_table(self, store):
        self.fill(store, "a", self.SECRET, "secret-scenario")
        self.fill(store, "b", "others", "wary")
        kept = store.events("b")
        store.delete("a")
        assert self.SECRET not in whole(store)
        assert "secret-scenario" not in whole(store)
        assert "'a'" not in whole(store)
        assert store.events("a") == ()
        assert [row.id for row in store.sessions()] == ["b"]
        assert store.events("b") == kept
        with pytest.raises(UsageProblem, match="a: no such session"):
            store.resolve("a")

    def test_what_is_not_there_cannot_be_deleted(self, store):
        with pytest.raises(UsageProblem, match="a: no such session"):
            store.delete("a")

    def test_the_id_can_be_used_again(self, store):
        store.append("a", [opened(), sent(1)], at=START)
        store.delete("a")
        assert store.append("a", [opened()], at=START)[0].seq == 1


def test_rebuilding_gives_the_same_rows(store):
    store.append("a", [opened(), sent(1), ended(), scored(3.1)], at=START)
    store.append("b", [opened("trauma", branch=Branch(session_id="a", turn=1))], at=minute(1))
    store.append("b", [sent(1), sent(2)], at=minute(2))
    before = store.sessions()
    store.rebuild_index()
    assert store.sessions() == before
    assert len(before) == 2
